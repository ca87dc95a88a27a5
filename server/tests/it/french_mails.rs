//! Whoever reads French gets every mail in French, whatever the page was in that caused it.

use crate::support::{
    Manager, Person, Town, both,
    email::{ask, asked, confirm, undo},
    resets,
};
use app::routes::paths;
use domain::{Duration, Locale, sign_in::MAX_WRONG_CODES};
use std::collections::BTreeSet;

both! {
    d29_every_mail_of_a_french_account_is_french_and_leads_to_french_pages,
}

/// Each mail that can be written about an account which belongs to somebody.
const KINDS: [&str; 22] = [
    "account_closed",
    "account_deleted",
    "account_safe",
    "account_setup",
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
    "recovery_code_used",
    "recovery_codes_made",
    "second_factor_guess",
    "two_factor_disabled",
    "two_factor_enabled",
];

/// Red when a mail is written in the language of the page, and when a link in it has no prefix.
async fn d29_every_mail_of_a_french_account_is_french_and_leads_to_french_pages(town: &Town) {
    let manager = town.person_with(Locale::Fr, None).await;
    let participant = town.participant("bellerive").await;
    for person in [manager, participant] {
        let taken = person.email.clone();
        let mut english = town.visitor().sign_in(&person).await;
        go_through_two_factor(town, &mut english).await;
        let mut person = english.person.clone();
        person.phone = None;
        take_data_leave_and_stay(town, &person).await;
        resets::ask(town, &person).await;
        let link = resets::link(town, &resets::mail(town, &person).await);
        let mut visitor = town.visitor().through(&person.door);
        resets::choose(&mut visitor, &link, resets::NEW).await;
        make_safe(town, &mut person).await;
        change_address_and_back(town, &person).await;
        let account = town.account(&person).await;
        town.identity().set_locked(&account, true).await.unwrap();
        resets::ask(town, &person).await;
        while town.mail_to(&taken).await.kind != "account_closed" {}
    }
    leave_for_good(town).await;
    let mut kinds = BTreeSet::new();
    for mail in town.every_mail().await {
        assert_eq!(mail.locale, Locale::Fr, "{} to {}", mail.kind, mail.to);
        let origin = town.origin();
        let links: Vec<_> = mail.links(&origin).collect();
        assert!(!links.is_empty(), "{} leads nowhere", mail.kind);
        for link in links {
            assert!(link.starts_with("/fr/"), "{}: {link}", mail.kind);
            let page = town.visitor().open(link).await;
            let root = page.pieces().iter().find(|piece| piece.opens("html"));
            assert_eq!(root.unwrap().attribute("lang"), Some("fr"), "{link}");
        }
        assert!(!mail.html.contains("lang=\"en\""), "{}", mail.kind);
        kinds.insert(mail.kind);
    }
    assert_eq!(kinds, KINDS.map(str::to_owned).into());
}

/// The file of her data, a deletion, and second thoughts.
async fn take_data_leave_and_stay(town: &Town, person: &Person) {
    let mut english = town.visitor().sign_in(person).await;
    let path = english.own(paths::OWN_DATA);
    let page = english.open(&path).await;
    let answer = english.send(page.form("/api/download_data")).await;
    assert_eq!(answer.header("content-type"), "application/json");
    leave(&mut english).await;
    let page = english.open(&path).await;
    english.submit(page.form("/api/keep_account")).await;
    assert_eq!(town.account(person).await.deletion_at, None);
    town.ignore_mail_to(&person.email).await;
}

async fn leave(person: &mut Manager) {
    let path = person.own(paths::DELETE);
    let page = person.open(&path).await;
    let form = page.form("/api/delete_account");
    let password = person.person.password.clone();
    person.submit(form.fill("proof", &password)).await;
}

/// The last mail of all belongs to no account any more.
async fn leave_for_good(town: &Town) {
    let person = town.participant("bellerive").await;
    leave(&mut town.visitor().sign_in(&person).await).await;
    town.clock
        .advance_secs(domain::retention::COOLING_OFF.as_secs());
    assert_eq!(town.identity().delete_due_accounts().await.unwrap(), 1);
}

/// On, new codes, a code guessed at, a recovery code used, off.
async fn go_through_two_factor(town: &Town, person: &mut Manager) {
    person.enable_two_factor(town).await;
    let password = person.person.password.clone();
    let page = person.prove("/api/renew_recovery_codes", &password).await;
    let codes = crate::support::codes_of(&page);
    let mut guesser = town.visitor();
    guesser.begin(&person.person).await;
    let wrong = person.person.phone().wrong_code();
    for _ in 0..MAX_WRONG_CODES {
        guesser.give_code(&wrong).await;
    }
    // The bucket of codes is empty now.
    town.clock.advance(Duration::from_mins(15));
    let mut elsewhere = town.visitor();
    elsewhere.begin(&person.person).await;
    let path = person.person.door.entrance(paths::CODE);
    let page = elsewhere.open(&path).await;
    let form = page.form_with("/api/give_code", "form", "recovery");
    elsewhere.submit(form.fill("code", &codes[0])).await;
    assert!(elsewhere.is_in().await);
    person.prove("/api/disable_two_factor", &password).await;
    assert!(!town.account(&person.person).await.second_factor);
    town.ignore_mail_to(&person.person.email).await;
}

/// Takes back what the newest notice tells of, and chooses a password with the mail that follows.
async fn make_safe(town: &Town, person: &mut Person) {
    let notice = town.mail_to(&person.email).await;
    let origin = town.origin();
    let link = notice
        .links(&origin)
        .find(|link| link.contains("/not-me?"))
        .unwrap();
    let mut visitor = town.visitor().through(&person.door);
    let page = visitor.open(link).await;
    visitor.submit(page.form("/api/say_not_me")).await;
    let mail = town.mail_to(&person.email).await;
    assert_eq!(mail.kind, "account_safe");
    let newest = "nine swans on the weir today";
    resets::choose(&mut visitor, &resets::link(town, &mail), newest).await;
    newest.clone_into(&mut person.password);
}

/// To a new address and back, and a wish for one that somebody has.
async fn change_address_and_back(town: &Town, person: &Person) {
    let new = format!("new.{}", person.email);
    town.ignore_mail_to(&person.email).await;
    let mut manager = town.visitor().sign_in(person).await;
    ask(&mut manager, &new, &person.password).await;
    let mail = asked(town, &person.email, &new).await;
    confirm(town, &mut manager, &mail).await;
    let back = town.mail_to(&person.email).await;
    undo(town, person, &back).await;
    assert_eq!(town.account(person).await.email, person.email);
    town.ignore_mail_to(&person.email).await;
    let mut person = person.clone();
    town.clock.advance(Duration::from_hours(1));
    town.choose_new_password(&mut person, "fourteen otters on the sluice")
        .await;
    let other = match &person.door {
        contract::Door::BackOffice => town.person_with(Locale::Fr, None).await,
        contract::Door::Platform(_) => town.participant("bellerive").await,
    };
    let mut manager = town.visitor().sign_in(&person).await;
    ask(&mut manager, &other.email, &person.password).await;
    assert_eq!(town.mail_to(&other.email).await.kind, "email_taken");
}
