//! Who brings a token does not matter: it says itself whose it is.

use super::{
    Home, ROWS,
    case::{Case, stranger},
    doors, found,
};
use crate::support::{Manager, Person, TestServer, Visitor, both};
use app::paths;
use contract::Door;
use domain::token::Purpose;
use leptos::server_fn::axum::server_fn_paths;

both! {
    a_token_acts_on_its_own_account_whoever_brings_it with PROXY,
    with_half_a_sign_in_of_somebody_else_a_token_opens_nothing_more with PROXY,
}

/// A browser that somebody else uses.
#[derive(Debug, Clone, Copy)]
enum Bearer {
    /// Nobody's.
    Stranger,
    /// The owner's own, signed in.
    Owner,
    /// Somebody's who is signed in at the same door.
    Neighbour,
    /// Somebody's who is signed in at another door.
    Visitor,
    /// Somebody's who has given her password, and no code yet.
    HalfIn,
}

const BEARERS: [Bearer; 5] = [
    Bearer::Stranger,
    Bearer::Owner,
    Bearer::Neighbour,
    Bearer::Visitor,
    Bearer::HalfIn,
];

/// Nor is whoever brings it signed in to its account (authentik CVE-2023-26481, Keycloak
/// CVE-2026-4325). Red when the account is taken from the session that brings the link.
async fn a_token_acts_on_its_own_account_whoever_brings_it(server: &TestServer) {
    let doors = doors(server).await;
    let mut cases = 0;
    for row in ROWS {
        let Some(home) = &row.home else { continue };
        for at in &doors[..2] {
            for bearer in BEARERS {
                let Some(mut case) = Case::begin(server, row, at).await else {
                    continue;
                };
                let what = format!("{:?} brought by {bearer:?}", row.purpose);
                let own = case.own.take();
                let other_door = doors[..2].iter().find(|door| *door != at).unwrap();
                let (mut browser, other) = match bearer {
                    Bearer::Stranger => (stranger(server), None),
                    Bearer::Owner => match own {
                        Some(own) => (own.outside(), None),
                        None => continue,
                    },
                    Bearer::Neighbour => somebody(server, at, false).await,
                    Bearer::Visitor => somebody(server, other_door, false).await,
                    Bearer::HalfIn => somebody(server, at, true).await,
                };
                let before = match &other {
                    Some(other) => Some(server.account(&other.person).await),
                    None => None,
                };
                let address = home.address(at, &case.token).unwrap();
                let page = browser.open(&address).await;
                case.press(&mut browser, page).await;
                assert!(case.is_consumed(server).await, "{what}");
                if let (Some(mut other), Some(before)) = (other, before) {
                    assert!(server.account(&other.person).await == before, "{what}");
                    if !matches!(bearer, Bearer::HalfIn) {
                        assert!(other.is_in().await, "{what}: another session ended");
                    }
                    let profile = browser.open(&at.own(paths::PROFILE)).await;
                    let owner = server.account(&case.person).await.email;
                    // A first password was typed with it, where nobody was signed in.
                    let may_sign_in =
                        row.purpose == Purpose::AccountSetup && matches!(bearer, Bearer::Visitor);
                    let is_in = profile.text().contains(&owner);
                    assert!(may_sign_in || !is_in, "{what}: signed in");
                    let email = other.person.email.clone();
                    server.ignore_mail_to(&email).await;
                }
                case.end(server).await;
                cases += 1;
            }
        }
    }
    eprintln!("token matrix, bearers: {cases} cases");
    assert!(cases > 40, "{cases} cases");
}

/// Somebody at a door: her browser, and another one of hers that looks whether she is still in.
async fn somebody(server: &TestServer, at: &Door, half: bool) -> (Visitor, Option<Manager>) {
    let person = match at {
        Door::BackOffice => server.person().await,
        Door::Platform(door) => server.participant(&door.organisation).await,
    };
    if half {
        let before = server.visitor().sign_in(&person).await;
        let (visitor, _) = half_in(server, person).await;
        return (visitor, Some(before));
    }
    let inside = stranger(server).sign_in(&person).await;
    (inside.clone().outside(), Some(inside))
}

/// The same person with a second factor, and a browser in which she has given her password.
async fn half_in(server: &TestServer, person: Person) -> (Visitor, Person) {
    let secured = server.secure(person).await;
    let mut visitor = stranger(server);
    visitor.begin(&secured).await;
    (visitor, secured)
}

/// A user between the two steps of a sign-in brings another person's token to every page and every
/// function (authentik CVE-2026-49448, Keycloak CVE-2026-9798): nothing opens but the token's own
/// place, which is the test above, and the sign-in still belongs to the first user. Red when a link
/// finishes the sign-in that its browser has begun.
async fn with_half_a_sign_in_of_somebody_else_a_token_opens_nothing_more(server: &TestServer) {
    let doors = doors(server).await;
    let mut cases = 0;
    for row in ROWS {
        let Some(home) = &row.home else { continue };
        for at in &doors[..2] {
            let Some(case) = Case::begin(server, row, at).await else {
                continue;
            };
            let other = match at {
                Door::BackOffice => server.person().await,
                Door::Platform(door) => server.participant(&door.organisation).await,
            };
            let (mut half, other) = half_in(server, other).await;
            cases += on_pages(server, &case, home, &half).await;
            cases += in_functions(server, &case, (home, &doors), &half).await;
            let page = half.give_code(&other.code()).await;
            assert_eq!(page.url, at.home(), "{:?}", row.purpose);
            let page = half.open(&at.own(paths::PROFILE)).await;
            assert!(page.text().contains(&other.email), "{}", page.text());
            case.end(server).await;
        }
    }
    eprintln!("token matrix, half a sign-in: {cases} cases");
    assert!(cases > 1_000, "{cases} cases");
}

async fn on_pages(server: &TestServer, case: &Case, home: &Home, half: &Visitor) -> usize {
    let before = case.state(server).await;
    let own = home.page.at(&case.person.door);
    let mut cases = 0;
    for page in found::pages("bellerive").filter(|page| Some(page) != own.as_ref()) {
        let mut browser = half.clone();
        let shown = browser.open(&format!("{page}?token={}", case.token)).await;
        let what = format!("{:?} at {page}", case.row.purpose);
        let owner = &before.0.email;
        // In a demo everybody reads everybody's mails.
        let public = page.starts_with(paths::MAILBOX);
        assert!(public || !shown.text().contains(owner), "{what} shows her");
        assert_is_half_in(&browser, &what);
        cases += 1;
    }
    assert!(case.state(server).await == before, "{:?}", case.row.purpose);
    cases
}

async fn in_functions(
    server: &TestServer,
    case: &Case,
    (home, doors): (&Home, &[Door; 3]),
    half: &Visitor,
) -> usize {
    let before = case.state(server).await;
    let mut cases = 0;
    // A wish for a new password writes a mail to whoever's address it is.
    let others = server_fn_paths()
        .map(|(path, _)| path)
        .filter(|path| home.takers().all(|taker| taker != *path))
        .filter(|path| !path.ends_with("/forgot_password"));
    for path in others {
        for door in doors {
            let mut browser = half.clone();
            case.post(&mut browser, path, door, &case.token).await;
            let what = format!("{:?} to {path} at {}", case.row.purpose, door.tag());
            assert!(case.state(server).await == before, "{what}");
            assert_is_half_in(&browser, &what);
            cases += 1;
        }
    }
    cases
}

/// Fails when a browser holds anything that could be a session.
#[track_caller]
fn assert_is_half_in(browser: &Visitor, what: &str) {
    let names = browser.jar.names();
    let session = |name: &&str| *name == "back-office" || name.starts_with("p-");
    assert!(!names.iter().any(session), "{what}: {names:?}");
}
