//! The demo: a button of the mailbox decides what becomes of a mail, and the page that waits for it shows it.

use crate::{
    bounces,
    support::{
        TestServer, once,
        registrations::{CHOSEN, register, registered, until},
        words::assert_says,
    },
};
use app::{locale, paths};
use contract::{Locale, PlayedFate};
use http::Method;
use testkit::wire::Request;

once! {
    each_fate_is_shown_on_the_page_that_waits,
    a_mail_that_nobody_waits_for_has_no_buttons,
    behind_a_proxy_nothing_is_played,
    with_a_mail_server_nothing_is_played,
}

/// The address of the newest mail in the mailbox.
async fn newest(server: &TestServer) -> String {
    let page = server.visitor().open(paths::MAILBOX).await;
    let mut links = page.links().into_iter().map(|(_, href)| href);
    links.find(|href| href.starts_with("/mailbox/")).unwrap()
}

async fn each_fate_is_shown_on_the_page_that_waits(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let (mut waiting, _) = registered(server, &door, "new@home.example").await;
    let mail = newest(server).await;
    for language in [Locale::En, Locale::Fr] {
        for (fate, says) in [
            (PlayedFate::Taken, "state_sent"),
            (PlayedFate::Late, "state_postponed"),
            (PlayedFate::Refused, "state_refused"),
            (PlayedFate::Filtered, "state_challenged"),
            (PlayedFate::Bounced, "state_returned"),
        ] {
            let mut browser = server.visitor();
            let page = browser.open(&locale::href(language, &mail)).await;
            let form = page.form_with("/api/play_mail", "fate", fate.as_str());
            // The mail can be read, and have another fate, after each.
            let page = browser.submit(form).await;
            assert_eq!(page.url, locale::href(language, &mail));
            let path = locale::href(language, &door.entrance(paths::WAITING));
            assert_says(&waiting.open(&path).await, "registration", says);
        }
    }
}

async fn a_mail_that_nobody_waits_for_has_no_buttons(server: &TestServer) {
    let person = server.person().await;
    let mut visitor = server.visitor();
    let page = visitor.open(paths::FORGOT_PASSWORD).await;
    let form = page.form("/api/forgot_password");
    visitor.submit(form.fill("email", &person.email)).await;
    server.mail_to(&person.email).await;
    let mail = newest(server).await;
    assert!(!visitor.open(&mail).await.has_form("/api/play_mail"));
    let id = mail.trim_start_matches("/mailbox/");
    let fields = [("id", id), ("fate", "refused"), ("locale", "en")];
    let request = Request::new(Method::POST, "/api/play_mail").with_form(&fields);
    let reply = visitor.exchange(request.with("accept", "application/json"));
    assert!(reply.await.text().contains("not_found"));
}

async fn behind_a_proxy_nothing_is_played(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let (mut waiting, _) = registered(server, &door, "new@home.example").await;
    let mail = newest(server).await;
    let id = mail.trim_start_matches("/mailbox/");
    let mut far = server.visitor().saying("x-forwarded-for", "203.0.113.9");
    far.post(
        "/api/play_mail",
        &[("id", id), ("fate", "refused"), ("locale", "en")],
    )
    .await;
    let page = waiting.open(&door.entrance(paths::WAITING)).await;
    assert_says(&page, "registration", "state_demo");
}

/// Red when anybody decides what became of a real mail.
async fn with_a_mail_server_nothing_is_played(server: &TestServer) {
    let (sink, server) = bounces::with_sink(server).await;
    let door = server.platform("bellerive").await;
    let mut visitor = server.visitor().through(&door);
    register(&mut visitor, "new@home.example", CHOSEN).await;
    until(&mut visitor, "state_sent").await;
    // bounces+ID.TAG@domain
    let envelope = bounces::envelope(&sink).await;
    let id = envelope.split(['+', '.']).nth(1).unwrap();
    let fields = [("id", id), ("fate", "refused"), ("locale", "en")];
    let request = Request::new(Method::POST, "/api/play_mail").with_form(&fields);
    let reply = visitor.exchange(request.with("accept", "application/json"));
    assert!(reply.await.text().contains("not_found"));
    until(&mut visitor, "state_sent").await;
    server.stop().await;
}
