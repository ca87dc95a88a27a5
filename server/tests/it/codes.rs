//! The second step: which codes open the door, how often, and for whom.

use crate::support::{
    Person, TestServer, Visitor, all_at_once, both,
    words::{assert_refused, assert_says, too_many},
};
use app::paths;
use contract::{CodeProblem, Problem, SignInProblem};
use domain::Duration;

both! {
    c01_c02_c03_the_password_alone_is_not_enough_and_the_code_is,
    c03_a_code_may_be_typed_in_groups,
    c04_a_wrong_code_is_refused,
    c04_an_old_code_is_refused,
    c04_a_code_that_is_not_shown_yet_is_refused,
    c04_a_used_code_is_refused,
    c04_a_used_code_is_refused_in_the_next_half_minute_too,
    c04_a_hundred_posts_of_one_right_code_open_one_session,
    c04_one_code_opens_one_of_two_begun_sign_ins,
    c04_two_servers_take_one_code_once,
    c04_starting_again_does_not_forget_the_wrong_codes,
    c04_five_wrong_codes_close_the_sign_in_and_tell_the_owner_once,
    c04_wrong_codes_at_once_are_counted_exactly,
    c04_wrong_codes_and_wrong_passwords_are_counted_apart,
    what_cannot_be_a_code_is_not_counted,
    a_form_that_shows_another_account_is_outdated_and_not_judged,
    c24_c25_without_the_telephone_the_page_says_what_to_do,
}

async fn c01_c02_c03_the_password_alone_is_not_enough_and_the_code_is(server: &TestServer) {
    let person = server.secured().await;
    let mut visitor = server.visitor();
    let page = visitor.give_password(&person.email, &person.password).await;
    assert_eq!(page.url, paths::CODE);
    assert_says(&page, "sign_in", "code_title");
    assert!(!visitor.clone().is_in().await);
    let page = visitor.give_code(&person.code()).await;
    assert_eq!(page.url, paths::BACK_OFFICE);
    assert!(visitor.is_in().await);
}

async fn c03_a_code_may_be_typed_in_groups(server: &TestServer) {
    let person = server.secured().await;
    let mut visitor = server.visitor();
    visitor.begin(&person).await;
    let code = person.code();
    let page = visitor
        .give_code(&format!(" {}-{} ", &code[..3], &code[3..]))
        .await;
    assert_eq!(page.url, paths::BACK_OFFICE);
}

async fn refused(server: &TestServer, person: &Person, code: &str) {
    let mut visitor = server.visitor();
    visitor.begin(person).await;
    let page = visitor.give_code(code).await;
    assert_eq!(page.url, paths::CODE);
    assert_refused(&page, &Problem::Code(CodeProblem::Rejected));
    assert!(!visitor.is_in().await);
}

async fn c04_a_wrong_code_is_refused(server: &TestServer) {
    let person = server.secured().await;
    refused(server, &person, &person.phone().wrong_code()).await;
}

/// Red when a step more is accepted (Keycloak CVE-2024-7318).
async fn c04_an_old_code_is_refused(server: &TestServer) {
    let person = server.secured().await;
    refused(server, &person, &person.phone().off_by(-60).code()).await;
    // The one before the present code still counts: it takes a while to type six digits.
    let mut visitor = server.visitor();
    visitor.begin(&person).await;
    let page = visitor.give_code(&person.phone().off_by(-30).code()).await;
    assert_eq!(page.url, paths::BACK_OFFICE);
}

async fn c04_a_code_that_is_not_shown_yet_is_refused(server: &TestServer) {
    let person = server.secured().await;
    refused(server, &person, &person.phone().off_by(30).code()).await;
}

/// Red when the accepted step is not stored.
async fn c04_a_used_code_is_refused(server: &TestServer) {
    let person = server.secured().await;
    server.visitor().sign_in(&person).await;
    refused(server, &person, &person.code()).await;
    // Nor does the one before it count any more.
    refused(server, &person, &person.phone().off_by(-30).code()).await;
}

/// Red when only the text of the last code is compared (devise-two-factor CVE-2021-43177).
async fn c04_a_used_code_is_refused_in_the_next_half_minute_too(server: &TestServer) {
    let person = server.secured().await;
    let code = person.code();
    server.visitor().sign_in(&person).await;
    server.clock.advance_secs(30);
    refused(server, &person, &code).await;
    server.visitor().sign_in(&person).await;
}

/// Posts a code many times at once; how many browsers were given a session.
async fn post_at_once(browsers: Vec<Visitor>, code: &str) -> usize {
    let post = |mut browser: Visitor, code: String| async move {
        let fields = [("code", code.as_str()), ("form", "code"), ("locale", "en")];
        let answer = browser.post("/api/give_code", &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let given = browser.jar.get("back-office").is_some();
        assert_eq!(browser.is_in().await, given);
        given
    };
    let posts = browsers
        .into_iter()
        .map(|browser| post(browser, code.to_owned()));
    all_at_once(posts)
        .await
        .into_iter()
        .filter(|given| *given)
        .count()
}

/// Red when the step is compared in one statement and stored in another; when those who come too
/// late count as guesses, about which the owner is warned.
async fn c04_a_hundred_posts_of_one_right_code_open_one_session(server: &TestServer) {
    let person = server.secured().await;
    let mut visitor = server.visitor();
    visitor.begin(&person).await;
    let opened = post_at_once(vec![visitor; 100], &person.code()).await;
    assert_eq!(opened, 1);
}

/// The same with two open sign-ins, each of which might believe the code to be its own.
async fn c04_one_code_opens_one_of_two_begun_sign_ins(server: &TestServer) {
    let person = server.secured().await;
    let mut browsers = Vec::new();
    for _ in 0..2 {
        let mut visitor = server.visitor();
        visitor.begin(&person).await;
        browsers.extend(vec![visitor; 2]);
    }
    assert_eq!(post_at_once(browsers, &person.code()).await, 1);
}

/// Red when a server remembers used codes by itself.
async fn c04_two_servers_take_one_code_once(server: &TestServer) {
    let person = server.secured().await;
    let other = server.another().await;
    let mut visitor = server.visitor();
    visitor.begin(&person).await;
    let doors = (0..40).map(|number| {
        if number % 2 == 0 {
            visitor.clone()
        } else {
            visitor.at(&other)
        }
    });
    assert_eq!(post_at_once(doors.collect(), &person.code()).await, 1);
    other.stop().await;
}

/// Red when wrong codes are counted by sign-in alone: whoever has the password begins again
/// (Zitadel CVE-2025-64102).
async fn c04_starting_again_does_not_forget_the_wrong_codes(server: &TestServer) {
    let person = server.secured().await;
    for number in 0..8 {
        let mut visitor = server.visitor();
        visitor.begin(&person).await;
        let page = visitor.give_code(&person.phone().wrong_code()).await;
        let judged = if number < 5 {
            Problem::Code(CodeProblem::Rejected)
        } else {
            too_many(Duration::from_mins(3))
        };
        assert_refused(&page, &judged);
    }
    assert_eq!(
        server.mail_to(&person.email).await.kind,
        "second_factor_guess"
    );
}

/// Red when the count is kept in the browser; when a closed sign-in takes the right code after all.
async fn c04_five_wrong_codes_close_the_sign_in_and_tell_the_owner_once(server: &TestServer) {
    let person = server.secured().await;
    let mut visitor = server.visitor();
    visitor.begin(&person).await;
    let old = visitor.clone();
    for _ in 0..4 {
        let page = visitor.give_code(&person.phone().wrong_code()).await;
        assert_refused(&page, &Problem::Code(CodeProblem::Rejected));
    }
    let page = visitor.give_code(&person.phone().wrong_code()).await;
    assert_eq!(page.url, paths::SIGN_IN);
    assert_refused(&page, &Problem::SignIn(SignInProblem::Expired));
    let mail = server.mail_to(&person.email).await;
    assert_eq!(mail.kind, "second_factor_guess");
    assert!(mail.text.contains("Firefox, Linux"), "{}", mail.text);
    // Neither waiting for the limit nor the cookie from before opens it again.
    server.clock.advance_secs(300);
    assert_eq!(post_at_once(vec![old], &person.code()).await, 0);
}

/// Red when the fifth wrong code is told by a count that was read before.
async fn c04_wrong_codes_at_once_are_counted_exactly(server: &TestServer) {
    let person = server.secured().await;
    let mut visitor = server.visitor();
    visitor.begin(&person).await;
    let wrong = person.phone().wrong_code();
    assert_eq!(post_at_once(vec![visitor.clone(); 30], &wrong).await, 0);
    assert_eq!(
        server.mail_to(&person.email).await.kind,
        "second_factor_guess"
    );
    assert_eq!(post_at_once(vec![visitor], &person.code()).await, 0);
}

/// Red when both steps share a bucket: whoever knows the address could close the second step.
async fn c04_wrong_codes_and_wrong_passwords_are_counted_apart(server: &TestServer) {
    let person = server.secured().await;
    let mut visitor = server.visitor();
    visitor.begin(&person).await;
    for _ in 0..10 {
        server
            .visitor()
            .give_password(&person.email, "five ships in a bottle")
            .await;
    }
    let page = visitor.give_code(&person.phone().wrong_code()).await;
    assert_refused(&page, &Problem::Code(CodeProblem::Rejected));
    server.clock.advance_secs(600);

    // Four more wrong codes in a new sign-in: the account has no try left, the password has.
    visitor.begin(&person).await;
    server.clock.advance_secs(1);
    for _ in 0..4 {
        let page = visitor.give_code(&person.phone().wrong_code()).await;
        assert_refused(&page, &Problem::Code(CodeProblem::Rejected));
    }
    assert_eq!(
        server.mail_to(&person.email).await.kind,
        "second_factor_guess"
    );
    visitor.begin(&person).await;
    let page = visitor.give_code(&person.code()).await;
    assert_refused(&page, &too_many(Duration::from_mins(3)));
    server.clock.advance_secs(180);
    let page = visitor.give_code(&person.code()).await;
    assert_eq!(page.url, paths::BACK_OFFICE);
}

async fn what_cannot_be_a_code_is_not_counted(server: &TestServer) {
    let person = server.secured().await;
    let mut visitor = server.visitor();
    visitor.begin(&person).await;
    for typed in [
        "12345",
        "1234567",
        "abcdef",
        "一二三四五六",
        "12345\u{2044}6",
        "half past ten",
    ] {
        assert_refused(
            &visitor.give_code(typed).await,
            &Problem::Code(CodeProblem::Malformed),
        );
    }
    let empty = Problem::Empty {
        field: contract::Field::Code,
    };
    assert_refused(&visitor.give_code("  ").await, &empty);
    let page = visitor.give_code(&person.code()).await;
    assert_eq!(page.url, paths::BACK_OFFICE);
}

/// Red when the code of a page is judged for the account of another tab, in which somebody else began to
/// sign in: it would be called wrong, and be counted.
async fn a_form_that_shows_another_account_is_outdated_and_not_judged(server: &TestServer) {
    let (person, other) = (server.secured().await, server.secured().await);
    let mut visitor = server.visitor();
    visitor.begin(&person).await;
    let earlier = visitor.open(paths::CODE).await;
    visitor.begin(&other).await;
    // Five wrong ones would close the sign-in, and be told to its owner.
    for code in [person.code(), other.code()] {
        for _ in 0..3 {
            let form = earlier.form_with("/api/give_code", "form", "code");
            let page = visitor.submit(form.fill("code", &code)).await;
            assert_eq!(page.url, paths::CODE);
            assert_refused(&page, &Problem::Code(CodeProblem::Outdated));
            let form = page.form_with("/api/give_code", "form", "code");
            assert_eq!(form.value("shown"), Some(&*other.email));
        }
    }
    assert!(!visitor.is_in().await);
    let page = visitor.give_code(&other.code()).await;
    assert_eq!(page.url, paths::BACK_OFFICE);
}

async fn c24_c25_without_the_telephone_the_page_says_what_to_do(server: &TestServer) {
    let person = server.secured().await;
    let mut visitor = server.visitor();
    visitor.begin(&person).await;
    let page = visitor.open(paths::CODE).await;
    for key in [
        "lost_device",
        "lost_name",
        "lost_organisation",
        "lost_explanation",
    ] {
        assert_says(&page, "sign_in", key);
    }
    assert_eq!(
        page.link("support@bpart.be").as_deref(),
        Some("mailto:support@bpart.be")
    );
    let article = visitor.follow(&page, "Read how recovery works").await;
    assert_eq!(article.status, 200);
    assert!(!visitor.is_in().await);
}
