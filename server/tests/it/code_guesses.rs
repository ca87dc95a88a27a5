//! Wrong codes in a row: counted for the account over all its sign-ins, told to its owner, and at an
//! end after the hundredth, which a browser that she was signed in with does not feel.

use crate::support::{
    Person, TestServer, Visitor, all_at_once, both,
    resets::{NEW, ask, link, mail},
    words::{self, assert_refused, too_many},
};
use app::paths;
use contract::{CodeProblem, Locale, Problem, SignInProblem};
use domain::{Clock, Duration, guess::CODES};
use http::Method;
use testkit::{Page, wire::Request};

both! {
    c04_a_few_wrong_codes_in_each_sign_in_are_told_too,
    c04_the_hundredth_wrong_code_in_a_row_is_the_last,
    c04_support_opens_the_codes_again,
    c04_success_forgets_the_wrong_codes,
    c04_success_with_a_known_device_leaves_the_count_of_strangers,
    c04_whoever_hangs_up_before_being_refused_is_told_of,
    c04_wrong_codes_of_many_sign_ins_at_once_are_counted_exactly,
    c04_a_code_given_with_a_new_password_is_counted_with_the_others,
}

const GUESS: &str = "second_factor_guess";

/// One wrong code in a new sign-in.
async fn guess(server: &TestServer, person: &Person) -> Page {
    let mut visitor = server.visitor();
    visitor.begin(person).await;
    visitor.give_code(&person.phone().wrong_code()).await
}

/// Wrong codes in new sign-ins, each of which is judged.
async fn guesses(server: &TestServer, person: &Person, tries: usize) {
    for number in 1..=tries {
        let page = guess(server, person).await;
        let wanted = [words::of(Locale::En, &Problem::Code(CodeProblem::Rejected))];
        assert_eq!(page.errors(), wanted, "{number}");
        // As long as the longest wait.
        server.clock.advance(Duration::from_hours(1));
    }
}

/// How many mails about wrong codes were written so far.
async fn told(server: &TestServer) -> usize {
    let mails = server.every_mail().await;
    mails.iter().filter(|mail| mail.kind == GUESS).count()
}

/// Red when the owner is told by the count of one sign-in, of which nobody needs to fill any; when
/// she is told of each wrong code.
async fn c04_a_few_wrong_codes_in_each_sign_in_are_told_too(server: &TestServer) {
    let person = server.secured().await;
    for tries in [4, 1] {
        let mut visitor = server.visitor();
        visitor.begin(&person).await;
        for _ in 0..tries {
            let page = visitor.give_code(&person.phone().wrong_code()).await;
            assert_refused(&page, &Problem::Code(CodeProblem::Rejected));
        }
    }
    assert_eq!(server.mail_to(&person.email).await.kind, GUESS);
    server.clock.advance(Duration::from_mins(3));
    guesses(server, &person, 4).await;
    assert_eq!(told(server).await, 1, "once for the first five");
    guesses(server, &person, 1).await;
    assert_eq!(told(server).await, 2, "and for ten");
}

/// Red when the count has no end, or ends with time; when somebody who knows the password shuts the
/// owner out of a browser of hers.
async fn c04_the_hundredth_wrong_code_in_a_row_is_the_last(server: &TestServer) {
    let person = server.secured().await;
    let known = server.visitor().sign_in(&person).await.sign_out().await;
    guesses(server, &person, 100).await;
    assert_eq!(told(server).await, 5, "after 5, 10, 20, 50 and 100");
    server.clock.advance(Duration::from_hours(240));
    for (locale, prefix) in [(Locale::En, ""), (Locale::Fr, "/fr")] {
        let mut visitor = server.visitor();
        visitor.begin(&person).await;
        let page = visitor.open(&format!("{prefix}{}", paths::CODE)).await;
        let form = page.form_with("/api/give_code", "form", "code");
        let page = visitor.submit(form.fill("code", &person.code())).await;
        assert_eq!(words::language(&page), locale);
        assert_refused(&page, &Problem::SignIn(SignInProblem::CodesClosed));
        assert!(page.text().contains("support@bpart.be"));
        assert!(!visitor.is_in().await);
    }
    // Nor is there a way round by a new password.
    ask(server, &person).await;
    let link = link(server, &mail(server, &person).await);
    let page = choose(&mut server.visitor(), &link, &person.code()).await;
    assert_refused(&page, &Problem::SignIn(SignInProblem::CodesClosed));

    let mut known = known.sign_in(&person).await;
    assert_refused(
        &guess(server, &person).await,
        &Problem::SignIn(SignInProblem::CodesClosed),
    );
    // There she chooses another password, and the count is open again for her alone.
    let page = known.open(paths::PASSWORD).await;
    let form = page.form("/api/change_password").fill("password", NEW);
    known.submit(form.fill("present", &person.password)).await;
    server.ignore_mail_to(&person.email).await;
    let person = Person {
        password: NEW.to_owned(),
        ..person
    };
    server.clock.advance_secs(60);
    server.visitor().sign_in(&person).await;
}

/// What wrong codes leave whose refusals nobody waited for, each given as soon as it may be.
async fn hang_up(server: &TestServer, person: &Person, tries: u32) {
    let key = format!("code:account:{}", person.id);
    for number in 1..=tries {
        let store = &server.identity().store;
        let taken = store
            .register_attempt(&key, &CODES, Clock::now(&server.clock))
            .await;
        assert_eq!(taken.unwrap(), Ok(number));
        server.clock.advance(CODES.wait_after(number));
    }
}

/// Red when the operator has no way to open what somebody else has closed.
async fn c04_support_opens_the_codes_again(server: &TestServer) {
    let person = server.secured().await;
    hang_up(server, &person, CODES.most).await;
    assert_refused(
        &guess(server, &person).await,
        &Problem::SignIn(SignInProblem::CodesClosed),
    );
    for locked in [true, false] {
        let account = server.account(&person).await;
        server
            .identity()
            .set_locked(&account, locked)
            .await
            .unwrap();
    }
    server.visitor().sign_in(&person).await;
    assert_eq!(told(server).await, 0);
}

/// Red when what was wrong before a success is counted with what is wrong after it.
async fn c04_success_forgets_the_wrong_codes(server: &TestServer) {
    let person = server.secured().await;
    for _ in 0..3 {
        for _ in 0..4 {
            let page = guess(server, &person).await;
            assert_refused(&page, &Problem::Code(CodeProblem::Rejected));
        }
        server.visitor().sign_in(&person).await;
        server.clock.advance_secs(30);
    }
    assert_eq!(told(server).await, 0);
}

/// Red when success in a browser of the owner's hides the guesses made elsewhere.
async fn c04_success_with_a_known_device_leaves_the_count_of_strangers(server: &TestServer) {
    let person = server.secured().await;
    let known = server.visitor().sign_in(&person).await.sign_out().await;
    for _ in 0..5 {
        guess(server, &person).await;
    }
    assert_eq!(told(server).await, 1);
    server.clock.advance_secs(60);
    let mut known = known.sign_in(&person).await.sign_out().await;
    let page = guess(server, &person).await;
    assert_refused(&page, &too_many(Duration::from_mins(2)));
    // Whoever took the browser’s cookie has a count too, and she is told of it.
    for _ in 0..5 {
        known.begin(&person).await;
        let page = known.give_code(&person.phone().wrong_code()).await;
        assert_refused(&page, &Problem::Code(CodeProblem::Rejected));
    }
    known.begin(&person).await;
    let page = known.give_code(&person.phone().wrong_code()).await;
    assert_refused(&page, &too_many(Duration::from_mins(3)));
    assert_eq!(told(server).await, 2);
}

/// Red when nothing but a refusal tells: somebody who hangs up in time is never refused.
async fn c04_whoever_hangs_up_before_being_refused_is_told_of(server: &TestServer) {
    let person = server.secured().await;
    hang_up(server, &person, 5).await;
    server.visitor().sign_in(&person).await;
    assert_eq!(told(server).await, 1);
}

/// Red when the fifth is found by a count that was read before; when each sign-in tells of its own.
async fn c04_wrong_codes_of_many_sign_ins_at_once_are_counted_exactly(server: &TestServer) {
    let person = server.secured().await;
    let mut posts = Vec::new();
    for _ in 0..10 {
        let mut visitor = server.visitor();
        visitor.begin(&person).await;
        for _ in 0..4 {
            let (mut visitor, code) = (visitor.clone(), person.phone().wrong_code());
            posts.push(async move {
                let fields = [("code", code.as_str()), ("form", "code"), ("locale", "en")];
                let request = Request::new(Method::POST, "/api/give_code").with_form(&fields);
                let request = request.with("accept", "application/json");
                visitor.exchange(request).await.text()
            });
        }
    }
    let said = all_at_once(posts).await;
    let count = |code: &str| said.iter().filter(|text| text.contains(code)).count();
    assert_eq!(
        [count(r#""code":"rejected""#), count("too_many_tries")],
        [5, 35],
        "{said:?}"
    );
    assert_eq!(told(server).await, 1);
}

/// Fills in the page behind a reset link.
async fn choose(visitor: &mut Visitor, link: &str, code: &str) -> Page {
    let page = visitor.open(link).await;
    let form = page.form("/api/reset_password").fill("password", NEW);
    visitor.submit(form.fill("code", code)).await
}

/// Red when the page behind a reset link has tries of its own, or tells nobody of them.
async fn c04_a_code_given_with_a_new_password_is_counted_with_the_others(server: &TestServer) {
    let person = server.secured().await;
    for _ in 0..4 {
        guess(server, &person).await;
    }
    ask(server, &person).await;
    let link = link(server, &mail(server, &person).await);
    let mut visitor = server.visitor();
    let page = choose(&mut visitor, &link, &person.phone().wrong_code()).await;
    assert_refused(&page, &Problem::Code(CodeProblem::Rejected));
    assert_eq!(told(server).await, 1);
    let page = choose(&mut visitor, &link, &person.code()).await;
    assert_refused(&page, &too_many(Duration::from_mins(3)));
    assert_refused(
        &guess(server, &person).await,
        &too_many(Duration::from_mins(3)),
    );
    // The new password is the end of all guesses.
    server.clock.advance_secs(180);
    choose(&mut visitor, &link, &person.code()).await;
    server.ignore_mail_to(&person.email).await;
    let person = Person {
        password: NEW.to_owned(),
        ..person
    };
    for _ in 0..4 {
        assert_refused(
            &guess(server, &person).await,
            &Problem::Code(CodeProblem::Rejected),
        );
    }
}
