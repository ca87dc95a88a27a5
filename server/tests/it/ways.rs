//! Where people are led after signing in: to the page they wanted, and never off the site.

use crate::support::{TestServer, both};
use app::paths;

both! {
    people_are_never_led_away_from_the_site,
    people_are_led_where_they_wanted_to_go,
}

async fn wanting(server: &TestServer, next: &str) -> String {
    let person = server.person().await;
    let fields = [
        ("email", person.email.as_str()),
        ("password", &person.password),
        ("next", next),
        ("locale", "en"),
    ];
    let answer = server.visitor().post("/api/sign_in", &fields).await;
    assert_eq!(answer.status, 303, "{next}");
    answer.header("location").to_owned()
}

/// Red when `next` is only asked to begin with a slash (better-auth CVE-2025-27143).
async fn people_are_never_led_away_from_the_site(server: &TestServer) {
    for next in [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/%2F/evil.example",
        "/%5Cevil.example",
        "/fr//evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "/settings@evil.example",
        "/settings\r\nset-cookie: a=b",
        "/..//evil.example",
        "/nowhere",
        "/api/sign_out",
        "/mailbox-html/1",
        "/settings?x=1",
        "/\u{2215}evil.example",
    ] {
        assert_eq!(wanting(server, next).await, paths::BACK_OFFICE, "{next:?}");
    }
    // Nor by the form that was refused: its page keeps the wish as text.
    let mut visitor = server.visitor();
    let page = visitor.open("/sign-in?next=//evil.example").await;
    let form = page
        .form("/api/sign_in")
        .fill("email", "a@town.example")
        .fill("password", "x");
    let page = visitor.submit(form).await;
    assert!(page.url.starts_with("/sign-in?next="), "{}", page.url);
}

async fn people_are_led_where_they_wanted_to_go(server: &TestServer) {
    assert_eq!(wanting(server, "/settings").await, "/settings");
    assert_eq!(
        wanting(server, "/help/article/add-a-new-user").await,
        "/help/article/add-a-new-user"
    );
    // Through a mistake and the second step.
    let person = server.secured().await;
    let mut visitor = server.visitor();
    let page = visitor.open("/fr/settings/two-factor").await;
    assert_eq!(page.url, "/fr/sign-in?next=%2Fsettings%2Ftwo-factor");
    let wrong = page
        .form("/api/sign_in")
        .fill("email", &person.email)
        .fill("password", "x");
    let page = visitor.submit(wrong).await;
    let right = page
        .form("/api/sign_in")
        .fill("email", &person.email)
        .fill("password", &person.password);
    let page = visitor.submit(right).await;
    assert_eq!(page.url, "/fr/sign-in/code");
    let form = page
        .form_with("/api/give_code", "form", "code")
        .fill("code", &person.code());
    assert_eq!(visitor.submit(form).await.url, "/fr/settings/two-factor");
}
