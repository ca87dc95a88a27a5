//! A manager's password has 15 characters alone and 8 beside a second factor (NIST SP 800-63B-4):
//! one that was chosen beside it never becomes the only factor.

use crate::{
    own_password::change,
    support::{
        Manager, Person, TestServer, both, resets,
        words::{assert_refused, assert_says, text},
    },
};
use app::paths;
use contract::{CodeProblem, Locale, PasswordProblem, Problem};
use domain::{Realm, password::Weakness, token::Secret};
use identity::{Client, Error, SignedIn};
use testkit::Page;

both! {
    a_short_password_keeps_two_factor_on_until_a_longer_one_is_chosen,
    so_does_one_that_was_chosen_by_mail,
    a_participants_password_stands_alone,
    what_changed_meanwhile_is_looked_at_again,
    a_short_password_goes_with_the_factor_that_support_removes,
    a_long_one_stays,
}

const DISABLE: &str = "/api/disable_two_factor";
const TOO_SHORT: Problem = Problem::Code(CodeProblem::PasswordNeedsFactor { minimum: 15 });
/// Enough beside a second factor only.
const SHORT: &str = "vmkp tolq zr";
const LONG: &str = "eleven barges under the moon";

/// Whether the page says beside the form what must be done before, with the way there.
fn asks_for_a_longer_one(page: &Page) -> bool {
    let link = page.link(&text(Locale::En, "two_factor", "longer_first"));
    link.as_deref() == Some(paths::PASSWORD)
}

/// A manager with two-factor on and a short password.
async fn short(server: &TestServer) -> Manager {
    let mut manager = server.manager().await;
    manager.enable_two_factor(server).await;
    let present = manager.person.password.clone();
    let page = change(&mut manager, &present, SHORT).await;
    assert_says(&page, "password", "changed");
    resets::changed(server, &manager.person).await;
    SHORT.clone_into(&mut manager.person.password);
    server.clock.advance_secs(30);
    manager
}

/// Red when the factor may be switched off whatever the password is like, and when the refused
/// proof is used up.
async fn a_short_password_keeps_two_factor_on_until_a_longer_one_is_chosen(server: &TestServer) {
    let mut manager = short(server).await;
    let page = manager.open(paths::TWO_FACTOR).await;
    assert!(asks_for_a_longer_one(&page), "before the button is pressed");
    let code = manager.person.code();
    for proof in [SHORT, code.as_str()] {
        let page = manager.prove(DISABLE, proof).await;
        assert_refused(&page, &TOO_SHORT);
        assert!(asks_for_a_longer_one(&page), "{}", page.text());
    }
    assert!(server.account(&manager.person).await.second_factor);
    assert_says(
        &change(&mut manager, SHORT, LONG).await,
        "password",
        "changed",
    );
    resets::changed(server, &manager.person).await;
    let page = manager.open(paths::TWO_FACTOR).await;
    assert!(!asks_for_a_longer_one(&page), "{}", page.text());
    let page = manager.prove(DISABLE, &code).await;
    assert_says(&page, "two_factor", "disabled");
    server.mail_to(&manager.person.email).await;
    let person = Person {
        password: LONG.to_owned(),
        phone: None,
        ..manager.person
    };
    assert!(server.visitor().sign_in(&person).await.is_in().await);
}

async fn so_does_one_that_was_chosen_by_mail(server: &TestServer) {
    let mut person = server.secured().await;
    resets::ask(server, &person).await;
    let link = resets::link(server, &resets::mail(server, &person).await);
    let mut visitor = server.visitor();
    let page = visitor.open(&link).await;
    let form = page.form("/api/reset_password").fill("password", SHORT);
    let page = visitor.submit(form.fill("code", &person.code())).await;
    assert_says(&page, "password", "reset_done");
    resets::changed(server, &person).await;
    SHORT.clone_into(&mut person.password);
    server.clock.advance_secs(30);
    let mut manager = server.visitor().sign_in(&person).await;
    assert_refused(&manager.prove(DISABLE, SHORT).await, &TOO_SHORT);
    assert!(server.account(&person).await.second_factor);
}

/// Hers has ten characters with and without a second factor.
async fn a_participants_password_stands_alone(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let mut participant = server.visitor().sign_in(&person).await;
    participant.enable_two_factor(server).await;
    let page = change(&mut participant, &person.password, SHORT).await;
    assert_says(&page, "password", "changed");
    resets::changed(server, &person).await;
    let page = participant.prove(DISABLE, SHORT).await;
    assert_says(&page, "two_factor", "disabled");
    server.mail_to(&person.email).await;
}

/// Who is signed in with a browser, as a request that begins now sees it.
async fn seen(server: &TestServer, manager: &Manager) -> SignedIn {
    let token = Secret::present(manager.jar.get("back-office").unwrap()).unwrap();
    let found = server
        .identity()
        .signed_in(&Realm::BackOffice, &token)
        .await;
    found.unwrap().unwrap()
}

/// Red when the transaction believes what the request had seen: two windows would together leave a
/// short password alone.
async fn what_changed_meanwhile_is_looked_at_again(server: &TestServer) {
    let (identity, client) = (server.identity(), Client::default());
    // The password becomes short while the factor is being switched off.
    let mut manager = server.manager().await;
    manager.enable_two_factor(server).await;
    let present = manager.person.password.clone();
    let who = seen(server, &manager).await;
    let proof = identity
        .prove(&who, &present, Client::none())
        .await
        .unwrap();
    change(&mut manager, &present, SHORT).await;
    resets::changed(server, &manager.person).await;
    let off = identity.disable_two_factor(&who, proof, &client).await;
    assert!(matches!(off, Err(Error::PasswordNeedsFactor)), "{off:?}");
    // The factor is switched off while a short password is being set.
    change(&mut manager, SHORT, LONG).await;
    resets::changed(server, &manager.person).await;
    let who = seen(server, &manager).await;
    assert_says(
        &manager.prove(DISABLE, LONG).await,
        "two_factor",
        "disabled",
    );
    server.mail_to(&manager.person.email).await;
    let set = identity.change_password(&who, LONG, SHORT, &client).await;
    let too_short = Weakness::TooShort { minimum: 15 };
    assert!(
        matches!(&set, Err(Error::Weak(why)) if *why == too_short),
        "{set:?}"
    );
}

/// Red when the operator's removal leaves the short password as the only factor.
async fn a_short_password_goes_with_the_factor_that_support_removes(server: &TestServer) {
    let mut manager = short(server).await;
    let person = Person {
        phone: None,
        ..manager.person.clone()
    };
    let account = server.account(&person).await;
    assert!(
        server
            .identity()
            .reset_second_factor(&account)
            .await
            .unwrap()
    );
    assert!(!manager.is_in().await);
    let mail = server.mail_to(&person.email).await;
    assert_eq!(mail.kind, "two_factor_disabled");
    assert!(
        mail.text.contains(&text(Locale::En, "password", "forgot")),
        "{}",
        mail.text
    );
    assert!(
        resets::link(server, &mail).ends_with(paths::FORGOT_PASSWORD),
        "{}",
        mail.text
    );
    let account = server.account(&person).await;
    assert!(!account.second_factor && account.password_hash.is_none());
    let page = server.visitor().give_password(&person.email, SHORT).await;
    assert_says(&page, "errors", "bad_credentials");
    let lines = server.log_of(&person.id).await;
    let newest: Vec<&str> = lines
        .iter()
        .take(2)
        .map(|line| line.kind.as_str())
        .collect();
    assert_eq!(newest, ["password_taken", "two_factor_reset"]);
    // Alone, the next one has 15 characters.
    resets::ask(server, &person).await;
    let link = resets::link(server, &resets::mail(server, &person).await);
    let mut visitor = server.visitor();
    let page = resets::choose(&mut visitor, &link, SHORT).await;
    assert_refused(
        &page,
        &Problem::Password(PasswordProblem::TooShort { minimum: 15 }),
    );
    let page = resets::choose(&mut visitor, &link, LONG).await;
    assert_says(&page, "password", "reset_done");
    resets::changed(server, &person).await;
}

async fn a_long_one_stays(server: &TestServer) {
    let person = server.secured().await;
    let account = server.account(&person).await;
    assert!(
        !server
            .identity()
            .reset_second_factor(&account)
            .await
            .unwrap()
    );
    assert_eq!(
        server.mail_to(&person.email).await.kind,
        "two_factor_disabled"
    );
    let person = Person {
        phone: None,
        ..person
    };
    assert!(server.visitor().sign_in(&person).await.is_in().await);
}
