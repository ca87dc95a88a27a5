//! More sign-ins than the processor can hash: some are refused with 503, every client is
//! answered, and readers of pages notice nothing.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;

use super::server::Server;
use super::{Bar, Bench, Figure, count, http, many};
use crate::progress::Ticker;

/// Many times what the queue holds.
const CLIENTS: usize = 400;
const TIME: Duration = Duration::from_secs(10);
/// How long a refused client waits: an impatient one.
const RETRY: Duration = Duration::from_millis(500);
/// Memory of one hash at the standard cost, in megabytes.
const HASH_MEMORY: f64 = 19.922_944;
/// What everything else may grow by.
const SLACK: f64 = 20.0;

/// What the clients saw.
#[derive(Default)]
struct Seen {
    answered: AtomicUsize,
    sent_back: AtomicUsize,
    lost: AtomicUsize,
    stop: AtomicBool,
    page_times: Mutex<Vec<f64>>,
}

/// Hashes of unknown addresses, which cost the same as others, from as many networks as there are clients.
pub fn measure(bench: &Bench, _: &Ticker) -> Result<Vec<Figure>> {
    let server = Server::start(bench, "overload")?;
    let before = server.resident_megabytes()?;
    let seen = Seen::default();
    let most = put_under_load(&server, &seen)?;
    Ok(seen.figures(most - before))
}

/// Lets all clients loose, with a reader among them; the most memory that the server held meanwhile.
fn put_under_load(server: &Server, seen: &Seen) -> Result<f64> {
    std::thread::scope(|scope| {
        scope.spawn(|| read_pages(server, seen));
        let client = |number| {
            knock(server, seen, number);
            Ok(())
        };
        let load = scope.spawn(move || many(CLIENTS, client));
        let mut most = Ok(0.0_f64);
        while !load.is_finished() {
            most = most.and_then(|most: f64| Ok(most.max(server.resident_megabytes()?)));
            std::thread::sleep(Duration::from_millis(100));
        }
        seen.stop.store(true, Ordering::Relaxed);
        most
    })
}

impl Seen {
    fn figures(self, grown: f64) -> Vec<Figure> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let allowed = count(cores) * HASH_MEMORY + SLACK;
        let mut times = self.page_times.into_inner().unwrap_or_default();
        times.sort_by(f64::total_cmp);
        let slow = times.get(times.len() * 99 / 100).copied();
        let hashed = count(self.answered.into_inner());
        let sent_back = count(self.sent_back.into_inner());
        let lost = count(self.lost.into_inner());
        vec![
            Figure::plain("sign-ins that were hashed", hashed, ""),
            Figure::judged(
                "sign-ins told to come back (503)",
                sent_back,
                "",
                Bar::AtLeast(1.0),
            ),
            Figure::judged(
                "sign-ins without a right answer",
                lost,
                "",
                Bar::AtMost(0.0),
            ),
            Figure::judged(
                "other pages meanwhile, 99th percentile",
                slow.unwrap_or(f64::INFINITY),
                "ms",
                Bar::AtMost(20.0),
            ),
            Figure::judged(
                "memory grown meanwhile",
                grown,
                "MB",
                Bar::AtMost(allowed.floor()),
            ),
        ]
    }
}

/// One client: signs in with an unknown address, again and again.
fn knock(server: &Server, seen: &Seen, number: usize) {
    let client = format!("198.51.{}.{}", number / 250, number % 250 + 1);
    let started = Instant::now();
    let mut round = 0;
    while started.elapsed() < TIME {
        round += 1;
        let form = format!(
            "email=nobody{number}-{round}%40example.org&password=not+the+right+one&next=&locale=en"
        );
        match http::post(server.address, "/api/sign_in", &form, &client) {
            Ok(answer) if answer.status == 503 && answer.header("retry-after").is_some() => {
                seen.sent_back.fetch_add(1, Ordering::Relaxed);
                std::thread::sleep(RETRY);
            }
            Ok(answer) if matches!(answer.status, 302 | 303) => {
                seen.answered.fetch_add(1, Ordering::Relaxed);
            }
            _ => {
                seen.lost.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// A reader, one page after the other.
fn read_pages(server: &Server, seen: &Seen) {
    while !seen.stop.load(Ordering::Relaxed) {
        let started = Instant::now();
        let good =
            http::get(server.address, "/sign-in", "br").is_ok_and(|answer| answer.status == 200);
        let time = if good {
            started.elapsed().as_secs_f64() * 1000.0
        } else {
            f64::INFINITY
        };
        if let Ok(mut times) = seen.page_times.lock() {
            times.push(time);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
