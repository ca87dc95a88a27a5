//! The tests in a browser, through Playwright, against the program that was just built.

use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::command::run as run_command;
use crate::machine;
use crate::progress::Ticker;
use crate::project::Project;
use crate::python;
use crate::report::{Outcome, Report, TestResult};

#[derive(Deserialize)]
struct Results {
    #[serde(default)]
    suites: Vec<Suite>,
    /// What went wrong outside any test: a file that cannot be read, say.
    #[serde(default)]
    errors: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Suite {
    #[serde(default)]
    title: String,
    #[serde(default)]
    suites: Vec<Self>,
    #[serde(default)]
    specs: Vec<Spec>,
}

#[derive(Deserialize)]
struct Spec {
    title: String,
    tests: Vec<Run>,
}

/// A test in one of the projects of the configuration, which are with and without JavaScript.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    project_name: String,
    status: String,
}

/// Every test, with and without JavaScript, kept for [`crate::promises`].
pub fn run(project: &Project, ticker: &Ticker) -> Result<Report> {
    let folder = project.results();
    fs::create_dir_all(&folder)?;
    let file = folder.join("playwright.json");
    if file.exists() {
        fs::remove_file(&file)?;
    }
    let mut playwright = project.npm_tool("playwright");
    playwright
        .arg("test")
        .env("BPART_BIN", project.server("debug"))
        .env("TEST_RESULTS", &folder)
        .env("TEST_PYTHON", python::interpreter(project));
    if let Some(folder) = machine::quick_temporary_folder() {
        playwright.env("TMPDIR", folder);
    }
    if let Some(chromium) = machine::chromium() {
        playwright.env("CHROMIUM", chromium);
    }
    let finished = run_command(&mut playwright, ticker)?;
    fs::write(folder.join("playwright.log"), &finished.log)?;

    let results = read_results(project).with_context(|| finished.tail())?;
    let report = Report::of(&results, failures(&finished.stdout));
    anyhow::ensure!(
        finished.ok || report.failed > 0,
        "{}\n\nPlaywright failed",
        finished.tail()
    );
    Ok(report)
}

/// The results of the last run.
pub fn read_results(project: &Project) -> Result<Vec<TestResult>> {
    let path = project.results().join("playwright.json");
    let text = fs::read(&path)
        .with_context(|| format!("{}: run cargo xtask test first", path.display()))?;
    parse(&text)
}

fn parse(json: &[u8]) -> Result<Vec<TestResult>> {
    let results: Results = serde_json::from_slice(json)?;
    anyhow::ensure!(
        results.errors.is_empty(),
        "Playwright: {:?}",
        results.errors
    );
    let mut found = Vec::new();
    for suite in &results.suites {
        collect(suite, "", &mut found);
    }
    Ok(found)
}

/// The titles around a test belong to its name, since they may carry the promises that it proves.
fn collect(suite: &Suite, above: &str, found: &mut Vec<TestResult>) {
    let here = if above.is_empty() {
        suite.title.clone()
    } else {
        format!("{above} › {}", suite.title)
    };
    for spec in &suite.specs {
        for run in &spec.tests {
            found.push(TestResult {
                name: format!("{here} › {} ({})", spec.title, run.project_name),
                outcome: match run.status.as_str() {
                    "expected" => Outcome::Passed,
                    "skipped" => Outcome::Skipped,
                    // A test that holds only at the second try does not hold.
                    _ => Outcome::Failed,
                },
            });
        }
    }
    for inner in &suite.suites {
        collect(inner, &here, found);
    }
}

/// The numbered accounts that the list reporter gives at its end, after the line of each test.
fn failures(stdout: &str) -> String {
    let start = stdout.find("\n  1) ").unwrap_or(0);
    stdout[start..].trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_of_playwright_is_understood() -> Result<()> {
        let json = br#"{"suites":[{"title":"two_factor.spec.ts","specs":[],"suites":[{"title":"[C14] the QR code",
            "specs":[{"title":"can be scanned","tests":[
              {"projectName":"with JavaScript","status":"expected"},
              {"projectName":"without JavaScript","status":"unexpected"}]}]}]}]}"#;
        let results = parse(json)?;
        assert_eq!(
            results[0].name,
            "two_factor.spec.ts › [C14] the QR code › can be scanned (with JavaScript)"
        );
        assert_eq!(results[0].outcome, Outcome::Passed);
        assert_eq!(results[1].outcome, Outcome::Failed);
        Ok(())
    }
}
