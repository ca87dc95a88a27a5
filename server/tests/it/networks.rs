//! Where a request comes from, and where links lead: nobody may choose either with a header.

use crate::support::{TestServer, Visitor, all_at_once, both};
use app::paths;
use domain::limit::TOKENS_PER_NETWORK;

both! {
    a_stranger_does_not_choose_her_network,
    a_trusted_proxy_names_the_network with PROXY,
    neighbours_of_one_ipv6_network_share_a_bucket with PROXY,
    rubbish_from_the_proxy_is_the_proxys_own with PROXY,
    the_host_of_a_request_gets_into_no_mail_and_no_answer,
}

/// Presents dead links, one from each of these addresses at once.
async fn present(server: &TestServer, addresses: impl Iterator<Item = String>) {
    let posts = addresses.map(|address| {
        let mut visitor = server.visitor().saying("x-forwarded-for", &address);
        async move {
            let fields = [("token", "x"), ("password", "x"), ("locale", "en")];
            assert_eq!(
                visitor.post("/api/accept_invitation", &fields).await.status,
                303
            );
        }
    });
    all_at_once(posts).await;
}

/// Whether somebody may still present a link.
async fn may(server: &TestServer, address: Option<&str>) -> bool {
    let mut visitor = server.visitor();
    if let Some(address) = address {
        visitor = visitor.saying("x-forwarded-for", address);
    }
    let (_, link) = server.invited(domain::Locale::En, None).await;
    let page = visitor.open(&link).await;
    let form = page
        .form("/api/accept_invitation")
        .fill("password", "a tram, a bell and a late bus");
    let page = visitor.submit(form).await;
    let done = page.url == paths::BACK_OFFICE;
    assert!(
        done || page.errors()[0].starts_with("Too many tries"),
        "{}",
        page.text()
    );
    done
}

const ALL: u32 = TOKENS_PER_NETWORK.burst;

/// Red when X-Forwarded-For is believed by default (django-allauth 65.14.2).
async fn a_stranger_does_not_choose_her_network(server: &TestServer) {
    present(server, (0..ALL).map(|number| format!("203.0.113.{number}"))).await;
    assert!(!may(server, Some("198.51.100.7")).await);
    assert!(!may(server, None).await);
}

/// Red when the list is read from its beginning, which the visitor writes.
async fn a_trusted_proxy_names_the_network(server: &TestServer) {
    // What stands further left was sent by the visitor herself.
    present(
        server,
        (0..ALL).map(|number| format!("198.51.100.{number}, 203.0.113.9")),
    )
    .await;
    assert!(!may(server, Some("203.0.113.9")).await);
    assert!(!may(server, Some("10.9.9.9, 203.0.113.9")).await);
    assert!(may(server, Some("203.0.113.10")).await);
    assert!(may(server, None).await);
}

/// Red when IPv6 is counted by address (better-auth CVE-2026-45364).
async fn neighbours_of_one_ipv6_network_share_a_bucket(server: &TestServer) {
    present(
        server,
        (0..ALL).map(|number| format!("2001:db8:0:7::{number:x}")),
    )
    .await;
    assert!(!may(server, Some("2001:0DB8:0000:0007:ffff::1")).await);
    assert!(may(server, Some("2001:db8:0:8::1")).await);
    // An IPv4 address in IPv6 clothes is the same address.
    present(server, (0..ALL).map(|_| "::ffff:203.0.113.9".to_owned())).await;
    assert!(!may(server, Some("203.0.113.9")).await);
}

/// Red when an address that cannot be read makes a bucket of its own, or none (authentik
/// CVE-2024-47070).
async fn rubbish_from_the_proxy_is_the_proxys_own(server: &TestServer) {
    present(server, (0..ALL).map(|number| format!("rubbish {number}"))).await;
    assert!(!may(server, Some("more rubbish")).await);
    assert!(!may(server, None).await);
    assert!(may(server, Some("203.0.113.9")).await);
}

const NAMES: [(&str, &str); 7] = [
    ("host", "evil.example"),
    ("host", "localhost:3000@evil.example"),
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-server", "evil.example"),
    ("x-original-host", "evil.example"),
    ("forwarded", "for=1.2.3.4;host=evil.example;proto=https"),
    ("x-forwarded-proto", "gopher-evil.example"),
];

/// Red when a link is built from the request (Zitadel GHSA-2wmj-46rj-qm2w).
async fn the_host_of_a_request_gets_into_no_mail_and_no_answer(server: &TestServer) {
    for (name, value) in NAMES {
        let person = server.person().await;
        let visitor: Visitor = server.visitor().saying(name, value);
        let mut manager = visitor.sign_in(&person).await;
        let phone = manager.scan(server).await;
        let page = manager.confirm(&phone.code()).await;
        assert!(!page.html.contains("evil"), "{name}: {value}");
        for value in page.headers.values() {
            assert!(
                !value.to_str().unwrap().contains("evil"),
                "{name}: {value:?}"
            );
        }
        let mail = server.mail_to(&person.email).await;
        assert!(
            mail.text
                .contains("http://localhost:3000/settings/two-factor"),
            "{}",
            mail.text
        );
        assert!(
            !mail.text.contains("evil") && !mail.html.contains("evil"),
            "{name}: {value}"
        );
        assert_eq!(mail.to, person.email);
        let answer = manager.post("/api/sign_out", &[("locale", "en")]).await;
        assert_eq!(answer.header("location"), paths::SIGN_IN);
    }
}
