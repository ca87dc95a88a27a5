//! `cargo xtask watch`: builds and starts the demo again after every change.
//!
//! Once a second the newest time stamp below the source folders is compared with the last one. That asks no
//! service of the system and no crate of the registry, and is quick enough for a project of this size.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result};

use crate::project::Project;
use crate::serve::build_server;
use crate::site::{self, Effort};
use crate::{demo, progress::Progress, setup};

/// What the program and its pages are made of.
const SOURCES: [&str; 6] = [
    "Cargo.toml",
    "app",
    "frontend",
    "locales",
    "server",
    "style",
];
const PAUSE: Duration = Duration::from_secs(1);
/// In which a server that is asked to stop has stopped.
const GRACE: Duration = Duration::from_secs(10);

/// Never ends by itself.
pub fn run(project: &Project) -> Result<bool> {
    Progress::new(1).step("Looking at the machine", |ticker| {
        setup::for_build(project, ticker)
    })?;
    let mut server: Option<Child> = None;
    loop {
        let seen = newest(&project.root);
        match build(project) {
            Ok(()) => {
                stop(&mut server);
                server = Some(start(project)?);
            }
            // The server of the last good build goes on answering.
            Err(error) => println!("\n{error:#}\n\nWaiting for the next change."),
        }
        while newest(&project.root) == seen {
            std::thread::sleep(PAUSE);
        }
    }
}

fn build(project: &Project) -> Result<()> {
    let mut progress = Progress::new(2);
    progress.step("Pages for the browser", |ticker| {
        site::build(project, Effort::Quick, ticker)
    })?;
    progress.step("Server", |ticker| build_server(project, ticker))
}

fn start(project: &Project) -> Result<Child> {
    demo::command(project, &project.server("debug"))?
        .spawn()
        .context("the server could not be started")
}

/// Asks first, so that connections and the database are closed in order, and waits no longer than the server
/// promises to take.
fn stop(server: &mut Option<Child>) {
    let Some(mut child) = server.take() else {
        return;
    };
    let asked = Command::new("kill").arg(child.id().to_string()).status();
    let patience = Instant::now() + GRACE;
    while asked.is_ok() && Instant::now() < patience && matches!(child.try_wait(), Ok(None)) {
        std::thread::sleep(PAUSE / 20);
    }
    // It has ended or does not listen; in both cases this is right, and its answer changes nothing.
    let _ = child.kill();
    let _ = child.wait();
}

/// The latest change below the sources.
fn newest(root: &Path) -> Option<SystemTime> {
    let mut latest = None;
    let mut waiting: Vec<PathBuf> = SOURCES.iter().map(|name| root.join(name)).collect();
    while let Some(path) = waiting.pop() {
        let Ok(about) = path.metadata() else { continue };
        if about.is_dir() {
            let entries = std::fs::read_dir(&path).into_iter().flatten();
            waiting.extend(entries.filter_map(|entry| Some(entry.ok()?.path())));
        }
        latest = latest.max(about.modified().ok());
    }
    latest
}
