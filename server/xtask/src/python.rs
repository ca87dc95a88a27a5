//! The second provider of identities is a Python program, in a virtual environment of this project's own.
//!
//! The browser tests sign in with two providers that share no code, so that a mistake which one of them forgives is seen
//! with the other. pip takes only files that `end2end/requirements.txt` names by their hash, and compiles nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::{probe, run as run_command};
use crate::progress::Ticker;
use crate::project::Project;

/// Whether this Python can make a virtual environment that has pip: Debian keeps that part in a package of its own.
pub fn can_make_environments() -> bool {
    probe("python3", &["-c", "import ensurepip, venv"]).is_some()
}

/// The Python of the environment.
pub fn interpreter(project: &Project) -> PathBuf {
    let inside = if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    };
    environment(project).join(inside)
}

/// Makes the environment unless it is there; the sentence that says what is missing when it cannot be had.
pub fn provide(project: &Project, ticker: &Ticker) -> Result<Option<String>> {
    let wanted = project.end2end().join("requirements.txt");
    let pinned =
        fs::read(&wanted).with_context(|| format!("{} cannot be read", wanted.display()))?;
    // pip leaves no mark that says which list it installed, so that this one does.
    let mark = environment(project).join("installed-from");
    let is_there =
        interpreter(project).exists() && fs::read(&mark).is_ok_and(|installed| installed == pinned);
    if is_there {
        return Ok(None);
    }
    for mut step in [make(project), install(project, &wanted)] {
        let finished = run_command(&mut step, ticker)?;
        if !finished.ok {
            return Ok(Some(format!(
                "The second provider of identities is missing: the tests of Google's sign-in run against it. \
                 Python could not install {}:\n{}",
                project.show(&wanted),
                finished.tail()
            )));
        }
    }
    fs::write(mark, pinned).context("the Python environment cannot be written")?;
    Ok(None)
}

fn environment(project: &Project) -> PathBuf {
    project.target.join("python")
}

/// From nothing, so that no package of an earlier list stays.
fn make(project: &Project) -> Command {
    let mut python = Command::new("python3");
    python
        .args(["-m", "venv", "--clear"])
        .arg(environment(project));
    python
}

fn install(project: &Project, wanted: &Path) -> Command {
    let mut pip = Command::new(interpreter(project));
    pip.args(["-m", "pip", "install", "--quiet", "--require-hashes"])
        .args(["--no-deps", "--only-binary", ":all:", "--requirement"])
        .arg(wanted);
    pip
}
