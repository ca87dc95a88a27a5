//! What rendering costs: the sign-in page beside a handler that says one line of plain text.
//!
//! Both are served by the same accept loop and put under the same load, one after the other. Requests are counted
//! for each second of a processor that the server used, not for each second of the clock, so that the load
//! generator on the same machine takes nothing from the figure. The page is that of `bpart serve`: the demo's
//! has a list of its people, which is not there in production. The load is of visitors who are not signed in.
//! What drawing the page costs for visitors with a waiting message stands beside it.

use std::process::Command;

use anyhow::{Context, Result};

use super::server::{Server, data_folder, free_address};
use super::{Bar, Bench, Figure};
use crate::command::must;
use crate::progress::Ticker;

/// The handler to compare with: `server/examples/plain.rs`.
const PLAIN: &str = "plain";

/// Requests for each processor second, and their ratio.
pub fn measure(bench: &Bench, ticker: &Ticker) -> Result<Vec<Figure>> {
    let mut cargo = bench.project.cargo();
    must(
        cargo.args([
            "build",
            "--release",
            "--package",
            "server",
            "--example",
            PLAIN,
        ]),
        ticker,
    )?;
    let address = free_address()?;
    let program = bench.project.target.join("release/examples").join(PLAIN);
    let folder = data_folder(bench, PLAIN)?;
    let mut command = Command::new(program);
    command.env("BPART_LISTEN", address.to_string());
    let plain = {
        let server = Server::start_command(&mut command, address, "/", &folder)?;
        rate(&server, &[], "/", ticker)?
    };
    let server = Server::start_in_production(bench, "page-rate")?;
    let page = rate(&server, &[], "/sign-in", ticker)?;
    let drawn = rate(
        &server,
        &["-H", "cookie: flash.sign-in=none"],
        "/sign-in",
        ticker,
    )?;
    Ok(vec![
        Figure::plain("plain text", plain, "per processor s"),
        Figure::plain("sign-in page", page, "per processor s"),
        Figure::plain("sign-in page, drawn anew", drawn, "per processor s"),
        Figure::judged(
            "sign-in page beside plain text",
            100.0 * page / plain,
            "%",
            Bar::AtLeast(35.0),
        ),
    ])
}

fn rate(server: &Server, said: &[&str], path: &str, ticker: &Ticker) -> Result<f64> {
    load(server, said, path, "2s", ticker)?;
    let before = server.processor_seconds()?;
    let requests = load(server, said, path, "8s", ticker)?;
    Ok(requests / (server.processor_seconds()? - before))
}

/// The number of requests that were answered.
fn load(server: &Server, said: &[&str], path: &str, time: &str, ticker: &Ticker) -> Result<f64> {
    let mut wrk = Command::new("wrk");
    wrk.args(["-t1", "-c32", "-d", time])
        .args(said)
        .arg(server.url(path));
    let finished = must(&mut wrk, ticker)?;
    anyhow::ensure!(!finished.stdout.contains("Non-2xx"), "{}", finished.stdout);
    finished
        .stdout
        .lines()
        .find_map(|line| line.trim().split_once(" requests in")?.0.parse().ok())
        .context("wrk did not say how many requests it made")
}
