//! The token matrix: every kind of token, whatever happened to it, at every address that takes one.
//! Each opens its own place, once, and nothing else anywhere (better-auth CVE-2026-114607, Keycloak
//! CVE-2026-4325, authentik CVE-2022-23555).
//!
//! The cases are multiplied out of lists. [`ROWS`] has a line for each purpose; a purpose without one,
//! and a page or function that takes tokens and stands in none, make a test fail: they are found by
//! asking every route and every function what it thinks of a token that nobody made.
//!
//! Red when tokens are found and used whatever their purpose; when a link does not look at its door;
//! when a change of password leaves one of the keys alive.

mod bearers;
mod case;
mod cookies;
mod found;
mod providers;
mod shapes;

use crate::support::{TestServer, both};
use app::paths;
use case::{Case, FATES, Fate};
use contract::Door;
use domain::token::Purpose;

both! {
    every_token_opens_its_own_place_once_and_nothing_else with PROXY,
}

/// What is expected of the tokens of one purpose.
pub struct Row {
    purpose: Purpose,
    /// Where its link leads and its button posts; none while nothing takes it.
    home: Option<Home>,
    /// What it outlives, besides being looked at and time until it expires.
    outlives: &'static [Fate],
}

/// The one place of a purpose.
struct Home {
    page: Stands,
    action: &'static str,
    /// Other functions that its page posts the token to.
    beside: &'static [&'static str],
}

/// Where a page stands.
#[derive(Clone, Copy)]
enum Stands {
    /// At the entrance of each door.
    Entrance(&'static str),
    /// At the entrance of each project.
    Project(&'static str),
    /// Among the pages of one's own account behind each door.
    Own(&'static str),
    /// At one address for all.
    Once(&'static str),
}

const ROWS: &[Row] = &[
    row(
        Purpose::AccountSetup,
        Stands::Once(paths::INVITATION),
        "/api/accept_invitation",
        &[],
    ),
    row(
        Purpose::PasswordReset,
        Stands::Entrance(paths::RESET_PASSWORD),
        "/api/reset_password",
        &[],
    ),
    Row {
        purpose: Purpose::AddressConfirmation,
        home: Some(Home {
            page: Stands::Project(paths::CONFIRM_ADDRESS),
            action: "/api/confirm_address",
            beside: &["/api/deny_registration", "/api/renew_confirmation"],
        }),
        outlives: &[],
    },
    row(
        Purpose::EmailChange,
        Stands::Own(paths::CONFIRM_EMAIL),
        "/api/confirm_email",
        &[Fate::SignedIn],
    ),
    row(
        Purpose::EmailUndo,
        Stands::Own(paths::UNDO_EMAIL),
        "/api/undo_email",
        &[
            Fate::SignedIn,
            Fate::Replaced,
            Fate::PasswordChanged,
            Fate::AddressChanged,
            Fate::AddressRestored,
            Fate::Unlocked,
        ],
    ),
    row(
        Purpose::NotMe,
        Stands::Own(paths::NOT_ME),
        "/api/say_not_me",
        &[
            Fate::SignedIn,
            Fate::Replaced,
            Fate::PasswordChanged,
            Fate::AddressRestored,
            Fate::Unlocked,
        ],
    ),
    row(
        Purpose::DeletionStop,
        Stands::Own(paths::STOP_DELETION),
        "/api/stop_deletion",
        &[Fate::SignedIn, Fate::PasswordChanged, Fate::AddressChanged],
    ),
];

const fn row(
    purpose: Purpose,
    page: Stands,
    action: &'static str,
    outlives: &'static [Fate],
) -> Row {
    Row {
        purpose,
        home: Some(Home {
            page,
            action,
            beside: &[],
        }),
        outlives,
    }
}

impl Row {
    fn survives(&self, fate: Fate) -> bool {
        let harmless = [Fate::Fresh, Fate::LookedAt, Fate::NearlyExpired];
        harmless.contains(&fate) || self.outlives.contains(&fate)
    }
}

impl Home {
    /// Every function that takes its tokens.
    fn takers(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.action).chain(self.beside.iter().copied())
    }

    /// The address of the page behind a door, with a token.
    fn address(&self, door: &Door, token: &str) -> Option<String> {
        let page = self.page.at(door)?;
        Some(format!("{page}?token={token}"))
    }
}

impl Stands {
    fn at(self, door: &Door) -> Option<String> {
        match self {
            Self::Entrance(page) => Some(door.entrance(page)),
            Self::Project(page) => (!door.is_back_office()).then(|| door.entrance(page)),
            Self::Own(page) => Some(door.own(page)),
            Self::Once(page) => door.is_back_office().then(|| page.to_owned()),
        }
    }
}

/// The back office, the organisation whose participants come, and one that has nothing to do with them.
async fn doors(server: &TestServer) -> [Door; 3] {
    [
        Door::BackOffice,
        server.platform("bellerive").await,
        server.platform("montclair").await,
    ]
}

/// The places that take tokens, and their purposes.
fn homes() -> impl Iterator<Item = (Purpose, &'static Home)> {
    ROWS.iter()
        .filter_map(|row| Some((row.purpose, row.home.as_ref()?)))
}

async fn every_token_opens_its_own_place_once_and_nothing_else(server: &TestServer) {
    let rows: Vec<Purpose> = ROWS.iter().map(|row| row.purpose).collect();
    assert_eq!(rows, Purpose::ALL, "one line for each purpose");
    let doors = doors(server).await;
    let mut cases = 0;
    for row in ROWS {
        for at in &doors[..2] {
            for fate in FATES {
                let Some(mut case) = Case::begin(server, row, at).await else {
                    continue;
                };
                if !case.suffer(server, fate).await {
                    continue;
                }
                cases += nowhere_else(server, &case, &doors, fate).await;
                if fate == Fate::Fresh {
                    cases += found::nowhere_unexpected(server, &case, &doors).await;
                }
                cases += at_home(server, &case, fate).await;
                case.end(server).await;
            }
        }
    }
    eprintln!("token matrix: {cases} cases");
    assert!(cases > 2_000, "{cases} cases");
}

/// Brings a token to every place but its own: nothing opens, and nothing is used up.
async fn nowhere_else(server: &TestServer, case: &Case, doors: &[Door], fate: Fate) -> usize {
    let before = case.state(server).await;
    let what = format!("{:?} after {fate:?}", case.row.purpose);
    let mut cases = 0;
    for (purpose, home) in homes() {
        for door in doors {
            // An invitation has one address, and its form looks at no door.
            let own_door = *door == case.person.door || matches!(home.page, Stands::Once(_));
            if purpose == case.row.purpose && own_door {
                continue;
            }
            if let Some(address) = home.address(door, &case.token) {
                let page = case::stranger(server).open(&address).await;
                assert_eq!(page.status, 410, "{what} at {address}");
                cases += 1;
            }
            for action in home.takers() {
                let mut visitor = case::stranger(server);
                case.post(&mut visitor, action, door, &case.token).await;
                let tag = door.tag();
                assert!(case.state(server).await == before, "{what}: {action} {tag}");
                assert!(case::is_nobody(&visitor), "{what}: {action} {tag}");
                cases += 1;
            }
        }
    }
    cases
}

/// Brings a token to its own place: it opens there exactly if it should, and only once.
async fn at_home(server: &TestServer, case: &Case, fate: Fate) -> usize {
    let Some(home) = &case.row.home else {
        return 0;
    };
    let what = format!("{:?} after {fate:?}", case.row.purpose);
    let address = home.address(&case.person.door, &case.token).unwrap();
    let mut visitor = case::stranger(server);
    let page = visitor.open(&address).await;
    let open = case.row.survives(fate);
    assert_eq!(page.status, if open { 200 } else { 410 }, "{what}");
    if open {
        case.press(&mut visitor, page).await;
        assert!(case.is_consumed(server).await, "{what}");
        // The first password was typed with it.
        let may_sign_in = case.row.purpose == Purpose::AccountSetup;
        // A confirmation makes the browser a known device, which signs nobody in.
        let known = |name: &&str| name.starts_with("flash.") || name.starts_with("device-");
        let is_known = case.row.purpose == Purpose::AddressConfirmation
            && visitor.jar.names().iter().all(known);
        assert!(
            may_sign_in || is_known || case::is_nobody(&visitor),
            "{what}: the link signs nobody in"
        );
    }
    let before = case.state(server).await;
    let page = visitor.open(&address).await;
    assert_eq!(page.status, 410, "{what}, again");
    let mut visitor = case::stranger(server);
    case.post(&mut visitor, home.action, &case.person.door, &case.token)
        .await;
    assert!(case.state(server).await == before, "{what}, again");
    assert!(case::is_nobody(&visitor), "{what}, again");
    if open { 4 } else { 3 }
}
