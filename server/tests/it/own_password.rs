//! Changing one's own password, and "this was not me".

use crate::support::{
    Manager, Person, TestServer, both,
    resets::code,
    words::{assert_no_button_is_red, assert_refused, assert_says},
};
use app::paths;
use contract::{Field, PasswordProblem, Problem};
use testkit::Page;

both! {
    a56_a57_changing_asks_for_the_present_password_and_ends_other_sessions,
    a_wrong_present_password_is_refused_and_limited,
    a_right_code_clears_no_wrong_passwords,
    a_weak_new_password_is_refused_beside_its_field,
    the_present_password_is_no_new_one,
    whoever_did_not_do_it_makes_the_account_safe,
    a_notice_that_is_passed_on_is_no_key,
}

const NEW: &str = "eleven barges under the moon";

/// Fills in the form for a new password.
pub async fn change(manager: &mut Manager, present: &str, new: &str) -> Page {
    let path = manager.own(paths::PASSWORD);
    let page = manager.open(&path).await;
    let form = page
        .form("/api/change_password")
        .fill("present", present)
        .fill("password", new);
    manager.submit(form).await
}

async fn a56_a57_changing_asks_for_the_present_password_and_ends_other_sessions(
    server: &TestServer,
) {
    for mut person in server.people().await {
        let mut manager = server.visitor().sign_in(&person).await;
        let mut elsewhere = server.visitor().sign_in(&person).await;
        let page = change(&mut manager, "", NEW).await;
        let problem = Problem::Empty {
            field: Field::Present,
        };
        assert_refused(&page, &problem);
        let page = change(&mut manager, &person.password, NEW).await;
        assert_eq!(page.url, manager.own(paths::SETTINGS));
        assert_says(&page, "password", "changed");
        assert_eq!(server.mail_to(&person.email).await.kind, "password_changed");
        assert!(manager.is_in().await, "this session stays");
        assert!(!elsewhere.is_in().await, "the others end");
        let mut visitor = server.visitor().through(&person.door);
        let page = visitor.give_password(&person.email, &person.password).await;
        assert_says(&page, "errors", "bad_credentials");
        NEW.clone_into(&mut person.password);
        assert!(visitor.sign_in(&person).await.is_in().await);
    }
}

/// Red when a recent sign-in is taken for the present password.
async fn a_wrong_present_password_is_refused_and_limited(server: &TestServer) {
    let mut manager = server.manager().await;
    for _ in 0..5 {
        let page = change(&mut manager, "not the present one", NEW).await;
        assert_refused(&page, &Problem::Password(PasswordProblem::WrongPresent));
    }
    let right = manager.person.password.clone();
    let page = change(&mut manager, &right, NEW).await;
    assert_refused(&page, &Problem::TooManyTries { wait_s: 60 });
    assert!(manager.is_in().await);
    let mail = server.mail_to(&manager.person.email).await;
    assert_eq!(mail.kind, "proof_guess");
}

/// Red when a code that a thief of an open session has clears the count of guessed passwords.
async fn a_right_code_clears_no_wrong_passwords(server: &TestServer) {
    let mut manager = server.manager().await;
    manager.enable_two_factor(server).await;
    for _ in 0..4 {
        change(&mut manager, "not the present one", NEW).await;
    }
    server.clock.advance_secs(30);
    let code = manager.person.code();
    manager.prove("/api/renew_recovery_codes", &code).await;
    let mail = server.mail_to(&manager.person.email).await;
    assert_eq!(mail.kind, "recovery_codes_made");
    change(&mut manager, "not the present one", NEW).await;
    let mail = server.mail_to(&manager.person.email).await;
    assert_eq!(mail.kind, "proof_guess");
}

async fn a_weak_new_password_is_refused_beside_its_field(server: &TestServer) {
    let mut participant = server
        .visitor()
        .sign_in(&server.participant("bellerive").await)
        .await;
    let right = participant.person.password.clone();
    let page = change(&mut participant, &right, "short").await;
    assert_refused(
        &page,
        &Problem::Password(PasswordProblem::TooShort { minimum: 10 }),
    );
    let mut manager = server.manager().await;
    let right = manager.person.password.clone();
    let page = change(&mut manager, &right, "short").await;
    assert_refused(
        &page,
        &Problem::Password(PasswordProblem::TooShort { minimum: 15 }),
    );
}

/// Red when the present password is taken for a new one, or when a wrong one in its place is told apart.
async fn the_present_password_is_no_new_one(server: &TestServer) {
    for person in server.people().await {
        let mut manager = server.visitor().sign_in(&person).await;
        let mut elsewhere = server.visitor().sign_in(&person).await;
        let page = change(&mut manager, &person.password, &person.password).await;
        assert_refused(&page, &Problem::Password(PasswordProblem::Same));
        assert!(elsewhere.is_in().await, "nothing was changed");
        let page = change(&mut manager, NEW, NEW).await;
        assert_refused(&page, &Problem::Password(PasswordProblem::WrongPresent));
    }
}

async fn whoever_did_not_do_it_makes_the_account_safe(server: &TestServer) {
    for person in server.people().await {
        // A stranger who knows the password changes it.
        let mut stranger = server.visitor().sign_in(&person).await;
        change(&mut stranger, &person.password, NEW).await;
        let notice = server.mail_to(&person.email).await;
        let link = notice.not_me(&server.origin());
        let mut owner = server.visitor().through(&person.door);
        for _ in 0..2 {
            let page = owner.open(&link).await;
            assert!(page.text().contains(&person.email), "{}", page.text());
            assert!(stranger.is_in().await, "looking changes nothing");
        }
        let page = owner.open(&link).await;
        let page = owner.submit(page.form("/api/say_not_me")).await;
        assert_says(&page, "password", "safe_title");
        assert!(!stranger.is_in().await);
        let mut again = server.visitor().through(&person.door);
        for password in [person.password.as_str(), NEW] {
            let page = again.give_password(&person.email, password).await;
            assert_says(&page, "errors", "bad_credentials");
        }
        let mail = server.mail_to(&person.email).await;
        assert_eq!(mail.kind, "account_safe");
        let way_back = mail.link(&server.state.config.origin());
        let page = owner.open(&way_back).await;
        let newest = "nine swans on the weir today";
        let form = page.form("/api/reset_password").fill("password", newest);
        owner.submit(form).await;
        server.mail_to(&person.email).await;
        let person = Person {
            password: newest.to_owned(),
            ..person
        };
        assert!(owner.sign_in(&person).await.is_in().await);
        assert_eq!(server.visitor().open(&link).await.status, 410, "once");
    }
}

/// Red when the answer to the button holds the link that the further mail brings.
async fn a_notice_that_is_passed_on_is_no_key(server: &TestServer) {
    let person = server.person().await;
    let mut manager = server.visitor().sign_in(&person).await;
    change(&mut manager, &person.password, NEW).await;
    let notice = server.mail_to(&person.email).await;
    let link = notice.not_me(&server.origin());
    let mut helper = server.visitor();
    let page = helper.open(&link).await;
    assert_no_button_is_red(&page);
    let answer = helper.send(page.form("/api/say_not_me")).await;
    assert_eq!(answer.header("location"), paths::RESET_SENT);
    let page = helper.open(paths::RESET_SENT).await;
    assert!(!page.html.contains("token"), "{}", page.html);
    let mail = server.mail_to(&person.email).await;
    assert_eq!(mail.kind, "account_safe");
    // The browser that pressed the button waits for the code of that mail.
    let form = page.form("/api/give_reset_code").fill("code", &code(&mail));
    let page = helper.submit(form).await;
    // The password that was taken away does not come back.
    let form = page.form("/api/reset_password");
    let page = helper.submit(form.fill("password", NEW)).await;
    assert_refused(&page, &Problem::Password(PasswordProblem::Withdrawn));
    let form = page.form("/api/reset_password");
    let page = helper
        .submit(form.fill("password", "another evening by the lake"))
        .await;
    assert_says(&page, "password", "reset_done");
    server.ignore_mail_to(&person.email).await;
}
