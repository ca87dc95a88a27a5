//! Signing in with a password, and what the door says to everybody else.

use crate::support::{
    TestServer, both,
    words::{assert_refused, assert_says, text},
};
use app::paths;
use contract::{Locale, Problem, SignInProblem};
use http::Method;
use testkit::wire::Request;

both! {
    b06_a17_a_manager_signs_in_with_address_and_password,
    c08_without_two_factor_only_the_password_is_asked,
    a_wrong_password_goes_back_to_the_form,
    a_browser_that_keeps_no_cookie_is_told_so,
}

async fn b06_a17_a_manager_signs_in_with_address_and_password(server: &TestServer) {
    let person = server.person().await;
    let mut visitor = server.visitor();
    let page = visitor.give_password(&person.email, &person.password).await;
    assert_eq!(page.url, paths::BACK_OFFICE);
    assert!(page.text().contains(&person.name), "{}", page.text());
}

async fn c08_without_two_factor_only_the_password_is_asked(server: &TestServer) {
    let mut manager = server.manager().await;
    assert!(manager.is_in().await);
}

/// Red when the sign-in page comes back without a word.
async fn a_browser_that_keeps_no_cookie_is_told_so(server: &TestServer) {
    // After the sign-in page of a project comes its own page, which everybody may read.
    let person = server.person().await;
    let sign_in = person.door.entrance(paths::SIGN_IN);
    let page = server.visitor().open(&sign_in).await;
    let form = page.form("/api/sign_in").fill("email", &person.email);
    let form = form.fill("password", &person.password);
    let answer = server.visitor().through(&person.door).send(form).await;
    assert!(!answer.set_cookies().is_empty());
    // Another browser: it brings nothing of what the first one was given.
    let follow = async |from: &str, with_cookie: bool| {
        let mut request = Request::new(Method::GET, answer.header("location"))
            .with("referer", &format!("{}{from}", server.origin()));
        if with_cookie {
            request = request.with("cookie", "theme=dark");
        }
        server.visitor().travel(request).await
    };
    assert_says(&follow(&sign_in, false).await, "sign_in", "no_cookies");
    for (from, with_cookie) in [(sign_in.as_str(), true), ("/help", false)] {
        let page = follow(from, with_cookie).await;
        let said = text(Locale::En, "sign_in", "no_cookies");
        assert!(!page.text().contains(&said), "{from} {with_cookie}");
    }
}

async fn a_wrong_password_goes_back_to_the_form(server: &TestServer) {
    let person = server.person().await;
    let mut visitor = server.visitor();
    let page = visitor
        .give_password(&person.email, "not my password at all")
        .await;
    assert_eq!(page.url, paths::SIGN_IN);
    assert_refused(&page, &Problem::SignIn(SignInProblem::BadCredentials));
    // The tab says it first, and neither field is told from the other.
    assert!(
        page.text_of("title").starts_with("Error: "),
        "{}",
        page.html
    );
    for field in ["email", "password"] {
        let input = page.first(&format!("input[name={field}]"));
        assert_eq!(input.attribute("aria-invalid"), Some("true"), "{field}");
    }
    let form = page.form("/api/sign_in");
    assert_eq!(form.value("email"), Some(person.email.as_str()));
    assert_eq!(
        form.value("password"),
        Some(""),
        "what was typed in secret never comes back"
    );
    assert!(!visitor.is_in().await);
}
