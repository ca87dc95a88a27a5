//! A bulk of mails is queued, then somebody forgets a password: when does that mail leave?
//!
//! The measurement itself is `server/examples/bulk.rs`, with a mail server that takes 20 ms for each mail.

use std::process::Command;

use anyhow::{Context, Result};

use super::{Bar, Bench, Figure};
use crate::command::must;
use crate::progress::Ticker;

/// The measurement: `server/examples/bulk.rs`.
const BULK: &str = "bulk";
const MAILS: &str = "50000";

/// When the reset's mail left, and how fast the bulk goes meanwhile.
pub fn measure(bench: &Bench, ticker: &Ticker) -> Result<Vec<Figure>> {
    let mut cargo = bench.project.cargo();
    must(
        cargo.args([
            "build",
            "--release",
            "--package",
            "server",
            "--example",
            BULK,
        ]),
        ticker,
    )?;
    let program = bench.project.target.join("release/examples").join(BULK);
    let told = must(Command::new(program).arg(MAILS), ticker)?.stdout;
    let number = |name: &str| -> Result<f64> {
        let line = told.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|line| line.split_whitespace().next());
        Ok(number
            .context("bulk did not say what it measured")?
            .parse()?)
    };
    Ok(vec![
        Figure::judged(
            "a reset's mail behind 50 000 others",
            number("reset left after ")?,
            "ms",
            Bar::AtMost(1000.0),
        ),
        Figure::plain(
            "the others meanwhile",
            number("bulk mails a second ")?,
            "/s",
        ),
    ])
}
