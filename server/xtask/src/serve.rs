//! `cargo xtask serve`: from a fresh clone to a sign-in page in one command.

use std::env;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::must;
use crate::progress::{Progress, Ticker};
use crate::project::Project;
use crate::site::{self, Effort};
use crate::{demo, issuers, setup};

/// Builds everything, then becomes the server.
pub fn run(project: &Project) -> Result<bool> {
    let mut progress = Progress::new(5);
    progress.step("Looking at the machine", |ticker| {
        setup::for_build(project, ticker)
    })?;
    progress.step("Building the pages for the browser", |ticker| {
        site::build(project, Effort::Quick, ticker)
    })?;
    progress.step("Building the server", |ticker| {
        build_server(project, ticker)
    })?;
    let mut server = demo::command(project, &project.server("debug"))?;
    // A developer who has registered the program with the real ones tries those.
    if env::var_os("BPART_GOOGLE_CLIENT_ID").is_none()
        && env::var_os("BPART_MICROSOFT_CLIENT_ID").is_none()
    {
        let settings = progress.step("Opening Google and Microsoft on this machine", |ticker| {
            issuers::open(project, &demo::origin(), ticker)
        })?;
        server.envs(settings);
    }
    println!("[5/5] Starting the demo town (stop it with Ctrl-C)\n");
    become_program(&mut server)
}

/// Builds the server as a developer runs it. All its neighbours are named too, so that cargo chooses the same
/// features of their dependencies as for the tests, and compiles them once.
pub fn build_server(project: &Project, ticker: &Ticker) -> Result<()> {
    let mut cargo = project.cargo();
    cargo.args([
        "build",
        "--workspace",
        "--exclude",
        "frontend",
        "--exclude",
        "xtask",
        "--bin",
        "bpart",
    ]);
    must(&mut cargo, ticker).map(drop)
}

/// Steps aside: signals reach the server itself, and its graceful stop is seen on the terminal.
#[cfg(unix)]
fn become_program(command: &mut Command) -> Result<bool> {
    use std::os::unix::process::CommandExt;
    Err(command.exec()).context("the server could not be started")
}

#[cfg(not(unix))]
fn become_program(command: &mut Command) -> Result<bool> {
    let status = command
        .status()
        .context("the server could not be started")?;
    Ok(status.success())
}
