//! Switching two-factor on: the way there, what the first code does, and what it takes.

use crate::support::{
    Manager, TestServer, both, secret_of,
    words::{self, assert_refused, assert_says},
};
use app::paths;
use contract::{CodeProblem, Field, Problem};
use domain::Locale;
use http::Method;
use testkit::{Browser, wire::Request};

both! {
    c09_c11_c12_c13_the_way_leads_from_the_name_over_the_profile_to_the_settings,
    c10_nobody_enables_it_without_being_signed_in,
    c14_c15_c16_c19_the_screen_holds_all_that_an_application_needs,
    c17_the_right_code_activates_it_at_once,
    c18_a_wrong_code_activates_nothing,
    c18_leaving_half_way_activates_nothing,
    c18_cancelling_activates_nothing,
    c23_enabling_is_mailed_in_the_language_of_the_account,
    the_code_that_enabled_it_opens_no_door,
    the_other_sessions_end,
}

async fn c09_c11_c12_c13_the_way_leads_from_the_name_over_the_profile_to_the_settings(
    server: &TestServer,
) {
    let mut manager = server.manager().await;
    let home = manager.open(paths::BACK_OFFICE).await;
    assert!(home.text().contains(&manager.person.name));
    let profile = manager.follow(&home, "My profile").await;
    assert_eq!(profile.url, paths::PROFILE);
    let settings = manager.follow(&profile, "Settings").await;
    assert_eq!(settings.url, paths::SETTINGS);
    let button = words::text(Locale::En, "two_factor", "enable");
    let screen = manager
        .submit(settings.form("/api/begin_two_factor").press(&button))
        .await;
    for key in ["setup_lead", "step1_text", "step2_text", "step3_hint"] {
        assert_says(&screen, "two_factor", key);
    }
}

async fn c10_nobody_enables_it_without_being_signed_in(server: &TestServer) {
    let mut visitor = server.visitor();
    assert_eq!(
        visitor.open(paths::TWO_FACTOR).await.url,
        "/sign-in?next=%2Fsettings%2Ftwo-factor"
    );
    let request =
        Request::new(Method::POST, "/api/begin_two_factor").with_form(&[("locale", "en")]);
    let page = visitor.travel(request).await;
    assert!(page.url.starts_with(paths::SIGN_IN), "{}", page.url);
}

async fn c14_c15_c16_c19_the_screen_holds_all_that_an_application_needs(server: &TestServer) {
    let mut manager = server.manager().await;
    manager.scan(server).await;
    let page = manager.open(paths::TWO_FACTOR).await;
    let alternative = format!("[role=img][aria-label*='{}']", manager.person.email);
    // The text alternative of the QR code names the account.
    page.first(&alternative);
    page.first("svg");
    let secret = secret_of(&page);
    assert_eq!(secret.split(' ').map(str::len).collect::<Vec<_>>(), [4; 8]);
    let link = page.link("Open it with the key").unwrap();
    let account = manager.person.email.replace('@', "%40");
    assert!(
        link.starts_with(&format!("otpauth://totp/Bpart:{account}?")),
        "{link}"
    );
    assert!(
        link.contains(&format!("secret={}", secret.replace(' ', ""))),
        "{link}"
    );
    assert!(link.contains("issuer=Bpart"), "{link}");
    let field = page.first("[name=code]");
    assert_eq!(field.attribute("autocomplete"), Some("one-time-code"));
}

async fn c17_the_right_code_activates_it_at_once(server: &TestServer) {
    let mut manager = server.manager().await;
    assert_eq!(manager.enable_two_factor(server).await.len(), 10);
    assert!(
        manager.is_in().await,
        "whoever switches it on stays signed in"
    );
    let settings = manager.open(paths::SETTINGS).await;
    assert!(settings.text().contains("On since"), "{}", settings.text());
    server.clock.advance_secs(30);
    server.visitor().begin(&manager.person).await;
    server.visitor().sign_in(&manager.person).await;
}

/// Nothing but the password is asked at the next sign-in.
pub async fn is_off(server: &TestServer, manager: &Manager) {
    assert!(!server.account(&manager.person).await.second_factor);
    let mut visitor = server.visitor();
    let page = visitor
        .give_password(&manager.person.email, &manager.person.password)
        .await;
    assert_eq!(page.url, paths::BACK_OFFICE);
}

async fn c18_a_wrong_code_activates_nothing(server: &TestServer) {
    let mut manager = server.manager().await;
    let phone = manager.scan(server).await;
    assert_refused(
        &manager.confirm(&phone.wrong_code()).await,
        &Problem::Code(CodeProblem::Rejected),
    );
    assert_refused(
        &manager.confirm("12345").await,
        &Problem::Code(CodeProblem::Malformed),
    );
    assert_refused(
        &manager.confirm("").await,
        &Problem::Empty { field: Field::Code },
    );
    is_off(server, &manager).await;
    // The secret is still the one that was scanned.
    assert_says(&manager.confirm(&phone.code()).await, "two_factor", "done");
    assert_eq!(
        server.mail_to(&manager.person.email).await.kind,
        "two_factor_enabled"
    );
}

async fn c18_leaving_half_way_activates_nothing(server: &TestServer) {
    let mut manager = server.manager().await;
    manager.scan(server).await;
    manager.open(paths::HELP).await;
    is_off(server, &manager).await;
}

async fn c18_cancelling_activates_nothing(server: &TestServer) {
    let mut manager = server.manager().await;
    let phone = manager.scan(server).await;
    let page = manager.open(paths::TWO_FACTOR).await;
    let button = words::text(Locale::En, "common", "cancel");
    let page = manager
        .submit(page.form("/api/enable_two_factor").press(&button))
        .await;
    assert_eq!(page.url, paths::SETTINGS);
    is_off(server, &manager).await;
    post_code(
        &mut manager,
        &phone.code(),
        &Problem::Code(CodeProblem::NotEnrolling),
    )
    .await;
}

/// Posts a code without the screen that would hold the field.
pub async fn post_code(browser: &mut Browser, code: &str, problem: &Problem) {
    let request = Request::new(Method::POST, "/api/enable_two_factor");
    let page = browser
        .travel(request.with_form(&[("code", code), ("locale", "en")]))
        .await;
    assert_refused(&page, problem);
}

async fn c23_enabling_is_mailed_in_the_language_of_the_account(server: &TestServer) {
    let person = server.person_with(Locale::Fr, None).await;
    // The pages are English: what counts is the account.
    let mut manager = server.visitor().sign_in(&person).await;
    let phone = manager.scan(server).await;
    manager.confirm(&phone.code()).await;
    let mail = server.mail_to(&person.email).await;
    assert_eq!(
        (mail.kind.as_str(), mail.locale, mail.to.as_str()),
        ("two_factor_enabled", Locale::Fr, person.email.as_str())
    );
    for said in [
        "Bonjour",
        &person.name,
        "Firefox, Linux",
        "127.0.0.1",
        "/fr/settings/two-factor",
    ] {
        assert!(
            mail.text.contains(said) && mail.html.contains(said),
            "{said} in {}",
            mail.text
        );
    }
    assert!(!mail.text.contains(&phone.code()));
}

/// Red when the step of the first code is not stored with the factor.
async fn the_code_that_enabled_it_opens_no_door(server: &TestServer) {
    let mut manager = server.manager().await;
    manager.enable_two_factor(server).await;
    let mut visitor = server.visitor();
    visitor.begin(&manager.person).await;
    let page = visitor.give_code(&manager.person.code()).await;
    assert_refused(&page, &Problem::Code(CodeProblem::Rejected));
}

async fn the_other_sessions_end(server: &TestServer) {
    let mut manager = server.manager().await;
    let mut other = server.visitor().sign_in(&manager.person).await;
    let mut bystander = server.manager().await;
    manager.enable_two_factor(server).await;
    assert!(!other.is_in().await);
    assert!(manager.is_in().await && bystander.is_in().await);
}
