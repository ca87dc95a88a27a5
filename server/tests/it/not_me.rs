//! What "this was not me" takes back of a second factor, whichever notice it is said to: a thief causes
//! several of them, and nobody knows which one his victim opens.

use crate::{
    own_password::change,
    support::{
        Mail, Person, TestServer, both,
        words::{assert_refused, assert_says, text},
    },
};
use app::paths;
use contract::{CodeProblem, Locale, Problem};

both! {
    a_strangers_second_factor_goes_with_the_stranger,
    an_earlier_notice_takes_the_strangers_factor_too,
    a_later_notice_takes_the_strangers_factor_too,
    the_notice_of_an_earlier_set_up_takes_the_later_one_too,
    the_own_second_factor_stays,
    a_strangers_recovery_codes_are_worth_nothing,
    the_button_works_for_a_week,
    the_page_afterwards_knows_the_address_and_sends_again,
}

const NEW: &str = "eleven barges under the moon";
const NEWEST: &str = "nine swans on the weir today";
const DAY: u64 = 24 * 3600;

/// Presses the button behind the second link of a notice, in a fresh browser.
async fn press(server: &TestServer, person: &Person, notice: &Mail) {
    let link = notice.not_me(&server.origin());
    let mut owner = server.visitor().through(&person.door);
    let page = owner.open(&link).await;
    let page = owner.submit(page.form("/api/say_not_me")).await;
    assert_says(&page, "password", "safe_title");
}

/// The mail after the button brings the owner in, with a new password and nothing else.
async fn is_let_in(server: &TestServer, mut person: Person) {
    assert!(!server.account(&person).await.second_factor);
    let mail = server.mail_to(&person.email).await;
    assert_eq!(mail.kind, "account_safe");
    let mut owner = server.visitor().through(&person.door);
    let page = owner.open(&mail.link(&server.origin())).await;
    let form = page.form("/api/reset_password");
    assert!(!form.names().contains(&"code"), "nobody asks for a code");
    owner.submit(form.fill("password", NEWEST)).await;
    server.mail_to(&person.email).await;
    NEWEST.clone_into(&mut person.password);
    person.phone = None;
    assert!(owner.sign_in(&person).await.is_in().await);
}

/// Red when only the sessions end: the stranger's telephone would lock the owner out for good.
async fn a_strangers_second_factor_goes_with_the_stranger(server: &TestServer) {
    for mut stranger in server.signed_in_people().await {
        let phone = stranger.scan(server).await;
        stranger.confirm(&phone.code()).await;
        let person = stranger.person;
        let notice = server.mail_to(&person.email).await;
        assert_eq!(notice.kind, "two_factor_enabled");
        assert!(server.account(&person).await.second_factor);
        press(server, &person, &notice).await;
        is_let_in(server, person).await;
    }
}

/// Red when only the notice of the factor takes it back: whoever reads her mail in order begins with the
/// new device, and that button makes the other notices worthless.
async fn an_earlier_notice_takes_the_strangers_factor_too(server: &TestServer) {
    for owner in server.signed_in_people().await {
        let mut stranger = server.visitor().sign_in(&owner.person).await;
        let device = server.new_device_mails(&owner.person.email).await;
        server.clock.advance_secs(60);
        stranger.enable_two_factor(server).await;
        press(server, &owner.person, &device[0]).await;
        assert!(!stranger.is_in().await);
        is_let_in(server, owner.person).await;
    }
}

/// Red when a notice takes back only what came after it: whoever begins with her newest mail meets the
/// change of the password first.
async fn a_later_notice_takes_the_strangers_factor_too(server: &TestServer) {
    for mut stranger in server.signed_in_people().await {
        stranger.enable_two_factor(server).await;
        server.clock.advance_secs(60);
        let password = stranger.person.password.clone();
        change(&mut stranger, &password, NEW).await;
        let notice = server.mail_to(&stranger.person.email).await;
        assert_eq!(notice.kind, "password_changed");
        press(server, &stranger.person, &notice).await;
        is_let_in(server, stranger.person).await;
    }
}

/// Red when a notice takes back only the factor that it tells of: a thief would set his up twice.
async fn the_notice_of_an_earlier_set_up_takes_the_later_one_too(server: &TestServer) {
    for mut stranger in server.signed_in_people().await {
        let phone = stranger.scan(server).await;
        stranger.confirm(&phone.code()).await;
        let first = server.mail_to(&stranger.person.email).await;
        server.clock.advance_secs(60);
        let password = stranger.person.password.clone();
        stranger.prove("/api/disable_two_factor", &password).await;
        server.mail_to(&stranger.person.email).await;
        server.clock.advance_secs(60);
        stranger.enable_two_factor(server).await;
        press(server, &stranger.person, &first).await;
        is_let_in(server, stranger.person).await;
    }
}

/// Red when every factor goes: a mailbox alone would be enough to remove one.
async fn the_own_second_factor_stays(server: &TestServer) {
    let mut owner = server.manager().await;
    owner.enable_two_factor(server).await;
    let person = owner.person;
    server.clock.advance_secs(DAY);
    let mut stranger = server.visitor().sign_in(&person).await;
    change(&mut stranger, &person.password, NEW).await;
    let notice = server.mail_to(&person.email).await;
    press(server, &person, &notice).await;
    assert!(server.account(&person).await.second_factor);
    assert_eq!(codes_left(server, &person).await, 10);
    let mail = server.mail_to(&person.email).await;
    let mut reader = server.visitor();
    let page = reader.open(&mail.link(&server.origin())).await;
    let form = page.form("/api/reset_password").fill("password", NEWEST);
    let page = reader.submit(form.fill("code", "000000")).await;
    assert_refused(&page, &Problem::Code(CodeProblem::Rejected));
}

async fn codes_left(server: &TestServer, person: &Person) -> u32 {
    let store = &server.identity().store;
    store.recovery_codes_left(&person.id).await.unwrap()
}

/// Red when only the telephone is looked at: whoever made new codes would have a second factor for ever,
/// and the owner's had become worthless.
async fn a_strangers_recovery_codes_are_worth_nothing(server: &TestServer) {
    let person = server.secured().await;
    server.visitor().sign_in(&person).await;
    server.clock.advance_secs(DAY);
    let mut stranger = server.visitor().sign_in(&person).await;
    let device = server.new_device_mails(&person.email).await;
    stranger
        .prove("/api/renew_recovery_codes", &person.password)
        .await;
    server.mail_to(&person.email).await;
    assert_eq!(codes_left(server, &person).await, 10);
    press(server, &person, &device[0]).await;
    assert!(server.account(&person).await.second_factor);
    assert_eq!(codes_left(server, &person).await, 0);
    server.mail_to(&person.email).await;
}

/// Red when the way out is closed before the week is over, or stays open: from Friday evening to Monday
/// the owner may read no mail.
async fn the_button_works_for_a_week(server: &TestServer) {
    for (wait, works) in [(7 * DAY - 3600, true), (7 * DAY, false)] {
        for person in server.people().await {
            let mut stranger = server.visitor().sign_in(&person).await;
            change(&mut stranger, &person.password, NEW).await;
            let notice = server.mail_to(&person.email).await;
            let link = notice.not_me(&server.origin());
            let mut owner = server.visitor().through(&person.door);
            let form = owner.open(&link).await.form("/api/say_not_me");
            server.clock.advance_secs(wait);
            let status = owner.open(&link).await.status;
            assert_eq!(status, if works { 200 } else { 410 });
            let page = owner.submit(form).await;
            let taken = server.account(&person).await.password_hash.is_none();
            assert_eq!(taken, works, "{wait}");
            if works {
                assert_eq!(server.mail_to(&person.email).await.kind, "account_safe");
            } else {
                assert_eq!(page.status, 410);
            }
        }
    }
}

/// Red when the page after the button wants the address again, sends no second mail, or has the address
/// in its own.
async fn the_page_afterwards_knows_the_address_and_sends_again(server: &TestServer) {
    for person in server.people().await {
        let mut stranger = server.visitor().sign_in(&person).await;
        change(&mut stranger, &person.password, NEW).await;
        let notice = server.mail_to(&person.email).await;
        let link = notice.not_me(&server.origin());
        let mut owner = server.visitor().through(&person.door);
        let page = owner.open(link.strip_prefix("/fr").unwrap_or(&link)).await;
        let answer = owner.send(page.form("/api/say_not_me")).await;
        assert_eq!(server.mail_to(&person.email).await.kind, "account_safe");
        let location = answer.header("location").to_owned();
        assert!(location.ends_with(paths::RESET_SENT), "{location}");
        let page = owner.open(&location).await;
        let form = page.form("/api/forgot_password");
        assert_eq!(form.value("email"), Some(person.email.as_str()));
        let again = text(Locale::En, "password", "again");
        let page = owner.submit(form.press(&again)).await;
        assert_eq!(page.url, location, "the same page, without the address");
        let form = page.form("/api/give_reset_code");
        assert_eq!(form.value("email"), Some(person.email.as_str()));
        assert_eq!(server.mail_to(&person.email).await.kind, "password_reset");
    }
}
