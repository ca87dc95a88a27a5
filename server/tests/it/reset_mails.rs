//! Mails for a new password: to whom, how many, and what they name.

use crate::support::{
    Town, both,
    resets::{ask, ask_for, mail},
    words::assert_refused,
};
use app::routes::paths;
use contract::Problem;
use domain::Duration;
use http::Method;
use testkit::wire::Request;

both! {
    an_address_gets_three_mails_an_hour,
    mails_name_the_configured_origin_whatever_the_request_says,
    two_addresses_in_one_form_are_one_or_none,
    a_locked_account_gets_a_mail_without_a_link,
}

/// Red when the limit counts by network (Keycloak issue 24914).
async fn an_address_gets_three_mails_an_hour(town: &Town) {
    for email in [town.person().await.email, "nobody7@town.example".to_owned()] {
        for _ in 0..3 {
            let page = ask_for(&mut town.visitor(), &email).await;
            assert_eq!(page.url, paths::RESET_SENT);
            town.mail_to(&email).await;
        }
        let page = ask_for(&mut town.visitor(), &email).await;
        assert_refused(&page, &Problem::TooManyTries { wait_s: 1200 });
        // Another spelling of letter case is the same address.
        let page = ask_for(&mut town.visitor(), &email.to_uppercase()).await;
        assert_eq!(page.errors().len(), 1);
        town.clock.advance(Duration::from_mins(20));
        ask_for(&mut town.visitor(), &email).await;
        town.mail_to(&email).await;
    }
}

/// Red when a link is built from the request (Zitadel GHSA-2wmj-46rj-qm2w).
async fn mails_name_the_configured_origin_whatever_the_request_says(town: &Town) {
    let person = town.person().await;
    for (name, value) in [
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-original-host", "evil.example"),
    ] {
        town.clock.advance(Duration::from_mins(20));
        let mut visitor = town.visitor().saying(name, value);
        ask_for(&mut visitor, &person.email).await;
        let mail = mail(town, &person).await;
        assert!(
            !mail.text.contains("evil") && !mail.html.contains("evil"),
            "{name}"
        );
        assert!(mail.text.contains(&town.state.config.origin()));
    }
}

/// Red when the first address decides and the second gets the mail (GitLab CVE-2023-7028).
async fn two_addresses_in_one_form_are_one_or_none(town: &Town) {
    let victim = town.person().await;
    let evil = "attacker@evil.example";
    let both = format!("email={}&email={evil}&locale=en", victim.email);
    let list = format!("email[]={}&email[]={evil}&locale=en", victim.email);
    let joined = format!("email={}%2C{evil}&locale=en", victim.email);
    let broken = format!("email={}%0Acc%3A{evil}&locale=en", victim.email);
    for body in [both, list, joined, broken] {
        let origin = town.state.config.origin();
        let request = Request::new(Method::POST, "/api/forgot_password")
            .with("origin", &origin)
            .with_body(
                "application/x-www-form-urlencoded",
                body.clone().into_bytes(),
            );
        town.visitor().exchange(request).await;
        let store = &town.identity().store;
        tokio::time::sleep(Duration::from_millis(100)).await;
        for mail in store.mailbox(50).await.unwrap() {
            assert!(
                mail.recipient != evil || mail.kind == "no_account",
                "{body}: {}",
                mail.kind
            );
        }
    }
    town.ignore_mail_to(&victim.email).await;
    town.ignore_mail_to(evil).await;
}

async fn a_locked_account_gets_a_mail_without_a_link(town: &Town) {
    let person = town.person().await;
    let account = town.account(&person).await;
    town.identity().set_locked(&account, true).await.unwrap();
    ask(town, &person).await;
    let mail = town.mail_to(&person.email).await;
    assert_eq!(mail.kind, "account_closed");
    assert!(!mail.text.contains("token="));
}
