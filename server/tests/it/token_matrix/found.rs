//! What takes tokens is found out by asking, so that nothing can be forgotten.

use super::{
    case::{Case, is_nobody, stranger},
    doors, homes,
};
use crate::support::{TestServer, both};
use app::routes::ROUTES;
use contract::Door;
use domain::{limit::SIGN_INS_PER_ACCOUNT, token::Purpose};
use http::Method;
use leptos::server_fn::axum::server_fn_paths;
use std::collections::BTreeSet;
use testkit::wire::Request;

both! {
    what_takes_a_token_has_a_line with PROXY,
}

/// Of the shape of a token, and nobody's.
const NOBODYS: &str = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE";

/// Every page of every door, without its variable parts.
pub fn pages(organisation: &str) -> impl Iterator<Item = String> {
    ROUTES.iter().map(move |route| {
        route
            .path
            .replace("{slug}", "general-support")
            .replace("{id}", "1")
            .replace("{provider}", "google")
            .replace("{organisation}", organisation)
            .replace("{project}", "quay")
    })
}

/// Red when a page and its function take tokens and have no line in the matrix.
async fn what_takes_a_token_has_a_line(server: &TestServer) {
    let doors = doors(server).await;
    let person = server.person().await;
    let expected: BTreeSet<String> = homes()
        .flat_map(|(_, home)| doors[..2].iter().filter_map(|door| home.page.at(door)))
        .collect();
    let mut taking = BTreeSet::new();
    for page in pages("bellerive") {
        let address = format!("{page}?token={NOBODYS}");
        server.clock.advance(SIGN_INS_PER_ACCOUNT.period);
        let manager = server.visitor().sign_in(&person).await.outside();
        for mut visitor in [stranger(server), manager] {
            if visitor.open(&address).await.status == 410 {
                taking.insert(page.clone());
            }
        }
    }
    assert_eq!(taking, expected);

    let expected: BTreeSet<&str> = homes().flat_map(|(_, home)| home.takers()).collect();
    let mut taking = BTreeSet::new();
    for (path, _) in server_fn_paths() {
        server.clock.advance(SIGN_INS_PER_ACCOUNT.period);
        let mut manager = server.visitor().sign_in(&person).await;
        let fields = [
            ("token", NOBODYS),
            ("password", "eleven barges under the moon"),
            ("email", "nobody"),
        ];
        let request = Request::new(Method::POST, path).with_form(&fields);
        let request = request.with("accept", "application/json");
        for answer in [
            stranger(server).exchange(request.clone()).await,
            manager.exchange(request).await,
        ] {
            let back = answer.header("location").contains("token=");
            if back || answer.text().contains("dead_link") {
                taking.insert(path);
            }
        }
    }
    assert_eq!(taking, expected);
    // One of the functions that asks for no proof sent her the file of her data.
    server.ignore_mail_to(&person.email).await;
}

/// Brings a live token to every page and function that takes none: they do as with any other text.
pub async fn nowhere_unexpected(server: &TestServer, case: &Case, doors: &[Door]) -> usize {
    let before = case.state(server).await;
    let taking: Vec<String> = homes()
        .flat_map(|(_, home)| doors.iter().filter_map(|door| home.page.at(door)))
        .collect();
    let mut cases = 0;
    for page in pages("bellerive").filter(|page| !taking.contains(page)) {
        let mut seen = Vec::new();
        for token in [case.token.as_str(), NOBODYS] {
            let mut visitor = stranger(server);
            let shown = visitor.open(&format!("{page}?token={token}")).await;
            assert!(is_nobody(&visitor), "{:?} at {page}", case.row.purpose);
            seen.push((shown.status, shown.text().replace(token, "")));
        }
        assert!(seen[0] == seen[1], "{:?} at {page}", case.row.purpose);
        cases += 1;
    }
    let actions: Vec<&str> = homes().flat_map(|(_, home)| home.takers()).collect();
    let others = server_fn_paths().filter(|(path, _)| !actions.contains(path));
    // These write a mail or a row of their own for whoever asks.
    let others = others.filter(|(path, _)| !path.ends_with("/forgot_password"));
    // A dead set-up link brings a new one to its owner.
    let is_renewed = case.row.purpose == Purpose::AccountSetup;
    let others = others.filter(|(path, _)| !(is_renewed && path.ends_with("/renew_invitation")));
    for (path, _) in others {
        for door in doors {
            let mut visitor = stranger(server);
            case.post(&mut visitor, path, door, &case.token).await;
            assert!(case.state(server).await == before, "{path}");
            let given = visitor.jar.names();
            let harmless = given
                .iter()
                .all(|name| name.starts_with("flash.") || *name == "reader");
            assert!(harmless, "{path}: {given:?}");
            cases += 1;
        }
    }
    cases
}
