//! Google: the address opens the door once, its subject from then on.

use crate::support::{
    Person,
    providers::{Stage, assert_turned_away, google_account, with_providers},
    words::assert_refused,
};
use contract::{Problem, Provider, RefusedBecause, SignInProblem};
use serde_json::json;

with_providers! {
    b10_b17_the_manager_of_this_address_is_in_without_a_form,
    b11_an_address_of_no_manager_opens_and_makes_nothing,
    b13_b14_the_same_address_is_the_same_but_for_capitals,
    b15_google_must_vouch_for_the_address,
    b16_from_then_on_the_subject_counts_and_the_address_no_longer,
    b41_whoever_is_locked_or_gone_does_not_come_in,
}

/// Binds the first time; the mail about it is read.
async fn bound(stage: &Stage, subject: &str) -> Person {
    let person = stage.person().await;
    stage.google.is(google_account(&person.email, subject));
    stage.in_through(&person, &stage.google).await;
    assert_eq!(stage.mail_to(&person.email).await.kind, "provider_linked");
    person
}

/// Red when a sign-in through a provider asks for anything else, or does not tell the owner.
async fn b10_b17_the_manager_of_this_address_is_in_without_a_form(stage: &Stage) {
    let person = bound(stage, "a-subject").await;
    let linked = stage.linked(&person).await;
    assert_eq!(linked.len(), 1);
    assert_eq!(linked[0].subject.issuer(), stage.google.setting());
    assert_eq!(linked[0].subject.subject(), "a-subject");

    // Again: nothing new is bound and nobody is told anything.
    let mut manager = stage.in_through(&person, &stage.google).await;
    assert!(manager.is_in().await);
    assert_eq!(stage.linked(&person).await.len(), 1);
}

/// Red when an account is made for whoever comes.
async fn b11_an_address_of_no_manager_opens_and_makes_nothing(stage: &Stage) {
    let before = stage.accounts().await;
    stage
        .google
        .is(google_account("stranger@town.example", "a-stranger"));
    let mut visitor = stage.visitor();
    let page = stage.through(&mut visitor, &stage.google).await;
    assert_turned_away(&page, Provider::Google, RefusedBecause::NoManager);
    assert!(page.text().contains("stranger@town.example"), "B12");
    assert!(!visitor.is_in().await);
    assert_eq!(stage.accounts().await, before);
    // A participant is no manager.
    let citizen = stage.participant("bellerive").await;
    stage.google.is(google_account(&citizen.email, "a-citizen"));
    let page = stage.through(&mut visitor, &stage.google).await;
    assert_turned_away(&page, Provider::Google, RefusedBecause::NoManager);
    assert!(stage.linked(&citizen).await.is_empty());
}

/// Red when dots, plus signs or another folding make two addresses one.
async fn b13_b14_the_same_address_is_the_same_but_for_capitals(stage: &Stage) {
    let person = stage.person().await;
    let (name, domain) = person.email.split_once('@').unwrap();
    let (first, rest) = name.split_at(1);
    for other in [
        format!("{name}+news@{domain}"),
        format!("{first}.{rest}@{domain}"),
        format!("{name}@mail.{domain}"),
        format!("ｐ{rest}@{domain}"),
    ] {
        stage.google.is(google_account(&other, "somebody-else"));
        let mut visitor = stage.visitor();
        let page = stage.through(&mut visitor, &stage.google).await;
        let text = page.text();
        assert_eq!(page.url, "/sign-in/provider", "{other}: {text}");
        assert!(!visitor.is_in().await, "{other}");
    }
    assert!(stage.linked(&person).await.is_empty());
    let capitals = person.email.to_uppercase();
    stage.google.is(google_account(&capitals, "herself"));
    stage.in_through(&person, &stage.google).await;
    assert_eq!(stage.mail_to(&person.email).await.kind, "provider_linked");
}

/// Red when an address opens that is not verified, or of a domain that is not Google's to speak for.
async fn b15_google_must_vouch_for_the_address(stage: &Stage) {
    let person = stage.person().await;
    let account = google_account(&person.email, "somebody");
    let with = |name: &str, value: serde_json::Value| {
        let mut account = account.clone();
        account[name] = value;
        account
    };
    for account in [
        with("email_verified", json!(false)),
        with("email_verified", json!(null)),
        with("hd", json!(null)),
        with("hd", json!("elsewhere.example")),
        with("hd", json!("")),
    ] {
        stage.google.is(account.clone());
        let mut visitor = stage.visitor();
        let page = stage.through(&mut visitor, &stage.google).await;
        let why = RefusedBecause::AddressNotVouchedFor;
        assert_turned_away(&page, Provider::Google, why);
        assert!(!visitor.is_in().await, "{account}");
    }
    assert!(stage.linked(&person).await.is_empty());
}

/// Red when an address that changed hands opens the account that it once opened.
async fn b16_from_then_on_the_subject_counts_and_the_address_no_longer(stage: &Stage) {
    let person = bound(stage, "hers").await;
    // Somebody else has her address now.
    stage.google.is(google_account(&person.email, "his"));
    let mut visitor = stage.visitor();
    let page = stage.through(&mut visitor, &stage.google).await;
    assert_turned_away(&page, Provider::Google, RefusedBecause::NoManager);
    assert!(!visitor.is_in().await);
    // She has another address there, even one that nobody vouches for.
    stage
        .google
        .is(json!({ "sub": "hers", "email": "elsewhere@mail.example", "email_verified": false }));
    stage.in_through(&person, &stage.google).await;
}

/// Red when the state of an account is not looked at behind a provider.
async fn b41_whoever_is_locked_or_gone_does_not_come_in(stage: &Stage) {
    let person = bound(stage, "hers").await;
    let account = stage.account(&person).await;
    stage.identity().set_locked(&account, true).await.unwrap();
    let mut visitor = stage.visitor();
    let page = stage.through(&mut visitor, &stage.google).await;
    assert_refused(&page, &Problem::SignIn(SignInProblem::Locked));
    assert!(!visitor.is_in().await);
    stage.identity().set_locked(&account, false).await.unwrap();
    stage.ignore_mail_to(&person.email).await;

    // An account that was only invited has no confirmed address.
    let (invited, _) = stage.invited(domain::Locale::En, None).await;
    stage.google.is(google_account(&invited.email, "a-guest"));
    let page = stage.through(&mut visitor, &stage.google).await;
    assert_turned_away(&page, Provider::Google, RefusedBecause::NoManager);
    assert!(stage.linked(&invited).await.is_empty());

    // One that is deleted is gone, with what was linked to it.
    let mut manager = stage.visitor().sign_in(&person).await;
    let page = manager.open(app::paths::DELETE).await;
    let form = page.form("/api/delete_account");
    manager.submit(form.fill("proof", &person.password)).await;
    stage.clock.advance_secs(7 * 24 * 3600);
    assert_eq!(stage.identity().delete_due_accounts().await.unwrap(), 1);
    stage.ignore_mail_to(&person.email).await;
    stage.google.is(google_account(&person.email, "hers"));
    let page = stage.through(&mut stage.visitor(), &stage.google).await;
    assert_turned_away(&page, Provider::Google, RefusedBecause::NoManager);
}
