//! Who brings a token does not matter: it says itself whose it is.

use super::{
    ROWS,
    case::{Case, stranger},
    doors,
};
use crate::support::{Manager, Town, Visitor, both};
use app::routes::paths;
use contract::Door;

both! {
    a_token_acts_on_its_own_account_whoever_brings_it with PROXY,
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
async fn a_token_acts_on_its_own_account_whoever_brings_it(town: &Town) {
    let doors = doors(town).await;
    let mut cases = 0;
    for row in ROWS {
        let Some(home) = &row.home else { continue };
        for at in &doors[..2] {
            for bearer in BEARERS {
                let Some(mut case) = Case::begin(town, row, at).await else {
                    continue;
                };
                let what = format!("{:?} brought by {bearer:?}", row.purpose);
                let own = case.own.take();
                let other_door = doors[..2].iter().find(|door| *door != at).unwrap();
                let (mut browser, other) = match bearer {
                    Bearer::Stranger => (stranger(town), None),
                    Bearer::Owner => match own {
                        Some(own) => (own.outside(), None),
                        None => continue,
                    },
                    Bearer::Neighbour => somebody(town, at, false).await,
                    Bearer::Visitor => somebody(town, other_door, false).await,
                    Bearer::HalfIn => somebody(town, at, true).await,
                };
                let before = match &other {
                    Some(other) => Some(town.account(&other.person).await),
                    None => None,
                };
                let address = home.address(at, &case.token).unwrap();
                let page = browser.open(&address).await;
                case.press(&mut browser, page).await;
                assert!(case.is_consumed(town).await, "{what}");
                if let (Some(mut other), Some(before)) = (other, before) {
                    assert!(town.account(&other.person).await == before, "{what}");
                    if !matches!(bearer, Bearer::HalfIn) {
                        assert!(other.is_in().await, "{what}: another session ended");
                    }
                    let profile = browser.open(&at.own(paths::PROFILE)).await;
                    let owner = town.account(&case.person).await.email;
                    assert!(!profile.text().contains(&owner), "{what}: signed in");
                    let email = other.person.email.clone();
                    town.ignore_mail_to(&email).await;
                }
                case.end(town).await;
                cases += 1;
            }
        }
    }
    eprintln!("token matrix, bearers: {cases} cases");
    assert!(cases > 40, "{cases} cases");
}

/// Somebody at a door: her browser, and another one of hers that looks whether she is still in.
async fn somebody(town: &Town, at: &Door, half: bool) -> (Visitor, Option<Manager>) {
    let person = match at {
        Door::BackOffice => town.person().await,
        Door::Platform(door) => town.participant(&door.organisation).await,
    };
    if half {
        let before = town.visitor().sign_in(&person).await;
        let secured = town.secure(person).await;
        let mut visitor = stranger(town);
        visitor.begin(&secured).await;
        return (visitor, Some(before));
    }
    let inside = stranger(town).sign_in(&person).await;
    (inside.clone().outside(), Some(inside))
}
