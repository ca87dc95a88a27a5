//! `cargo xtask test`: the stages of the gate, in an order in which each can use what the one before it built.
//!
//! The quick ones come first, so that a forgotten comma is reported in seconds. The first stage that fails ends the
//! run; a table of all stages and the two numbers that matter are printed in any case.

mod browser;
mod rust;

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::progress::{Progress, Ticker, human};
use crate::project::Project;
use crate::report::Report;
use crate::site;
use crate::{gates, promises, setup};

pub use browser::read_results as browser_results;
pub use rust::read_results as rust_results;

/// A stage: what it is called, and what it does.
type Stage = (&'static str, fn(&Project, &Ticker) -> Result<Report>);

const TEST: [Stage; 12] = [
    ("Tools", tools),
    ("Format", gates::format),
    ("Words", gates::words),
    ("Security cases", gates::cases),
    ("Arrows", gates::arrows),
    ("Licences", gates::licences),
    ("Types of browser tests", gates::types),
    ("Pages, with lints", pages),
    ("Build with lints", rust::compile),
    ("Rust tests", rust::run),
    ("Browser tests", browser::run),
    ("Promises", promises::stage),
];

const CHECK: [Stage; 7] = [
    ("Format", gates::format),
    ("Words", gates::words),
    ("Security cases", gates::cases),
    ("Arrows", gates::arrows),
    ("Lints, server", gates::lints_here),
    ("Lints, browser", gates::lints_browser),
    ("Fast tests", rust::run_fast),
];

/// `cargo xtask test`: all stages, or those whose names start as the arguments say.
pub fn run(project: &Project, wanted: &[String]) -> Result<bool> {
    let chosen: Vec<Stage> = TEST
        .into_iter()
        .filter(|(name, _)| {
            wanted.is_empty() || wanted.iter().any(|start| is_start_of(start, name))
        })
        .collect();
    ensure!(
        !chosen.is_empty(),
        "no stage is called {}",
        wanted.join(" or ")
    );
    Ok(run_stages(project, &chosen))
}

/// Whether `rust` names the stage `Rust tests`.
fn is_start_of(start: &str, name: &str) -> bool {
    name.to_lowercase().starts_with(&start.to_lowercase())
}

/// `cargo xtask check`
pub fn check(project: &Project) -> bool {
    run_stages(project, &CHECK)
}

fn run_stages(project: &Project, stages: &[Stage]) -> bool {
    let started = Instant::now();
    let mut progress = Progress::new(stages.len());
    let mut table = Vec::new();
    let (mut passed, mut failed) = (0, 0);
    let mut good = true;
    for (name, stage) in stages {
        if !good {
            table.push(row(name, "", "not run, since a stage before it failed"));
            continue;
        }
        let stage_started = Instant::now();
        let result = progress.step(name, |ticker| stage(project, ticker));
        let time = human(stage_started.elapsed());
        let verdict = match result {
            Ok(report) => {
                passed += report.passed;
                failed += report.failed;
                good = report.failed == 0;
                judge(&report)
            }
            Err(error) => {
                println!("\n{error:#}\n");
                good = false;
                "FAILED".to_owned()
            }
        };
        table.push(row(name, &time, &verdict));
    }
    print_summary(&table, started.elapsed(), good);
    println!("{passed} passed, {failed} failed");
    good
}

/// The verdict of a stage in the table; the output of failed tests is printed where it happens.
fn judge(report: &Report) -> String {
    if report.left_out {
        return format!("not run: {}", report.note);
    }
    if report.failed > 0 {
        println!("\n{}\n", report.note);
        return format!("FAILED: {} passed, {} failed", report.passed, report.failed);
    }
    match (report.passed, report.note.as_str()) {
        (0, "") => "ok".to_owned(),
        (0, note) => format!("ok: {note}"),
        (passed, "") => format!("ok: {passed} passed"),
        (passed, note) => format!("ok: {passed} passed, {note}"),
    }
}

fn row(name: &str, time: &str, verdict: &str) -> String {
    format!("  {name:<22} {time:>12}  {verdict}")
}

fn print_summary(table: &[String], time: Duration, good: bool) {
    println!("\n{}", table.join("\n"));
    let verdict = if good {
        "All is well"
    } else {
        "Something is broken"
    };
    println!("\n{verdict}, after {}.", human(time));
}

/// Finds or installs what the stages need. What is missing is known now, and not after twenty minutes.
fn tools(project: &Project, ticker: &Ticker) -> Result<Report> {
    setup::for_build(project, ticker)?;
    let missing = setup::for_tests(project, ticker)?;
    ensure!(missing.is_empty(), "{}", missing.join("\n"));
    Ok(Report::default())
}

fn pages(project: &Project, ticker: &Ticker) -> Result<Report> {
    let note = site::build_with_lints(project, ticker)?;
    Ok(Report {
        note,
        ..Report::default()
    })
}
