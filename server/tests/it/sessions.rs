//! Sessions: a new token at each sign-in, an end on the server, and cookies that nobody else can
//! set or read. How long they last is told in `lifetimes`.

use crate::support::{Manager, TestServer, both, words::assert_says};
use app::paths;
use testkit::Page;

both! {
    each_sign_in_has_a_token_of_its_own,
    a_proof_gives_the_session_a_new_token,
    a_planted_token_is_never_adopted,
    signing_out_ends_the_session_on_the_server,
    locking_an_account_ends_its_sessions_at_once,
    a_second_sign_in_in_one_browser_ends_the_first,
    cookies_over_https_are_bound_to_the_host with HTTPS,
    over_https_a_cookie_without_the_prefix_is_nothing with HTTPS,
    cookies_over_http_have_the_other_attributes,
    a_session_cookie_sent_twice_is_not_believed,
    signing_out_twice_is_no_fault,
}

const SESSION: &str = "back-office";

/// Whether a token opens anything in a fresh browser.
async fn opens(server: &TestServer, token: &str) -> bool {
    let mut browser = server.visitor();
    browser.jar.plant(SESSION, token);
    browser.is_in().await
}

async fn each_sign_in_has_a_token_of_its_own(server: &TestServer) {
    let person = server.person().await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        let manager = server.visitor().sign_in(&person).await;
        let token = manager.jar.get(SESSION).unwrap().to_owned();
        assert_eq!(token.len(), 43, "256 bits");
        assert!(!seen.contains(&token));
        seen.push(token);
    }
}

/// Red when the token stays as it was (ASVS 7.2.4): whoever had a copy of it would gain the right
/// that the owner has just proved.
async fn a_proof_gives_the_session_a_new_token(server: &TestServer) {
    let mut manager = server.manager().await;
    let before = manager.jar.get(SESSION).unwrap().to_owned();
    manager.enable_two_factor(server).await;
    let after = manager.jar.get(SESSION).unwrap().to_owned();
    assert_ne!(before, after);
    assert!(!opens(server, &before).await);
    assert!(opens(server, &after).await);
    let proof = manager.person.password.clone();
    manager.prove("/api/disable_two_factor", &proof).await;
    server.mail_to(&manager.person.email).await;
    assert!(!opens(server, &after).await);
    assert!(manager.is_in().await);
}

/// Red when a session is found or made under a token that the browser brought (Keycloak
/// CVE-2026-7507).
async fn a_planted_token_is_never_adopted(server: &TestServer) {
    let person = server.person().await;
    let planted = "A".repeat(43);
    let mut visitor = server.visitor();
    for name in [SESSION, "sign-in", "flash.back-office"] {
        visitor.jar.plant(name, &planted);
    }
    let mut manager = visitor.sign_in(&person).await;
    assert!(manager.is_in().await);
    assert_ne!(manager.jar.get(SESSION), Some(planted.as_str()));
    assert!(!opens(server, &planted).await);

    let person = server.secured().await;
    let mut visitor = server.visitor();
    visitor.jar.plant("sign-in", &planted);
    visitor.begin(&person).await;
    assert_ne!(visitor.jar.get("sign-in"), Some(planted.as_str()));
}

async fn sign_out(manager: &mut Manager) -> Page {
    let page = manager.open(paths::PROFILE).await;
    manager.submit(page.form("/api/sign_out")).await
}

/// Red when signing out only removes the cookie.
async fn signing_out_ends_the_session_on_the_server(server: &TestServer) {
    let mut manager = server.manager().await;
    let token = manager.jar.get(SESSION).unwrap().to_owned();
    assert!(opens(server, &token).await);
    let page = sign_out(&mut manager).await;
    assert_eq!(page.url, paths::SIGN_IN);
    assert_says(&page, "sign_in", "signed_out");
    assert_eq!(manager.jar.get(SESSION), None);
    assert!(!opens(server, &token).await);
}

async fn signing_out_twice_is_no_fault(server: &TestServer) {
    let mut manager = server.manager().await;
    let page = manager.open(paths::PROFILE).await;
    let mut other_window = manager.clone();
    sign_out(&mut manager).await;
    let page = other_window.submit(page.form("/api/sign_out")).await;
    assert_eq!(page.url, paths::SIGN_IN);
    assert!(page.errors().is_empty());
}

/// Red when only new sign-ins look at the account's state (django-allauth CVE-2025-65430).
async fn locking_an_account_ends_its_sessions_at_once(server: &TestServer) {
    let mut manager = server.manager().await;
    let mut bystander = server.manager().await;
    let account = server.account(&manager.person).await;
    server.identity().set_locked(&account, true).await.unwrap();
    assert!(!manager.is_in().await);
    assert!(bystander.is_in().await);
    server
        .identity()
        .set_locked(&server.account(&manager.person).await, false)
        .await
        .unwrap();
    assert!(!manager.is_in().await, "what has ended does not come back");
}

async fn a_second_sign_in_in_one_browser_ends_the_first(server: &TestServer) {
    let (first, second) = (server.person().await, server.person().await);
    let mut visitor = server.visitor();
    let page = visitor.open(paths::SIGN_IN).await;
    let fill = |email: &str, password: &str| {
        page.form("/api/sign_in")
            .fill("email", email)
            .fill("password", password)
    };
    visitor.submit(fill(&first.email, &first.password)).await;
    let token = visitor.jar.get(SESSION).unwrap().to_owned();
    let home = visitor.submit(fill(&second.email, &second.password)).await;
    assert!(home.text().contains(&second.name));
    assert!(!opens(server, &token).await);
}

fn set_cookie(answer: &testkit::wire::Reply, name: &str) -> String {
    let cookies = answer.set_cookies();
    let ours = cookies
        .iter()
        .find(|cookie| cookie.starts_with(&format!("{name}=")));
    let (_, attributes) = ours
        .unwrap_or_else(|| panic!("{name} in {cookies:?}"))
        .split_once("; ")
        .unwrap();
    attributes.to_owned()
}

async fn cookies_over_https_are_bound_to_the_host(server: &TestServer) {
    let person = server.secured().await;
    let mut visitor = server.visitor();
    let page = visitor.open(paths::SIGN_IN).await;
    let form = page
        .form("/api/sign_in")
        .fill("email", &person.email)
        .fill("password", &person.password);
    let answer = visitor.send(form).await;
    let shared = "Path=/; HttpOnly; SameSite=Lax";
    assert_eq!(
        set_cookie(&answer, "__Host-sign-in"),
        format!("{shared}; Max-Age=600; Secure")
    );
    let page = visitor.open(paths::CODE).await;
    let form = page
        .form_with("/api/give_code", "form", "code")
        .fill("code", "000000");
    let answer = visitor.send(form).await;
    assert_eq!(
        set_cookie(&answer, "__Host-flash.sign-in.code"),
        format!("{shared}; Max-Age=300; Secure")
    );
    let page = visitor.open(paths::CODE).await;
    let form = page
        .form_with("/api/give_code", "form", "code")
        .fill("code", &person.code());
    let answer = visitor.send(form).await;
    assert_eq!(
        set_cookie(&answer, "__Host-back-office"),
        format!("{shared}; Secure"),
        "it goes with the window"
    );
    assert_eq!(
        set_cookie(&answer, "__Host-sign-in"),
        format!("{shared}; Max-Age=0; Secure")
    );
}

/// Red when the name is read with or without its prefix: a neighbouring host could plant it.
async fn over_https_a_cookie_without_the_prefix_is_nothing(server: &TestServer) {
    let person = server.person().await;
    let mut manager = server.visitor().sign_in(&person).await;
    assert!(manager.is_in().await);
    let token = manager.jar.get("__Host-back-office").unwrap().to_owned();
    assert!(!opens(server, &token).await);
}

async fn cookies_over_http_have_the_other_attributes(server: &TestServer) {
    let person = server.person().await;
    let fields = [
        ("email", person.email.as_str()),
        ("password", &person.password),
        ("locale", "en"),
    ];
    let answer = server.visitor().post("/api/sign_in", &fields).await;
    assert_eq!(
        set_cookie(&answer, SESSION),
        "Path=/; HttpOnly; SameSite=Lax"
    );
}

async fn a_session_cookie_sent_twice_is_not_believed(server: &TestServer) {
    let manager = server.manager().await;
    let token = manager.jar.get(SESSION).unwrap();
    let twice = format!("{SESSION}={token}; {SESSION}={}", "B".repeat(43));
    let mut browser = server.visitor().saying("cookie", &twice);
    assert!(!browser.is_in().await);
}
