//! Addresses that are written a little differently, or asked for in another way than they are made for.

use crate::support::{TestServer, once};
use app::{locale, routes::ROUTES};
use contract::Locale;
use http::Method;
use std::time::Duration;
use testkit::wire::{Reply, Request};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

once! {
    a_slash_at_the_end_leads_to_the_page,
    a_slash_leads_to_nobody_else,
    bytes_that_are_no_text_name_no_page,
    the_address_of_a_form_and_a_form_for_a_page_get_a_page,
    what_is_too_long_is_not_read,
}

async fn get(server: &TestServer, path: &str) -> Reply {
    let request = Request::new(Method::GET, path);
    server.visitor().exchange(request).await
}

/// Red when a slash makes another address.
async fn a_slash_at_the_end_leads_to_the_page(server: &TestServer) {
    for route in ROUTES.iter().filter(|route| route.path != "/") {
        let path = route.path.replace(['{', '}'], "");
        for language in [Locale::En, Locale::Fr] {
            let page = locale::href(language, &path);
            let answer = get(server, &format!("{page}/")).await;
            assert_eq!(answer.status, 308, "{page}/");
            assert_eq!(answer.header("location"), page);
        }
    }
    assert_eq!(get(server, "/fr/").await.header("location"), "/fr");
    let with_query = get(server, "/sign-in/?next=/settings").await;
    assert_eq!(with_query.header("location"), "/sign-in?next=/settings");
}

/// Red when the address is taken over as it stands.
async fn a_slash_leads_to_nobody_else(server: &TestServer) {
    for path in [
        "//evil.example/",
        "//evil.example/sign-in/",
        "/\\evil.example/",
        "/fr//evil.example/",
        "/sign-in//",
        "/nowhere/",
        "/help/article/%2F%2Fevil.example/",
    ] {
        let answer = get(server, path).await;
        assert!(
            answer.status == 404 || answer.status == 400,
            "{path}: {} {}",
            answer.status,
            answer.header("location")
        );
    }
}

/// Red when the router answers for us.
async fn bytes_that_are_no_text_name_no_page(server: &TestServer) {
    for (path, language) in [
        ("/help/article/%ff", "en"),
        ("/fr/help/article/%ff", "fr"),
        ("/fr/p/%c3%28/quay/sign-in", "fr"),
    ] {
        let answer = get(server, path).await;
        assert_eq!(answer.status, 404, "{path}");
        let tag = format!("lang=\"{language}\"");
        assert!(answer.text().contains(&tag), "{path}: {}", answer.text());
    }
    for path in [
        "/assets/%ff",
        "/mailbox-html/%ff",
        "/auth/%ff/start",
        "/auth/%ff/callback",
    ] {
        assert_eq!(get(server, path).await.status, 404, "{path}");
    }
}

/// Red when the answer is empty: a reload of a refused form, or an address from the history, shows nothing.
async fn the_address_of_a_form_and_a_form_for_a_page_get_a_page(server: &TestServer) {
    let form = Request::new(Method::POST, "/fr/sign-in").with_form(&[]);
    for (request, allowed, language) in [
        (Request::new(Method::GET, "/api/sign_in"), "POST", "en"),
        (form, "GET,HEAD", "fr"),
    ] {
        let target = request.target.clone();
        let answer = server.visitor().exchange(request).await;
        assert_eq!(answer.status, 405, "{target}");
        assert_eq!(answer.header("allow"), allowed, "{target}");
        let tag = format!("lang=\"{language}\"");
        assert!(answer.text().contains(&tag), "{target}: {}", answer.text());
    }
}

/// Red when a connection keeps what nobody needs, or a long address costs more than a short one.
async fn what_is_too_long_is_not_read(server: &TestServer) {
    let words = "a+".repeat(3_900);
    let answer = get(server, &format!("/fr/help/search?q={words}")).await;
    assert_eq!(answer.status, 200);
    for path in [
        format!("/fr/help/search?q={words}{words}"),
        format!("/fr/{words}{words}"),
    ] {
        let answer = get(server, &path).await;
        assert_eq!(answer.status, 414);
        assert_eq!(answer.header("content-language"), "fr");
    }
    let header = Request::new(Method::GET, "/fr").with("x-long", &"a".repeat(31 * 1024));
    assert_eq!(server.visitor().exchange(header).await.status, 200);
    let header = Request::new(Method::GET, "/fr").with("x-long", &"a".repeat(60 * 1024));
    assert_eq!(server.visitor().exchange(header).await.status, 431);
    // Nor is a header kept until its end comes.
    let mut half = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "GET /fr HTTP/1.1\r\nhost: localhost\r\nx-long: {}",
        "a".repeat(60 * 1024)
    );
    // The server may hang up before all of it is written.
    let _ = half.write_all(head.as_bytes()).await;
    let mut answer = vec![0; 12];
    let read = timeout(Duration::from_secs(4), half.read_exact(&mut answer)).await;
    let read = read.expect("the connection is answered or closed");
    assert!(read.is_err() || answer == b"HTTP/1.1 431", "{answer:?}");
}
