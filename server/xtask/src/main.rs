//! `cargo xtask`: everything that is done with this project, from a fresh clone to a release.
//!
//! Cargo builds Rust; a web site also needs WebAssembly glue, bundled styles, compressed files, a browser for
//! the tests and a database or two. This crate does those things itself instead of asking the reader to install
//! a second build system. It is meant to be read from here downwards:
//!
//! - [`project`] knows where things are and calls cargo; [`command`] runs a program and [`progress`] says so;
//! - [`setup`] finds what the machine must have, installs what it may, and names what is missing;
//! - [`site`] turns the browser half into files with content-hashed names;
//! - [`serve`], with the [`issuers`] beside it, [`watch`] and [`release`] are what a developer and an operator ask for;
//! - [`test`] runs the stages of the gate, from [`gates`] and [`arrows`] to the browser tests;
//! - [`circles`] looks for modules that need each other;
//! - [`cases`] compares the table of security cases with the tests that it names;
//! - [`blocklist`] makes the list of common passwords that the server carries;
//! - [`promises`] compares the names of the tests with what the help articles promise;
//! - [`bench`] measures the release build against its bars, and [`simulate`] plays many who register.
#![expect(
    clippy::print_stdout,
    reason = "these commands speak to a person at a terminal"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "a developer's commands read the environment that they run in"
)]

mod arrows;
mod bench;
mod blocklist;
mod cases;
mod circles;
mod command;
mod demo;
mod gates;
mod issuers;
mod lints;
mod machine;
mod progress;
mod project;
mod promises;
mod python;
mod release;
mod report;
mod serve;
mod setup;
mod simulate;
mod site;
mod test;
mod watch;
mod words;

use std::process::ExitCode;

use anyhow::{Result, bail};
use project::Project;

const HELP: &str = "\
cargo xtask COMMAND

  serve      build everything and run the demo town on http://localhost:3000, or where
             BPART_LISTEN=127.0.0.1:3001 says
  watch      the same, built and started again after every change
  check      format, words, security cases, arrows, lints and the fast tests: before every commit
  test       everything that CI runs
             NAME…      only these stages, such as rust or browser
  promises   what the help articles promise, and which tests prove it
             --record   keep the list of proved promises, which may never shrink
             --tests    name the tests of each promise
  bench      measure the release build against its bars
             NAME…      only these measurements
             --samples N  so many answers of each kind, for a quick look at enumeration
  simulate   citizens who register while their mail servers fail
             NUMBER     so many of them; 10 000 otherwise
  release    one self-contained program with all pages inside
  circles    modules that need each other; there are none
  setup      only look at the machine and install what is missing
  site       only build the files for the browser
  blocklist  make the list of common passwords anew, when a source changed
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs one command; `false` when it did its work and the answer is no.
fn run(arguments: &[String]) -> Result<bool> {
    let (name, rest) = match arguments {
        [] => ("help", arguments),
        [name, rest @ ..] => (name.as_str(), rest),
    };
    let asks_for_help = |word: &str| matches!(word, "help" | "--help" | "-h");
    if asks_for_help(name) || rest.iter().any(|word| asks_for_help(word)) {
        print!("{HELP}");
        return Ok(true);
    }
    let project = Project::find()?;
    match name {
        "serve" => serve::run(&project),
        "watch" => watch::run(&project),
        "check" => Ok(test::check(&project)),
        "test" => test::run(&project, rest),
        "promises" => promises::run(&project, &promises::Options::parse(rest)?),
        "bench" => bench::run(&project, rest),
        "simulate" => simulate::run(&project, rest),
        "release" => release::run(&project),
        "circles" => circles::run(&project),
        "setup" => setup::run(&project),
        "site" => site::run(&project),
        "blocklist" => blocklist::run(&project),
        other => bail!("there is no command `{other}`\n\n{HELP}"),
    }
}
