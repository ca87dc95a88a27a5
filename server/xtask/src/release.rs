//! `cargo xtask release`: one program that serves with nothing beside it but its data folder.

use std::path::PathBuf;

use anyhow::Result;

use crate::command::must;
use crate::progress::{Progress, Ticker};
use crate::project::Project;
use crate::setup;
use crate::site::{self, Effort};

/// Builds the program and says where it is and what it weighs.
pub fn run(project: &Project) -> Result<bool> {
    let mut progress = Progress::new(3);
    let (program, site) = build(project, &mut progress)?;
    let bytes = std::fs::metadata(&program)?.len();
    println!(
        "\n{}  {} MB",
        project.show(&program),
        bytes.div_ceil(1_000_000)
    );
    println!("{site}");
    println!("Try it: {} --help", project.show(&program));
    Ok(true)
}

/// The three steps, which the measurements take too.
pub fn build(project: &Project, progress: &mut Progress) -> Result<(PathBuf, String)> {
    progress.step("Looking at the machine", |ticker| {
        setup::for_build(project, ticker)
    })?;
    let site = progress.step("Building the pages for the browser", |ticker| {
        site::build(project, Effort::Full, ticker)
    })?;
    let program = progress.step("Building the server for speed", |ticker| {
        server(project, ticker)
    })?;
    Ok((program, site))
}

fn server(project: &Project, ticker: &Ticker) -> Result<PathBuf> {
    let mut cargo = project.cargo();
    cargo.args([
        "build",
        "--release",
        "--package",
        "server",
        "--bin",
        "bpart",
    ]);
    must(&mut cargo, ticker)?;
    Ok(project.server("release"))
}
