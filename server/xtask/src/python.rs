//! Two programs of the tests are written in Python, each in a virtual environment of this project's own.
//!
//! The browser tests sign in with two providers of identities that share no code, so that a mistake which one of them
//! forgives is seen with the other. The mails of the Rust tests go to a mail server that shares no code with the program.
//! pip takes only files that a list names by their hash, and compiles nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::{probe, run as run_command};
use crate::progress::Ticker;
use crate::project::Project;

/// A virtual environment and what it is for.
struct Environment {
    /// Its folder, below the target folder.
    folder: &'static str,
    /// The list of its packages, below the root.
    list: &'static str,
    /// What is missing without it.
    purpose: &'static str,
}

const PROVIDER: Environment = Environment {
    folder: "python",
    list: "end2end/requirements.txt",
    purpose: "The second provider of identities is missing: the tests of Google's sign-in run against it.",
};

/// The tests look for it in this folder (`server/tests/it/support/mail_server.rs`).
const MAIL_SERVER: Environment = Environment {
    folder: "mail-server",
    list: "server/tests/mail/requirements.txt",
    purpose: "The mail server of the tests is missing: the mails of registrations go to it.",
};

/// Whether this Python can make a virtual environment that has pip: Debian keeps that part in a package of its own.
pub fn can_make_environments() -> bool {
    probe("python3", &["-c", "import ensurepip, venv"]).is_some()
}

/// The Python of the provider's environment.
pub fn interpreter(project: &Project) -> PathBuf {
    PROVIDER.interpreter(project)
}

/// Makes the environments that are not there; a sentence for each that cannot be had.
pub fn provide(project: &Project, ticker: &Ticker) -> Result<Vec<String>> {
    let mut missing = Vec::new();
    for environment in [PROVIDER, MAIL_SERVER] {
        missing.extend(environment.provide(project, ticker)?);
    }
    Ok(missing)
}

impl Environment {
    fn interpreter(&self, project: &Project) -> PathBuf {
        let inside = if cfg!(windows) {
            "Scripts/python.exe"
        } else {
            "bin/python"
        };
        self.folder(project).join(inside)
    }

    fn provide(&self, project: &Project, ticker: &Ticker) -> Result<Option<String>> {
        let wanted = project.root.join(self.list);
        let pinned =
            fs::read(&wanted).with_context(|| format!("{} cannot be read", wanted.display()))?;
        // pip leaves no mark that says which list it installed, so that this one does.
        let mark = self.folder(project).join("installed-from");
        let is_there = self.interpreter(project).exists()
            && fs::read(&mark).is_ok_and(|installed| installed == pinned);
        if is_there {
            return Ok(None);
        }
        for mut step in [self.make(project), self.install(project, &wanted)] {
            let finished = run_command(&mut step, ticker)?;
            if !finished.ok {
                return Ok(Some(format!(
                    "{} Python could not install {}:\n{}",
                    self.purpose,
                    self.list,
                    finished.tail()
                )));
            }
        }
        fs::write(mark, pinned).context("the Python environment cannot be written")?;
        Ok(None)
    }

    fn folder(&self, project: &Project) -> PathBuf {
        project.target.join(self.folder)
    }

    /// From nothing, so that no package of an earlier list stays.
    fn make(&self, project: &Project) -> Command {
        let mut python = Command::new("python3");
        python
            .args(["-m", "venv", "--clear"])
            .arg(self.folder(project));
        python
    }

    fn install(&self, project: &Project, wanted: &Path) -> Command {
        let mut pip = Command::new(self.interpreter(project));
        pip.args(["-m", "pip", "install", "--quiet", "--require-hashes"])
            .args(["--no-deps", "--only-binary", ":all:", "--requirement"])
            .arg(wanted);
        pip
    }
}
