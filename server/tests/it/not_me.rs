//! What "this was not me" takes back of a second factor, whichever notice it is said to: a thief causes
//! several of them, and nobody knows which one his victim opens.

use crate::{
    own_password::{change, not_me},
    support::{
        Mail, Person, Town, both,
        email::everybody,
        words::{assert_refused, assert_says},
    },
};
use contract::Problem;

both! {
    a_strangers_second_factor_goes_with_the_stranger,
    an_earlier_notice_takes_the_strangers_factor_too,
    a_later_notice_takes_the_strangers_factor_too,
    the_notice_of_an_earlier_set_up_takes_the_later_one_too,
    the_own_second_factor_stays,
    a_strangers_recovery_codes_are_worth_nothing,
}

const NEW: &str = "eleven barges under the moon";
const NEWEST: &str = "nine swans on the weir today";
const DAY: u64 = 24 * 3600;

/// Presses the button behind the second link of a notice, in a fresh browser.
async fn press(town: &Town, person: &Person, notice: &Mail) {
    let link = not_me(&notice.text, &town.origin());
    let mut owner = town.visitor().through(&person.door);
    let page = owner.open(&link).await;
    let page = owner.submit(page.form("/api/say_not_me")).await;
    assert_says(&page, "password", "safe_title");
}

/// The mail after the button brings the owner in, with a new password and nothing else.
async fn is_let_in(town: &Town, mut person: Person) {
    assert!(!town.account(&person).await.second_factor);
    let mail = town.mail_to(&person.email).await;
    assert_eq!(mail.kind, "account_safe");
    let mut owner = town.visitor().through(&person.door);
    let page = owner.open(&mail.link(&town.origin())).await;
    let form = page.form("/api/reset_password");
    assert!(!form.names().contains(&"code"), "nobody asks for a code");
    owner.submit(form.fill("password", NEWEST)).await;
    town.mail_to(&person.email).await;
    NEWEST.clone_into(&mut person.password);
    person.phone = None;
    assert!(owner.sign_in(&person).await.is_in().await);
}

/// Red when only the sessions end: the stranger's telephone would lock the owner out for good.
async fn a_strangers_second_factor_goes_with_the_stranger(town: &Town) {
    for mut stranger in everybody(town).await {
        let phone = stranger.scan(town).await;
        stranger.confirm(&phone.code()).await;
        let person = stranger.person;
        let notice = town.mail_to(&person.email).await;
        assert_eq!(notice.kind, "two_factor_enabled");
        assert!(town.account(&person).await.second_factor);
        press(town, &person, &notice).await;
        is_let_in(town, person).await;
    }
}

/// Red when only the notice of the factor takes it back: whoever reads her mail in order begins with the
/// new device, and that button makes the other notices worthless.
async fn an_earlier_notice_takes_the_strangers_factor_too(town: &Town) {
    for owner in everybody(town).await {
        let mut stranger = town.visitor().sign_in(&owner.person).await;
        let device = town.new_device_mails(&owner.person.email).await;
        town.clock.advance_secs(60);
        stranger.enable_two_factor(town).await;
        press(town, &owner.person, &device[0]).await;
        assert!(!stranger.is_in().await);
        is_let_in(town, owner.person).await;
    }
}

/// Red when a notice takes back only what came after it: whoever begins with her newest mail meets the
/// change of the password first.
async fn a_later_notice_takes_the_strangers_factor_too(town: &Town) {
    for mut stranger in everybody(town).await {
        stranger.enable_two_factor(town).await;
        town.clock.advance_secs(60);
        let password = stranger.person.password.clone();
        change(&mut stranger, &password, NEW).await;
        let notice = town.mail_to(&stranger.person.email).await;
        assert_eq!(notice.kind, "password_changed");
        press(town, &stranger.person, &notice).await;
        is_let_in(town, stranger.person).await;
    }
}

/// Red when a notice takes back only the factor that it tells of: a thief would set his up twice.
async fn the_notice_of_an_earlier_set_up_takes_the_later_one_too(town: &Town) {
    for mut stranger in everybody(town).await {
        let phone = stranger.scan(town).await;
        stranger.confirm(&phone.code()).await;
        let first = town.mail_to(&stranger.person.email).await;
        town.clock.advance_secs(60);
        let password = stranger.person.password.clone();
        stranger.prove("/api/disable_two_factor", &password).await;
        town.mail_to(&stranger.person.email).await;
        town.clock.advance_secs(60);
        stranger.enable_two_factor(town).await;
        press(town, &stranger.person, &first).await;
        is_let_in(town, stranger.person).await;
    }
}

/// Red when every factor goes: a mailbox alone would be enough to remove one.
async fn the_own_second_factor_stays(town: &Town) {
    let mut owner = town.manager().await;
    owner.enable_two_factor(town).await;
    let person = owner.person;
    town.clock.advance_secs(DAY);
    let mut stranger = town.visitor().sign_in(&person).await;
    change(&mut stranger, &person.password, NEW).await;
    let notice = town.mail_to(&person.email).await;
    press(town, &person, &notice).await;
    assert!(town.account(&person).await.second_factor);
    assert_eq!(codes_left(town, &person).await, 10);
    let mail = town.mail_to(&person.email).await;
    let mut reader = town.visitor();
    let page = reader.open(&mail.link(&town.origin())).await;
    let form = page.form("/api/reset_password").fill("password", NEWEST);
    let page = reader.submit(form.fill("code", "000000")).await;
    assert_refused(&page, &Problem::CodeRejected);
}

async fn codes_left(town: &Town, person: &Person) -> u32 {
    let store = &town.identity().store;
    store.recovery_codes_left(&person.id).await.unwrap()
}

/// Red when only the telephone is looked at: whoever made new codes would have a second factor for ever,
/// and the owner's had become worthless.
async fn a_strangers_recovery_codes_are_worth_nothing(town: &Town) {
    let person = town.secured().await;
    town.visitor().sign_in(&person).await;
    town.clock.advance_secs(DAY);
    let mut stranger = town.visitor().sign_in(&person).await;
    let device = town.new_device_mails(&person.email).await;
    stranger
        .prove("/api/renew_recovery_codes", &person.password)
        .await;
    town.mail_to(&person.email).await;
    assert_eq!(codes_left(town, &person).await, 10);
    press(town, &person, &device[0]).await;
    assert!(town.account(&person).await.second_factor);
    assert_eq!(codes_left(town, &person).await, 0);
    town.mail_to(&person.email).await;
}
