//! Addresses for machines, and what is left when the database is gone.

use crate::support::{TestServer, both, once, words::assert_says};
use app::paths;
use http::Method;
use testkit::wire::{Reply, Request};

both! {
    it_is_ready_while_the_database_answers,
    without_the_database_pages_say_so_calmly,
}

once! {
    it_is_alive,
    password_managers_find_the_settings,
    researchers_find_the_address,
    in_production_there_is_no_mailbox with ELSEWHERE,
    under_a_public_name_there_is_no_mailbox with HTTPS,
    through_a_proxy_there_is_no_mailbox,
}

async fn get(server: &TestServer, path: &str) -> Reply {
    server
        .visitor()
        .exchange(Request::new(Method::GET, path))
        .await
}

async fn it_is_alive(server: &TestServer) {
    let answer = get(server, "/healthz").await;
    assert_eq!(
        (answer.status.as_u16(), answer.text().as_str()),
        (200, "ok\n")
    );
    assert_eq!(answer.header("cache-control"), "no-store");
}

async fn it_is_ready_while_the_database_answers(server: &TestServer) {
    assert_eq!(get(server, "/readyz").await.status, 200);
    server.identity().store.close().await;
    let answer = get(server, "/readyz").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("retry-after")),
        (503, "5")
    );
    assert_eq!(
        get(server, "/healthz").await.status,
        200,
        "the process itself is well"
    );
}

async fn without_the_database_pages_say_so_calmly(server: &TestServer) {
    let mut manager = server.manager().await;
    server.identity().store.close().await;
    let page = manager.open(paths::SETTINGS).await;
    assert_eq!(page.status, 503);
    assert!(!page.headers["content-type"].is_empty() && page.heading().len() > 5);
    let page = server.visitor().open(paths::SIGN_IN).await;
    assert_eq!(page.status, 200);
    let mut visitor = server.visitor();
    let form = page
        .form("/api/sign_in")
        .fill("email", "nobody@town.example")
        .fill("password", "x");
    let page = visitor.submit(form).await;
    assert_eq!(page.status, 503);
    assert_says(&page, "errors", "busy_again");
}

async fn password_managers_find_the_settings(server: &TestServer) {
    let answer = get(server, "/.well-known/change-password").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, paths::PASSWORD)
    );
}

async fn researchers_find_the_address(server: &TestServer) {
    let text = get(server, "/.well-known/security.txt").await.text();
    for line in [
        "Contact: mailto:support@bpart.be",
        "Expires: 2026-11-17T12:00:00Z",
        "Canonical: http://localhost:3000/.well-known/security.txt",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
}

/// Red when the mailbox depends on the mail server alone, or on a page only.
async fn in_production_there_is_no_mailbox(server: &TestServer) {
    no_mailbox(server).await;
}

/// Red when only the listener is looked at: behind a proxy on the same machine it is loopback too.
async fn under_a_public_name_there_is_no_mailbox(server: &TestServer) {
    no_mailbox(server).await;
}

async fn no_mailbox(server: &TestServer) {
    for path in ["/mailbox", "/mailbox/x", "/components", "/fr/mailbox"] {
        assert_eq!(get(server, path).await.status, 404, "{path}");
    }
    let (_, _) = server.invited(domain::Locale::En, None).await;
    let mails = server.identity().store.mailbox(1).await.unwrap();
    for path in [
        format!("/mailbox/{}", mails[0].id),
        format!("/mailbox-html/{}", mails[0].id),
    ] {
        assert_eq!(get(server, &path).await.status, 404, "{path}");
    }
    let page = server.visitor().open(paths::SIGN_IN).await;
    assert!(!page.html.contains("/mailbox"), "nothing leads there");
}

/// Red when the settings alone are looked at: a proxy may stand before a server that does not know of it.
async fn through_a_proxy_there_is_no_mailbox(server: &TestServer) {
    let (_, _) = server.invited(domain::Locale::En, None).await;
    let mails = server.identity().store.mailbox(1).await.unwrap();
    let ask = async |path: &str, header: Option<&str>| {
        let mut request = Request::new(Method::GET, path);
        if let Some(name) = header {
            request = request.with(name, "203.0.113.5");
        }
        server.visitor().exchange(request).await.status.as_u16()
    };
    for path in [
        "/mailbox".to_owned(),
        "/fr/mailbox".to_owned(),
        "/components".to_owned(),
        format!("/mailbox/{}", mails[0].id),
        format!("/mailbox-html/{}", mails[0].id),
    ] {
        assert_eq!(ask(&path, None).await, 200, "{path}");
        for header in [
            "forwarded",
            "via",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "x-real-ip",
        ] {
            assert_eq!(ask(&path, Some(header)).await, 404, "{path}, {header}");
        }
    }
}
