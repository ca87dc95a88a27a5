//! Who may what, and that nobody gives it to herself (docs/security-cases.md, cases 48, 49 and 52).

use crate::{
    cases_recovery::settle,
    support::{Manager, TestServer, both, once, words::assert_refused},
};
use app::{
    paths,
    routes::{Access, ROUTES},
};
use contract::{Door, Problem, SignInProblem};
use domain::{Locale, PlatformRole};
use http::Method;
use leptos::server_fn::axum::server_fn_paths;
use testkit::{Browser, tamper, wire::Request};

both! {
    case48_a_right_that_is_taken_away_ends_with_the_next_page,
    case49_nobody_confirms_her_own_address_or_gives_herself_rights,
}

once! {
    case52_each_page_opens_for_its_own_people_only,
}

async fn agent(server: &TestServer) -> Manager {
    let role = Some(PlatformRole::Agent);
    let agent = server.person_with(Locale::En, role).await;
    server.visitor().sign_in(&agent).await
}

/// Case 48 (Rauthy 0.32.4). Red when a session remembers the account that it was opened with, instead
/// of looking at it for each page (`Identity::active_account`).
async fn case48_a_right_that_is_taken_away_ends_with_the_next_page(server: &TestServer) {
    let mut agent = agent(server).await;
    assert_eq!(agent.open(paths::DESK).await.status, 200);
    let id = agent.person.id.clone();
    let taken = format!("update accounts set platform_role = null where id = '{id}'");
    tamper(&server.database_url, &taken).await;
    assert_eq!(agent.open(paths::DESK).await.status, 403);
    assert!(agent.is_in().await, "she is still herself");
    // A lock is looked at as often.
    let account = server.account(&agent.person).await;
    server.identity().set_locked(&account, true).await.unwrap();
    assert!(!agent.is_in().await);
}

/// What a form of ours never has: columns of the account, and names that others use for them.
const WISHES: [(&str, &str); 14] = [
    ("verified", "true"),
    ("email_verified", "true"),
    ("email_confirmed", "1"),
    ("email_confirmed_at", "1"),
    ("confirmed", "true"),
    ("status", "active"),
    ("role", "organisation_manager"),
    ("platform_role", "administrator"),
    ("account[platform_role]", "administrator"),
    ("second_factor", "false"),
    ("password_hash", "x"),
    ("realm", "back-office"),
    ("organisation_id", "x"),
    ("is_admin", "true"),
];

/// Case 49 (Zitadel CVE-2026-27946). Red when an unconfirmed address opens the door.
async fn case49_nobody_confirms_her_own_address_or_gives_herself_rights(server: &TestServer) {
    let email = "newcomer@home.example";
    let newcomer = server.participant_with("bellerive", email, false).await;
    let door = newcomer.door.tag();
    let own = [
        ("email", email),
        ("password", &newcomer.password),
        ("door", &door),
        ("locale", "en"),
    ];
    let before = server.account(&newcomer).await;
    for extra in [&WISHES[..0], &WISHES] {
        let fields = [&own[..], extra].concat();
        let request = Request::new(Method::POST, "/api/sign_in").with_form(&fields);
        let mut visitor = server.visitor().through(&newcomer.door);
        let page = visitor.travel(request).await;
        assert_refused(&page, &Problem::SignIn(SignInProblem::Unconfirmed));
        assert!(!visitor.is_in().await);
    }
    assert!(server.account(&newcomer).await == before);
    for mut manager in [
        server.manager().await,
        server
            .visitor()
            .sign_in(&server.participant("bellerive").await)
            .await,
    ] {
        let before = server.account(&manager.person).await;
        let door = manager.person.door.tag();
        let language = before.locale.as_str().to_owned();
        let own = [
            ("name", before.name.as_str()),
            ("mail_language", &language),
            ("door", &door),
            ("locale", "en"),
        ];
        let fields = [&own[..], &WISHES].concat();
        for action in [
            "/api/change_name",
            "/api/change_mail_language",
            "/api/withdraw_email",
        ] {
            manager.post(action, &fields).await;
            let after = server.account(&manager.person).await;
            assert!(after == before, "{action}");
        }
        let desk = manager.open(paths::DESK).await;
        assert!(desk.status == 403 || desk.url.starts_with(paths::SIGN_IN));
    }
}

/// Case 52 (Keycloak CVE-2026-94000, authentik CVE-2024-42490). Red when everybody in the back office is
/// an agent (`ports::is_agent`); and when a function writes to more than one's own account (`SET_NAME`
/// without its `id`).
async fn case52_each_page_opens_for_its_own_people_only(server: &TestServer) {
    let citizen = server.participant("bellerive").await;
    let neighbour = server.participant("montclair").await;
    let manager = server.manager().await;
    let people: [(&str, Browser); 5] = [
        ("stranger", (*server.visitor()).clone()),
        ("manager", (*manager).clone()),
        ("agent", (*agent(server).await).clone()),
        (
            "citizen",
            (*server.visitor().sign_in(&citizen).await).clone(),
        ),
        (
            "neighbour",
            (*server.visitor().sign_in(&neighbour).await).clone(),
        ),
    ];
    let mut cases = 0;
    for route in ROUTES {
        let path = route.path.replace("{organisation}", "bellerive");
        let path = path.replace("{project}", "quay");
        let own: &[&str] = match route.access {
            Access::Public | Access::Demo => continue,
            Access::Agent => &["agent"],
            Access::Own if path.starts_with("/p/") => &["citizen"],
            Access::Own | Access::BackOffice => &["manager", "agent"],
        };
        for (who, browser) in &people {
            let request = Request::new(Method::GET, &path);
            let status = browser.clone().exchange(request).await.status;
            let wanted = match (own.contains(who), *who) {
                // Nobody is set up here, who could be linked.
                (true, _) if path.contains("{provider}") => 404,
                (true, _) => 200,
                (false, "manager") if route.access == Access::Agent => 403,
                (false, _) => 303,
            };
            assert_eq!(status, wanted, "{who} at {path}");
            cases += 1;
        }
    }
    // What a page would be asked for is not given by its function either.
    let before = server.account(&manager.person).await;
    // Whoever signs out is a stranger, and those are tried already.
    let functions = server_fn_paths().map(|(path, _)| path);
    for action in functions.filter(|path| *path != "/api/sign_out") {
        for (who, browser) in people.iter().filter(|(who, _)| *who != "manager") {
            let door = Door::BackOffice.tag();
            let fields = [
                ("id", manager.person.id.as_str()),
                ("account", manager.person.id.as_str()),
                ("email", &manager.person.email),
                ("name", "Somebody Else"),
                ("proof", &manager.person.password),
                ("door", &door),
            ];
            browser.clone().post(action, &fields).await;
            assert!(
                server.account(&manager.person).await == before,
                "{who} at {action}"
            );
            cases += 1;
        }
    }
    assert!(manager.clone().is_in().await);
    assert!(cases > 200, "{cases} cases");
    settle(server).await;
    for mail in server.every_mail().await {
        let harmless = [
            "account_setup",
            "password_reset",
            "email_taken",
            "new_device",
        ];
        let others = mail.to != manager.person.email;
        assert!(
            others || harmless.contains(&mail.kind.as_str()),
            "{}",
            mail.kind
        );
    }
}
