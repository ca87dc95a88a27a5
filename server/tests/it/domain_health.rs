//! Addresses of managers whose domain takes no mail any more.

use crate::{
    permissions::join,
    support::{
        Person, TestServer, both, email, resets,
        words::{assert_refused, assert_says, text},
    },
};
use app::paths;
use contract::{DetailsProblem, Locale};
use domain::{
    MailDomain, PlatformRole, Provider, Role,
    mail_domain::DOUBTFUL_DAYS,
    provider::{Claims, Subject},
};
use identity::{Client, Error};

both! {
    seven_bad_days_doubt_an_address_until_it_is_confirmed_again,
    another_address_ends_the_doubt_and_the_old_one_gets_no_link,
    what_is_not_known_and_what_is_no_fault_of_the_domain_counts_for_nothing,
}

const DOMAIN: &str = "town.example";

/// So many days go by, each with its look at the domains.
async fn days(server: &TestServer, count: u32) {
    for _ in 0..count {
        server.clock.advance_secs(24 * 3600);
        server.identity().check_mail_domains().await.unwrap();
    }
}

async fn is_doubted(server: &TestServer, person: &Person) -> bool {
    let account = server.account(person).await;
    account.email_doubted_at.is_some()
}

/// An organisation manager whose address is in another domain.
async fn elsewhere(server: &TestServer) -> Person {
    let (mut person, link) = server
        .invited_as(
            "other@elsewhere.example",
            "Other Manager",
            (Locale::Fr, None),
        )
        .await;
    let token = link.rsplit_once('=').unwrap().1;
    "four lanterns cross the river".clone_into(&mut person.password);
    let client = Client {
        network: "192.0.2.1".to_owned(),
        ..Client::default()
    };
    let done = server
        .identity()
        .set_up_account(token, &person.password, &client);
    done.await.unwrap();
    person
}

/// What Google says of somebody who has the address there.
fn google(person: &Person) -> Claims {
    Claims {
        subject: Subject::new(Provider::Google, "issuer", person.id.as_str()).unwrap(),
        email: Some(person.email.clone()),
        vouched: true,
        second_factor: false,
    }
}

async fn seven_bad_days_doubt_an_address_until_it_is_confirmed_again(server: &TestServer) {
    // Makes the organisation.
    server.participant("bellerive").await;
    let person = server.person_with(Locale::En, None).await;
    let colleague = server
        .person_with(Locale::Fr, Some(PlatformRole::Agent))
        .await;
    let other = elsewhere(server).await;
    for manager in [&person, &other] {
        join(server, &manager.id, Role::OrganisationManager).await;
    }
    server.mail_domains.say(DOMAIN, MailDomain::DoesNotExist);
    days(server, DOUBTFUL_DAYS - 1).await;
    assert!(!is_doubted(server, &person).await);
    // A further look on the same day is not a further day.
    server.identity().check_mail_domains().await.unwrap();
    assert!(!is_doubted(server, &person).await);
    // A mail from before the doubt.
    server.clock.advance_secs(24 * 3600 - 60);
    resets::ask(server, &person).await;
    let link = resets::link(server, &resets::mail(server, &person).await);
    assert!(resets::is_open(server, &link).await);
    server.clock.advance_secs(60);
    server.identity().check_mail_domains().await.unwrap();
    for doubted in [&person, &colleague] {
        assert!(is_doubted(server, doubted).await);
        assert_eq!(server.log_of(&doubted.id).await[0].kind, "address_doubted");
    }
    assert!(!is_doubted(server, &other).await);
    // The manager whose address works is told once; nobody else is.
    let mail = server.mail_to(&other.email).await;
    assert_eq!(mail.kind, "domain_doubted");
    assert_eq!(mail.locale, Locale::Fr);
    assert!(mail.text.contains("@town.example") && mail.text.contains("Town of bellerive"));
    days(server, 1).await;
    let mails = server.identity().store.mailbox(100).await.unwrap();
    assert_eq!(
        mails
            .iter()
            .filter(|mail| mail.kind == "domain_doubted")
            .count(),
        1
    );
    // The present owner of the domain gets no access, and the page says what it says to everybody.
    assert!(!resets::is_open(server, &link).await);
    let before = mails.len();
    resets::ask(server, &person).await;
    resets::ask(server, &other).await;
    resets::mail(server, &other).await;
    let mails = server.identity().store.mailbox(100).await.unwrap();
    assert_eq!(mails.len(), before + 1);
    let client = Client::default();
    let opened = server
        .identity()
        .sign_in_with(&google(&person), None, &client)
        .await;
    assert!(matches!(opened, Err(Error::NoManager)));
    let opened = server
        .identity()
        .sign_in_with(&google(&other), None, &client)
        .await;
    assert!(opened.is_ok());
    server.ignore_mail_to(&other.email).await;
    // The owner signs in as always, and is told in both languages.
    let mut owner = server.visitor().sign_in(&person).await;
    let page = owner.open(paths::BACK_OFFICE).await;
    assert_says(&page, "account", "doubted_title");
    let french = owner.open(&format!("/fr{}", paths::BACK_OFFICE)).await;
    assert!(
        french
            .text()
            .contains(&text(Locale::Fr, "account", "doubted_title"))
    );
    assert!(
        french
            .text()
            .contains(&text(Locale::Fr, "account", "doubted_change"))
    );
    // The domain is back, which alone says nothing about who has it.
    server.mail_domains.say(DOMAIN, MailDomain::Takes);
    days(server, 1).await;
    assert!(is_doubted(server, &person).await);
    let mut owner = server.visitor().sign_in(&person).await;
    let page = owner.open(paths::BACK_OFFICE).await;
    owner.submit(page.form("/api/ask_for_email")).await;
    let mail = server.mail_to(&person.email).await;
    assert_eq!(mail.kind, "email_confirm");
    email::confirm(server, &mut owner, &mail).await;
    assert!(!is_doubted(server, &person).await);
    assert_eq!(server.log_of(&person.id).await[0].kind, "address_confirmed");
    let page = owner.open(paths::BACK_OFFICE).await;
    assert!(
        !page
            .text()
            .contains(&text(Locale::En, "account", "doubted_title"))
    );
    resets::ask(server, &person).await;
    resets::mail(server, &person).await;
    let page = email::ask(&mut owner, &person.email, &person.password).await;
    assert_refused(&page, &DetailsProblem::SameAddress.into());
}

/// Red when the change can be undone by who has the domain of the address that was left.
async fn another_address_ends_the_doubt_and_the_old_one_gets_no_link(server: &TestServer) {
    let person = server.person().await;
    server.mail_domains.say(DOMAIN, MailDomain::TakesNoMail);
    days(server, DOUBTFUL_DAYS).await;
    let mut owner = server.visitor().sign_in(&person).await;
    let new = "person@new-town.example";
    email::ask(&mut owner, new, &person.password).await;
    let mail = email::asked(server, &person.email, new).await;
    email::confirm(server, &mut owner, &mail).await;
    assert!(!is_doubted(server, &person).await);
    assert_eq!(server.mail_to(new).await.kind, "email_new");
    let mails = server.identity().store.mailbox(100).await.unwrap();
    assert!(mails.iter().all(|mail| mail.kind != "email_changed"));
}

async fn what_is_not_known_and_what_is_no_fault_of_the_domain_counts_for_nothing(
    server: &TestServer,
) {
    let person = server.person().await;
    let names = &server.mail_domains;
    names.say(DOMAIN, MailDomain::DoesNotExist);
    days(server, DOUBTFUL_DAYS - 1).await;
    names.say(DOMAIN, MailDomain::Unknown);
    days(server, 20).await;
    assert!(!is_doubted(server, &person).await);
    // One good day clears the count.
    names.say(DOMAIN, MailDomain::Takes);
    days(server, 1).await;
    names.say(DOMAIN, MailDomain::DoesNotExist);
    days(server, DOUBTFUL_DAYS - 1).await;
    assert!(!is_doubted(server, &person).await);
    // A name system that knows nothing outside is not believed.
    names.say("gmail.com", MailDomain::DoesNotExist);
    days(server, DOUBTFUL_DAYS).await;
    assert!(!is_doubted(server, &person).await);
    names.say("gmail.com", MailDomain::Takes);
    days(server, 1).await;
    assert!(is_doubted(server, &person).await);
}
