//! What a real mail server does with the mail of a registration, and what the page that waits says of it.

use crate::support::{
    TestServer, Visitor, both,
    mail_server::with_mail_server,
    registrations::{CHOSEN, register, until},
    words::assert_says,
};

both! {
    what_a_mail_server_refuses_is_told,
    what_a_mail_server_takes_is_told,
    what_a_mail_server_takes_later_is_told,
    what_comes_back_later_is_told,
    a_mail_server_that_goes_away_is_told,
}

/// A browser in which an address was registered whose mails fare as its name says.
async fn registered(server: &TestServer, kind: &str) -> Visitor {
    let door = server.platform("bellerive").await;
    let mut visitor = server.visitor().through(&door);
    register(&mut visitor, &format!("{kind}.anna@home.example"), CHOSEN).await;
    visitor
}

async fn what_a_mail_server_refuses_is_told(server: &TestServer) {
    let (_mails, server) = with_mail_server(server).await;
    for (kind, says) in [
        ("nobody", "refused_mailbox"),
        ("nodomain", "refused_domain"),
        ("full", "refused_full"),
    ] {
        let mut visitor = registered(&server, kind).await;
        let page = until(&mut visitor, "state_refused").await;
        assert_says(&page, "registration", says);
        assert!(page.has_form("/api/correct_registration"), "{kind}");
    }
    server.stop().await;
}

async fn what_a_mail_server_takes_is_told(server: &TestServer) {
    let (_mails, server) = with_mail_server(server).await;
    for kind in ["anna", "slow"] {
        let mut visitor = registered(&server, kind).await;
        let page = until(&mut visitor, "state_sent").await;
        assert_says(&page, "registration", "state_sent");
    }
    server.stop().await;
}

async fn what_a_mail_server_takes_later_is_told(server: &TestServer) {
    let (_mails, server) = with_mail_server(server).await;
    for (kind, says) in [("grey", "postponed_policy"), ("later", "postponed_later")] {
        let mut visitor = registered(&server, kind).await;
        let page = until(&mut visitor, "state_postponed").await;
        assert_says(&page, "registration", says);
        server.clock.advance_secs(60);
        let page = until(&mut visitor, "state_sent").await;
        assert_says(&page, "registration", "state_sent");
    }
    let mut visitor = registered(&server, "filtered").await;
    let page = until(&mut visitor, "state_postponed").await;
    assert_says(&page, "registration", "postponed_policy");
    server.stop().await;
}

async fn what_comes_back_later_is_told(server: &TestServer) {
    let (_mails, server) = with_mail_server(server).await;
    for (kind, title, says) in [
        ("bounce", "state_returned", "refused_mailbox"),
        ("challenge", "state_challenged", "refused_challenge"),
    ] {
        let mut visitor = registered(&server, kind).await;
        let page = until(&mut visitor, title).await;
        assert_says(&page, "registration", says);
        assert!(page.has_form("/api/correct_registration"), "{kind}");
    }
    server.stop().await;
}

/// Red when trouble with the mail server is told as trouble with the address.
async fn a_mail_server_that_goes_away_is_told(server: &TestServer) {
    let (_mails, server) = with_mail_server(server).await;
    for kind in ["closing", "drop"] {
        let mut visitor = registered(&server, kind).await;
        let page = until(&mut visitor, "state_postponed").await;
        assert_says(&page, "registration", "postponed_ours");
        server.clock.advance_secs(60);
        let page = until(&mut visitor, "state_sent").await;
        assert_says(&page, "registration", "state_sent");
    }
    server.stop().await;
}
