//! Whether the time of an answer reveals what an address is: known, locked, only invited, or unknown.
//!
//! Wherever an address is typed, the same wrong thing is asked for addresses in every state, in turns and in a new
//! order each time, each address once and each time from another network, so that no limit is met. What an attacker
//! could read off it is the chance to distinguish two states by one answer: 50 % when there is nothing to read.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use super::ranks::{compare, median, spread};
use super::server::Server;
use super::{Bar, Bench, Figure, http};
use crate::progress::Ticker;

/// Answers for each state and place, unless `--samples` says otherwise.
pub const SAMPLES: usize = 2_000;
/// Answers that are not counted, since caches fill and threads start.
const WARM_UP: usize = 20;
/// The most that the chance to distinguish two states may differ from 50 %, in points.
const BAR: f64 = 5.0;
/// With few samples chance alone goes further: the bar is never below so many standard deviations.
const DEVIATIONS: f64 = 4.0;
/// Between two answers, so that what a worker does after one is over when the next is asked for.
const PAUSE: Duration = Duration::from_millis(8);
/// Until all requests for a new password are answered, which waits for the next tick.
const UNTIL_MAILED: Duration = Duration::from_secs(30);
/// Until all registrations are answered, and another mail can be asked for.
const UNTIL_SENT_AGAIN: Duration = Duration::from_secs(75);
/// Registrations that are answered at once: the limit of their mail domain delays the others.
const MOST_REGISTRATIONS: usize = 600;
/// Wishes for another address that one account may have at once, and of which some are left.
const WISHES: usize = 4;

/// A place where an address is typed.
struct Place {
    name: &'static str,
    action: &'static str,
    /// The door, as forms name it.
    door: &'static str,
    /// What is typed beside the address.
    beside: &'static str,
    /// The states that an address can be in there, as its first letter says.
    states: &'static [(&'static str, char)],
    /// Whether it takes a signed-in user.
    inside: bool,
    /// What the same browser has done before.
    before: Option<Before>,
}

/// What a browser has done before it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Asked for a new password.
    Forgot,
    /// Registered.
    Registered,
}

impl Before {
    /// The form, the fields beside the address, what the cookie begins with that binds the rest to the browser, and how long
    /// the answer takes.
    const fn parts(self) -> (&'static str, &'static str, &'static str, Duration) {
        match self {
            Self::Forgot => ("/api/forgot_password", "", "reset", UNTIL_MAILED),
            Self::Registered => (
                "/api/register",
                REGISTERED,
                "registration",
                UNTIL_SENT_AGAIN,
            ),
        }
    }
}

const REGISTERED: &str = "&name=Ada&password=lanterns+over+the+wide+canal&next=";

const MANAGERS: &[(&str, char)] = &[
    ("unknown", 'u'),
    ("active", 'a'),
    ("second factor", 's'),
    ("invited", 'i'),
    ("locked", 'l'),
];
const PARTICIPANTS: &[(&str, char)] = &[
    ("unknown", 'u'),
    ("active", 'a'),
    ("second factor", 's'),
    ("never set up", 'i'),
    ("locked", 'l'),
    ("unconfirmed", 'n'),
];
const PLATFORM: &str = "bellerive/quay";

const PLACES: [Place; 9] = [
    Place {
        name: "sign-in, managers",
        action: "/api/sign_in",
        door: "",
        beside: "&password=not+the+right+one&next=",
        states: MANAGERS,
        inside: false,
        before: None,
    },
    Place {
        name: "sign-in, participants",
        action: "/api/sign_in",
        door: PLATFORM,
        beside: "&password=not+the+right+one&next=",
        states: PARTICIPANTS,
        inside: false,
        before: None,
    },
    Place {
        name: "forgotten, managers",
        action: "/api/forgot_password",
        door: "",
        beside: "",
        states: MANAGERS,
        inside: false,
        before: None,
    },
    Place {
        name: "forgotten, participants",
        action: "/api/forgot_password",
        door: PLATFORM,
        beside: "",
        states: PARTICIPANTS,
        inside: false,
        before: None,
    },
    Place {
        name: "code of the mail, managers",
        action: "/api/give_reset_code",
        door: "",
        beside: "&code=BCDF-GHJK",
        states: MANAGERS,
        inside: false,
        before: Some(Before::Forgot),
    },
    Place {
        name: "code of the mail, participants",
        action: "/api/give_reset_code",
        door: PLATFORM,
        beside: "&code=BCDF-GHJK",
        states: PARTICIPANTS,
        inside: false,
        before: Some(Before::Forgot),
    },
    Place {
        name: "another address",
        action: "/api/ask_for_email",
        door: PLATFORM,
        beside: "&proof=",
        states: &[("free", 'u'), ("taken", 'a')],
        inside: true,
        before: None,
    },
    Place {
        name: "the mail of a registration again",
        action: "/api/send_confirmation",
        door: PLATFORM,
        beside: "",
        states: PARTICIPANTS,
        inside: false,
        before: Some(Before::Registered),
    },
    Place {
        name: "registering",
        action: "/api/register",
        door: PLATFORM,
        beside: REGISTERED,
        states: PARTICIPANTS,
        inside: false,
        before: None,
    },
];

/// Every pair of states at every place.
pub fn measure(bench: &Bench, ticker: &Ticker) -> Result<Vec<Figure>> {
    let accounts = bench.samples + WARM_UP;
    let server = Server::start_filled(bench, ticker, "enumeration", accounts)?;
    let mut asking = Asking {
        address: server.address,
        samples: bench.samples,
        seed: 1,
        client: 0,
        asker: 0,
    };
    let mut figures = Vec::new();
    for place in &PLACES {
        let times = asking.times(place, ticker)?;
        let samples = asking.rounds(place).saturating_sub(WARM_UP);
        figures.extend(judge(place, &times, samples));
    }
    Ok(figures)
}

/// Asks, and remembers which addresses and networks were used.
struct Asking {
    address: SocketAddr,
    samples: usize,
    seed: u64,
    client: u32,
    asker: usize,
}

/// Milliseconds by state.
type Times = BTreeMap<&'static str, Vec<f64>>;

impl Asking {
    fn times(&mut self, place: &Place, ticker: &Ticker) -> Result<Times> {
        let mut times = Times::new();
        let (mut seen, mut cookie) = (None, String::new());
        let rounds = self.rounds(place);
        let asked = match place.before {
            Some(before) => self.ask_before(place, before, ticker)?,
            None => BTreeMap::new(),
        };
        let mut left = 0;
        for round in 0..rounds {
            ticker.tick(&format!("{}, {round} of {rounds}", place.name));
            for (state, letter) in self.in_any_order(place.states) {
                if place.inside && left == 0 {
                    (cookie, left) = (self.sign_in(place.door)?, WISHES);
                }
                left = left.saturating_sub(1);
                if let Some(bound) = asked.get(&(letter, round)) {
                    cookie.clone_from(bound);
                }
                let (time, answer) = self.ask(place, letter, round, &cookie)?;
                cookie = renewed(&cookie, &answer);
                // What it says must be the same as well, or there is no need to look at the time.
                let says = looks(&answer);
                let same = seen.get_or_insert_with(|| says.clone()) == &says;
                ensure!(
                    same,
                    "{}: {state} is answered differently:\n{says}",
                    place.name
                );
                if round >= WARM_UP {
                    times.entry(state).or_default().push(time);
                }
                std::thread::sleep(PAUSE);
            }
        }
        Ok(times)
    }

    fn in_any_order(
        &mut self,
        states: &'static [(&'static str, char)],
    ) -> Vec<(&'static str, char)> {
        let mut order = states.to_vec();
        for place in (1..order.len()).rev() {
            self.seed = mixed(self.seed);
            let other = usize::try_from(self.seed % (place as u64 + 1)).unwrap_or(0);
            order.swap(place, other);
        }
        order
    }

    /// One answer, in milliseconds.
    fn ask(
        &mut self,
        place: &Place,
        letter: char,
        round: usize,
        cookie: &str,
    ) -> Result<(f64, http::Answer)> {
        // The realm is part of what limits count by, and yet no address is used twice at a place.
        let form = format!(
            "email={letter}{round:06}%40town.example{}&door={}&locale=en",
            place.beside,
            place.door.replace('/', "%2F")
        );
        let client = self.network();
        let started = Instant::now();
        let answer = http::post_as(self.address, place.action, &form, &client, cookie)?;
        let time = started.elapsed().as_secs_f64() * 1000.0;
        ensure!(answer.status == 303, "{}: {}", place.name, answer.head);
        Ok((time, answer))
    }

    /// How many times every state of a place is asked for, the uncounted ones included.
    fn rounds(&self, place: &Place) -> usize {
        let rounds = self.samples + WARM_UP;
        match place.before {
            Some(Before::Registered) => rounds.min(MOST_REGISTRATIONS / place.states.len()),
            _ => rounds,
        }
    }

    /// Asks for every address of a place, and waits until the mails are written. Gives the cookies that bind them to the
    /// browser.
    fn ask_before(
        &mut self,
        place: &Place,
        before: Before,
        ticker: &Ticker,
    ) -> Result<BTreeMap<(char, usize), String>> {
        let (action, beside, name, answered) = before.parts();
        let mut cookies = BTreeMap::new();
        let rounds = self.rounds(place);
        for round in 0..rounds {
            ticker.tick(&format!("{}, asking, {round} of {rounds}", place.name));
            for (_, letter) in place.states {
                let form = format!(
                    "email={letter}{round:06}%40town.example{beside}&door={}&locale=en",
                    place.door.replace('/', "%2F")
                );
                let client = self.network();
                let answer = http::post(self.address, action, &form, &client)?;
                let bound = answer.cookies().find(|cookie| cookie.starts_with(name));
                let bound = bound.context("nothing binds the mail to the browser")?;
                cookies.insert((*letter, round), bound.to_owned());
            }
        }
        std::thread::sleep(answered);
        Ok(cookies)
    }

    /// Signs a new user in; gives the cookies.
    fn sign_in(&mut self, door: &str) -> Result<String> {
        let form = format!(
            "email=k{:06}%40town.example&password=quiet+harbour+seven+lanterns&next=&door={}&locale=en",
            self.asker,
            door.replace('/', "%2F")
        );
        self.asker += 1;
        let client = self.network();
        let answer = http::post(self.address, "/api/sign_in", &form, &client)?;
        let cookies: Vec<&str> = answer.cookies().collect();
        ensure!(
            cookies.iter().any(|cookie| cookie.starts_with("p-")),
            "nobody was signed in:\n{}",
            answer.head
        );
        Ok(cookies.join("; "))
    }

    fn network(&mut self) -> String {
        self.client += 1;
        let [_, a, b, c] = self.client.to_be_bytes();
        format!("10.{a}.{b}.{c}")
    }
}

/// What a browser brings next time: a proof gives the session a new token, and the old one is dead.
fn renewed(cookies: &str, answer: &http::Answer) -> String {
    let Some(session) = answer.cookies().find(|cookie| cookie.starts_with("p-")) else {
        return cookies.to_owned();
    };
    let brought = cookies.split("; ").map(|cookie| {
        let is_session = cookie.starts_with("p-");
        if is_session { session } else { cookie }
    });
    brought.collect::<Vec<&str>>().join("; ")
}

/// Everything about an answer that must not depend on the address: no values of cookies, no numbers of requests.
fn looks(answer: &http::Answer) -> String {
    let lines = answer.head.lines().map(|line| match line.split_once(':') {
        Some((name, value)) if name.eq_ignore_ascii_case("set-cookie") => {
            let (cookie, _) = value.split_once('=').unwrap_or((value, ""));
            format!("{name}:{cookie}")
        }
        Some((name, _))
            if ["date", "x-request-id"].contains(&name.to_ascii_lowercase().as_str()) =>
        {
            name.to_owned()
        }
        _ => line.to_owned(),
    });
    let mut lines: Vec<String> = lines.collect();
    // A nonce is as long every time.
    for line in &mut lines {
        if let Some((before, rest)) = line.split_once("'nonce-") {
            let after = rest.split_once('\'').map_or("", |(_, after)| after);
            *line = format!("{before}'nonce-'{after}");
        }
    }
    format!("{}\n\n{} bytes", lines.join("\n"), answer.body.len())
}

/// The medians, and how well each pair can be distinguished.
fn judge(place: &Place, times: &Times, samples: usize) -> Vec<Figure> {
    let mut figures = Vec::new();
    for (state, times) in times {
        let name = format!("{}: {state}, median", place.name);
        figures.push(Figure::plain(&name, median(times), "ms"));
    }
    let bar = BAR.max(100.0 * DEVIATIONS * spread(samples));
    let bar = (bar * 10.0).round() / 10.0;
    let mut rarest = 1.0_f64;
    let states: Vec<&str> = times.keys().copied().collect();
    let mut pairs = 0;
    for (place_of, first) in states.iter().enumerate() {
        for second in &states[place_of + 1..] {
            let Some(ranks) = compare(&times[first], &times[second]) else {
                continue;
            };
            let name = format!("{}: {first} or {second}", place.name);
            let told_apart = 100.0 * (ranks.greater - 0.5).abs();
            figures.push(Figure::judged(
                &name,
                told_apart,
                "points",
                Bar::AtMost(bar),
            ));
            rarest = rarest.min(ranks.p);
            pairs += 1;
        }
    }
    // Of so many pairs one looks rare by chance (Bonferroni).
    let rarest = (rarest * f64::from(pairs)).min(1.0);
    let name = format!("{}: by chance, in {pairs} pairs", place.name);
    figures.push(Figure::plain(&name, 100.0 * rarest, "%"));
    figures
}

/// The next of a row of well mixed numbers (the finaliser of `SplitMix64`).
pub fn mixed(state: u64) -> u64 {
    let state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slower_state_misses_the_bar_and_equal_ones_reach_it() -> Result<()> {
        let place = &PLACES[4];
        let times = |shift: f64| -> Vec<f64> {
            (0..500_u32)
                .map(|number| f64::from(number % 100) + shift)
                .collect()
        };
        for (shift, ok) in [(0.0, true), (20.0, false), (-20.0, false)] {
            let times = Times::from([("free", times(0.0)), ("taken", times(shift))]);
            let figures = judge(place, &times, 500);
            let pair = figures.iter().find(|figure| figure.bar.is_some());
            assert_eq!(pair.context("a pair")?.ok, ok, "{shift}");
        }
        Ok(())
    }

    #[test]
    fn a_renewed_session_is_brought_along() {
        let answer = |head: &str| http::Answer {
            status: 303,
            head: head.to_owned(),
            body: Vec::new(),
            wire_bytes: 0,
        };
        let given =
            answer("HTTP/1.1 303 See Other\r\nSet-Cookie: flash=f\r\nSet-Cookie: p-1=new; Path=/");
        assert_eq!(renewed("p-1=old; device=d", &given), "p-1=new; device=d");
        let kept = answer("HTTP/1.1 303 See Other\r\nSet-Cookie: flash=f");
        assert_eq!(renewed("p-1=old; device=d", &kept), "p-1=old; device=d");
    }

    #[test]
    fn every_order_comes() {
        let mut asking = Asking {
            address: SocketAddr::from(([127, 0, 0, 1], 1)),
            samples: 0,
            seed: 1,
            client: 0,
            asker: 0,
        };
        let states = PLACES[6].states;
        let firsts: Vec<&str> = (0..100).map(|_| asking.in_any_order(states)[0].0).collect();
        let free = firsts.iter().filter(|first| **first == "free").count();
        assert!((30..=70).contains(&free), "{free}");
    }

    #[test]
    fn an_answer_is_compared_without_what_chance_made() {
        let answer = |cookie: &str, nonce: &str| http::Answer {
            status: 303,
            head: format!(
                "HTTP/1.1 303 See Other\r\nSet-Cookie: flash={cookie}; Path=/\r\nCSP: a 'nonce-{nonce}' b"
            ),
            body: Vec::new(),
            wire_bytes: 0,
        };
        assert_eq!(looks(&answer("one", "xx")), looks(&answer("two", "yy")));
        let mut other = answer("one", "xx");
        other.head.push_str("\r\nSet-Cookie: other=1");
        assert_ne!(looks(&answer("one", "xx")), looks(&other));
    }
}
