//! Registering: the page, the mail that answers it, and the ways to confirm the address.

use crate::support::{
    TestServer, both, leaving,
    registrations::{CHOSEN, confirm, link, mail, register, registered},
    resets,
    words::{assert_refused, assert_says, too_many},
};
use app::paths;
use contract::{Door, Field, PasswordProblem, Problem, RegistrationProblem};
use domain::{
    Clock as _, Duration,
    limit::{Limit, REGISTRATION_MAILS, REGISTRATION_MAILS_PER_DOMAIN, REGISTRATIONS_PER_NETWORK},
    password::PARTICIPANT_MINIMUM,
    retention::UNCONFIRMED,
    token::Purpose,
};
use identity::MAILS_PER_REGISTRATION;
use store::ListedJob;

both! {
    a32_a33_a36_she_registers_and_the_link_of_the_mail_lets_her_in,
    in_another_browser_the_link_confirms_and_signs_nobody_in,
    the_code_of_the_mail_confirms_on_the_page_that_waits,
    a34_a35_an_address_that_is_not_confirmed_is_told_after_the_right_password,
    a37_a38_the_page_that_waits_names_both_causes_and_takes_another_address,
    another_mail_can_be_sent_a_minute_later,
    a_link_that_is_too_old_is_renewed_by_one_press,
    opening_the_links_of_a_mail_changes_nothing,
    what_is_wrong_is_said_beside_each_field,
    nobody_registers_without_end,
    a_flood_delays_the_mails_of_its_domain_and_then_all_of_them,
    an_account_that_nobody_confirms_goes_without_a_mail,
    who_is_signed_in_is_not_asked_to_register,
    the_events_of_the_page_are_for_who_waits,
}

const EMAIL: &str = "new@home.example";

async fn a32_a33_a36_she_registers_and_the_link_of_the_mail_lets_her_in(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let mut visitor = server.visitor().through(&door);
    let page = visitor.open(&door.home()).await;
    let way = page.link("Create an account").expect("a way to register");
    let wanted = door.own(paths::SETTINGS);
    let page = visitor.open(&format!("{way}?next={wanted}")).await;
    let form = page.form("/api/register").fill("name", "Zoé Newly");
    let page = visitor
        .submit(form.fill("email", EMAIL).fill("password", CHOSEN))
        .await;
    assert_eq!(page.url, door.entrance(paths::WAITING), "{}", page.text());
    assert!(page.text().contains(EMAIL));
    let mail = mail(server, EMAIL).await;
    assert!(mail.text.contains("Town of bellerive"), "{}", mail.text);
    let page = confirm(server, &mut visitor, &mail).await;
    assert_eq!(page.url, wanted, "she comes back to where she was");
    assert!(visitor.is_in().await && page.text().contains("Zoé Newly"));
    let page = visitor.open(&door.own(paths::ACTIVITY)).await;
    assert_says(&page, "activity", "address_confirmed");
    let page = visitor.open(&door.own(paths::OWN_DATA)).await;
    let data = page.all("main #registrations");
    assert!(data[0].text.contains("quay") && data[0].text.contains(EMAIL));
    // From then on the password signs in, anywhere.
    let mut other = server.visitor().through(&door);
    other.give_password(EMAIL, CHOSEN).await;
    assert!(other.is_in().await);
}

async fn in_another_browser_the_link_confirms_and_signs_nobody_in(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let (mut own, mail) = registered(server, &door, EMAIL).await;
    let mut phone = server.visitor().through(&door);
    let page = confirm(server, &mut phone, &mail).await;
    assert_eq!(page.url, door.entrance(paths::SIGN_IN));
    assert_says(&page, "registration", "confirmed_sign_in");
    assert_eq!(page.form("/api/sign_in").value("email"), Some(EMAIL));
    assert!(!phone.is_in().await && !own.is_in().await);
    // The page that waits says so by itself, and leads to the sign-in page.
    let page = own.open(&door.entrance(paths::WAITING)).await;
    assert_says(&page, "registration", "confirmed_title");
    assert!(page.link("Sign in").is_some());
    own.give_password(EMAIL, CHOSEN).await;
    assert!(own.is_in().await);
    // The link is used up, and its page says that the address is confirmed.
    let page = phone.open(&link(server, &mail)).await;
    assert_eq!(page.status, 410);
    assert_says(&page, "registration", "link_used");
}

async fn the_code_of_the_mail_confirms_on_the_page_that_waits(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let (mut visitor, mail) = registered(server, &door, EMAIL).await;
    let page = visitor.open(&door.entrance(paths::WAITING)).await;
    let form = page.form("/api/confirm_by_code");
    let page = visitor.submit(form.clone().fill("code", "BCDF-GHJK")).await;
    assert_refused(&page, &PasswordProblem::MailCodeRejected.into());
    let page = visitor.submit(form.clone().fill("code", "12")).await;
    assert_refused(&page, &PasswordProblem::MailCodeMalformed.into());
    // It belongs to the browser that registered.
    let mut thief = server.visitor().through(&door);
    let (code, tag) = (resets::code(&mail), door.tag());
    let fields = [("code", code.as_str()), ("door", &tag)];
    thief.post("/api/confirm_by_code", &fields).await;
    assert!(!thief.is_in().await);
    let page = visitor.submit(form.fill("code", &code)).await;
    assert_says(&page, "registration", "confirmed_here");
    assert!(visitor.is_in().await);
}

async fn a34_a35_an_address_that_is_not_confirmed_is_told_after_the_right_password(
    server: &TestServer,
) {
    let door = server.platform("bellerive").await;
    registered(server, &door, EMAIL).await;
    // So it is for accounts that were made otherwise.
    let planted = server.newcomer("bellerive").await;
    for (email, password) in [(EMAIL, CHOSEN), (&*planted.email, &*planted.password)] {
        let mut visitor = server.visitor().through(&door);
        let page = visitor.give_password(email, "a wrong guess").await;
        assert_says(&page, "errors", "bad_credentials");
        let page = visitor.give_password(email, password).await;
        assert_says(&page, "errors", "unconfirmed");
        assert!(!visitor.is_in().await);
        // One button sends the mail, and the page that waits is this browser's.
        let page = visitor.submit(page.form("/api/send_confirmation")).await;
        assert_eq!(page.url, door.entrance(paths::WAITING));
        let mail = mail(server, email).await;
        confirm(server, &mut visitor, &mail).await;
        assert!(visitor.is_in().await, "{email}");
    }
}

async fn a37_a38_the_page_that_waits_names_both_causes_and_takes_another_address(
    server: &TestServer,
) {
    let door = server.platform("bellerive").await;
    let (mut visitor, wrong) = registered(server, &door, "nwe@home.example").await;
    let page = visitor.open(&door.entrance(paths::WAITING)).await;
    assert_says(&page, "registration", "spam");
    assert_says(&page, "registration", "typo");
    let form = page.form("/api/correct_registration");
    let page = visitor.submit(form.clone().fill("email", "new@")).await;
    assert_refused(&page, &Problem::NotAnAddress);
    let page = visitor.submit(form.fill("email", EMAIL)).await;
    assert_says(&page, "registration", "corrected");
    assert!(page.text().contains(EMAIL));
    // The earlier link is dead at once, and its address is free again.
    let mut other = server.visitor().through(&door);
    assert_eq!(other.open(&link(server, &wrong)).await.status, 410);
    let mail = mail(server, EMAIL).await;
    assert_eq!(leaving::run_job(server).await, 1);
    confirm(server, &mut visitor, &mail).await;
    assert!(visitor.is_in().await);
    assert!(
        server
            .every_mail()
            .await
            .iter()
            .all(|mail| mail.kind != "account_deleted")
    );
}

async fn another_mail_can_be_sent_a_minute_later(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let (mut visitor, first) = registered(server, &door, EMAIL).await;
    let page = visitor.open(&door.entrance(paths::WAITING)).await;
    let form = page.form("/api/send_confirmation");
    let page = visitor.submit(form.clone()).await;
    assert_refused(&page, &too_many(Duration::from_mins(1)));
    for _ in 1..MAILS_PER_REGISTRATION {
        // Five mails may follow each other, then one every five minutes.
        server.clock.advance_secs(300);
        let page = visitor.submit(form.clone()).await;
        assert_says(&page, "registration", "mail_asked");
        mail(server, EMAIL).await;
    }
    server.clock.advance_secs(300);
    let page = visitor.submit(form).await;
    assert_refused(&page, &RegistrationProblem::MailsUsedUp.into());
    assert!(!page.has_form("/api/correct_registration"));
    // A mail that was on its way for long is as good as the newest.
    confirm(server, &mut visitor, &first).await;
    assert!(visitor.is_in().await);
}

async fn a_link_that_is_too_old_is_renewed_by_one_press(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let (_, old) = registered(server, &door, EMAIL).await;
    server
        .clock
        .advance(Purpose::AddressConfirmation.lifetime());
    let mut phone = server.visitor().through(&door);
    let page = phone.open(&link(server, &old)).await;
    assert_eq!(page.status, 410);
    assert_says(&page, "registration", "expired");
    let page = phone.submit(page.form("/api/renew_confirmation")).await;
    assert_says(&page, "registration", "renewed");
    let mail = mail(server, EMAIL).await;
    confirm(server, &mut phone, &mail).await;
    phone.give_password(EMAIL, CHOSEN).await;
    assert!(phone.is_in().await);
}

/// Mail filters open every link, and some press whatever a GET reaches.
async fn opening_the_links_of_a_mail_changes_nothing(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let (mut visitor, mail) = registered(server, &door, EMAIL).await;
    let origin = server.origin();
    let mut scanner = server.visitor();
    for link in mail.links(&origin) {
        for _ in 0..2 {
            let page = scanner.open(link).await;
            assert_eq!(page.status, 200, "{link}");
            for (_, address) in page.links() {
                if address.starts_with('/') {
                    scanner.open(&address).await;
                }
            }
        }
    }
    let page = visitor.give_password(EMAIL, CHOSEN).await;
    assert_says(&page, "errors", "unconfirmed");
    confirm(server, &mut visitor, &mail).await;
}

async fn what_is_wrong_is_said_beside_each_field(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let mut visitor = server.visitor().through(&door);
    let page = visitor.open(&door.entrance(paths::REGISTER)).await;
    let form = page.form("/api/register");
    let empty = |field| Problem::Empty { field };
    let page = visitor.submit(form.clone()).await;
    let problems = [Field::Name, Field::Email, Field::Password].map(empty);
    assert_refused(
        &page,
        &Problem::Several {
            problems: problems.into(),
        },
    );
    // Nothing that was typed is lost but the password; nor may that be made of the other fields.
    let form = form.fill("name", "Marguerite Dubois").fill("email", EMAIL);
    let page = visitor
        .submit(form.clone().fill("password", "margueritedubois"))
        .await;
    assert_refused(&page, &PasswordProblem::Personal.into());
    let again = page.form("/api/register");
    assert_eq!(again.value("name"), Some("Marguerite Dubois"));
    assert_eq!(again.value("email"), Some(EMAIL));
    assert_eq!(again.value("password").unwrap_or_default(), "");
    let minimum = u32::try_from(PARTICIPANT_MINIMUM).unwrap();
    let page = visitor.submit(form.clone().fill("password", "short")).await;
    assert_refused(&page, &PasswordProblem::TooShort { minimum }.into());
    let long = "x".repeat(101);
    let page = visitor
        .submit(form.fill("name", &long).fill("password", CHOSEN))
        .await;
    assert_refused(
        &page,
        &Problem::TooLong {
            field: Field::Name,
            limit: 100,
        },
    );
    assert!(server.every_mail().await.is_empty());
}

async fn nobody_registers_without_end(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let mut visitor = server.visitor().through(&door);
    for number in 0..REGISTRATIONS_PER_NETWORK.burst {
        let page = register(&mut visitor, &format!("flood{number}@home.example"), CHOSEN).await;
        assert_eq!(page.errors().len(), 0, "{number}: {}", page.text());
        mail(server, &format!("flood{number}@home.example")).await;
    }
    let page = register(&mut visitor, EMAIL, CHOSEN).await;
    assert_eq!(page.errors().len(), 1, "{}", page.text());
}

/// Red when a flood from many networks refuses somebody, reaches other domains before its own is closed, or reaches a mailbox.
async fn a_flood_delays_the_mails_of_its_domain_and_then_all_of_them(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let store = &server.identity().store;
    let exhaust = async |bucket: &str, limit: Limit| {
        let now = server.clock.now();
        while store.take(bucket, limit, now).await.unwrap().is_ok() {}
    };
    let asked = async |email: &str| {
        let mut visitor = server.visitor().through(&door);
        let page = register(&mut visitor, email, CHOSEN).await;
        assert_eq!(page.url, door.entrance(paths::WAITING), "{}", page.text());
    };
    let domain = "registration:domain:flooded.example";
    exhaust(domain, REGISTRATION_MAILS_PER_DOMAIN).await;
    asked("one@flooded.example").await;
    delayed(server, 1).await;
    asked("two@home.example").await;
    mail(server, "two@home.example").await;
    exhaust("registration:mails", REGISTRATION_MAILS).await;
    asked("three@home.example").await;
    delayed(server, 2).await;
    assert_eq!(server.every_mail().await.len(), 1);
    // The mails follow, as fast as the limits allow.
    server.clock.advance_secs(90);
    for email in ["one@flooded.example", "three@home.example"] {
        mail(server, email).await;
    }
}

/// Waits until a limit has delayed the answers of so many registrations.
async fn delayed(server: &TestServer, wanted: usize) {
    for _ in 0..1_000 {
        let jobs = server.identity().store.jobs(None, 100).await.unwrap();
        let is_delayed = |job: &&ListedJob| job.last_error.as_deref() == Some("limit");
        if jobs.iter().filter(is_delayed).count() == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{wanted} answers were not delayed");
}

async fn an_account_that_nobody_confirms_goes_without_a_mail(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let (mut visitor, mail) = registered(server, &door, EMAIL).await;
    server.clock.advance_secs(UNCONFIRMED.as_secs() - 1);
    assert_eq!(leaving::run_job(server).await, 0);
    server.clock.advance_secs(2);
    assert_eq!(leaving::run_job(server).await, 1);
    assert!(
        server
            .identity()
            .check_deletions()
            .await
            .unwrap()
            .altered
            .is_empty()
    );
    let page = visitor.open(&link(server, &mail)).await;
    assert_eq!(page.status, 410);
    // One that was confirmed stays.
    let (mut other, mail) = registered(server, &door, "stays@home.example").await;
    confirm(server, &mut other, &mail).await;
    server.clock.advance(UNCONFIRMED + Duration::from_secs(1));
    assert_eq!(leaving::run_job(server).await, 0);
    server.every_mail().await;
}

async fn who_is_signed_in_is_not_asked_to_register(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let mut own = server.visitor().sign_in(&person).await;
    let page = own.open(&person.door.entrance(paths::REGISTER)).await;
    assert!(!page.has_form("/api/register") && page.text().contains(&person.name));
    // The back office has no page for registering.
    let page = server.visitor().open(paths::REGISTER).await;
    assert_eq!(page.status, 404);
    let tag = Door::BackOffice.tag();
    let fields = [
        ("name", "Eve"),
        ("email", EMAIL),
        ("password", CHOSEN),
        ("door", &tag),
    ];
    server.visitor().post("/api/register", &fields).await;
    assert!(server.every_mail().await.is_empty());
}

/// Red when the events of a page are sent to who waits for nothing: the browser would ask again and again.
async fn the_events_of_the_page_are_for_who_waits(server: &TestServer) {
    let door = server.platform("bellerive").await;
    let mut visitor = server.visitor().through(&door);
    let live = format!("{}{}", door.entrance(paths::WAITING), paths::LIVE);
    assert_eq!(visitor.open(&live).await.status, 204);
    let page = visitor.open("/p/nowhere/quay/waiting/live").await;
    assert_eq!(page.status, 404);
    // And the page is that of registering.
    let page = visitor.open(&door.entrance(paths::WAITING)).await;
    assert!(page.has_form("/api/register"));
}
