//! What visitors see of our own faults.

use crate::support::{TestServer, once};
use axum::{Router, routing::get};
use http::Method;
use server::{
    edge::{accept, shares::Shares},
    router,
};
use std::sync::Arc;
use testkit::wire::{self, Request};
use tokio::net::TcpListener;

once! {
    a_panic_is_answered_with_a_page_in_the_language_of_the_address,
}

async fn breaks() -> &'static str {
    panic!("as a fault of ours would")
}

/// Red when the panic cuts the connection, or its page lacks what every answer carries.
async fn a_panic_is_answered_with_a_page_in_the_language_of_the_address(server: &TestServer) {
    let routes = Router::new()
        .route("/fr/breaks", get(breaks))
        .route("/works", get(async || "as it should"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let whole = router::around(Arc::clone(&server.state), routes);
    let shares = Shares::new(usize::MAX, |_| true, || {});
    let pending = std::future::pending();
    let task = tokio::spawn(accept::serve(listener, whole, shares, pending));
    let ask = |path: &str| Request::new(Method::GET, path).with("host", "localhost");

    let answer = wire::send(address, &ask("/fr/breaks")).await;
    assert_eq!(answer.status, 500);
    assert_eq!(answer.header("content-language"), "fr");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-frame-options"), "DENY");
    let id = answer.header("x-request-id");
    assert_eq!(id.len(), 16);
    assert!(answer.text().contains(id), "the page names the reference");
    assert!(!answer.text().contains("as a fault of ours would"));

    let answer = wire::send(address, &ask("/works")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.text().as_str()),
        (200, "as it should")
    );
    task.abort();
}
