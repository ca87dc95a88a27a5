//! What strangers write into addresses and forms (docs/security-cases.md, cases 50 and 53 to 55).

use crate::support::{
    TestServer, both, once,
    resets::{NEW, ask, link, mail},
};
use app::{locale, paths, routes::ROUTES};
use contract::Locale;
use domain::password::Password;
use http::Method;
use leptos::server_fn::axum::server_fn_paths;
use std::time::{Duration, Instant};
use testkit::wire::Request;
use url::form_urlencoded::byte_serialize;

both! {
    case53_hostile_pages_of_the_log_are_no_fault,
    case55_hostile_searches_neither_break_nor_run,
}

once! {
    case50_no_address_and_no_form_leads_off_the_site,
    case54_what_is_too_large_is_refused_before_any_work with DEAR,
}

fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

/// Whether a browser that follows this stays on the site; an empty one is not followed.
fn stays(location: &str) -> bool {
    let rest = location.strip_prefix('/');
    let elsewhere = |rest: &str| rest.starts_with(['/', '\\']) || rest.contains(char::is_control);
    location.is_empty() || rest.is_some_and(|rest| !elsewhere(rest))
}

const AWAY: [&str; 13] = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/evil.example",
    "https://evil.example/quay",
    "https:evil.example/quay",
    "bellerive/quay/../..//evil.example",
    "bellerive%2f..%2f/evil.example",
    "@evil.example/quay",
    "/\t/evil.example",
    "/%2F/evil.example",
    "en//evil.example",
];

/// Case 50 (better-auth CVE-2024-56734 and CVE-2025-27143): `ways` tries the address to come back to,
/// this tries everything else that an answer is made of. Red when a form's door is written into the
/// address that follows.
async fn case50_no_address_and_no_form_leads_off_the_site(server: &TestServer) {
    server.platform("bellerive").await;
    let manager = server.manager().await;
    for away in AWAY {
        for action in server_fn_paths().map(|(path, _)| path) {
            for (door, language) in [(away, "en"), ("", away), (away, away)] {
                let fields = [
                    ("door", door),
                    ("locale", language),
                    ("next", away),
                    ("token", away),
                    ("email", away),
                    ("article", away),
                ];
                let mut browser = (*manager).clone().saying("referer", away.trim());
                if away.contains(char::is_control) {
                    browser = (*manager).clone();
                }
                let answer = browser.post(action, &fields).await;
                let location = answer.header("location");
                assert!(stays(location), "{action}, {away:?}: {location}");
            }
        }
        let asked = encoded(away);
        for path in [
            away.to_owned(),
            format!("/{away}"),
            format!("/fr/{away}"),
            format!("/sign-in?next={asked}"),
            format!("/sign-in/?next={asked}"),
            format!("/profile?next={asked}"),
            format!("/help/search?q={asked}"),
            format!("/.well-known/change-password?next={asked}"),
        ] {
            if !path.starts_with('/') || path.contains(char::is_control) {
                continue;
            }
            // Whoever reads French is led to the French address.
            for language in ["en", "fr"] {
                let mut visitor = server.visitor().saying("accept-language", language);
                let answer = visitor.exchange(Request::new(Method::GET, &path)).await;
                let location = answer.header("location");
                assert!(stays(location), "{path}: {location}");
            }
        }
    }
    server.ignore_mail_to(&manager.person.email).await;
}

/// Texts that have ended badly in databases, formats and file systems.
fn hostile() -> Vec<String> {
    let mut all: Vec<String> = [
        "",
        " ",
        "0",
        "-1",
        "18446744073709551616",
        "NaN",
        "'",
        "''; drop table accounts; --",
        "\" or 1=1 --",
        "%' union select password_hash from accounts --",
        "%",
        "_",
        "\\",
        "*:*",
        "a* NEAR(b)",
        "title:x AND NOT",
        "((((((((((",
        "[a-",
        "\u{0}",
        "\u{feff}\u{202e}\u{200d}",
        "e\u{301}\u{301}\u{301}",
        "\u{1f468}\u{200d}\u{1f469}",
        "\u{df}\u{fb03}\u{130}",
        "{{7*7}}${7*7}<%= 7*7 %>",
        "../../../etc/passwd",
        "\r\nset-cookie: a=b",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
    ]
    .map(str::to_owned)
    .into();
    all.extend(
        ["a", "a ", "\u{e9}", "%", "two factor "].map(|piece| piece.repeat(3000 / piece.len())),
    );
    all
}

/// Case 53 (Rauthy 0.32.1). Red when a place in the log is believed to have the length of an id; when
/// PostgreSQL is asked for an id with a zero in it.
async fn case53_hostile_pages_of_the_log_are_no_fault(server: &TestServer) {
    server.platform("bellerive").await;
    let mut manager = server.manager().await;
    for text in hostile() {
        for action in ["/api/end_session", "/api/forget_device", "/api/change_name"] {
            let fields = [("id", text.as_str()), ("name", "\u{0}"), ("locale", "en")];
            let status = manager.post(action, &fields).await.status;
            assert_eq!(status, 303, "{action}: {text:?}");
        }
        let piece = encoded(&text).replace('+', "%20");
        for path in [
            format!("/p/{piece}/quay/sign-in"),
            format!("/p/bellerive/{piece}/sign-in"),
            format!("/mailbox/{piece}"),
            format!("/mailbox-html/{piece}"),
        ] {
            let request = Request::new(Method::GET, &path);
            let status = server.visitor().exchange(request).await.status;
            assert!(!status.is_server_error(), "{path}: {status}");
        }
        for name in ["before", "kind", "page", "size", "limit"] {
            let path = format!("{}?{name}={}", paths::ACTIVITY, encoded(&text));
            let page = manager.open(&path).await;
            assert_eq!(page.status, expected(&path), "{path}");
            assert!(!page.html.contains("<script>alert"), "{path}");
        }
    }
    assert!(manager.is_in().await);
    // A zero in what is kept as text.
    let article = "two-factor-authentication-2fa";
    let vote = [
        ("article", article),
        ("helpful", "no"),
        ("comment", "a\u{0}b"),
    ];
    for action in ["/api/send_vote", "/api/send_comment"] {
        assert_eq!(
            server.visitor().post(action, &vote).await.status,
            303,
            "{action}"
        );
    }
    let votes = server.identity().store.votes(9).await.unwrap();
    assert!(
        votes
            .iter()
            .any(|vote| vote.comment.as_deref() == Some("ab"))
    );
}

/// An address may be long, but not of any length.
fn expected(path: &str) -> u16 {
    if path.len() > 8000 { 414 } else { 200 }
}

/// Case 55 (lldap GHSA-qcxq). Red when a long question is cut between two bytes of a letter.
async fn case55_hostile_searches_neither_break_nor_run(server: &TestServer) {
    for text in hostile() {
        let asked = encoded(&text);
        for language in [Locale::En, Locale::Fr] {
            let path = locale::href(language, &format!("{}?q={asked}", paths::HELP_SEARCH));
            let page = server.visitor().open(&path).await;
            assert_eq!(page.status, expected(&path), "{path}");
            let found = |mark: &str| page.html.contains(mark);
            assert!(!found("<script>alert") && !found("<img src=x"), "{path}");
        }
        for folder in ["article", "category"] {
            let path = format!("/help/{folder}/{}", asked.replace('+', "%20"));
            let status = server
                .visitor()
                .exchange(Request::new(Method::GET, &path))
                .await
                .status;
            assert!(status.is_client_error(), "{path}: {status}");
        }
    }
    // Everything that was there still is.
    server.manager().await;
}

/// Case 54 (Keycloak CVE-2026-4634). Red when a reset hashes before it looks at its link and password.
async fn case54_what_is_too_large_is_refused_before_any_work(server: &TestServer) {
    let huge = "x".repeat(1_000_000);
    for action in server_fn_paths().map(|(path, _)| path) {
        let fields = [("email", huge.as_str()), ("token", &huge), ("locale", "en")];
        let answer = server.visitor().post(action, &fields).await;
        assert!(
            answer.status.is_client_error(),
            "{action}: {}",
            answer.status
        );
    }
    let long = "y".repeat(60_000);
    for route in ROUTES {
        let request = Request::new(
            Method::GET,
            &format!("{}?token={long}&q={long}", route.path),
        );
        let status = server.visitor().exchange(request).await.status;
        assert!(!status.is_server_error(), "{}: {status}", route.path);
    }
    // As large as a form may be: what is asked is the quickest of three, and less than one hash.
    let person = server.person().await;
    ask(server, &person).await;
    let link = link(server, &mail(server, &person).await);
    let (_, token) = link.split_once("token=").unwrap();
    let hasher = &server.identity().hasher;
    let password = Password::parse(NEW).unwrap();
    let mut hash = Duration::MAX;
    for _ in 0..3 {
        let began = Instant::now();
        hasher.hash(&password).await.unwrap();
        hash = hash.min(began.elapsed());
    }
    let large = "z9 ".repeat(5_000);
    for (action, fields) in [
        (
            "/api/reset_password",
            [("token", token), ("password", &large)],
        ),
        (
            "/api/accept_invitation",
            [("token", &large), ("password", NEW)],
        ),
        ("/api/sign_in", [("email", &large), ("password", NEW)]),
        (
            "/api/forgot_password",
            [("email", &large), ("password", NEW)],
        ),
        ("/api/give_code", [("code", &large), ("form", "recovery")]),
        ("/api/give_reset_code", [("code", &large), ("email", NEW)]),
    ] {
        let mut quickest = Duration::MAX;
        for _ in 0..3 {
            let began = Instant::now();
            let answer = server.visitor().post(action, &fields).await;
            assert_eq!(answer.status, 303, "{action}");
            quickest = quickest.min(began.elapsed());
        }
        assert!(
            quickest < hash / 2,
            "{action}: {quickest:?} with {hash:?} for a hash"
        );
    }
}
