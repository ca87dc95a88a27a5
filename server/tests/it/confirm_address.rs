//! An address that was never confirmed: the right password leads to a mail, and its link lets the person in.

use crate::support::{
    Mail, Person, TestServer, Visitor, both,
    words::{assert_refused, assert_says, too_many},
};
use app::paths;
use contract::{Field, Problem, SignInProblem};
use domain::{Duration, limit::MAILS_PER_ADDRESS};
use testkit::Page;

both! {
    a35_one_button_sends_the_mail_and_its_link_lets_her_in,
    another_browser_is_asked_for_the_password,
    the_owner_of_an_address_does_not_confirm_a_stranger_s_password,
    only_the_right_password_has_a_mail_sent,
    mails_to_confirm_are_limited,
    a_sign_in_that_was_begun_too_long_ago_sends_nothing,
    a_second_factor_is_never_passed_by_it,
}

/// Gives the right password, and has the mail sent by the button of the page.
async fn send(visitor: &mut Visitor, person: &Person) -> Page {
    let page = visitor.give_password(&person.email, &person.password).await;
    assert_says(&page, "errors", "unconfirmed");
    visitor.submit(page.form("/api/send_confirmation")).await
}

/// The mail that a fresh browser has sent to somebody.
pub async fn confirmation_mail(server: &TestServer, person: &Person) -> Mail {
    let mut visitor = server.visitor().through(&person.door);
    send(&mut visitor, person).await;
    let mail = server.mail_to(&person.email).await;
    assert_eq!(mail.kind, "address_confirm");
    mail
}

fn address(server: &TestServer, mail: &Mail) -> String {
    mail.link(&server.state.config.origin())
}

async fn is_confirmed(server: &TestServer, person: &Person) -> bool {
    server.account(person).await.email_confirmed_at.is_some()
}

async fn a35_one_button_sends_the_mail_and_its_link_lets_her_in(server: &TestServer) {
    let person = server.newcomer("bellerive").await;
    let mut visitor = server.visitor().through(&person.door);
    let page = send(&mut visitor, &person).await;
    assert!(page.text().contains(&person.email), "{}", page.text());
    assert_eq!(
        page.form("/api/sign_in").value("email"),
        Some(&*person.email)
    );
    let mail = server.mail_to(&person.email).await;
    assert!(mail.text.contains("Town of bellerive"), "{}", mail.text);
    // Opening the link changes nothing.
    let page = visitor.open(&address(server, &mail)).await;
    assert!(!is_confirmed(server, &person).await && !visitor.is_in().await);
    // The password was typed here: it is not asked for again.
    let page = visitor.submit(page.form("/api/confirm_address")).await;
    assert_says(&page, "sign_in", "confirmed");
    assert!(is_confirmed(server, &person).await && visitor.is_in().await);
    let page = visitor.open(&person.door.own(paths::ACTIVITY)).await;
    assert_says(&page, "activity", "address_confirmed");
    server.visitor().sign_in(&person).await;
    server.ignore_mail_to(&person.email).await;
}

async fn another_browser_is_asked_for_the_password(server: &TestServer) {
    let person = server.newcomer("bellerive").await;
    let mail = confirmation_mail(server, &person).await;
    let mut phone = server.visitor().through(&person.door);
    let page = phone.open(&address(server, &mail)).await;
    let form = page.form("/api/confirm_address");
    let page = phone.submit(form.clone()).await;
    assert_refused(
        &page,
        &Problem::Empty {
            field: Field::Password,
        },
    );
    let page = phone
        .submit(form.clone().fill("password", "a wrong guess"))
        .await;
    assert_refused(&page, &Problem::SignIn(SignInProblem::BadCredentials));
    assert!(!is_confirmed(server, &person).await);
    let page = phone.submit(form.fill("password", &person.password)).await;
    assert_says(&page, "sign_in", "confirmed");
    assert!(is_confirmed(server, &person).await && phone.is_in().await);
    server.ignore_mail_to(&person.email).await;
}

/// Red when the link alone confirms: somebody registered the address of another person, whose press of a button would open
/// the account to the password of the one who registered.
async fn the_owner_of_an_address_does_not_confirm_a_stranger_s_password(server: &TestServer) {
    let person = server.newcomer("bellerive").await;
    let mail = confirmation_mail(server, &person).await;
    let mut owner = server.visitor().through(&person.door);
    let token = mail.token();
    let tag = person.door.tag();
    for password in ["", "what the owner would choose"] {
        let fields = [
            ("token", token.as_str()),
            ("password", password),
            ("door", &tag),
        ];
        owner.post("/api/confirm_address", &fields).await;
        assert!(!is_confirmed(server, &person).await, "{password:?}");
    }
    // The owner takes the account over by a new password, and the other link is dead.
    let mut same = person.clone();
    server
        .choose_new_password(&mut same, "chosen by the owner alone")
        .await;
    let page = owner.open(&address(server, &mail)).await;
    assert_eq!(page.status, 410);
    let page = owner.give_password(&person.email, &person.password).await;
    assert_says(&page, "errors", "bad_credentials");
}

async fn only_the_right_password_has_a_mail_sent(server: &TestServer) {
    let person = server.newcomer("bellerive").await;
    let mut stranger = server.visitor().through(&person.door);
    let tag = person.door.tag();
    let fields = [("door", tag.as_str()), ("email", &person.email)];
    stranger.post("/api/send_confirmation", &fields).await;
    stranger.give_password(&person.email, "a wrong guess").await;
    stranger.post("/api/send_confirmation", &fields).await;
    // Nor has somebody who waits for a code.
    let other = server.secure(server.participant("bellerive").await).await;
    let mut waiting = server.visitor();
    waiting.begin(&other).await;
    waiting.post("/api/send_confirmation", &fields).await;
    assert!(
        server
            .every_mail()
            .await
            .iter()
            .all(|mail| mail.kind != "address_confirm")
    );
}

async fn mails_to_confirm_are_limited(server: &TestServer) {
    let person = server.newcomer("bellerive").await;
    let mut visitor = server.visitor().through(&person.door);
    let mut page = send(&mut visitor, &person).await;
    for _ in 1..MAILS_PER_ADDRESS.burst {
        server.clock.advance_secs(1);
        page = visitor.submit(page.form("/api/send_confirmation")).await;
        assert_eq!(page.errors().len(), 0, "{}", page.text());
    }
    let page = visitor.submit(page.form("/api/send_confirmation")).await;
    assert_refused(
        &page,
        &too_many(Duration::from_secs(MAILS_PER_ADDRESS.period.as_secs())),
    );
    let mails = server.every_mail().await;
    assert_eq!(mails.len(), MAILS_PER_ADDRESS.burst as usize);
    // Of several links the last one works.
    let (last, earlier) = mails.split_last().unwrap();
    for mail in earlier {
        assert_eq!(visitor.open(&address(server, mail)).await.status, 410);
    }
    assert_eq!(visitor.open(&address(server, last)).await.status, 200);
}

async fn a_sign_in_that_was_begun_too_long_ago_sends_nothing(server: &TestServer) {
    let person = server.newcomer("bellerive").await;
    let mut visitor = server.visitor().through(&person.door);
    let page = visitor.give_password(&person.email, &person.password).await;
    server.clock.advance(domain::sign_in::LIFETIME);
    let page = visitor.submit(page.form("/api/send_confirmation")).await;
    assert_refused(&page, &Problem::SignIn(SignInProblem::Expired));
    assert!(server.every_mail().await.is_empty());
}

/// Red when what the confirmation relied on is not looked at again: the address was confirmed otherwise meanwhile, and a
/// second factor set up.
async fn a_second_factor_is_never_passed_by_it(server: &TestServer) {
    for confirmed in [true, false] {
        a_factor_appears(server, confirmed).await;
    }
}

async fn a_factor_appears(server: &TestServer, confirmed: bool) {
    let person = server.newcomer("bellerive").await;
    let mut visitor = server.visitor().through(&person.door);
    send(&mut visitor, &person).await;
    let mail = server.mail_to(&person.email).await;
    let page = visitor.open(&address(server, &mail)).await;
    let store = &server.identity().store;
    let mut tx = store.begin().await.unwrap();
    let now = server.identity().clock.now();
    if confirmed {
        tx.confirm_email(&person.id, now).await.unwrap();
    }
    tx.commit().await.unwrap();
    let secret = domain::totp::TotpSecret::generate(&*server.identity().entropy);
    let planted = server.identity().plant_second_factor(&person.id, &secret);
    planted.await.unwrap();
    let form = page.form("/api/confirm_address");
    visitor.submit(form).await;
    assert!(!visitor.is_in().await);
    let tag = person.door.tag();
    let token = mail.token();
    let fields = [
        ("token", token.as_str()),
        ("password", &person.password),
        ("door", &tag),
    ];
    let mut elsewhere = server.visitor().through(&person.door);
    elsewhere.post("/api/confirm_address", &fields).await;
    assert!(!elsewhere.is_in().await);
}
