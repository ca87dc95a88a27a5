//! The gates that need no running program: format, words, security cases, arrows, lints, licences.

use anyhow::{Context, Result, bail};

use crate::command::{must, probe};
use crate::progress::Ticker;
use crate::project::Project;
use crate::report::Report;
use crate::{arrows, cases, circles, site, words};

/// The format of every source, as rustfmt has it by default.
pub fn format(project: &Project, ticker: &Ticker) -> Result<Report> {
    must(
        project
            .cargo()
            .args(["fmt", "--all", "--", "--check", "-l"]),
        ticker,
    )
    .context("run cargo fmt")?;
    Ok(Report::default())
}

/// Both languages, complete and well set.
pub fn words(project: &Project, _: &Ticker) -> Result<Report> {
    let report = none(&words::check(&project.root)?)?;
    Ok(Report {
        note: words::averages(&project.root)?,
        ..report
    })
}

/// The table of security cases, and the tests that it names.
pub fn cases(project: &Project, _: &Ticker) -> Result<Report> {
    none(&cases::check(&project.root)?)
}

/// The direction of dependencies between crates, and that modules have one at all.
pub fn arrows(project: &Project, _: &Ticker) -> Result<Report> {
    let mut faults = arrows::check(project)?;
    faults.extend(circles::check(project)?);
    none(&faults)
}

/// Everything that is compiled for this machine, tests included.
pub fn lints_here(project: &Project, ticker: &Ticker) -> Result<Report> {
    let mut cargo = project.cargo();
    cargo.args([
        "clippy",
        "--workspace",
        "--exclude",
        "frontend",
        "--all-targets",
    ]);
    must(cargo.args(["--", "--deny", "warnings"]), ticker)?;
    Ok(Report::default())
}

/// What is compiled for the browser. It cannot be part of the other run: the pages are either rendered or brought to life,
/// and cargo would ask them to be both. What is allowed here is told at [`site::build_with_lints`].
pub fn lints_browser(project: &Project, ticker: &Ticker) -> Result<Report> {
    let mut cargo = project.cargo();
    cargo.args([
        "clippy",
        "--package",
        "frontend",
        "--profile",
        site::PROFILE,
    ]);
    cargo.args(["--target", site::TARGET]);
    cargo.args(["--", "--deny", "warnings"]);
    must(
        cargo.args(["--allow", "dead-code", "--allow", "unused-imports"]),
        ticker,
    )?;
    Ok(Report::default())
}

/// The types of the browser tests: Playwright takes them away unread.
pub fn types(project: &Project, ticker: &Ticker) -> Result<Report> {
    let mut tsc = project.npm_tool("tsc");
    must(tsc.args(["--noEmit", "--project", "."]), ticker)?;
    Ok(Report::default())
}

/// Licences, sources and banned crates. Advisories need a network and have a command of their own.
pub fn licences(project: &Project, ticker: &Ticker) -> Result<Report> {
    if probe("cargo-deny", &["--version"]).is_none() {
        return Ok(Report::not_run(
            "cargo-deny is not installed: cargo install cargo-deny",
        ));
    }
    let mut deny = project.cargo();
    deny.args(["deny", "--all-features", "--config", ".cargo/deny.toml"]);
    must(deny.args(["check", "bans", "licenses", "sources"]), ticker)?;
    Ok(Report::default())
}

fn none(faults: &[String]) -> Result<Report> {
    if !faults.is_empty() {
        bail!("{}\n\n{} faults", faults.join("\n"), faults.len());
    }
    Ok(Report::default())
}
