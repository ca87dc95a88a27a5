//! What every answer carries, whoever asks and for what.

use crate::support::{TestServer, once, resets};
use app::{locale, paths, routes::ROUTES};
use contract::Locale;
use domain::PlatformRole;
use http::Method;
use std::collections::BTreeSet;
use testkit::{
    Browser,
    wire::{Reply, Request},
};

once! {
    every_answer_carries_the_protective_headers,
    over_https_browsers_are_told_to_stay_there with HTTPS,
    no_page_loads_anything_from_elsewhere,
    a_page_without_islands_runs_no_script,
    a_nonce_is_used_once,
    pages_of_somebody_signed_in_are_stored_nowhere,
    pages_of_somebody_on_the_way_in_are_stored_nowhere,
    a_known_file_is_not_sent_again,
    nothing_that_is_no_page_is_a_page,
}

/// Requests of every kind, with the status that they get.
fn every_kind() -> Vec<(Request, u16)> {
    let get = |path: &str| Request::new(Method::GET, path);
    let foreign = Request::new(Method::POST, "/api/sign_in").with("sec-fetch-site", "cross-site");
    vec![
        (get("/sign-in"), 200),
        (get("/fr/help"), 200),
        (get("/profile"), 303),
        (get("/invitation?token=x"), 410),
        (get("/nowhere"), 404),
        (get("/assets/nothing.js"), 404),
        (get("/mailbox-html/nothing"), 404),
        (get("/healthz"), 200),
        (get("/readyz"), 200),
        (get("/.well-known/security.txt"), 200),
        (get("/.well-known/change-password"), 303),
        (get("/auth/google/start"), 404),
        (get("/auth/google/callback?code=x&state=y"), 404),
        (get("/api/sign_in"), 405),
        (Request::new(Method::DELETE, "/sign-in"), 405),
        (Request::new(Method::POST, "/sign-in").with_form(&[]), 405),
        (foreign.with_form(&[("locale", "en")]), 403),
        (
            Request::new(Method::POST, "/api/sign_in").with_form(&[("locale", "en")]),
            303,
        ),
    ]
}

/// Red when the headers are added to pages only.
async fn every_answer_carries_the_protective_headers(server: &TestServer) {
    let mut ids = BTreeSet::new();
    for (request, status) in every_kind() {
        let what = format!("{} {}", request.method, request.target);
        let answer = server.visitor().exchange(request).await;
        assert!(
            answer.status == status || (status == 403 && answer.status == 400),
            "{what}: {}",
            answer.status
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{name} of {what}");
        }
        for name in ["permissions-policy", "referrer-policy", "cache-control"] {
            assert!(!answer.header(name).is_empty(), "{name} of {what}");
        }
        let policy = answer.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{part} of {what}: {policy}");
        }
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains('*'),
            "{what}: {policy}"
        );
        assert_eq!(
            answer.header("strict-transport-security"),
            "",
            "not over http"
        );
        for name in ["server", "x-powered-by"] {
            assert_eq!(answer.header(name), "", "{what} tells what is behind it");
        }
        assert!(
            ids.insert(answer.header("x-request-id").to_owned()),
            "an id of its own: {what}"
        );
    }
}

async fn over_https_browsers_are_told_to_stay_there(server: &TestServer) {
    for (request, _) in every_kind() {
        let answer = server.visitor().exchange(request).await;
        let value = answer.header("strict-transport-security");
        assert!(value.starts_with("max-age=63072000"), "{value}");
    }
}

/// Every page that there is, as a support agent sees it.
async fn every_page(server: &TestServer) -> Vec<(String, Reply)> {
    let agent = server
        .person_with(Locale::En, Some(PlatformRole::Agent))
        .await;
    let mut agent = server.visitor().sign_in(&agent).await;
    agent.scan(server).await;
    let mut pages = Vec::new();
    for route in ROUTES {
        for language in [Locale::En, Locale::Fr] {
            let path = locale::href(language, route.path);
            let path = path.replace("article/{slug}", "article/add-a-new-user");
            let path = path.replace("category/{slug}", "category/general-support");
            let browser: &mut Browser = &mut agent;
            pages.push((
                path.clone(),
                browser.exchange(Request::new(Method::GET, &path)).await,
            ));
            pages.push((
                path.clone(),
                server
                    .visitor()
                    .exchange(Request::new(Method::GET, &path))
                    .await,
            ));
        }
    }
    pages.retain(|(_, answer)| answer.header("content-type").starts_with("text/html"));
    assert!(pages.len() > 40, "{}", pages.len());
    pages
}

/// Red when a page names another host in anything that a browser fetches.
async fn no_page_loads_anything_from_elsewhere(server: &TestServer) {
    for (path, page) in every_page(server).await {
        for element in testkit::html::select(&page.text(), "*") {
            let fetched = if element.name == "link" && element.attribute("rel") != Some("alternate")
            {
                element.attribute("href")
            } else {
                element
                    .attribute("src")
                    .or(element.attribute("action"))
                    .or(element.attribute("formaction"))
            };
            let ours = |url: &str| url == "#" || (url.starts_with('/') && !url.starts_with("//"));
            assert!(fetched.is_none_or(ours), "{path}: {fetched:?}");
            assert_eq!(
                element.attribute("style"),
                None,
                "{path}: the policy forbids inline styles"
            );
            assert!(
                !element.attributes().any(|name| name.starts_with("on")),
                "{path}: the policy forbids inline handlers: {element:?}"
            );
        }
    }
}

async fn a_page_without_islands_runs_no_script(server: &TestServer) {
    let (mut with, mut without) = (0, 0);
    for (path, page) in every_page(server).await {
        let policy = page.header("content-security-policy").to_owned();
        let html = page.text();
        if policy.contains("script-src 'none'") {
            without += 1;
            assert!(
                !html.contains("<script") && !html.contains("modulepreload"),
                "{path}"
            );
            assert!(
                !html.contains("<leptos-island"),
                "{path} has an island that can never wake"
            );
        } else {
            with += 1;
            let nonce = policy
                .split_once("'nonce-")
                .unwrap()
                .1
                .split_once('\'')
                .unwrap()
                .0;
            for script in testkit::html::select(&html, "script") {
                assert_eq!(script.attribute("nonce"), Some(nonce), "{path}");
            }
            assert!(
                html.contains("<leptos-island"),
                "{path} loads a script for nothing"
            );
        }
    }
    assert!(with > 5 && without > 5, "{with} with, {without} without");
}

/// Red when the nonce is made once per process.
async fn a_nonce_is_used_once(server: &TestServer) {
    let mut seen = BTreeSet::new();
    for _ in 0..20 {
        let page = server.visitor().open(paths::SIGN_IN).await;
        let policy = page.headers["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        let nonce = policy
            .split_once("'nonce-")
            .unwrap()
            .1
            .split_once('\'')
            .unwrap()
            .0
            .to_owned();
        assert!(nonce.len() >= 22, "128 bits: {nonce}");
        assert!(seen.insert(nonce));
    }
}

/// Red when a shared computer can go back to a page of who signed out.
async fn pages_of_somebody_signed_in_are_stored_nowhere(server: &TestServer) {
    let mut manager = server.manager().await;
    for path in [
        paths::BACK_OFFICE,
        paths::PROFILE,
        paths::SETTINGS,
        paths::TWO_FACTOR,
        paths::HELP,
        "/nowhere",
    ] {
        assert_eq!(
            manager.open(path).await.headers["cache-control"],
            "no-store",
            "{path}"
        );
    }
}

/// Red when a cache keeps a page for somebody who is half-way in, or waits for a mail.
async fn pages_of_somebody_on_the_way_in_are_stored_nowhere(server: &TestServer) {
    let person = server.secured().await;
    let mut half = server.visitor();
    half.begin(&person).await;
    // Both have seen their page once: nothing is left to be said on it.
    let mut waiting = resets::ask(server, &person).await;
    for (visitor, path) in [(&mut half, paths::CODE), (&mut waiting, paths::RESET_SENT)] {
        for language in [Locale::En, Locale::Fr] {
            let path = locale::href(language, path);
            let page = visitor.open(&path).await;
            assert_eq!(page.url, path);
            assert_eq!(page.headers["cache-control"], "no-store", "{path}");
        }
    }
    resets::mail(server, &person).await;
}

/// Red when the tag is compared byte by byte, when all encodings share one, or when 304 forgets it.
async fn a_known_file_is_not_sent_again(server: &TestServer) {
    let file = server.state.site.assets.css.clone();
    let get = async |coding: &str, known: &str| {
        let request = Request::new(Method::GET, &file)
            .with("accept-encoding", coding)
            .with("if-none-match", known);
        server.visitor().exchange(request).await
    };
    let mut tags = Vec::new();
    for coding in ["br", "gzip", "identity"] {
        let sent = get(coding, "\"other\"").await;
        assert_eq!(sent.status, 200, "{coding}");
        let tag = sent.header("etag").to_owned();
        for known in [
            tag.clone(),
            format!("W/{tag}"),
            format!("\"x\", {tag}"),
            "*".to_owned(),
        ] {
            let answer = get(coding, &known).await;
            assert_eq!(answer.status, 304, "{coding} {known}");
            assert!(answer.body.is_empty());
            for name in ["etag", "vary", "cache-control"] {
                assert_eq!(answer.header(name), sent.header(name), "{coding} {name}");
            }
        }
        tags.push(tag);
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 3, "{tags:?}");
}

async fn nothing_that_is_no_page_is_a_page(server: &TestServer) {
    for path in [
        "/healthz",
        "/readyz",
        "/.well-known/security.txt",
        "/robots.txt",
        "/assets/nothing",
    ] {
        let answer = server
            .visitor()
            .exchange(Request::new(Method::GET, path))
            .await;
        let kind = answer.header("content-type").to_owned();
        assert!(
            !kind.starts_with("text/html") || answer.status == 404,
            "{path}: {kind}"
        );
    }
}
