//! The Rust tests, through `cargo test`, and what its lines say.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::command::{Finished, run as run_command};
use crate::lints;
use crate::machine;
use crate::progress::Ticker;
use crate::project::Project;
use crate::report::{Outcome, Report, TestResult};

/// All crates but the one that exists only in a browser, and this one.
const PRODUCT: [&str; 5] = ["--workspace", "--exclude", "frontend", "--exclude", "xtask"];
/// This one is tested apart, so that its dependencies stay as they were built for the command that is running.
const OURSELVES: [&str; 2] = ["--package", "xtask"];
/// Crates whose tests need neither a server nor a database.
const FAST: [&str; 9] = [
    "--package",
    "domain",
    "--package",
    "contract",
    "--package",
    "help",
    "--package",
    "mail",
    "--lib",
];

/// Compiles everything for this machine, with clippy as the compiler: fails for any warning.
pub fn compile(project: &Project, ticker: &Ticker) -> Result<Report> {
    let mut faults = Vec::new();
    // Without the first of them, this program would be compiled as its tests only.
    for (command, packages) in [
        (&["build"][..], &OURSELVES[..]),
        (&["test", "--no-run"], &OURSELVES),
        (&["test", "--no-run"], &PRODUCT),
    ] {
        let mut cargo = project.linting_cargo();
        cargo.args(command).args(packages);
        faults.extend(lints::found(&mut cargo, &[], ticker)?);
    }
    lints::none(faults)?;
    Ok(Report::default())
}

/// Every test, kept for [`crate::promises`].
pub fn run(project: &Project, ticker: &Ticker) -> Result<Report> {
    let ourselves = cargo_test(project, &OURSELVES, ticker)?;
    let product = cargo_test(project, &PRODUCT, ticker)?;
    let folder = project.results();
    fs::create_dir_all(&folder)?;
    fs::write(
        folder.join("rust.log"),
        format!("{}{}", ourselves.log, product.log),
    )?;

    let mut results = parse(&ourselves.stdout);
    results.extend(parse(&product.stdout));
    fs::write(
        folder.join("rust.json"),
        serde_json::to_vec_pretty(&results)?,
    )?;
    report(&results, &[ourselves, product])
}

/// The tests that answer within seconds.
pub fn run_fast(project: &Project, ticker: &Ticker) -> Result<Report> {
    let finished = cargo_test(project, &FAST, ticker)?;
    report(&parse(&finished.stdout), &[finished])
}

/// The results of the last run.
pub fn read_results(project: &Project) -> Result<Vec<TestResult>> {
    let path = project.results().join("rust.json");
    let text = fs::read(&path)
        .with_context(|| format!("{}: run cargo xtask test first", path.display()))?;
    Ok(serde_json::from_slice(&text)?)
}

fn cargo_test(project: &Project, packages: &[&str], ticker: &Ticker) -> Result<Finished> {
    let mut cargo = project.linting_cargo();
    cargo.arg("test").args(packages).arg("--no-fail-fast");
    if let Some(folder) = machine::quick_temporary_folder() {
        cargo.env("TMPDIR", folder);
    }
    if std::env::var_os("RUST_TEST_THREADS").is_none() {
        // Now and then a test waits for its database, and another one can use the core.
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        cargo.env("RUST_TEST_THREADS", (cores + cores.div_ceil(2)).to_string());
    }
    run_command(&mut cargo, ticker)
}

/// A test run can also fail without a failed test: when it does not compile, or a process ends too early.
fn report(results: &[TestResult], runs: &[Finished]) -> Result<Report> {
    let red: Vec<&Finished> = runs.iter().filter(|run| !run.ok).collect();
    let report = Report::of(
        results,
        red.iter().map(|run| failures(&run.stdout)).collect(),
    );
    if !red.is_empty() && report.failed == 0 {
        let tails: Vec<String> = red.iter().map(|run| run.tail()).collect();
        bail!("{}\n\ncargo test failed", tails.join("\n"));
    }
    Ok(report)
}

/// Reads lines such as `test totp::tests::c04_a_used_code_is_refused ... ok`.
fn parse(stdout: &str) -> Vec<TestResult> {
    stdout.lines().filter_map(parse_line).collect()
}

fn parse_line(line: &str) -> Option<TestResult> {
    let (name, verdict) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    let outcome = match verdict.split([',', ' ', '<']).next()? {
        "ok" => Outcome::Passed,
        "FAILED" => Outcome::Failed,
        "ignored" => Outcome::Skipped,
        _ => return None,
    };
    let name = name.trim_end_matches(" - should panic").to_owned();
    Some(TestResult { name, outcome })
}

/// What failed tests printed, without the lines of those that hold.
fn failures(stdout: &str) -> String {
    let interesting = |line: &&str| !(line.starts_with("test ") && line.ends_with(" ... ok"));
    let lines: Vec<&str> = stdout
        .lines()
        .filter(interesting)
        .filter(|line| !line.is_empty() && !line.starts_with("running "))
        .filter(|line| !line.starts_with("test result: ok"))
        .collect();
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_cargo_test_are_understood() {
        let results = parse(
            "running 4 tests\n\
             test a::holds ... ok\n\
             test a::panics - should panic ... ok\n\
             test a::breaks ... FAILED\n\
             test a::waits ... ignored, needs a clock\n\
             \n\
             test result: FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out\n",
        );
        let seen: Vec<_> = results
            .iter()
            .map(|result| (result.name.as_str(), result.outcome))
            .collect();
        assert_eq!(
            seen,
            [
                ("a::holds", Outcome::Passed),
                ("a::panics", Outcome::Passed),
                ("a::breaks", Outcome::Failed),
                ("a::waits", Outcome::Skipped),
            ]
        );
    }
}
