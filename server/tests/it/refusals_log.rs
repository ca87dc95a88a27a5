//! What an operator reads of refusals: one line each, and counters, without personal data.

use crate::support::{TestServer, both, log, once};
use app::paths;
use http::Method;
use serde_json::Value;
use server::{metrics::REASONS, router};
use std::{collections::BTreeSet, fs, path::Path, sync::Arc};
use testkit::wire::{self, Reply, Request};
use tokio::net::TcpListener;

both! {
    every_refusal_is_one_line_without_personal_data with PROXY,
    a_limit_that_is_reached_is_one_line with PROXY,
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
        "bpart_closed_connections_total{why=\"network_holds_too_many\"} 0",
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

/// Red when a limit is reached in silence: nobody would hear of an attack that is held off.
async fn a_limit_that_is_reached_is_one_line(server: &TestServer) {
    log::listen();
    let wrong = [
        ("email", "nobody@town.example"),
        ("password", "five ships in a bottle"),
    ];
    let mut heard = Vec::new();
    for _ in 0..11 {
        let reply = post(server, "/api/sign_in", &wrong).await;
        let lines = refused(&reply);
        assert_eq!(lines.len(), 1, "{lines:?}");
        heard.push(lines[0].clone());
    }
    let (limited, judged) = heard.split_last().unwrap();
    assert!(
        judged
            .iter()
            .all(|line| line["refusal.why"] == "bad_credentials"),
        "{judged:?}"
    );
    assert_eq!(limited["refusal.why"], "too_many_tries");
    assert_eq!(limited["client.network"], "203.0.113.0/24");
    assert_eq!(limited["address.hash"], judged[0]["address.hash"]);
    let text = server.state.metrics.text();
    let line = "bpart_refusals_total{why=\"too_many_tries\"} 1";
    assert!(text.lines().any(|found| found == line), "{text}");
}

/// Everything that the program is made of, without its tests in `tests`.
fn program() -> String {
    let server = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    read_below(&server.join("src"), &mut text);
    for room in fs::read_dir(server.join("crates")).unwrap() {
        let source = room.unwrap().path().join("src");
        if source.is_dir() {
            read_below(&source, &mut text);
        }
    }
    text
}

fn read_below(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_below(&path, text);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            text.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

/// Red when an event is renamed or added here and not in the operators' guide: an alarm on the old words would wait for
/// ever.
#[test]
fn the_guide_has_every_event_and_no_other() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operations.md");
    let guide = fs::read_to_string(guide).unwrap();
    let (_, rest) = guide.split_once("## What the log says").unwrap();
    let (inventory, _) = rest.split_once("\n## ").unwrap();
    let cells = inventory.lines().filter_map(|line| line.split('|').nth(1));
    let events: Vec<&str> = cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    assert!(events.len() > 15, "{events:?}");
    let program = program();
    for event in events {
        let literal = match event.split_once('…') {
            Some((beginning, _)) => format!("\"{beginning}"),
            None => format!("\"{event}\""),
        };
        assert!(program.contains(&literal), "nothing says {literal}");
    }
    for level in ["info", "warn", "error"] {
        let start = format!("tracing::{level}!(");
        for rest in program.split(&start).skip(1) {
            // The message is the last text of the call.
            let Some(message) = arguments(rest).rsplit('"').nth(1) else {
                continue;
            };
            let is_known = message == "{warning}" || inventory.contains(message);
            assert!(is_known, "the guide lacks {message}");
        }
    }
}

/// What stands before the bracket that closes a call.
fn arguments(rest: &str) -> &str {
    let mut depth = 1;
    let end = rest.find(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth == 0
    });
    &rest[..end.unwrap_or(rest.len())]
}

/// Red when something is refused for a reason that no counter has, or a counter can never count.
#[test]
fn every_reason_has_a_counter() {
    let program = program();
    let (_, rest) = program.split_once("const fn why(error: &Error)").unwrap();
    let (of_errors, _) = rest.split_once("\n}").unwrap();
    let said = [
        program.split("log_refusal(\""),
        program.split("metrics.refuse(\""),
        of_errors.split("=> \""),
    ];
    let reasons: BTreeSet<&str> = said
        .into_iter()
        .flat_map(|parts| parts.skip(1))
        .filter_map(|part| part.split('"').next())
        .collect();
    assert_eq!(reasons, BTreeSet::from(REASONS));
}
