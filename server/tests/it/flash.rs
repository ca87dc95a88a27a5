//! What one browser's next page has to say: once, soon, and to that browser only.

use crate::support::{TestServer, Visitor, all_at_once, both, words::assert_refused};
use app::paths;
use contract::{Field, Problem, SignInProblem};
use domain::limit::FLASHES_PER_NETWORK;
use http::Method;
use testkit::wire::Request;

both! {
    it_is_said_once,
    another_page_leaves_it,
    another_browser_does_not_hear_it,
    a_copied_cookie_is_worth_nothing_afterwards,
    it_is_forgotten_after_five_minutes,
    asking_for_the_head_leaves_it,
    fetching_in_advance_leaves_it,
    ten_windows_at_once_hear_it_once,
    a_stranger_to_the_form_does_not_write_it,
    strangers_of_one_network_leave_so_much_and_no_more with PROXY,
}

/// A visitor for whom a refusal waits.
async fn refused(server: &TestServer) -> Visitor {
    let mut visitor = server.visitor();
    let fields = [
        ("email", "nobody@town.example"),
        ("password", "a guess"),
        ("locale", "en"),
    ];
    visitor.post("/api/sign_in", &fields).await;
    visitor
}

async fn it_is_said_once(server: &TestServer) {
    let mut visitor = refused(server).await;
    let page = visitor.open(paths::SIGN_IN).await;
    assert_refused(&page, &Problem::SignIn(SignInProblem::BadCredentials));
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(visitor.jar.get("flash.sign-in"), None);
    assert!(visitor.open(paths::SIGN_IN).await.errors().is_empty());
}

/// Red when a message goes to whichever page the browser opens next.
async fn another_page_leaves_it(server: &TestServer) {
    let mut visitor = refused(server).await;
    for other in [paths::HOME, paths::FORGOT_PASSWORD, "/help", "/nowhere"] {
        assert!(visitor.open(other).await.errors().is_empty(), "{other}");
    }
    // Two messages wait side by side, and the language changes nothing.
    let fields = [("email", ""), ("locale", "en")];
    visitor.post("/api/forgot_password", &fields).await;
    assert_refused(
        &visitor.open("/fr/sign-in").await,
        &Problem::SignIn(SignInProblem::BadCredentials),
    );
    let page = visitor.open(paths::FORGOT_PASSWORD).await;
    assert_refused(
        &page,
        &Problem::Empty {
            field: Field::Email,
        },
    );
}

async fn another_browser_does_not_hear_it(server: &TestServer) {
    let _visitor = refused(server).await;
    let page = server.visitor().open(paths::SIGN_IN).await;
    assert!(page.errors().is_empty());
    assert_eq!(page.form("/api/sign_in").value("email"), Some(""));
}

async fn a_copied_cookie_is_worth_nothing_afterwards(server: &TestServer) {
    let mut visitor = refused(server).await;
    let mut copy = visitor.clone();
    visitor.open(paths::SIGN_IN).await;
    assert!(copy.open(paths::SIGN_IN).await.errors().is_empty());
}

async fn it_is_forgotten_after_five_minutes(server: &TestServer) {
    let (mut late, mut just) = (refused(server).await, refused(server).await);
    server.clock.advance_secs(299);
    assert_refused(
        &just.open(paths::SIGN_IN).await,
        &Problem::SignIn(SignInProblem::BadCredentials),
    );
    server.clock.advance_secs(1);
    assert!(late.open(paths::SIGN_IN).await.errors().is_empty());
}

/// Red when the method is not looked at.
async fn asking_for_the_head_leaves_it(server: &TestServer) {
    let mut visitor = refused(server).await;
    let answer = visitor
        .exchange(Request::new(Method::HEAD, paths::SIGN_IN))
        .await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0));
    assert_refused(
        &visitor.open(paths::SIGN_IN).await,
        &Problem::SignIn(SignInProblem::BadCredentials),
    );
}

/// Red when `Sec-Purpose` is not looked at: the page that was fetched in advance may never be
/// shown.
async fn fetching_in_advance_leaves_it(server: &TestServer) {
    let mut visitor = refused(server).await;
    for (name, value) in [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
    ] {
        let request = Request::new(Method::GET, paths::SIGN_IN).with(name, value);
        assert_eq!(visitor.exchange(request).await.status, 200);
    }
    assert_refused(
        &visitor.open(paths::SIGN_IN).await,
        &Problem::SignIn(SignInProblem::BadCredentials),
    );
}

/// Red when it is read in one statement and deleted in another.
async fn ten_windows_at_once_hear_it_once(server: &TestServer) {
    let visitor = refused(server).await;
    let windows = (0..10).map(|_| {
        let mut window = visitor.clone();
        async move { window.open(paths::SIGN_IN).await.errors().len() }
    });
    assert_eq!(all_at_once(windows).await.iter().sum::<usize>(), 1);
}

/// What stands in an address is never shown as ours.
async fn a_stranger_to_the_form_does_not_write_it(server: &TestServer) {
    let mut visitor = server.visitor();
    visitor
        .jar
        .plant("flash.sign-in", "{\"done\":\"two_factor_off\"}");
    let page = visitor
        .open("/sign-in?flash=hello&problem=Broken&__err=hello&error=hello")
        .await;
    assert!(
        page.errors().is_empty() && !page.text().contains("hello"),
        "{}",
        page.text()
    );
}

/// Posts a form of somebody's own account without a session; says whether a message waits.
async fn leaves_a_message(mut visitor: Visitor) -> bool {
    let fields = [("name", "Odile"), ("locale", "en")];
    let answer = visitor.post("/api/change_name", &fields).await;
    let door = "/sign-in?next=%2Fsettings%2Fname";
    assert_eq!(answer.header("location"), door, "it is answered");
    visitor.jar.get("flash.sign-in").is_some()
}

/// Red when every refused form of anybody is kept: whoever sends enough of them fills the database.
async fn strangers_of_one_network_leave_so_much_and_no_more(server: &TestServer) {
    let from = |network: &str| server.visitor().saying("x-forwarded-for", network);
    let mut left = 0;
    for _ in 0..FLASHES_PER_NETWORK.burst + 20 {
        left += u32::from(leaves_a_message(from("203.0.113.9")).await);
    }
    assert_eq!(left, FLASHES_PER_NETWORK.burst);
    assert!(leaves_a_message(from("203.0.113.10")).await, "a neighbour");
    server.clock.advance(FLASHES_PER_NETWORK.period);
    assert!(leaves_a_message(from("203.0.113.9")).await, "later");
    assert!(!leaves_a_message(from("203.0.113.9")).await);
    // Whoever is signed in there is told what became of her form.
    let person = server.person().await;
    let mut manager = from("203.0.113.9").sign_in(&person).await;
    let page = manager.open(paths::NAME).await;
    let page = manager
        .submit(page.form("/api/change_name").fill("name", ""))
        .await;
    assert_eq!(page.errors().len(), 1);
}
