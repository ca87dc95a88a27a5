//! What an operator reads of refusals: one line each, and counters, without personal data.

use crate::support::{TestServer, both, log, once};
use app::paths;
use http::Method;
use serde_json::Value;
use server::{metrics::REASONS, router};
use std::sync::Arc;
use testkit::wire::{self, Reply, Request};
use tokio::net::TcpListener;

both! {
    every_refusal_is_one_line_without_personal_data with PROXY,
}

once! {
    metrics_have_a_listener_of_their_own,
}

/// The lines about refusals of one request.
fn refused(reply: &Reply) -> Vec<Value> {
    let lines = log::about(reply.header("x-request-id"));
    let lines = lines.iter().map(|line| serde_json::from_str(line).unwrap());
    lines
        .filter(|line: &Value| line["message"] == "Something was refused")
        .collect()
}

/// Posts a form from a network behind the proxy.
async fn post(server: &TestServer, action: &str, fields: &[(&str, &str)]) -> Reply {
    let mut visitor = server.visitor().saying("x-forwarded-for", "203.0.113.77");
    visitor.post(action, fields).await
}

/// Red when a refusal leaves no line, two lines, or one that names a person.
async fn every_refusal_is_one_line_without_personal_data(server: &TestServer) {
    log::listen();
    let (person, other) = (server.person().await, server.person().await);
    let mut hashes = Vec::new();
    for email in [&person.email, &person.email, &other.email] {
        let wrong = [
            ("email", email.as_str()),
            ("password", "five ships in a bottle"),
        ];
        let reply = post(server, "/api/sign_in", &wrong).await;
        let lines = refused(&reply);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert_eq!(lines[0]["refusal.why"], "bad_credentials");
        assert_eq!(lines[0]["client.network"], "203.0.113.0/24");
        let text = lines[0].to_string();
        assert!(
            !text.contains('@') && !text.contains("203.0.113.77"),
            "{text}"
        );
        hashes.push(lines[0]["address.hash"].as_str().unwrap().to_owned());
    }
    assert!(
        hashes[0] == hashes[1] && hashes[1] != hashes[2],
        "{hashes:?}"
    );

    let account = server.account(&person).await;
    server.identity().set_locked(&account, true).await.unwrap();
    let right = [
        ("email", person.email.as_str()),
        ("password", &person.password),
    ];
    let reply = post(server, "/api/sign_in", &right).await;
    assert_eq!(refused(&reply)[0]["refusal.why"], "locked");

    let mut manager = server.visitor().sign_in(&other).await;
    let desk = Request::new(Method::GET, paths::DESK);
    let reply = manager.exchange(desk).await;
    let lines = refused(&reply);
    assert_eq!((reply.status.as_u16(), lines.len()), (403, 1));
    assert_eq!(lines[0]["refusal.why"], "forbidden");
    assert_eq!(lines[0]["account.id"], other.id.as_str());

    let text = server.state.metrics.text();
    for line in [
        "bpart_refusals_total{why=\"bad_credentials\"} 3",
        "bpart_refusals_total{why=\"locked\"} 1",
        "bpart_refusals_total{why=\"forbidden\"} 1",
        "bpart_sign_ins_total{door=\"back_office\"} 1",
        "bpart_answers_total{status=\"4xx\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
    // Whatever visitors send, the list of labels stays what it is.
    assert_eq!(text.matches("bpart_refusals_total{").count(), REASONS.len());
}

/// Red when visitors can read the metrics, or the monitoring anything else.
async fn metrics_have_a_listener_of_their_own(server: &TestServer) {
    let request = |path: &str| Request::new(Method::GET, path).with("host", "localhost");
    let reply = server.visitor().exchange(request("/metrics")).await;
    assert_eq!(reply.status, 404);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let addresses = router::for_monitoring(Arc::clone(&server.state));
    let task = tokio::spawn(async move { axum::serve(listener, addresses).await });
    let reply = wire::send(address, &request("/metrics")).await;
    assert_eq!(reply.status, 200);
    assert!(
        reply
            .header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    assert!(reply.text().contains("bpart_answers_total"));
    assert_eq!(
        wire::send(address, &request(paths::SIGN_IN)).await.status,
        404
    );
    task.abort();
}
