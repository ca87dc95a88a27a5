//! `cargo xtask simulate`: many citizens register while their mail servers fail, and the figures of it.
//!
//! It is the test of the gate (`server/tests/it/simulation.rs`) with more citizens.

use anyhow::{Context, Result, ensure};

use crate::progress::Progress;
use crate::project::Project;
use crate::setup;

const CITIZENS: usize = 10_000;

/// Simulates so many citizens; false when the figures are not good enough.
pub fn run(project: &Project, arguments: &[String]) -> Result<bool> {
    let citizens = match arguments {
        [] => CITIZENS,
        [number] => number.parse().context("simulate wants a number")?,
        _ => anyhow::bail!("simulate wants one number"),
    };
    ensure!(citizens > 0, "simulate wants a number above zero");
    let mut progress = Progress::new(1);
    let missing = progress.step("Tools for the tests", |ticker| {
        setup::for_tests(project, ticker)
    })?;
    ensure!(missing.is_empty(), "{}", missing.join("\n"));
    // Its figures are for the person who asked.
    let status = project
        .linting_cargo()
        .args([
            "test",
            "--package",
            "server",
            "--test",
            "it",
            "simulation::",
        ])
        .args(["--", "--nocapture"])
        .env("BPART_SIMULATE", citizens.to_string())
        .status()
        .context("cargo could not be started")?;
    Ok(status.success())
}
