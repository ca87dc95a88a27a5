//! Round trips to providers have tokens too: the state, which goes out and comes back, and the cookie
//! of the browser. Neither is worth anything anywhere else, and nothing else is worth anything there.

use super::{
    ROWS,
    case::{Case, is_nobody, stranger},
    doors, homes,
};
use crate::support::{
    Visitor,
    providers::{Stage, google_account, with_providers},
};
use app::paths;
use contract::Door;
use domain::token::Purpose;
use http::Method;
use leptos::server_fn::axum::server_fn_paths;
use std::collections::BTreeSet;
use testkit::wire::Request;
use url::Url;

with_providers! {
    a_round_trip_stands_for_nothing_else with PROXY,
    nothing_else_stands_for_a_round_trip with PROXY,
    an_invitation_alone_sets_out_with_a_token with PROXY,
}

/// Sets out in this browser: the state, and the cookie.
async fn set_out(scene: &Stage, visitor: &mut Visitor) -> (String, String) {
    let location = scene.set_out(visitor, &scene.google).await;
    let url = Url::parse(&location).unwrap();
    let state = url.query_pairs().find(|(name, _)| name == "state").unwrap();
    let cookie = visitor.jar.get("google").unwrap().to_owned();
    (state.1.into_owned(), cookie)
}

/// Red when states lie among other tokens (better-auth CVE-2026-114607), or cookies are looked up
/// without their kind.
async fn a_round_trip_stands_for_nothing_else(scene: &Stage) {
    let doors = doors(scene).await;
    let mut visitor = stranger(scene);
    let (state, cookie) = set_out(scene, &mut visitor).await;
    let mut cases = 0;
    for value in [&state, &cookie] {
        for (purpose, home) in homes() {
            for door in &doors {
                if let Some(address) = home.address(door, value) {
                    let page = stranger(scene).open(&address).await;
                    assert_eq!(page.status, 410, "{purpose:?} at {address}");
                }
                let mut visitor = stranger(scene);
                let fields = [
                    ("token", value.as_str()),
                    ("password", "eleven barges under the moon"),
                    ("provider", "google"),
                    ("door", &door.tag()),
                ];
                for action in [home.action, "/api/accept_invitation_with"] {
                    visitor.post(action, &fields).await;
                    assert!(is_nobody(&visitor), "{purpose:?} {action}");
                    cases += 1;
                }
            }
        }
        let mut thief = stranger(scene);
        for name in [
            "back-office",
            "sign-in",
            "reset",
            "device",
            "drafts",
            "flash.back-office",
            "microsoft",
        ] {
            thief.jar.plant(name, value);
            cases += 1;
        }
        assert!(!thief.is_in().await);
        let page = thief.open(paths::CODE).await;
        assert_eq!(page.url, paths::SIGN_IN);
    }
    eprintln!("token matrix, round trips: {cases} cases");
    // Nothing of it used the round trip up.
    let person = scene.person().await;
    scene.google.is(google_account(&person.email, "hers"));
    let back = format!("/auth/google/callback?state={state}&code=nobodys");
    let answer = visitor.exchange(Request::new(Method::GET, &back)).await;
    assert_eq!(answer.header("location"), "/sign-in/provider");
}

/// Red when a flow is found by anything but its own state in its own browser.
async fn nothing_else_stands_for_a_round_trip(scene: &Stage) {
    let doors = doors(scene).await;
    let mut values = Vec::new();
    for row in ROWS {
        for at in &doors[..2] {
            if let Some(case) = Case::begin(scene, row, at).await {
                values.push(case.token.clone());
                case.end(scene).await;
            }
        }
    }
    let person = scene.secured().await;
    let mut signed_in = stranger(scene);
    signed_in.begin(&person).await;
    values.push(signed_in.jar.get("sign-in").unwrap().to_owned());
    signed_in.give_code_to_be_remembered(&person.code()).await;
    for name in ["back-office", "device"] {
        values.push(signed_in.jar.get(name).unwrap().to_owned());
    }
    let mut cases = 0;
    for value in values {
        let mut visitor = stranger(scene);
        let (state, cookie) = set_out(scene, &mut visitor).await;
        for (state, cookie) in [
            (&value, &cookie),
            (&state, &value),
            (&value, &value),
            (&cookie, &state),
        ] {
            let mut thief = stranger(scene);
            thief.jar.plant("google", cookie);
            let code = visitor_code(scene).await;
            let back = format!("/auth/google/callback?state={state}&code={code}");
            let answer = thief.exchange(Request::new(Method::GET, &back)).await;
            assert_eq!(answer.header("location"), "/sign-in/provider");
            assert!(is_nobody(&thief));
            cases += 1;
        }
    }
    eprintln!("token matrix, tokens as round trips: {cases} cases");
    assert!(cases > 40, "{cases}");
}

/// A code that the provider would take.
async fn visitor_code(scene: &Stage) -> String {
    let back = scene.agree(&mut stranger(scene), &scene.google).await;
    let (_, rest) = back.split_once("code=").unwrap();
    rest.split('&').next().unwrap().to_owned()
}

/// Red when a function that takes tokens has no line, or a token of another purpose sets out.
async fn an_invitation_alone_sets_out_with_a_token(scene: &Stage) {
    let doors = doors(scene).await;
    for row in ROWS {
        for at in &doors[..2] {
            let Some(case) = Case::begin(scene, row, at).await else {
                continue;
            };
            let before = case.state(scene).await;
            let mut visitor = stranger(scene);
            let fields = [
                ("token", case.token.as_str()),
                ("provider", "google"),
                ("door", &at.tag()),
            ];
            let answer = visitor.post("/api/accept_invitation_with", &fields).await;
            let out = !answer.header("refresh").is_empty();
            assert_eq!(
                out,
                row.purpose == Purpose::AccountSetup,
                "{:?}",
                row.purpose
            );
            assert!(case.state(scene).await == before, "looking uses nothing up");
            assert!(is_nobody(&visitor));
            case.end(scene).await;
        }
    }
    let mut expected: BTreeSet<&str> = homes().flat_map(|(_, home)| home.takers()).collect();
    expected.insert("/api/accept_invitation_with");
    let fields = [
        ("token", "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE"),
        ("provider", "microsoft"),
        ("password", "eleven barges under the moon"),
        ("door", &Door::BackOffice.tag()),
    ];
    let mut taking = BTreeSet::new();
    for (path, _) in server_fn_paths() {
        let request = Request::new(Method::POST, path).with_form(&fields);
        let answer = stranger(scene)
            .exchange(request.with("accept", "application/json"))
            .await;
        if answer.header("location").contains("token=") || answer.text().contains("dead_link") {
            taking.insert(path);
        }
    }
    assert_eq!(taking, expected);
}
