//! Cookies are tokens too: none is worth anything as a link or under another name, and no link is
//! worth anything as a cookie.

use super::{
    ROWS,
    case::{Case, is_nobody, stranger},
    doors, homes,
};
use crate::support::{
    Person, TestServer, Visitor, both,
    resets::{ask_for, code, mail},
};
use app::paths;
use contract::Door;
use std::collections::BTreeMap;

both! {
    no_cookie_stands_for_a_link_or_another_cookie with PROXY,
    no_link_stands_for_a_cookie with PROXY,
}

/// What the cookies of this site are; each but the last three exists once for each door.
const KINDS: [&str; 8] = [
    "session",
    "sign-in",
    "reset-link",
    "reset",
    "device",
    "flash",
    "reader",
    "locale",
];

/// Not a secret, and a mailed link in a cookie, which is the link's own by purpose.
const APART: [&str; 2] = ["locale", "reset-link"];

/// The kind of a cookie: a name that is not known here has no expectation, which is a fault.
fn kind(name: &str) -> &'static str {
    let kind = match name {
        "back-office" => "session",
        name if name.starts_with("p-") => "session",
        name => name,
    };
    let found = KINDS.into_iter().find(|known| {
        kind == *known
            || kind
                .strip_prefix(known)
                .is_some_and(|rest| rest.starts_with(['-', '.']))
    });
    found.unwrap_or_else(|| panic!("the cookie {name} has no line in the matrix"))
}

/// Somebody with a second factor, and every cookie that a browser gets on all of its ways.
async fn every_cookie(server: &TestServer, at: &Door) -> (Person, BTreeMap<String, String>) {
    let person = match at {
        Door::BackOffice => server.person().await,
        Door::Platform(door) => server.participant(&door.organisation).await,
    };
    let person = server.secure(person).await;
    let mut all = BTreeMap::new();
    let mut keep = |visitor: &Visitor| {
        for name in visitor.jar.names() {
            let value = visitor.jar.get(name).unwrap().to_owned();
            all.insert(name.to_owned(), value);
        }
    };
    let mut visitor = stranger(server);
    visitor.begin(&person).await;
    visitor.give_code_to_be_remembered(&person.code()).await;
    keep(&visitor);
    server.clock.advance_secs(30);
    let mut visitor = stranger(server).through(at);
    visitor.begin(&person).await;
    visitor.post("/api/give_code", &[("code", "")]).await;
    keep(&visitor);
    let mut visitor = stranger(server).through(at);
    ask_for(&mut visitor, &person.email).await;
    mail(server, &person).await;
    let article = [
        ("article", "two-factor-authentication-2fa"),
        ("helpful", "yes"),
    ];
    visitor.post("/api/send_vote", &article).await;
    keep(&visitor);
    server.ignore_mail_to(&person.email).await;
    (person, all)
}

/// Somebody at each door with all of her cookies.
async fn everybody(
    server: &TestServer,
    doors: &[Door; 3],
) -> Vec<(Person, BTreeMap<String, String>)> {
    let mut all = Vec::new();
    for at in &doors[..2] {
        let (person, cookies) = every_cookie(server, at).await;
        let kinds: Vec<&str> = cookies.keys().map(|name| kind(name)).collect();
        for wanted in KINDS.iter().filter(|kind| !APART.contains(kind)) {
            assert!(kinds.contains(wanted), "no {wanted} among {kinds:?}");
        }
        all.push((person, cookies));
    }
    all
}

/// Red when a link is looked up among sessions as well.
async fn no_cookie_stands_for_a_link_or_another_cookie(server: &TestServer) {
    let doors = doors(server).await;
    let people = everybody(server, &doors).await;
    let mut cases = 0;
    for (person, cookies) in &people {
        let before = server.account(person).await;
        for (name, value) in cookies {
            for (purpose, home) in homes() {
                for door in &doors {
                    let what = format!("{name} as {purpose:?} at {}", door.tag());
                    if let Some(address) = home.address(door, value) {
                        let page = stranger(server).open(&address).await;
                        assert_eq!(page.status, 410, "{what}");
                    }
                    let fields = [
                        ("token", value.as_str()),
                        ("password", "eleven barges under the moon"),
                        ("email", &person.email),
                        ("door", &door.tag()),
                    ];
                    let mut visitor = stranger(server);
                    visitor.post(home.action, &fields).await;
                    assert!(is_nobody(&visitor), "{what}");
                    assert!(server.account(person).await == before, "{what}");
                    cases += 2;
                }
            }
            cases += opens_nothing(server, &people, value, Some(name)).await;
            is_no_wish(server, &person.door, value).await;
        }
    }
    eprintln!("token matrix, cookies: {cases} cases");
    assert!(cases > 400, "{cases} cases");
}

/// Red when a session is looked up among links as well.
async fn no_link_stands_for_a_cookie(server: &TestServer) {
    let doors = doors(server).await;
    let people = everybody(server, &doors).await;
    let mut cases = 0;
    for row in ROWS {
        for at in &doors[..2] {
            let Some(case) = Case::begin(server, row, at).await else {
                continue;
            };
            let before = case.state(server).await;
            cases += opens_nothing(server, &people, &case.token, None).await;
            is_no_wish(server, at, &case.token).await;
            assert!(case.state(server).await == before, "{:?}", row.purpose);
            case.end(server).await;
        }
    }
    eprintln!("token matrix, links as cookies: {cases} cases");
    assert!(cases > 100, "{cases} cases");
}

/// Puts a value under every name but its own: nobody is signed in by it, no code is asked for, and
/// no browser is known by it.
async fn opens_nothing(
    server: &TestServer,
    people: &[(Person, BTreeMap<String, String>)],
    value: &str,
    own: Option<&str>,
) -> usize {
    let mut thief = stranger(server);
    let names = people.iter().flat_map(|(_, cookies)| cookies.keys());
    for name in names.filter(|name| own != Some(name)) {
        thief.jar.plant(name, value);
    }
    for (person, _) in people {
        let mut thief = thief.clone().through(&person.door);
        assert!(!thief.is_in().await, "{own:?} at {}", person.door.tag());
        let page = thief.open(&person.door.entrance(paths::CODE)).await;
        assert_eq!(page.url, person.door.entrance(paths::SIGN_IN), "{own:?}");
        // Known and remembered browsers are not asked.
        thief.begin(person).await;
    }
    thief.jar.names().len()
}

/// The code of a mail is given in a browser that brings this instead of the secret of its wish.
async fn is_no_wish(server: &TestServer, at: &Door, value: &str) {
    let person = match at {
        Door::BackOffice => server.person().await,
        Door::Platform(door) => server.participant(&door.organisation).await,
    };
    let mut asking = stranger(server).through(at);
    ask_for(&mut asking, &person.email).await;
    let code = code(&mail(server, &person).await);
    let name = asking
        .jar
        .names()
        .into_iter()
        .find(|name| kind(name) == "reset");
    let mut thief = stranger(server);
    thief.jar.plant(name.unwrap(), value);
    let fields = [("code", code.as_str()), ("door", &at.tag())];
    for (visitor, opens) in [(&mut thief, false), (&mut asking, true)] {
        let answer = visitor.post("/api/give_reset_code", &fields).await;
        // The address of the next page holds nothing: it is kept in histories and logs.
        assert!(!answer.header("location").contains('?'));
        let opened = answer.header("location").ends_with(paths::RESET_PASSWORD);
        assert_eq!(opened, opens);
        let has_link = visitor
            .jar
            .names()
            .iter()
            .any(|name| name.starts_with("reset-link"));
        assert_eq!(has_link, opens);
    }
}
