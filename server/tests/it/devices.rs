//! Browsers that an account knows: the first is a matter of course, every further one is told to the
//! owner, and none is worth anything to somebody else.

use crate::support::{
    Person, TestServer, both,
    words::{assert_refused, too_many},
};
use app::paths;
use contract::Locale;
use domain::{Duration, device, limit::SIGN_INS_PER_ACCOUNT};

both! {
    the_first_sign_in_of_all_is_no_news,
    a_new_browser_is_told_to_the_owner_once,
    a_new_browser_of_somebody_with_two_factor_is_told_after_the_code,
    people_who_share_a_browser_are_known_in_it_each,
    a_planted_device_is_never_adopted,
    a_browser_is_known_for_a_year_after_its_last_sign_in,
    a_password_chosen_by_mail_forgets_every_browser,
    somebody_with_the_password_sends_no_hundred_mails,
    a_device_of_old_begins_while_somebody_with_the_password_does,
    devices_of_one_realm_are_nothing_in_another,
    the_cookie_of_devices_is_bound_to_the_host with HTTPS,
}

const DEVICE: &str = "device";

async fn news(server: &TestServer, person: &Person) -> usize {
    server.new_device_mails(&person.email).await.len()
}

async fn the_first_sign_in_of_all_is_no_news(server: &TestServer) {
    for person in server.people().await {
        let manager = server.visitor().sign_in(&person).await;
        assert_eq!(news(server, &person).await, 0);
        // Nor is the second one in the same browser.
        manager.sign_out().await.sign_in(&person).await;
        assert_eq!(news(server, &person).await, 0);
    }
}

/// Red when a device is taken for known by its name or network; when the mail is written at every
/// sign-in.
async fn a_new_browser_is_told_to_the_owner_once(server: &TestServer) {
    for person in server.people().await {
        server.visitor().sign_in(&person).await;
        let second = server.visitor().sign_in(&person).await;
        let mails = server.new_device_mails(&person.email).await;
        assert_eq!(mails.len(), 1);
        let page = person.door.own(paths::SESSIONS);
        assert!(mails[0].text.contains(&page), "{}", mails[0].text);
        assert!(mails[0].text.contains("Firefox, Linux"));
        assert!(mails[0].text.contains("/not-me?token="));
        second.sign_out().await.sign_in(&person).await;
        assert_eq!(news(server, &person).await, 0);
        let lines = server.log_of(&person.id).await;
        let notices = lines.iter().filter(|line| line.kind == "new_device");
        assert_eq!(notices.count(), 1);
    }
}

/// Red when the mail is written after the password: a half-finished sign-in is no news.
async fn a_new_browser_of_somebody_with_two_factor_is_told_after_the_code(server: &TestServer) {
    let person = server.secured().await;
    server.visitor().sign_in(&person).await;
    server.clock.advance_secs(30);
    let mut visitor = server.visitor();
    visitor.begin(&person).await;
    assert_eq!(visitor.jar.get(DEVICE), None);
    assert_eq!(news(server, &person).await, 0);
    visitor.give_code(&person.code()).await;
    assert_eq!(news(server, &person).await, 1);
}

/// Red when a browser holds one token only: the other person's replaces it.
async fn people_who_share_a_browser_are_known_in_it_each(server: &TestServer) {
    let (ada, bea) = (server.person().await, server.person().await);
    for person in [&ada, &bea] {
        server.visitor().sign_in(person).await;
    }
    let mut shared = server.visitor();
    for _ in 0..3 {
        for person in [&ada, &bea] {
            shared = shared.sign_in(person).await.sign_out().await;
        }
    }
    assert_eq!(news(server, &ada).await, 1);
    assert_eq!(news(server, &bea).await, 1);
}

/// Red when a token that the browser brought along becomes the account's device: whoever planted it
/// would hold one as well.
async fn a_planted_device_is_never_adopted(server: &TestServer) {
    let (victim, thief) = (server.person().await, server.person().await);
    let own = server.visitor().sign_in(&thief).await;
    let planted = own.jar.get(DEVICE).unwrap().to_owned();
    server.visitor().sign_in(&victim).await;
    let mut visitor = server.visitor();
    visitor.jar.plant(DEVICE, &planted);
    visitor.sign_in(&victim).await;
    assert_eq!(news(server, &victim).await, 1, "it is not hers");
    let mut thiefs = server.visitor();
    thiefs.jar.plant(DEVICE, &planted);
    thiefs.sign_in(&victim).await;
    assert_eq!(news(server, &victim).await, 1, "and has not become hers");
}

/// Red when each of many sign-ins writes a mail, when the others are never told, or when their number has no bound.
async fn somebody_with_the_password_sends_no_hundred_mails(server: &TestServer) {
    for person in server.people().await {
        let owners = server.visitor().sign_in(&person).await.sign_out().await;
        server.clock.advance(Duration::from_hours(24));
        for _ in 0..SIGN_INS_PER_ACCOUNT.burst {
            server.clock.advance(Duration::from_millis(1));
            server.visitor().sign_in(&person).await;
        }
        for _ in 0..12 {
            let mut visitor = server.visitor().through(&person.door);
            let page = visitor.give_password(&person.email, &person.password).await;
            assert_refused(&page, &too_many(SIGN_INS_PER_ACCOUNT.period));
        }
        // The owner still comes in with a device of old.
        owners.sign_in(&person).await;
        assert_eq!(news(server, &person).await, 3);
        // Until the mail that tells of all, no other one tells of some of them.
        server.clock.advance_secs(3000);
        server.visitor().sign_in(&person).await;
        assert_eq!(news(server, &person).await, 0);
        server.clock.advance_secs(600);
        let digest = server.mail_to(&person.email).await;
        assert_eq!(digest.kind, "new_devices");
        let words = digest.text.split_whitespace();
        assert_eq!(
            words.filter(|word| *word == "18").count(),
            1,
            "{}",
            digest.text
        );
        assert!(digest.text.contains("/not-me?token="));
        // The right password was no guess.
        server.visitor().sign_in(&person).await;
        assert_eq!(news(server, &person).await, 1);
    }
}

/// Red when somebody with the password keeps the owner from the second step, or when that has no limit.
async fn a_device_of_old_begins_while_somebody_with_the_password_does(server: &TestServer) {
    let person = server.secured().await;
    let mut owners = server.visitor().sign_in(&person).await.sign_out().await;
    server.clock.advance(Duration::from_hours(24));
    for _ in 0..SIGN_INS_PER_ACCOUNT.burst {
        server.visitor().begin(&person).await;
    }
    let mut thief = server.visitor().through(&person.door);
    let page = thief.give_password(&person.email, &person.password).await;
    assert_refused(&page, &too_many(SIGN_INS_PER_ACCOUNT.period));
    owners.begin(&person).await;
    let page = owners.give_code(&person.code()).await;
    assert!(page.errors().is_empty(), "{}", page.text());
}

/// Red when a reset leaves devices: a thief of the old password keeps a count of tries, and no mail tells of the next
/// sign-in.
async fn a_password_chosen_by_mail_forgets_every_browser(server: &TestServer) {
    for mut person in server.people().await {
        let thiefs = server.visitor().sign_in(&person).await.sign_out().await;
        server
            .choose_new_password(&mut person, "a tram, a bell and a late bus")
            .await;
        server.visitor().sign_in(&person).await;
        assert_eq!(
            news(server, &person).await,
            1,
            "the browser of the owner is new too"
        );
        thiefs.sign_in(&person).await;
        assert_eq!(news(server, &person).await, 1);
    }
}

async fn a_browser_is_known_for_a_year_after_its_last_sign_in(server: &TestServer) {
    let person = server.person().await;
    let mut browser = server.visitor().sign_in(&person).await.sign_out().await;
    for _ in 0..2 {
        server.clock.advance_secs(device::KNOWN.as_secs() - 1);
        browser = browser.sign_in(&person).await.sign_out().await;
    }
    assert_eq!(news(server, &person).await, 0);
    server.clock.advance(device::KNOWN);
    browser.sign_in(&person).await;
    assert_eq!(news(server, &person).await, 1);
}

/// Red when a device is looked up by its token alone.
async fn devices_of_one_realm_are_nothing_in_another(server: &TestServer) {
    let email = "citizen@home.example";
    let bellerive = server.participant_with("bellerive", email, true).await;
    let montclair = server.participant_with("montclair", email, true).await;
    let here = server.visitor().sign_in(&bellerive).await;
    server.visitor().sign_in(&montclair).await;
    let cookie = |realm: &domain::Realm| format!("device-{realm}");
    let (own, other) = (
        cookie(&server.account(&bellerive).await.realm),
        cookie(&server.account(&montclair).await.realm),
    );
    let token = here.jar.get(&own).unwrap().to_owned();
    assert_eq!(here.jar.get(DEVICE), None);
    let mut visitor = server.visitor();
    visitor.jar.plant(&other, &token);
    visitor.sign_in(&montclair).await;
    assert_eq!(news(server, &montclair).await, 1);
}

async fn the_cookie_of_devices_is_bound_to_the_host(server: &TestServer) {
    let person = server.person_with(Locale::Fr, None).await;
    let fields = [
        ("email", person.email.as_str()),
        ("password", &person.password),
        ("locale", Locale::Fr.as_str()),
    ];
    let answer = server.visitor().post("/api/sign_in", &fields).await;
    let cookies = answer.set_cookies();
    let ours = cookies
        .iter()
        .find(|cookie| cookie.starts_with("__Host-device="))
        .unwrap_or_else(|| panic!("{cookies:?}"));
    let wanted = "; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000; Secure";
    assert!(ours.ends_with(wanted), "{ours}");
    // A refused sign-in makes no device.
    let fields = [("email", person.email.as_str()), ("password", "a guess")];
    let answer = server.visitor().post("/api/sign_in", &fields).await;
    let cookies = answer.set_cookies();
    assert!(cookies.iter().all(|cookie| !cookie.contains("device")));
}
