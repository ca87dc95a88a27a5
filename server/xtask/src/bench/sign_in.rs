//! Whole sign-ins with a password beside bare hashes: what is not the hash should cost next to nothing.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::server::Server;
use super::{Bar, Bench, Figure, http, many};
use crate::command::must;
use crate::progress::Ticker;

/// A manager of the demo without a second factor.
const FORM: &str =
    "email=manager%40bellerive.example&password=quiet+harbour+seven+lanterns&next=&locale=en";
/// Enough to keep every core at hashing, and too few to fill the queue.
const CLIENTS: usize = 6;
const TIME: Duration = Duration::from_secs(10);

/// Sign-ins for each second, and the rate of hashes before and after.
pub fn measure(bench: &Bench, ticker: &Ticker) -> Result<Vec<Figure>> {
    let server = Server::start(bench, "sign-in")?;
    sign_in(&server, 0)?;
    let before = bare(bench, ticker)?;
    let rate = rate(&server)?;
    let after = bare(bench, ticker)?;
    let bare = f64::midpoint(before, after);
    Ok(vec![
        Figure::plain("bare argon2id", bare, "hashes/s"),
        Figure::plain("sign-ins with a password", rate, "/s"),
        Figure::judged(
            "sign-ins beside bare hashes",
            100.0 * rate / bare,
            "%",
            Bar::AtLeast(80.0),
        ),
    ])
}

fn rate(server: &Server) -> Result<f64> {
    let done = AtomicUsize::new(0);
    let started = Instant::now();
    many(CLIENTS, |number| {
        while started.elapsed() < TIME {
            sign_in(server, number)?;
            done.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    })?;
    let done = u32::try_from(done.into_inner())?;
    Ok(f64::from(done) / started.elapsed().as_secs_f64())
}

/// Signs in from the beginning, as on the first page of the day.
pub fn sign_in(server: &Server, number: usize) -> Result<()> {
    let answer = http::post(
        server.address,
        "/api/sign_in",
        FORM,
        &format!("192.0.2.{number}"),
    )?;
    let opened = answer
        .header("location")
        .is_some_and(|to| to.ends_with("/back-office"));
    ensure!(opened, "the sign-in was not accepted:\n{}", answer.head);
    Ok(())
}

/// The rate of the example that does nothing but hash, at the same cost.
fn bare(bench: &Bench, ticker: &Ticker) -> Result<f64> {
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
