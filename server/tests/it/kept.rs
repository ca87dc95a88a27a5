//! Pages that are drawn once for all who bring nothing: nobody can tell, and nobody's own things
//! are among them.

use crate::support::{Town, once, words::assert_refused};
use app::{
    locale,
    routes::{Access, ROUTES, paths},
};
use contract::{Locale, Problem};
use http::Method;
use testkit::{Page, wire::Request};

once! {
    a_kept_page_is_the_page_that_is_drawn,
    a_kept_page_is_compressed_like_any_other,
    what_one_person_is_told_nobody_else_hears,
    what_an_address_says_stays_with_that_address,
    a_page_that_asks_the_database_is_asked_anew_each_time,
}

/// What a browser shows and stores, without what has to be new each time: id, date and nonce.
fn lasting(page: &Page) -> (u16, String, Vec<(String, String)>) {
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    let nonce = policy.split_once("'nonce-").map(|(_, rest)| rest);
    let nonce = nonce.and_then(|rest| Some(rest.split_once('\'')?.0));
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
    assert_eq!(
        nonce.is_some(),
        page.html.contains("<script"),
        "{}",
        page.url
    );
    (page.status.as_u16(), without(&page.html), headers)
}

/// Red when a header, a byte of the page or the nonce is lost on the shelf.
async fn a_kept_page_is_the_page_that_is_drawn(town: &Town) {
    let mut compared = 0;
    for route in ROUTES {
        for language in [Locale::En, Locale::Fr] {
            let path = locale::href(language, route.path);
            if route.access != Access::Public || path.contains('{') {
                continue;
            }
            let first = town.visitor().open(&path).await;
            let second = town.visitor().open(&path).await;
            assert_eq!(lasting(&second), lasting(&first), "{path}");
            // The first of these two cookies keeps the page from being taken off the shelf.
            for cookie in ["flash=none", "device=none; reader=none; sign-in=none"] {
                let mut known = town.visitor().saying("cookie", cookie);
                assert_eq!(
                    lasting(&known.open(&path).await),
                    lasting(&second),
                    "{path}"
                );
            }
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared}");
}

async fn a_kept_page_is_compressed_like_any_other(town: &Town) {
    for _ in 0..3 {
        let ask = Request::new(Method::GET, paths::SIGN_IN).with("accept-encoding", "br");
        let reply = town.visitor().exchange(ask).await;
        assert_eq!(reply.header("content-encoding"), "br");
        assert!(reply.body.len() < 4096, "{}", reply.body.len());
        let ask = Request::new(Method::HEAD, paths::SIGN_IN);
        let reply = town.visitor().exchange(ask).await;
        assert_eq!((reply.status.as_u16(), reply.body.len()), (200, 0));
    }
}

/// Red when a page with somebody's message is kept, or a kept one is shown instead of it.
async fn what_one_person_is_told_nobody_else_hears(town: &Town) {
    town.visitor().open(paths::SIGN_IN).await;
    let before = town.visitor().open(paths::SIGN_IN).await;
    let mut refused = town.visitor();
    let fields = [
        ("email", "nobody@town.example"),
        ("password", "a guess"),
        ("locale", "en"),
    ];
    refused.post("/api/sign_in", &fields).await;
    let told = refused.open(paths::SIGN_IN).await;
    assert_refused(&told, &Problem::BadCredentials);
    let after = town.visitor().open(paths::SIGN_IN).await;
    assert_eq!(lasting(&after), lasting(&before));
    let mut manager = town.manager().await;
    assert_eq!(manager.open(paths::SIGN_IN).await.url, paths::BACK_OFFICE);
}

/// Red when the shelf forgets the query.
async fn what_an_address_says_stays_with_that_address(town: &Town) {
    let wanting = "/sign-in?next=/settings/sessions";
    let first = town.visitor().open(wanting).await;
    assert!(first.html.contains("/settings/sessions"));
    for _ in 0..2 {
        let plain = town.visitor().open(paths::SIGN_IN).await;
        assert!(!plain.html.contains("/settings/sessions"));
    }
    let again = town.visitor().open(wanting).await;
    assert_eq!(lasting(&again), lasting(&first));
}

/// Red when a page is kept although it used a port.
async fn a_page_that_asks_the_database_is_asked_anew_each_time(town: &Town) {
    for _ in 0..2 {
        assert!(!town.visitor().open("/").await.html.contains("The mill"));
    }
    town.platform("riverside").await;
    assert!(town.visitor().open("/").await.html.contains("The mill"));
}
