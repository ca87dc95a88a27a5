//! Mails for a new password: to whom, how many, and what they name.

use crate::{
    cases_recovery::settle,
    support::{
        TestServer, both, email,
        resets::{ask, ask_for, mail},
        words::{assert_refused, too_many},
    },
};
use app::paths;
use contract::Problem;
use domain::{Clock as _, Duration, limit::MAILS_TO_STRANGERS};

both! {
    an_address_gets_three_mails_an_hour,
    a_known_device_has_mails_of_its_own,
    mails_to_strangers_have_a_ceiling,
    a_request_of_a_stranger_waits_for_an_hour_at_most,
    wishes_of_strangers_for_her_address_leave_her_two_mails_an_hour,
    a_request_that_cannot_be_answered_keeps_nobody_waiting,
    mails_name_the_configured_origin_whatever_the_request_says,
    a_locked_account_gets_a_mail_without_a_link,
}

/// Red when the limit counts by network (Keycloak issue 24914).
async fn an_address_gets_three_mails_an_hour(server: &TestServer) {
    for email in [
        server.person().await.email,
        "nobody7@town.example".to_owned(),
    ] {
        for _ in 0..3 {
            let page = ask_for(&mut server.visitor(), &email).await;
            assert_eq!(page.url, paths::RESET_SENT);
            server.mail_to(&email).await;
        }
        let page = ask_for(&mut server.visitor(), &email).await;
        assert_refused(&page, &Problem::TooManyTries { wait_s: 1200 });
        // Another spelling of letter case is the same address.
        let page = ask_for(&mut server.visitor(), &email.to_uppercase()).await;
        assert_eq!(page.errors().len(), 1);
        server.clock.advance(Duration::from_mins(20));
        ask_for(&mut server.visitor(), &email).await;
        server.mail_to(&email).await;
    }
}

/// Red when strangers use up the mails of the owner.
async fn a_known_device_has_mails_of_its_own(server: &TestServer) {
    for person in server.people().await {
        let mut known = server.visitor().sign_in(&person).await.sign_out().await;
        // A browser of somebody who has just learnt the password is known too, but not for a day.
        server.clock.advance(Duration::from_hours(24));
        for _ in 0..3 {
            ask_for(&mut server.visitor().through(&person.door), &person.email).await;
            server.mail_to(&person.email).await;
        }
        let mut stranger = server.visitor().through(&person.door);
        let page = ask_for(&mut stranger, &person.email).await;
        assert_refused(&page, &too_many(Duration::from_mins(20)));
        for _ in 0..3 {
            ask_for(&mut known, &person.email).await;
            mail(server, &person).await;
        }
        let page = ask_for(&mut known, &person.email).await;
        assert_refused(&page, &too_many(Duration::from_mins(20)));
    }
}

/// Red when anybody can have any number of mails sent to strangers, or when one that waits is lost.
async fn mails_to_strangers_have_a_ceiling(server: &TestServer) {
    let (store, now) = (&server.identity().store, server.clock.now());
    for _ in 0..MAILS_TO_STRANGERS.burst {
        let granted = store.take("mail:strangers", MAILS_TO_STRANGERS, now).await;
        assert!(granted.unwrap().is_ok());
    }
    let owner = server.person().await;
    ask_for(&mut server.visitor(), "nobody1@town.example").await;
    ask_for(&mut server.visitor(), &owner.email).await;
    mail(server, &owner).await;
    let strangers = async || {
        let mails = store.mailbox(100).await.unwrap();
        mails
            .iter()
            .filter(|mail| mail.kind == "no_account")
            .count()
    };
    assert_eq!(strangers().await, 0);
    server.clock.advance(Duration::from_mins(10));
    server.mail_to("nobody1@town.example").await;
    assert_eq!(strangers().await, 1);
}

/// Red when a request that waits for the ceiling is given up as dead, or kept with the address that was typed.
async fn a_request_of_a_stranger_waits_for_an_hour_at_most(server: &TestServer) {
    let (store, now) = (&server.identity().store, server.clock.now());
    let granted = store.take("mail:strangers", MAILS_TO_STRANGERS, now).await;
    assert!(granted.unwrap().is_ok());
    let far = now.plus(Duration::from_hours(24)).as_millis();
    let fill = format!("update limits set tat = {far} where key = 'mail:strangers'");
    testkit::tamper(&server.database_url, &fill).await;
    ask_for(&mut server.visitor(), "nobody2@town.example").await;
    server.clock.advance(Duration::from_hours(1));
    settle(server).await;
    assert!(store.mailbox(100).await.unwrap().is_empty());
}

/// Red when wishes for an address take from nothing but the bucket that her own mails come from: any
/// account of the realm could keep her from a new password, or anybody from having the address.
async fn wishes_of_strangers_for_her_address_leave_her_two_mails_an_hour(server: &TestServer) {
    let hour = Duration::from_hours(1);
    let owner = server.participant("bellerive").await;
    for round in 0..2 {
        for wanted in [owner.email.as_str(), "free@home.example"] {
            for number in 0..4 {
                let stranger = server.participant("bellerive").await;
                let mut stranger = server.visitor().sign_in(&stranger).await;
                let page = email::ask(&mut stranger, wanted, "").await;
                if number == 0 {
                    assert!(page.errors().is_empty(), "{wanted}: {}", page.text());
                    server.mail_to(&stranger.person.email).await;
                    server.mail_to(wanted).await;
                } else {
                    // Whether or not the address is somebody's.
                    assert_refused(&page, &too_many(hour));
                }
            }
        }
        for _ in 0..2 {
            ask(server, &owner).await;
            mail(server, &owner).await;
        }
        // All three of this hour are spent.
        let mut visitor = server.visitor().through(&owner.door);
        let page = ask_for(&mut visitor, &owner.email).await;
        assert_eq!(page.errors().len(), 1, "in round {round}");
        server.clock.advance(hour);
    }
}

/// Red when a request is tried again and again, whatever became of it the last time.
async fn a_request_that_cannot_be_answered_keeps_nobody_waiting(server: &TestServer) {
    let [broken, next] = [server.person().await, server.person().await];
    server.visitor().sign_in(&broken).await;
    // The next line of her log would have the number of one that is there already.
    let fault = format!(
        "update accounts set activity_lines = 0 where id = '{}'",
        broken.id
    );
    testkit::tamper(&server.database_url, &fault).await;
    ask(server, &broken).await;
    ask(server, &next).await;
    mail(server, &next).await;
    // Nor does it come back.
    settle(server).await;
}

/// Red when a link is built from the request (Zitadel GHSA-2wmj-46rj-qm2w).
async fn mails_name_the_configured_origin_whatever_the_request_says(server: &TestServer) {
    let person = server.person().await;
    for (name, value) in [
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-original-host", "evil.example"),
    ] {
        server.clock.advance(Duration::from_mins(20));
        let mut visitor = server.visitor().saying(name, value);
        ask_for(&mut visitor, &person.email).await;
        let mail = mail(server, &person).await;
        assert!(
            !mail.text.contains("evil") && !mail.html.contains("evil"),
            "{name}"
        );
        assert!(mail.text.contains(&server.state.config.origin()));
    }
}

async fn a_locked_account_gets_a_mail_without_a_link(server: &TestServer) {
    let person = server.person().await;
    let account = server.account(&person).await;
    server.identity().set_locked(&account, true).await.unwrap();
    ask(server, &person).await;
    let mail = server.mail_to(&person.email).await;
    assert_eq!(mail.kind, "account_closed");
    assert!(!mail.text.contains("token="));
}
