//! Which language a visitor gets: the address, the cookie, the browser, English.

use crate::support::{
    TestServer, Visitor, both, once,
    words::{self, assert_refused},
};
use app::paths;
use contract::{Locale, Problem, SignInProblem};
use testkit::Page;

both! {
    a_form_is_answered_in_the_language_of_its_page,
}

once! {
    a_french_browser_is_led_to_the_french_address,
    the_french_address_is_french_for_everybody,
    the_language_link_keeps_the_page_and_is_remembered,
    every_page_says_which_language_it_is_in,
    a_page_that_does_not_exist_says_so_in_its_language,
}

fn french(server: &TestServer) -> Visitor {
    server
        .visitor()
        .saying("accept-language", "fr-BE,fr;q=0.9,en;q=0.5")
}

fn speaks(page: &Page, language: Locale) {
    assert_eq!(words::language(page), language, "{}", page.url);
    assert_eq!(page.headers["content-language"], language.as_str());
}

async fn a_french_browser_is_led_to_the_french_address(server: &TestServer) {
    for (typed, shown) in [
        ("/sign-in", "/fr/sign-in"),
        ("/", "/fr"),
        ("/help/search?q=mot", "/fr/help/search?q=mot"),
        (
            "/help/article/add-a-new-user",
            "/fr/help/article/add-a-new-user",
        ),
    ] {
        let page = french(server).open(typed).await;
        assert_eq!(page.url, shown);
        speaks(&page, Locale::Fr);
        speaks(&server.visitor().open(typed).await, Locale::En);
    }
    let dutch = server
        .visitor()
        .saying("accept-language", "nl-BE,nl")
        .open("/sign-in")
        .await;
    speaks(&dutch, Locale::En);
}

async fn the_french_address_is_french_for_everybody(server: &TestServer) {
    let page = server.visitor().open("/fr/sign-in").await;
    assert_eq!(page.url, "/fr/sign-in");
    speaks(&page, Locale::Fr);
    assert!(page.html.contains("hreflang=\"en\"") && page.html.contains("hreflang=\"fr\""));
}

async fn the_language_link_keeps_the_page_and_is_remembered(server: &TestServer) {
    let mut visitor = french(server);
    let page = visitor.open("/help/article/add-a-new-user").await;
    let english = words::text(Locale::Fr, "common", "language_en");
    let page = visitor.follow(&page, &english).await;
    assert_eq!(page.url, "/help/article/add-a-new-user");
    speaks(&page, Locale::En);
    assert_eq!(visitor.jar.get("locale"), Some("en"));
    // From now on the typed address stays English, whatever the browser prefers.
    speaks(&visitor.open("/sign-in").await, Locale::En);
    let page = visitor.open("/help/search?q=mail").await;
    let page = visitor
        .follow(&page, &words::text(Locale::En, "common", "language_fr"))
        .await;
    assert_eq!(page.url, "/fr/help/search?q=mail");
    assert_eq!(visitor.jar.get("locale"), Some("fr"));
}

async fn every_page_says_which_language_it_is_in(server: &TestServer) {
    let mut visitor = server.visitor();
    for path in [
        "/",
        "/sign-in",
        "/help",
        "/invitation?token=x",
        "/sign-out",
        "/components",
        "/mailbox",
    ] {
        speaks(&visitor.open(path).await, Locale::En);
        let path = if path == "/" {
            "/fr".to_owned()
        } else {
            format!("/fr{path}")
        };
        speaks(&visitor.open(&path).await, Locale::Fr);
    }
}

async fn a_page_that_does_not_exist_says_so_in_its_language(server: &TestServer) {
    for (path, language) in [
        ("/nowhere", Locale::En),
        ("/fr/nulle-part", Locale::Fr),
        ("/help/article/nothing", Locale::En),
        ("/fr/help/article/rien", Locale::Fr),
        ("/french", Locale::En),
    ] {
        let page = server.visitor().open(path).await;
        assert_eq!(page.status, 404, "{path}");
        speaks(&page, language);
        assert_eq!(
            page.heading(),
            words::text(language, "errors", "not_found_title")
        );
    }
}

async fn a_form_is_answered_in_the_language_of_its_page(server: &TestServer) {
    let person = server.person().await;
    let mut visitor = server.visitor();
    let page = visitor.open("/fr/sign-in").await;
    let form = page.form("/api/sign_in").fill("email", &person.email);
    let page = visitor.submit(form.clone().fill("password", "x")).await;
    assert_eq!(page.url, "/fr/sign-in");
    assert_refused(&page, &Problem::SignIn(SignInProblem::BadCredentials));
    let page = visitor
        .submit(form.fill("password", &person.password))
        .await;
    assert_eq!(page.url, format!("/fr{}", paths::BACK_OFFICE));
    speaks(&page, Locale::Fr);
}
