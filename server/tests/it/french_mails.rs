//! Whoever reads French gets every mail in French, whatever the page was in that caused it.

use crate::support::{
    Manager, Person, TestServer, both,
    email::{ask, asked, confirm, undo},
    registrations, resets, secret_of,
};
use app::paths;
use domain::{Duration, Locale, sign_in::MAX_WRONG_CODES};
use std::collections::BTreeSet;
use testkit::Phone;

both! {
    d29_every_mail_of_a_french_account_is_french_and_leads_to_french_pages,
}

/// Each mail that can be written about an account which belongs to somebody.
const KINDS: [&str; 25] = [
    "account_closed",
    "account_deleted",
    "account_safe",
    "account_setup",
    "address_confirm",
    "already_registered",
    "data_downloaded",
    "deletion_asked",
    "deletion_stopped",
    "email_asked",
    "email_changed",
    "email_confirm",
    "email_lost",
    "email_new",
    "email_restored",
    "email_taken",
    "new_device",
    "password_changed",
    "password_reset",
    "phone_replaced",
    "recovery_code_used",
    "recovery_codes_made",
    "second_factor_guess",
    "two_factor_disabled",
    "two_factor_enabled",
];

/// Red when a mail is written in the language of the page, and when a link in it has no prefix.
async fn d29_every_mail_of_a_french_account_is_french_and_leads_to_french_pages(
    server: &TestServer,
) {
    let manager = server.person_with(Locale::Fr, None).await;
    let participant = server.participant("bellerive").await;
    for person in [manager, participant] {
        let taken = person.email.clone();
        let mut english = server.visitor().sign_in(&person).await;
        go_through_two_factor(server, &mut english).await;
        let mut person = english.person.clone();
        person.phone = None;
        take_data_leave_and_stay(server, &person).await;
        resets::ask(server, &person).await;
        let link = resets::link(server, &resets::mail(server, &person).await);
        let mut visitor = server.visitor().through(&person.door);
        resets::choose(&mut visitor, &link, resets::NEW).await;
        make_safe(server, &mut person).await;
        change_address_and_back(server, &person).await;
        let account = server.account(&person).await;
        server.identity().set_locked(&account, true).await.unwrap();
        resets::ask(server, &person).await;
        while server.mail_to(&taken).await.kind != "account_closed" {}
    }
    leave_for_good(server).await;
    let newcomer = server.newcomer("bellerive").await;
    registrations::mail_after_password(server, &newcomer).await;
    register_in_french(server).await;
    let mut kinds = BTreeSet::new();
    for mail in server.every_mail().await {
        assert_eq!(mail.locale, Locale::Fr, "{} to {}", mail.kind, mail.to);
        let origin = server.origin();
        let links: Vec<_> = mail.links(&origin).collect();
        assert!(!links.is_empty(), "{} leads nowhere", mail.kind);
        for link in links {
            assert!(link.starts_with("/fr/"), "{}: {link}", mail.kind);
            let page = server.visitor().open(link).await;
            assert_eq!(page.first("html").attribute("lang"), Some("fr"), "{link}");
        }
        assert!(!mail.html.contains("lang=\"en\""), "{}", mail.kind);
        kinds.insert(mail.kind);
    }
    assert_eq!(kinds, KINDS.map(str::to_owned).into());
}

/// Somebody registers an address that has an account, on a French page.
async fn register_in_french(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let mut visitor = server.visitor().through(&person.door);
    let path = format!("/fr{}", person.door.entrance(paths::REGISTER));
    let page = visitor.open(&path).await;
    let form = page.form("/api/register").fill("name", "Quelqu’un");
    let form = form.fill("email", &person.email);
    visitor
        .submit(form.fill("password", registrations::CHOSEN))
        .await;
    let mail = server.mail_to(&person.email).await;
    assert_eq!(mail.kind, "already_registered");
}

/// The file of her data, a deletion, and second thoughts.
async fn take_data_leave_and_stay(server: &TestServer, person: &Person) {
    let mut english = server.visitor().sign_in(person).await;
    let path = english.own(paths::OWN_DATA);
    let page = english.open(&path).await;
    let answer = english.send(page.form("/api/download_data")).await;
    assert_eq!(answer.header("content-type"), "application/json");
    leave(&mut english).await;
    let page = english.open(&path).await;
    english.submit(page.form("/api/keep_account")).await;
    assert_eq!(server.account(person).await.deletion_at, None);
    server.ignore_mail_to(&person.email).await;
}

async fn leave(person: &mut Manager) {
    let path = person.own(paths::DELETE);
    let page = person.open(&path).await;
    let form = page.form("/api/delete_account");
    let password = person.person.password.clone();
    person.submit(form.fill("proof", &password)).await;
}

/// The last mail of all belongs to no account any more.
async fn leave_for_good(server: &TestServer) {
    let person = server.participant("bellerive").await;
    leave(&mut server.visitor().sign_in(&person).await).await;
    server
        .clock
        .advance_secs(domain::retention::COOLING_OFF.as_secs());
    assert_eq!(server.identity().delete_due_accounts().await.unwrap(), 1);
}

/// On, new codes, a code guessed at, a recovery code used, off.
async fn go_through_two_factor(server: &TestServer, person: &mut Manager) {
    person.enable_two_factor(server).await;
    let password = person.person.password.clone();
    let page = person.prove("/api/renew_recovery_codes", &password).await;
    let codes = crate::support::codes_of(&page);
    let mut guesser = server.visitor();
    guesser.begin(&person.person).await;
    let wrong = person.person.phone().wrong_code();
    for _ in 0..MAX_WRONG_CODES {
        guesser.give_code(&wrong).await;
    }
    // The bucket of codes is empty now.
    server.clock.advance(Duration::from_mins(15));
    let mut elsewhere = server.visitor();
    elsewhere.begin(&person.person).await;
    let path = person.person.door.entrance(paths::CODE);
    let page = elsewhere.open(&path).await;
    let form = page.form_with("/api/give_code", "form", "recovery");
    elsewhere.submit(form.fill("code", &codes[0])).await;
    assert!(elsewhere.is_in().await);
    let page = person.prove("/api/begin_two_factor", &password).await;
    let new = Phone::with_secret(&secret_of(&page), &server.clock);
    person.confirm(&new.code()).await;
    person.prove("/api/disable_two_factor", &password).await;
    assert!(!server.account(&person.person).await.second_factor);
    server.ignore_mail_to(&person.person.email).await;
}

/// Takes back what the newest notice tells of, and chooses a password with the mail that follows.
async fn make_safe(server: &TestServer, person: &mut Person) {
    let notice = server.mail_to(&person.email).await;
    let origin = server.origin();
    let link = notice
        .links(&origin)
        .find(|link| link.contains("/not-me?"))
        .unwrap();
    let mut visitor = server.visitor().through(&person.door);
    let page = visitor.open(link).await;
    visitor.submit(page.form("/api/say_not_me")).await;
    let mail = server.mail_to(&person.email).await;
    assert_eq!(mail.kind, "account_safe");
    let newest = "nine swans on the weir today";
    resets::choose(&mut visitor, &resets::link(server, &mail), newest).await;
    newest.clone_into(&mut person.password);
}

/// To a new address and back, and a wish for one that somebody has.
async fn change_address_and_back(server: &TestServer, person: &Person) {
    let new = format!("new.{}", person.email);
    server.ignore_mail_to(&person.email).await;
    let mut manager = server.visitor().sign_in(person).await;
    ask(&mut manager, &new, &person.password).await;
    let mail = asked(server, &person.email, &new).await;
    confirm(server, &mut manager, &mail).await;
    let back = server.mail_to(&person.email).await;
    undo(server, person, &back).await;
    assert_eq!(server.account(person).await.email, person.email);
    server.ignore_mail_to(&person.email).await;
    let mut person = person.clone();
    server.clock.advance(Duration::from_hours(1));
    server
        .choose_new_password(&mut person, "fourteen otters on the sluice")
        .await;
    let other = match &person.door {
        contract::Door::BackOffice => server.person_with(Locale::Fr, None).await,
        contract::Door::Platform(_) => server.participant("bellerive").await,
    };
    let mut manager = server.visitor().sign_in(&person).await;
    ask(&mut manager, &other.email, &person.password).await;
    assert_eq!(server.mail_to(&other.email).await.kind, "email_taken");
}
