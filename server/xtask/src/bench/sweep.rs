//! A sweep over a million expired rows while the sign-in page is asked for and people sign in.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{fs, thread};

use anyhow::{Context, Result, bail, ensure};

use super::server::{Server, data_folder};
use super::sign_in::{ACCOUNTS, Crowd};
use super::{Bench, Figure, count, http};
use crate::command::must;
use crate::progress::Ticker;

const ROWS: usize = 1_000_000;
/// How long is measured without a sweep.
const QUIET: Duration = Duration::from_secs(10);
/// How long a sweep may take.
const PATIENCE: Duration = Duration::from_mins(10);
/// What the server logs at the end of a sweep.
const SWEPT: &str = "Old rows were removed";

/// Times of the sign-in page and of a whole sign-in, without a sweep and during one.
pub fn measure(bench: &Bench, ticker: &Ticker) -> Result<Vec<Figure>> {
    let folder = data_folder(bench, "sweep")?;
    let server = Server::start_filled(bench, ticker, "sweep", ACCOUNTS)?;
    let crowd = Crowd::default();
    let began = Instant::now();
    let mut figures = both(&server, &crowd, "quiet", || Ok(began.elapsed() < QUIET))?;
    drop(server);
    let url = format!("sqlite:{}", folder.join("bpart.db").display());
    let mut fill = bench.project.cargo();
    fill.args(["run", "--release", "--package", "store", "--example"]);
    fill.args(["expired_rows", "--", &url, &ROWS.to_string()]);
    must(&mut fill, ticker)?;
    // The server sweeps when it starts.
    let server = Server::start_again(bench, "sweep")?;
    let began = Instant::now();
    let log = folder.join("server.log");
    figures.extend(both(&server, &crowd, "during a sweep", || {
        ensure!(began.elapsed() < PATIENCE, "the sweep does not end");
        Ok(!fs::read_to_string(&log)?.contains(SWEPT))
    })?);
    figures.push(Figure::plain("expired rows", count(ROWS), "rows"));
    let took = began.elapsed().as_secs_f64();
    figures.push(Figure::plain("the sweep", took, "s"));
    Ok(figures)
}

/// The 99th percentile of both, measured side by side while `goes_on` says so.
fn both(
    server: &Server,
    crowd: &Crowd,
    when: &str,
    goes_on: impl Fn() -> Result<bool>,
) -> Result<Vec<Figure>> {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let pages = scope.spawn(|| {
            times(&done, || {
                let answer = http::get(server.address, "/sign-in", "identity")?;
                ensure!(answer.status == 200, "the page was not shown");
                Ok(())
            })
        });
        let sign_ins = scope.spawn(|| times(&done, || crowd.sign_in(server, 1)));
        let waited = wait(goes_on);
        done.store(true, Ordering::Relaxed);
        waited?;
        let mut figures = Vec::new();
        for (what, thread) in [("sign-in page", pages), ("sign-in", sign_ins)] {
            let mut times = thread
                .join()
                .unwrap_or_else(|_| bail!("a client panicked"))?;
            times.sort_by(f64::total_cmp);
            let p99 = times.get(times.len() * 99 / 100).context("no answer")?;
            figures.push(Figure::plain(&format!("{what}, p99, {when}"), *p99, "ms"));
        }
        Ok(figures)
    })
}

fn wait(goes_on: impl Fn() -> Result<bool>) -> Result<()> {
    while goes_on()? {
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// The times of one answer after the other, in milliseconds.
fn times(done: &AtomicBool, ask: impl Fn() -> Result<()>) -> Result<Vec<f64>> {
    let mut times = Vec::new();
    while !done.load(Ordering::Relaxed) {
        let began = Instant::now();
        ask()?;
        times.push(began.elapsed().as_secs_f64() * 1000.0);
        thread::sleep(Duration::from_millis(5));
    }
    Ok(times)
}
