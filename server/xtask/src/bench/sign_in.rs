//! Whole sign-ins with a password beside bare hashes: what is not the hash should cost next to nothing.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::server::Server;
use super::{Bar, Bench, Figure, http, many};
use crate::command::must;
use crate::progress::Ticker;

/// Accounts that sign in, in turns: one alone would soon be told to wait.
pub const ACCOUNTS: usize = 2_000;
/// Enough to keep every core at hashing, and too few to fill the queue.
const CLIENTS: usize = 6;
const TIME: Duration = Duration::from_secs(10);

/// The accounts of the back office that sign in, one after the other.
#[derive(Default)]
pub struct Crowd(AtomicUsize);

/// Sign-ins for each second, the rate of hashes before and after, and what a sign-in costs beside its hash.
pub fn measure(bench: &Bench, ticker: &Ticker) -> Result<Vec<Figure>> {
    let server = Server::start_filled(bench, ticker, "sign-in", ACCOUNTS)?;
    let crowd = Crowd::default();
    crowd.sign_in(&server, 0)?;
    let before = bare(bench, ticker)?;
    let used = server.processor_seconds()?;
    let (done, rate) = rate(&server, &crowd)?;
    let used = server.processor_seconds()? - used;
    let after = bare(bench, ticker)?;
    let bare = f64::midpoint(before, after);
    let cores = thread::available_parallelism()?.get();
    let of_a_hash = 1000.0 * f64::from(u32::try_from(cores)?) / bare;
    let of_a_sign_in = 1000.0 * used / done;
    Ok(vec![
        Figure::plain("bare argon2id", bare, "hashes/s"),
        Figure::plain("sign-ins with a password", rate, "/s"),
        Figure::judged(
            "sign-ins beside bare hashes",
            100.0 * rate / bare,
            "%",
            Bar::AtLeast(85.0),
        ),
        Figure::plain("processor time of a sign-in", of_a_sign_in, "ms"),
        Figure::judged(
            "of which not for its hash",
            of_a_sign_in - of_a_hash,
            "ms",
            Bar::AtMost(1.5),
        ),
    ])
}

/// How many sign-ins were done, and how many for each second.
fn rate(server: &Server, crowd: &Crowd) -> Result<(f64, f64)> {
    let done = AtomicUsize::new(0);
    let started = Instant::now();
    many(CLIENTS, |number| {
        while started.elapsed() < TIME {
            crowd.sign_in(server, number)?;
            done.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    })?;
    let done = f64::from(u32::try_from(done.into_inner())?);
    Ok((done, done / started.elapsed().as_secs_f64()))
}

impl Crowd {
    /// The next account signs in from the beginning, as on the first page of the day.
    pub fn sign_in(&self, server: &Server, number: usize) -> Result<()> {
        let next = self.0.fetch_add(1, Ordering::Relaxed) % ACCOUNTS;
        let answer = http::post(
            server.address,
            "/api/sign_in",
            &format!(
                "email=k{next:06}%40town.example&password=quiet+harbour+seven+lanterns&next=&locale=en"
            ),
            &format!("192.0.2.{number}"),
        )?;
        let opened = answer
            .header("location")
            .is_some_and(|to| to.ends_with("/back-office"));
        ensure!(opened, "the sign-in was not accepted:\n{}", answer.head);
        Ok(())
    }
}

/// The rate of the example that does nothing but hash, at the same cost.
pub fn bare(bench: &Bench, ticker: &Ticker) -> Result<f64> {
    let mut cargo = bench.project.cargo();
    cargo.args([
        "run",
        "--release",
        "--package",
        "unit_of_work",
        "--example",
        "bare_hash",
        "--",
        "5",
    ]);
    let finished = must(&mut cargo, ticker)?;
    finished
        .stdout
        .trim()
        .parse()
        .context("bare_hash prints a number")
}
