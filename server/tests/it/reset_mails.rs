//! Mails for a new password: to whom, how many, and what they name.

use crate::support::{
    Town, both,
    resets::{ask, ask_for, mail},
    words::assert_refused,
};
use app::routes::paths;
use contract::Problem;
use domain::Duration;
use testkit::dump;

both! {
    an_address_gets_three_mails_an_hour,
    a_wish_that_cannot_be_answered_keeps_nobody_waiting,
    mails_name_the_configured_origin_whatever_the_request_says,
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

/// Red when the oldest wish is taken again and again, whatever became of it the last time.
async fn a_wish_that_cannot_be_answered_keeps_nobody_waiting(town: &Town) {
    let [broken, next] = [town.person().await, town.person().await];
    town.visitor().sign_in(&broken).await;
    // The next line of her log would have the number of one that is there already.
    let fault = format!(
        "update accounts set activity_lines = 0 where id = '{}'",
        broken.id
    );
    testkit::tamper(&town.database_url, &fault).await;
    ask(town, &broken).await;
    ask(town, &next).await;
    mail(town, &next).await;
    // Nor does it come back.
    assert_eq!(dump::count(&town.database_url, "reset_requests").await, 0);
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

async fn a_locked_account_gets_a_mail_without_a_link(town: &Town) {
    let person = town.person().await;
    let account = town.account(&person).await;
    town.identity().set_locked(&account, true).await.unwrap();
    ask(town, &person).await;
    let mail = town.mail_to(&person.email).await;
    assert_eq!(mail.kind, "account_closed");
    assert!(!mail.text.contains("token="));
}
