//! Wrong passwords in a row: the waits between them grow, the hundredth is the last, and none of it
//! touches the owner in a browser that she was signed in with.

use crate::support::{
    TestServer, Visitor, all_at_once, both,
    words::{self, assert_refused, assert_says, too_many},
};
use contract::{Door, Locale, Problem, SignInProblem};
use domain::{Actor, Duration, guess::PASSWORDS, limit::PASSWORD_PER_NETWORK};
use identity::{Client, clear_passwords};
use server::sweep::sweep_once;

both! {
    the_waits_grow,
    the_hundredth_wrong_password_is_the_last_until_a_reset with PROXY,
    an_address_that_nobody_has_is_closed_alike with PROXY,
    the_owner_gets_in_with_a_known_device_whatever_strangers_try with PROXY,
    the_owner_gets_in_with_a_known_device_from_an_exhausted_network,
    a_known_device_has_a_count_of_its_own,
    a_known_device_of_a_guesser_is_none_of_the_owners with PROXY,
    success_with_a_known_device_leaves_the_count_of_strangers with PROXY,
    own_successes_do_not_hide_guesses_at_others,
    guesses_at_one_realm_or_a_look_alike_lock_nobody_else_out with PROXY,
    the_right_password_of_an_unconfirmed_address_is_no_guess,
    tries_by_ipv6_count_by_64_however_they_are_written with PROXY,
    rubbish_about_the_network_skips_no_check with PROXY,
    old_counts_are_swept_and_closed_ones_stay,
}

const WRONG: &str = "five ships in a bottle";

/// What the page says to a password: nothing when it opened the door.
async fn say(visitor: &mut Visitor, email: &str, password: &str) -> String {
    let page = visitor.give_password(email, password).await;
    let mut errors = page.errors();
    assert!(errors.len() < 2, "{errors:?}");
    errors.pop().unwrap_or_default()
}

fn says(problem: &Problem) -> String {
    words::of(Locale::En, problem)
}

/// A visitor at a door, from a separate network if the server trusts its proxy.
fn stranger(server: &TestServer, door: &Door, number: u32) -> Visitor {
    let address = format!("10.7.{}.{}", number / 200, number % 200);
    let visitor = server.visitor().saying("x-forwarded-for", &address);
    visitor.through(door)
}

/// Tries so many wrong passwords, each as soon as it may be.
async fn guess(server: &TestServer, door: &Door, email: &str, tries: u32) {
    for number in 1..=tries {
        let mut visitor = stranger(server, door, number);
        let message = say(&mut visitor, email, WRONG).await;
        assert_eq!(
            message,
            says(&Problem::SignIn(SignInProblem::BadCredentials)),
            "{number}"
        );
        server.clock.advance(PASSWORDS.wait_after(number));
    }
}

async fn the_waits_grow(server: &TestServer) {
    let person = server.person().await;
    let mut visitor = server.visitor();
    for number in 1..=32_u32 {
        let message = say(&mut visitor, &person.email, WRONG).await;
        assert_eq!(
            message,
            says(&Problem::SignIn(SignInProblem::BadCredentials)),
            "{number}"
        );
        let minutes = match number {
            ..10 => continue,
            10..20 => 1,
            20..30 => 5,
            _ => 15,
        };
        let wait = Duration::from_mins(minutes);
        let refused = visitor.give_password(&person.email, WRONG).await;
        assert_refused(&refused, &too_many(wait));
        assert_says(&refused, "sign_in", "way_out");
        server.clock.advance_secs(wait.as_secs() - 1);
        let message = say(&mut visitor, &person.email, &person.password).await;
        assert_eq!(message, says(&too_many(Duration::from_secs(1))), "{number}");
        server.clock.advance_secs(1);
    }
}

/// Red when the count has no end, or ends with time; when a new password leaves it.
async fn the_hundredth_wrong_password_is_the_last_until_a_reset(server: &TestServer) {
    for mut person in server.people().await {
        guess(server, &person.door, &person.email, PASSWORDS.most).await;
        server.clock.advance(Duration::from_hours(240));
        for password in [WRONG, person.password.as_str()] {
            let mut visitor = stranger(server, &person.door, 500);
            let message = say(&mut visitor, &person.email, password).await;
            assert_eq!(message, says(&Problem::SignIn(SignInProblem::ResetNeeded)));
            assert!(!visitor.is_in().await);
        }
        let new = "eleven barges under the moon";
        server.choose_new_password(&mut person, new).await;
        server.visitor().sign_in(&person).await;
    }
}

/// Red when only the addresses of accounts are counted.
async fn an_address_that_nobody_has_is_closed_alike(server: &TestServer) {
    let email = "nobody@town.example";
    guess(server, &Door::BackOffice, email, PASSWORDS.most).await;
    let mut visitor = stranger(server, &Door::BackOffice, 500);
    let message = say(&mut visitor, email, WRONG).await;
    assert_eq!(message, says(&Problem::SignIn(SignInProblem::ResetNeeded)));
}

/// Red when a known device shares the count of its address (OWASP, "device cookies").
async fn the_owner_gets_in_with_a_known_device_whatever_strangers_try(server: &TestServer) {
    for person in server.people().await {
        let known = server.visitor().sign_in(&person).await.sign_out().await;
        guess(server, &person.door, &person.email, 12).await;
        let crowd = (0..100).map(|number| {
            let (mut visitor, email) =
                (stranger(server, &person.door, number), person.email.clone());
            async move { say(&mut visitor, &email, WRONG).await }
        });
        let owner = async { known.clone().sign_in(&person).await };
        let (_, mut owner) = tokio::join!(all_at_once(crowd), owner);
        assert!(owner.is_in().await);
        let mut elsewhere = stranger(server, &person.door, 500);
        let message = say(&mut elsewhere, &person.email, &person.password).await;
        assert!(message.starts_with("Too many tries"), "{message}");
        // Nor does the hundredth guess close it.
        for number in 0..100 {
            let mut visitor = stranger(server, &person.door, 600 + number);
            server.clock.advance(Duration::from_hours(1));
            say(&mut visitor, &person.email, WRONG).await;
        }
        known.sign_in(&person).await;
    }
}

/// Red when a known device pays from the bucket of its network, which a neighbour can empty.
async fn the_owner_gets_in_with_a_known_device_from_an_exhausted_network(server: &TestServer) {
    let person = server.person().await;
    let known = server.visitor().sign_in(&person).await.sign_out().await;
    let neighbours = (0..=PASSWORD_PER_NETWORK.burst).map(|number| {
        let mut visitor = server.visitor();
        let email = format!("nobody{number}@town.example");
        async move { say(&mut visitor, &email, WRONG).await }
    });
    let message = all_at_once(neighbours).await;
    assert!(
        message
            .iter()
            .any(|text| text.starts_with("Too many tries"))
    );
    known.sign_in(&person).await;
}

/// Red when a known device is not counted at all: whoever took it would guess for ever.
async fn a_known_device_has_a_count_of_its_own(server: &TestServer) {
    let person = server.person().await;
    let mut known = server.visitor().sign_in(&person).await.sign_out().await;
    for _ in 0..10 {
        let message = say(&mut known, &person.email, WRONG).await;
        assert_eq!(
            message,
            says(&Problem::SignIn(SignInProblem::BadCredentials))
        );
    }
    let message = say(&mut known, &person.email, &person.password).await;
    assert_eq!(message, says(&too_many(Duration::from_mins(1))));
    // Her other browsers do not wait for it.
    server.visitor().sign_in(&person).await;
    server.clock.advance_secs(60);
    let known = known.sign_in(&person).await.sign_out().await;
    // A success takes all of it away.
    let mut known = known;
    for _ in 0..10 {
        let message = say(&mut known, &person.email, WRONG).await;
        assert_eq!(
            message,
            says(&Problem::SignIn(SignInProblem::BadCredentials))
        );
    }
    let identity = server.identity();
    let account = server.account(&person).await;
    let work = identity.begin(Actor::CommandLine, Client::none());
    let mut work = work.await.unwrap();
    clear_passwords(&mut work, &account.realm, &account.email)
        .await
        .unwrap();
    work.commit().await.unwrap();
    known.sign_in(&person).await;
}

/// Red when any known device will do: ten accounts would be ten times the tries.
async fn a_known_device_of_a_guesser_is_none_of_the_owners(server: &TestServer) {
    let (victim, guesser) = (server.person().await, server.person().await);
    let mut browser = server.visitor().sign_in(&guesser).await.sign_out().await;
    guess(server, &Door::BackOffice, &victim.email, 9).await;
    let message = say(&mut browser, &victim.email, WRONG).await;
    assert_eq!(
        message,
        says(&Problem::SignIn(SignInProblem::BadCredentials))
    );
    let message = say(&mut browser, &victim.email, WRONG).await;
    assert_eq!(message, says(&too_many(Duration::from_mins(1))));
}

/// Red when every success forgets the guesses at the address: the owner's own would feed a guesser.
async fn success_with_a_known_device_leaves_the_count_of_strangers(server: &TestServer) {
    let person = server.person().await;
    let known = server.visitor().sign_in(&person).await.sign_out().await;
    guess(server, &Door::BackOffice, &person.email, 9).await;
    known.sign_in(&person).await;
    let mut visitor = stranger(server, &Door::BackOffice, 500);
    let message = say(&mut visitor, &person.email, WRONG).await;
    assert_eq!(
        message,
        says(&Problem::SignIn(SignInProblem::BadCredentials))
    );
    let message = say(&mut visitor, &person.email, WRONG).await;
    assert_eq!(message, says(&too_many(Duration::from_mins(1))));
}

/// Case 32. Red when a success takes away more than its own count (django-allauth 65.8.1).
async fn own_successes_do_not_hide_guesses_at_others(server: &TestServer) {
    let (victim, guesser) = (server.person().await, server.person().await);
    for number in 1..=12 {
        let mut visitor = server.visitor();
        let message = say(&mut visitor, &victim.email, WRONG).await;
        let expected = if number <= 10 {
            Problem::SignIn(SignInProblem::BadCredentials)
        } else {
            too_many(Duration::from_mins(1))
        };
        assert_eq!(message, says(&expected), "{number}");
        visitor.sign_in(&guesser).await;
    }
}

/// Case 33. Red when the count is of what was typed, or of the address without its realm (Keycloak
/// CVE-2026-19607).
async fn guesses_at_one_realm_or_a_look_alike_lock_nobody_else_out(server: &TestServer) {
    let email = "citizen@home.example";
    let bellerive = server.participant_with("bellerive", email, true).await;
    let montclair = server.participant_with("montclair", email, true).await;
    guess(server, &montclair.door, email, 10).await;
    for look_alike in ["citizen+1@home.example", "c.itizen@home.example"] {
        guess(server, &bellerive.door, look_alike, 10).await;
    }
    server.visitor().sign_in(&bellerive).await;
    // Letter case makes no other address.
    for number in 0..10 {
        let typed = if number % 2 == 0 {
            "CITIZEN@home.example"
        } else {
            "citizen@HOME.example"
        };
        let mut visitor = stranger(server, &bellerive.door, number);
        assert!(!say(&mut visitor, typed, WRONG).await.is_empty());
    }
    let mut visitor = stranger(server, &bellerive.door, 500);
    let message = say(&mut visitor, email, &bellerive.password).await;
    assert_eq!(message, says(&too_many(Duration::from_mins(1))));
}

async fn the_right_password_of_an_unconfirmed_address_is_no_guess(server: &TestServer) {
    let email = "newcomer@home.example";
    let person = server.participant_with("bellerive", email, false).await;
    let mut visitor = server.visitor().through(&person.door);
    for _ in 0..15 {
        let message = say(&mut visitor, email, &person.password).await;
        assert_eq!(message, says(&Problem::SignIn(SignInProblem::Unconfirmed)));
    }
}

/// Case 30. Red when a network is one address, or the text that names it (better-auth
/// CVE-2026-45364).
async fn tries_by_ipv6_count_by_64_however_they_are_written(server: &TestServer) {
    let written = |number: u32| match number % 4 {
        0 => format!("2001:db8:0:7::{number:x}"),
        1 => format!("2001:0DB8:0000:0007:0000:0000:0000:{number:04X}"),
        2 => format!("2001:db8:0:7:{number:x}::"),
        _ => format!("2001:db8::7:{number:x}:0:0:1"),
    };
    let mut tried = Vec::new();
    for number in 0..PASSWORD_PER_NETWORK.burst + 4 {
        let mut visitor = server.visitor();
        visitor = visitor.saying("x-forwarded-for", &written(number));
        let email = format!("nobody{number}@town.example");
        tried.push(say(&mut visitor, &email, WRONG).await);
    }
    let judged = tried
        .iter()
        .filter(|message| **message == says(&Problem::SignIn(SignInProblem::BadCredentials)));
    assert_eq!(judged.count(), PASSWORD_PER_NETWORK.burst as usize);
}

/// Case 31. Red when a header that cannot be read makes a bucket of its own, none at all, or lets
/// the password pass (authentik CVE-2024-47070).
async fn rubbish_about_the_network_skips_no_check(server: &TestServer) {
    let person = server.person().await;
    let rubbish = [
        "",
        ",",
        "rubbish",
        "127.0.0.1.1",
        "::ffff:999.0.0.1",
        "203.0.113.9, rubbish",
        "[2001:db8::1]:443",
        "203.0.113.9:80",
        "%00",
        "203.0.113.9;drop",
    ];
    for text in rubbish {
        let mut visitor = server.visitor().saying("x-forwarded-for", text);
        let message = say(&mut visitor, &person.email, WRONG).await;
        assert_eq!(
            message,
            says(&Problem::SignIn(SignInProblem::BadCredentials)),
            "{text}"
        );
        assert!(!visitor.is_in().await, "{text}");
    }
    let mut visitor = server.visitor().saying("x-forwarded-for", "more rubbish");
    let message = say(&mut visitor, &person.email, &person.password).await;
    assert_eq!(message, says(&too_many(Duration::from_mins(1))));
}

/// Red when there is no last one, or the sweep takes it for an old one.
async fn old_counts_are_swept_and_closed_ones_stay(server: &TestServer) {
    let (email, closed) = ("nobody@town.example", "closed@town.example");
    guess(server, &Door::BackOffice, closed, PASSWORDS.most).await;
    guess(server, &Door::BackOffice, email, 5).await;
    let sweep = || async {
        let now = domain::Clock::now(&server.clock);
        sweep_once(&server.identity().store, now, true)
            .await
            .unwrap();
    };
    server.clock.advance(Duration::from_hours(719));
    sweep().await;
    guess(server, &Door::BackOffice, email, 5).await;
    let mut visitor = server.visitor();
    let message = say(&mut visitor, email, WRONG).await;
    assert_eq!(message, says(&too_many(Duration::from_mins(1))), "kept");
    server.clock.advance(Duration::from_hours(721));
    sweep().await;
    guess(server, &Door::BackOffice, email, 10).await;
    let message = say(&mut visitor, closed, WRONG).await;
    assert_eq!(message, says(&Problem::SignIn(SignInProblem::ResetNeeded)));
}

/// Red when a wait of more than a minute is told in seconds: the tests above expect what the same function says.
#[test]
fn waits_are_told_in_minutes() {
    for (seconds, english, french) in [
        (1, "Wait a minute,", "Attendez une minute,"),
        (60, "Wait a minute,", "Attendez une minute,"),
        (61, "in 2 minutes.", "dans 2 minutes."),
        (600, "in 10 minutes.", "dans 10 minutes."),
    ] {
        let problem = too_many(Duration::from_secs(seconds));
        for (locale, said) in [(Locale::En, english), (Locale::Fr, french)] {
            let text = words::of(locale, &problem).replace('\u{a0}', " ");
            assert!(text.contains(said), "{text}");
        }
    }
}
