//! Pages that are drawn once for all who bring nothing: nobody can tell, and nobody's own things
//! are among them.

use crate::support::{TestServer, Visitor, once, words::assert_refused};
use app::{
    locale, paths,
    routes::{Access, ROUTES},
};
use contract::{Locale, Problem, SignInProblem};
use http::Method;
use std::sync::atomic::Ordering;
use testkit::wire::{Reply, Request};

once! {
    the_way_in_is_drawn_once,
    a_kept_page_is_the_page_that_is_drawn,
    a_kept_page_is_compressed_like_any_other,
    what_one_person_is_told_nobody_else_hears,
    what_an_address_says_stays_with_that_address,
    a_page_that_asks_the_database_is_asked_anew_each_time,
}

/// One page, without following where it may lead.
async fn ask(mut visitor: Visitor, path: &str) -> Reply {
    visitor.exchange(Request::new(Method::GET, path)).await
}

/// What a browser shows and stores, without what has to be new each time: id, date and nonce.
fn lasting(page: &Reply) -> (u16, String, Vec<(String, String)>) {
    let nonce = page
        .header("content-security-policy")
        .split_once("'nonce-")
        .and_then(|(_, rest)| Some(rest.split_once('\'')?.0));
    let without = |text: &str| match nonce {
        Some(nonce) => text.replace(nonce, "NONCE"),
        None => text.to_owned(),
    };
    let mut headers: Vec<_> = page
        .headers
        .iter()
        .filter(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), without(value.to_str().unwrap())))
        .collect();
    headers.sort();
    let html = without(&page.text());
    assert_eq!(nonce.is_some(), html.contains("nonce=\"NONCE\""));
    (page.status.as_u16(), html, headers)
}

/// Red when such a page reaches for a port, or its shelf stays empty.
async fn the_way_in_is_drawn_once(server: &TestServer) {
    let kept = || server.state.cached_pages.load(Ordering::Relaxed);
    for path in [paths::SIGN_IN, "/fr/sign-in", paths::FORGOT_PASSWORD] {
        ask(server.visitor(), path).await;
        let before = kept();
        for _ in 0..3 {
            ask(server.visitor(), path).await;
        }
        assert_eq!(kept() - before, 3, "{path}");
    }
    // Whoever brings a session that may be over is asked about it.
    let before = kept();
    let known = server.visitor().saying("cookie", "back-office=none");
    ask(known, paths::SIGN_IN).await;
    assert_eq!(kept(), before);
}

/// Red when a header, a byte of the page or the nonce is lost on the shelf.
async fn a_kept_page_is_the_page_that_is_drawn(server: &TestServer) {
    let mut compared = Vec::new();
    for route in ROUTES {
        for language in [Locale::En, Locale::Fr] {
            let path = locale::href(language, route.path);
            if route.access != Access::Public || path.contains('{') {
                continue;
            }
            let first = ask(server.visitor(), &path).await;
            // What leads elsewhere is no page: it leaves a message for the next one.
            if first.status != 200 {
                continue;
            }
            let second = ask(server.visitor(), &path).await;
            assert_eq!(lasting(&second), lasting(&first), "{path}");
            // The first of these keeps the page from being taken off the shelf.
            let flash = format!("flash{}=none", route.path.replace('/', "."));
            for cookies in [
                &*flash,
                "flash.other=none; device=none; reader=none; sign-in=none",
            ] {
                let known = server.visitor().saying("cookie", cookies);
                assert_eq!(
                    lasting(&ask(known, &path).await),
                    lasting(&second),
                    "{path}"
                );
            }
            compared.push(path);
        }
    }
    for path in ["/sign-in", "/fr/sign-in", "/forgot-password", "/", "/help"] {
        assert!(compared.iter().any(|known| known == path), "{compared:?}");
    }
}

async fn a_kept_page_is_compressed_like_any_other(server: &TestServer) {
    for _ in 0..3 {
        let ask = Request::new(Method::GET, paths::SIGN_IN).with("accept-encoding", "br");
        let reply = server.visitor().exchange(ask).await;
        assert_eq!(reply.header("content-encoding"), "br");
        assert!(reply.body.len() < 4096, "{}", reply.body.len());
        let ask = Request::new(Method::HEAD, paths::SIGN_IN);
        let reply = server.visitor().exchange(ask).await;
        assert_eq!((reply.status.as_u16(), reply.body.len()), (200, 0));
    }
}

/// Red when a page with somebody's message is kept, or a kept one is shown instead of it.
async fn what_one_person_is_told_nobody_else_hears(server: &TestServer) {
    ask(server.visitor(), paths::SIGN_IN).await;
    let before = ask(server.visitor(), paths::SIGN_IN).await;
    let mut refused = server.visitor();
    let fields = [
        ("email", "nobody@town.example"),
        ("password", "a guess"),
        ("locale", "en"),
    ];
    refused.post("/api/sign_in", &fields).await;
    let shown = refused.open(paths::SIGN_IN).await;
    assert_refused(&shown, &Problem::SignIn(SignInProblem::BadCredentials));
    let after = ask(server.visitor(), paths::SIGN_IN).await;
    assert_eq!(lasting(&after), lasting(&before));
    let mut manager = server.manager().await;
    assert_eq!(manager.open(paths::SIGN_IN).await.url, paths::BACK_OFFICE);
}

/// Red when the shelf forgets the query.
async fn what_an_address_says_stays_with_that_address(server: &TestServer) {
    let wanting = "/sign-in?next=/settings/sessions";
    let first = ask(server.visitor(), wanting).await;
    assert!(first.text().contains("/settings/sessions"));
    for _ in 0..2 {
        let plain = ask(server.visitor(), paths::SIGN_IN).await;
        assert!(!plain.text().contains("/settings/sessions"));
    }
    let again = ask(server.visitor(), wanting).await;
    assert_eq!(lasting(&again), lasting(&first));
}

/// Red when a page is kept although it used a port.
async fn a_page_that_asks_the_database_is_asked_anew_each_time(server: &TestServer) {
    for _ in 0..2 {
        assert!(!server.visitor().open("/").await.html.contains("The mill"));
    }
    server.platform("riverside").await;
    assert!(server.visitor().open("/").await.html.contains("The mill"));
}
