//! Registering, and others: who registers an address that is not their own learns nothing of it, keeps nothing of it, and
//! blocks nobody (Sudhodanan & Paverd, USENIX Security 2022).

use crate::support::{
    TestServer, Visitor, all_at_once, both,
    email::{ask, ask_and_confirm, asked, press},
    leaving,
    registrations::{CHOSEN, confirm, link, mail, register, register_as, registered},
    resets,
    words::assert_says,
};
use app::paths;
use contract::Door;
use testkit::Page;

both! {
    the_answer_is_the_same_for_an_address_with_an_account,
    the_password_of_a_registration_says_the_same_of_every_address,
    what_is_left_of_a_corrected_address_says_the_same_of_the_new_one,
    of_several_registrations_the_one_that_is_confirmed_stays,
    it_was_not_me_ends_the_registration_of_a_stranger,
    a_new_password_by_mail_ends_every_registration,
    an_unconfirmed_registration_keeps_nobody_from_an_address,
    only_the_mail_to_an_address_frees_it,
    wrong_passwords_of_an_unconfirmed_address_are_counted_as_everywhere,
    the_first_sign_in_after_a_confirmation_elsewhere_is_told,
    an_address_that_can_be_restored_is_not_given_away,
    a_second_factor_is_never_passed_by_it,
    registrations_at_once_make_one_account,
    a_locked_account_is_told_to_its_owner_alone,
}

const EMAIL: &str = "victim@home.example";
const OTHERS: &str = "copper kettles by the window";

/// What a page says, without the address that it is about.
fn said(page: &Page, email: &str) -> (u16, String, String) {
    let text = page.text().replace(email, "…");
    (page.status.as_u16(), page.url.clone(), text)
}

async fn the_answer_is_the_same_for_an_address_with_an_account(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let door = &person.door;
    let before = server.account(&person).await;
    let mut answers = Vec::new();
    for email in [&*person.email, EMAIL] {
        let mut visitor = server.visitor().through(door);
        let page = register(&mut visitor, email, OTHERS).await;
        let mut pages = vec![said(&page, email)];
        let mail = server.mail_to(email).await;
        let waiting = visitor.open(&door.entrance(paths::WAITING)).await;
        pages.push(said(&waiting, email));
        let form = waiting.form("/api/confirm_by_code");
        let page = visitor.submit(form.fill("code", "BCDF-GHJK")).await;
        pages.push(said(&page, email));
        server.clock.advance_secs(60);
        let again = visitor.submit(waiting.form("/api/send_confirmation")).await;
        pages.push(said(&again, email));
        server.mail_to(email).await;
        server.clock.advance_secs(60);
        let form = waiting.form("/api/correct_registration");
        let page = visitor.submit(form.fill("email", "not an address")).await;
        pages.push(said(&page, email));
        answers.push((mail.kind.clone(), pages));
        if mail.kind == "already_registered" {
            // Its owner is told, and offered the way in.
            let origin = server.origin();
            let links: Vec<_> = mail.links(&origin).collect();
            assert_eq!(links.len(), 2, "{}", mail.text);
            for link in links {
                assert_eq!(server.visitor().open(link).await.status, 200, "{link}");
            }
        }
    }
    let [(kind, known), (other, unknown)] = &answers[..] else {
        unreachable!();
    };
    assert_eq!(
        [&**kind, &**other],
        ["already_registered", "address_confirm"]
    );
    assert_eq!(known, unknown);
    assert!(server.account(&person).await == before);
}

/// Red when signing in with the password of one's own registration tells whether somebody else has an account.
async fn the_password_of_a_registration_says_the_same_of_every_address(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let mut answers = Vec::new();
    for email in [&*person.email, EMAIL] {
        let mut visitor = server.visitor().through(&person.door);
        register(&mut visitor, email, OTHERS).await;
        server.mail_to(email).await;
        let page = visitor.give_password(email, OTHERS).await;
        assert_says(&page, "errors", "unconfirmed");
        server.clock.advance_secs(60);
        let sent = visitor.submit(page.form("/api/send_confirmation")).await;
        answers.push([said(&page, email), said(&sent, email)]);
        server.mail_to(email).await;
        assert!(!visitor.is_in().await);
    }
    assert_eq!(answers[0], answers[1]);
    // Nor does it clear the count of wrong passwords.
    let mut guesser = server.visitor().through(&person.door);
    for _ in 0..20 {
        guesser.give_password(&person.email, "a wrong guess").await;
        guesser.give_password(&person.email, OTHERS).await;
    }
    let page = guesser.give_password(&person.email, "a wrong guess").await;
    assert!(!page.text().contains("incorrect"), "{}", page.text());
    server.every_mail().await;
}

/// Red when the mail to one's own address tells whether the address has an account to which the registration was corrected.
async fn what_is_left_of_a_corrected_address_says_the_same_of_the_new_one(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let door = &person.door;
    let mut answers = Vec::new();
    for (own, email) in [
        ("one@own.example", &*person.email),
        ("two@own.example", EMAIL),
    ] {
        // A second registration keeps the account of the own address.
        registered(server, door, own).await;
        let (mut visitor, foreign) = registered(server, door, own).await;
        let link = link(server, &foreign);
        server.clock.advance_secs(60);
        let waiting = visitor.open(&door.entrance(paths::WAITING)).await;
        let form = waiting.form("/api/correct_registration");
        visitor.submit(form.fill("email", email)).await;
        server.mail_to(email).await;
        let mut other = server.visitor().through(door);
        let mut seen = vec![said(&other.open(&link).await, email)];
        let token = link.split_once("token=").unwrap().1;
        let tag = door.tag();
        let fields = [("token", token), ("door", &tag)];
        let renewed = other.post("/api/renew_confirmation", &fields).await;
        let location = renewed.header("location").to_owned();
        seen.push((renewed.status.as_u16(), location, renewed.text()));
        let page = visitor.open(&door.entrance(paths::WAITING)).await;
        let form = page.form("/api/confirm_by_code");
        let code = resets::code(&foreign);
        let page = visitor.submit(form.fill("code", &code)).await;
        seen.push(said(&page, email));
        let seen = seen
            .into_iter()
            .map(|(status, url, text)| (status, url.replace(token, "…"), text.replace(own, "…")));
        answers.push(seen.collect::<Vec<_>>());
    }
    assert_eq!(answers[0], answers[1]);
    server.every_mail().await;
}

async fn of_several_registrations_the_one_that_is_confirmed_stays(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let mut stranger = server.visitor().through(&door);
    register_as(&mut stranger, "Not Her", EMAIL, OTHERS).await;
    let foreign = mail(server, EMAIL).await;
    let (mut own, mail) = registered(server, &door, EMAIL).await;
    // And a third one afterwards: the newest does not win either.
    let mut third = server.visitor().through(&door);
    register_as(&mut third, "Nor Her", EMAIL, OTHERS).await;
    crate::support::registrations::mail(server, EMAIL).await;
    confirm(server, &mut own, &mail).await;
    assert!(own.is_in().await);
    let page = own.open(&door.own(paths::PROFILE)).await;
    assert!(page.text().contains("Newly Registered"), "{}", page.text());
    // What others registered is dead: link, code, password.
    assert_eq!(own.open(&link(server, &foreign)).await.status, 410);
    let (code, tag) = (resets::code(&foreign), door.tag());
    let fields = [("code", code.as_str()), ("door", &tag)];
    stranger.post("/api/confirm_by_code", &fields).await;
    // Nor does the page that waits tell strangers that the owner has come.
    let page = stranger.open(&door.entrance(paths::WAITING)).await;
    assert!(page.has_form("/api/confirm_by_code"));
    stranger.give_password(EMAIL, OTHERS).await;
    assert!(!stranger.is_in().await && !third.is_in().await);
    server.every_mail().await;
}

async fn it_was_not_me_ends_the_registration_of_a_stranger(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let mut stranger = server.visitor().through(&door);
    register_as(&mut stranger, "Not Her", EMAIL, OTHERS).await;
    let foreign = mail(server, EMAIL).await;
    let mut owner = server.visitor().through(&door);
    let page = owner.open(&link(server, &foreign)).await;
    assert!(page.text().contains("Not Her"));
    let page = owner.submit(page.form("/api/deny_registration")).await;
    assert_says(&page, "registration", "denied");
    assert_eq!(owner.open(&link(server, &foreign)).await.status, 410);
    let waiting = door.entrance(paths::WAITING);
    let page = stranger.open(&waiting).await;
    let (code, tag) = (resets::code(&foreign), door.tag());
    let fields = [("code", code.as_str()), ("door", &tag)];
    stranger.post("/api/confirm_by_code", &fields).await;
    assert!(!stranger.is_in().await);
    assert_eq!(leaving::run_job(server).await, 1, "the account is gone");
    // The owner gets no further mail from it, neither by its page nor by its password.
    server.clock.advance_secs(60);
    assert_says(&page, "registration", "denied_here_title");
    assert!(!page.has_form("/api/send_confirmation"));
    stranger
        .post("/api/send_confirmation", &[("door", &tag)])
        .await;
    stranger.give_password(EMAIL, OTHERS).await;
    assert_says(
        &stranger.open(&waiting).await,
        "registration",
        "denied_here_title",
    );
    // What was a typing error can be corrected.
    let form = page.form("/api/correct_registration");
    stranger
        .submit(form.fill("email", "right@home.example"))
        .await;
    let right = mail(server, "right@home.example").await;
    confirm(server, &mut stranger, &right).await;
    assert!(stranger.is_in().await);
    // Where the owner has registered too, that registration stands.
    let mut again = server.visitor().through(&door);
    register_as(&mut again, "Not Her", EMAIL, OTHERS).await;
    let foreign = mail(server, EMAIL).await;
    let (mut own, mail) = registered(server, &door, EMAIL).await;
    let page = owner.open(&link(server, &foreign)).await;
    owner.submit(page.form("/api/deny_registration")).await;
    assert_eq!(leaving::run_job(server).await, 0);
    confirm(server, &mut own, &mail).await;
    assert!(own.is_in().await);
}

async fn a_new_password_by_mail_ends_every_registration(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let (mut stranger, foreign) = registered(server, &door, EMAIL).await;
    let mut owner = server.visitor().through(&door);
    resets::ask_for(&mut owner, EMAIL).await;
    let reset = server.mail_to(EMAIL).await;
    assert_eq!(reset.kind, "password_reset");
    let link_of_reset = resets::link(server, &reset);
    // The name that the stranger gave goes too.
    let page = resets::choose(&mut owner, &link_of_reset, resets::NEW).await;
    assert_says(&page, "errors", "empty_name");
    let form = page
        .form("/api/reset_password")
        .fill("name", "Her Own Name");
    owner.submit(form.fill("password", resets::NEW)).await;
    assert_eq!(server.mail_to(EMAIL).await.kind, "password_changed");
    assert_eq!(owner.open(&link(server, &foreign)).await.status, 410);
    let (code, tag) = (resets::code(&foreign), door.tag());
    let fields = [("code", code.as_str()), ("door", &tag)];
    stranger.post("/api/confirm_by_code", &fields).await;
    stranger.give_password(EMAIL, CHOSEN).await;
    assert!(!stranger.is_in().await);
    owner.give_password(EMAIL, resets::NEW).await;
    assert!(owner.is_in().await);
    let home = owner.open(&door.home()).await;
    assert!(home.text().contains("Her Own Name"), "{}", home.text());
    // The account is confirmed, and stays.
    server.clock.advance(domain::retention::UNCONFIRMED);
    assert_eq!(leaving::run_job(server).await, 0);
}

async fn an_unconfirmed_registration_keeps_nobody_from_an_address(server: &TestServer) {
    let person = server.participant("bellerive").await;
    registered(server, &person.door, EMAIL).await;
    let mut own = server.visitor().sign_in(&person).await;
    ask_and_confirm(server, &mut own, EMAIL).await;
    assert_eq!(server.account(&person).await.email, EMAIL);
    server.every_mail().await;
}

/// Red when the address that a thief has changed away can be registered before its owner takes it back.
async fn an_address_that_can_be_restored_is_not_given_away(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let old = person.email.clone();
    let mut thief = server.visitor().sign_in(&person).await;
    ask_and_confirm(server, &mut thief, "thief@home.example").await;
    server.ignore_mail_to(&old).await;
    let mut stranger = server.visitor().through(&person.door);
    register(&mut stranger, &old, OTHERS).await;
    assert_eq!(server.mail_to(&old).await.kind, "already_registered");
    let store = &server.identity().store;
    let realm = server.account(&person).await.realm;
    let taken = store.account_by_email(&realm, &old).await.unwrap();
    assert!(taken.is_none());
    server.every_mail().await;
}

async fn a_second_factor_is_never_passed_by_it(server: &TestServer) {
    let person = server.newcomer("bellerive").await;
    let mut visitor = server.visitor().through(&person.door);
    let page = visitor.give_password(&person.email, &person.password).await;
    visitor.submit(page.form("/api/send_confirmation")).await;
    let mail = mail(server, &person.email).await;
    let page = visitor.open(&link(server, &mail)).await;
    let secret = domain::totp::TotpSecret::generate(&*server.identity().entropy);
    let planted = server.identity().plant_second_factor(&person.id, &secret);
    planted.await.unwrap();
    visitor.submit(page.form("/api/confirm_address")).await;
    assert!(!visitor.is_in().await);
    assert_eq!(visitor.open(&link(server, &mail)).await.status, 410);
}

async fn registrations_at_once_make_one_account(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let origin = server.origin();
    let mut visitors: Vec<Visitor> = Vec::new();
    for number in 0..4 {
        let visitor = server.visitor().through(&door);
        visitors.push(visitor.saying("user-agent", &format!("Browser {number} {origin}")));
    }
    let pages = all_at_once(visitors.into_iter().map(|mut visitor| async move {
        register(&mut visitor, EMAIL, OTHERS).await.errors().len()
    }))
    .await;
    assert_eq!(pages, [0, 0, 0, 0]);
    for _ in 0..4 {
        mail(server, EMAIL).await;
    }
    let Door::Platform(platform) = &door else {
        unreachable!();
    };
    let store = &server.identity().store;
    let organisation = store.organisation_by_slug(&platform.organisation).await;
    let realm = domain::Realm::Organisation(organisation.unwrap().unwrap().id);
    let accounts = store.accounts(&realm, None, 9).await.unwrap();
    assert_eq!(accounts.len(), 1);
}

async fn a_locked_account_is_told_to_its_owner_alone(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let account = server.account(&person).await;
    server.identity().set_locked(&account, true).await.unwrap();
    let mut stranger = server.visitor().through(&person.door);
    let page = register(&mut stranger, &person.email, OTHERS).await;
    assert_eq!(page.url, person.door.entrance(paths::WAITING));
    assert_eq!(server.mail_to(&person.email).await.kind, "account_closed");
}

/// Red when a link to one address deletes the registration of another.
async fn only_the_mail_to_an_address_frees_it(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let (mut victim, mail) = registered(server, &person.door, EMAIL).await;
    let mut own = server.visitor().sign_in(&person).await;
    ask(&mut own, "mine@home.example", "").await;
    let request = asked(server, &person.email, "mine@home.example").await;
    press(server, &person, &request.token(), EMAIL).await;
    confirm(server, &mut victim, &mail).await;
    assert!(victim.is_in().await);
    server.every_mail().await;
}

/// Red when the count of wrong passwords tells whether somebody else has an account with an address that one has
/// registered.
async fn wrong_passwords_of_an_unconfirmed_address_are_counted_as_everywhere(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let mut answers = Vec::new();
    for email in [&*person.email, EMAIL] {
        let mut visitor = server.visitor().through(&person.door);
        register(&mut visitor, email, OTHERS).await;
        server.mail_to(email).await;
        let mut errors = Vec::new();
        for _ in 0..14 {
            errors.push(visitor.give_password(email, OTHERS).await.errors());
        }
        answers.push(errors);
        server.clock.advance_secs(3600);
    }
    assert_eq!(answers[0], answers[1]);
}

/// The owner may have confirmed what a stranger registered: the stranger's sign-in is then a new device.
async fn the_first_sign_in_after_a_confirmation_elsewhere_is_told(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let (mut stranger, mail) = registered(server, &door, EMAIL).await;
    let mut owner = server.visitor().through(&door);
    confirm(server, &mut owner, &mail).await;
    assert!(server.new_device_mails(EMAIL).await.is_empty());
    stranger.give_password(EMAIL, CHOSEN).await;
    assert!(stranger.is_in().await);
    let told = server.new_device_mails(EMAIL).await;
    let origin = server.origin();
    let way_out = told.first().expect("a mail").not_me(&origin);
    let page = owner.open(&way_out).await;
    owner.submit(page.form("/api/say_not_me")).await;
    assert!(!stranger.is_in().await);
    // In the browser that registered, nobody is told of the first sign-in.
    let (mut own, mail) = registered(server, &door, "own@home.example").await;
    confirm(server, &mut own, &mail).await;
    assert!(server.new_device_mails("own@home.example").await.is_empty());
    server.every_mail().await;
}
