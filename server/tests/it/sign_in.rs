//! Signing in with a password, and what the door says to everybody else.

use crate::support::{TestServer, both, words::assert_refused};
use app::paths;
use contract::{Problem, SignInProblem};

both! {
    b06_a17_a_manager_signs_in_with_address_and_password,
    c08_without_two_factor_only_the_password_is_asked,
    a_wrong_password_goes_back_to_the_form,
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
