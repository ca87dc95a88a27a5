//! How often a password may be tried: exact under any number of requests at once and over several
//! servers, by address and by network, and over in time.

use crate::support::{
    TestServer, Visitor, all_at_once, both,
    words::{self, assert_refused, too_many},
};
use app::paths;
use contract::{Locale, Problem, SignInProblem};
use domain::Duration;

both! {
    two_hundred_tries_at_once_are_judged_ten_times with PROXY,
    two_servers_count_together with PROXY,
    tries_from_a_known_device_are_counted_exactly_too,
    one_network_is_judged_a_hundred_times,
    an_address_that_nobody_has_is_limited_alike,
    the_right_password_is_no_way_past_the_limit,
    the_limit_ends_on_time,
    a_success_forgets_the_mistakes_of_the_address,
    a_success_does_not_forget_the_guesses_of_the_network,
}

const WRONG: &str = "five ships in a bottle";

/// What became of many tries.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    judged: usize,
    turned_away: usize,
}

/// Posts a wrong password and reads what the next page says about it.
async fn knock(mut visitor: Visitor, email: String) -> Vec<String> {
    let fields = [
        ("email", email.as_str()),
        ("password", WRONG),
        ("locale", "en"),
    ];
    let mut answer = visitor.post("/api/sign_in", &fields).await;
    // On a busy machine the queue for hashing may be full. Such a try was not judged and does not
    // count, so the visitor does what `Retry-After` asks for.
    while answer.status == 503 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        answer = visitor.post("/api/sign_in", &fields).await;
    }
    assert_eq!(answer.status, 303, "{}", answer.text());
    visitor.open(paths::SIGN_IN).await.errors()
}

async fn knock_all(tries: impl Iterator<Item = (Visitor, String)>) -> Tally {
    let judged = words::of(Locale::En, &Problem::SignIn(SignInProblem::BadCredentials));
    let mut tally = Tally::default();
    for errors in all_at_once(tries.map(|(visitor, email)| knock(visitor, email))).await {
        match &errors[..] {
            [one] if *one == judged => tally.judged += 1,
            [one] if one.contains("Too many tries") => tally.turned_away += 1,
            other => panic!("neither judged nor turned away: {other:?}"),
        }
    }
    tally
}

/// A visitor from a separate network; the server must trust its proxy.
fn from_afar(server: &TestServer, number: usize) -> Visitor {
    server.visitor().saying(
        "x-forwarded-for",
        &format!("10.1.{}.{}", number / 200, number % 200),
    )
}

/// Red when the limit is read in one statement and written in another; when failures are counted
/// after the password was judged.
async fn two_hundred_tries_at_once_are_judged_ten_times(server: &TestServer) {
    let person = server.person().await;
    let tries = (0..200).map(|number| (from_afar(server, number), person.email.clone()));
    assert_eq!(
        knock_all(tries).await,
        Tally {
            judged: 10,
            turned_away: 190
        }
    );
}

/// Red when a server counts in its own memory.
async fn two_servers_count_together(server: &TestServer) {
    let person = server.person().await;
    let other = server.another().await;
    let door = |number: usize| {
        let visitor = from_afar(server, number);
        if number.is_multiple_of(2) {
            visitor
        } else {
            visitor.at(&other)
        }
    };
    let tries = (0..200).map(|number| (door(number), person.email.clone()));
    assert_eq!(
        knock_all(tries).await,
        Tally {
            judged: 10,
            turned_away: 190
        }
    );
    other.stop().await;
}

/// Red when the count of a device is read in one statement and written in another; when it lives in
/// one server's memory.
async fn tries_from_a_known_device_are_counted_exactly_too(server: &TestServer) {
    let person = server.person().await;
    let known = server.visitor().sign_in(&person).await.sign_out().await;
    let other = server.another().await;
    let door = |number: usize| {
        if number.is_multiple_of(2) {
            known.clone()
        } else {
            known.at(&other)
        }
    };
    let tries = (0..200).map(|number| (door(number), person.email.clone()));
    assert_eq!(
        knock_all(tries).await,
        Tally {
            judged: 10,
            turned_away: 190
        }
    );
    other.stop().await;
    // None of it was paid from the count of the address.
    server.visitor().sign_in(&person).await;
}

async fn one_network_is_judged_a_hundred_times(server: &TestServer) {
    let tries = (0..120).map(|number| (server.visitor(), format!("nobody{number}@town.example")));
    assert_eq!(
        knock_all(tries).await,
        Tally {
            judged: 100,
            turned_away: 20
        }
    );
}

/// Red when only existing accounts have a bucket: the eleventh answer would tell them apart.
async fn an_address_that_nobody_has_is_limited_alike(server: &TestServer) {
    let tries = (0..15).map(|number| {
        // Letter case makes no second bucket.
        let email = if number % 2 == 0 {
            "nobody@town.example"
        } else {
            "NoBody@Town.Example"
        };
        (server.visitor(), email.to_owned())
    });
    assert_eq!(
        knock_all(tries).await,
        Tally {
            judged: 10,
            turned_away: 5
        }
    );
}

async fn use_up(server: &TestServer, email: &str) {
    let tries = (0..10).map(|_| (server.visitor(), email.to_owned()));
    assert_eq!(
        knock_all(tries).await,
        Tally {
            judged: 10,
            turned_away: 0
        }
    );
}

/// Red when the password is judged first: the answer would say which guess was right.
async fn the_right_password_is_no_way_past_the_limit(server: &TestServer) {
    let person = server.person().await;
    use_up(server, &person.email).await;
    let mut visitor = server.visitor();
    let page = visitor.give_password(&person.email, &person.password).await;
    assert_refused(&page, &too_many(Duration::from_mins(1)));
    assert!(!visitor.is_in().await);
}

/// Red when a refused try moves the limit further away (Rauthy 0.35: limited for ever).
async fn the_limit_ends_on_time(server: &TestServer) {
    let person = server.person().await;
    use_up(server, &person.email).await;
    let mut visitor = server.visitor();
    server.clock.advance_secs(59);
    for _ in 0..3 {
        let page = visitor.give_password(&person.email, WRONG).await;
        assert_refused(&page, &too_many(Duration::from_secs(1)));
    }
    server.clock.advance_secs(1);
    assert_refused(
        &visitor.give_password(&person.email, WRONG).await,
        &Problem::SignIn(SignInProblem::BadCredentials),
    );
    let page = visitor.give_password(&person.email, WRONG).await;
    assert_refused(&page, &too_many(Duration::from_mins(1)));
    server.clock.advance_secs(60);
    visitor.sign_in(&person).await;
}

async fn a_success_forgets_the_mistakes_of_the_address(server: &TestServer) {
    let person = server.person().await;
    let nine = (0..9).map(|_| (server.visitor(), person.email.clone()));
    assert_eq!(knock_all(nine).await.judged, 9);
    server.visitor().sign_in(&person).await;
    use_up(server, &person.email).await;
}

/// Red when a success fills the network's bucket: own successes would hide guesses at others
/// (django-allauth 65.8.1).
async fn a_success_does_not_forget_the_guesses_of_the_network(server: &TestServer) {
    let person = server.person().await;
    let many = (0..98).map(|number| (server.visitor(), format!("nobody{number}@town.example")));
    assert_eq!(knock_all(many).await.judged, 98);
    // A success takes its own try and gives it back, no more and no less.
    for _ in 0..3 {
        server.visitor().sign_in(&person).await;
    }
    let rest = (0..5).map(|number| (server.visitor(), format!("somebody{number}@town.example")));
    assert_eq!(
        knock_all(rest).await,
        Tally {
            judged: 2,
            turned_away: 3
        }
    );
}
