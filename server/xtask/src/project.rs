//! Where things are, and how cargo is called.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

/// The folder of the project and the folder of what is built.
#[derive(Debug, Clone)]
pub struct Project {
    /// The repository, where `Cargo.toml` of the workspace is.
    pub root: PathBuf,
    /// Cargo's target folder, which a developer may have moved.
    pub target: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

/// What `cargo run` sets for *this* program and must not reach the cargo that it calls in turn: build scripts ask
/// to run again when one of them changes, and half the dependencies would be compiled anew.
const OURS_ALONE: [&str; 5] = [
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_CRATE_NAME",
    "CARGO_BIN_NAME",
    "CARGO_PRIMARY_PACKAGE",
];

impl Project {
    /// Asks cargo, which alone knows every way in which a target folder can be moved.
    pub fn find() -> Result<Self> {
        // Where `cargo run` started this program. The folder at compile time may be that of another clone that has the
        // same target folder.
        let here = std::env::var_os("CARGO_MANIFEST_DIR");
        let here = here.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let output = cargo_in(Path::new(&here))
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .output()
            .context("cargo could not be started")?;
        let metadata: Metadata = serde_json::from_slice(&output.stdout)
            .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
        Ok(Self {
            root: metadata.workspace_root,
            target: metadata.target_directory,
        })
    }

    /// Cargo, in the root of the project.
    pub fn cargo(&self) -> Command {
        cargo_in(&self.root)
    }

    /// Cargo, with clippy as the compiler of our own crates. What it builds is what rustc would build, so that lints
    /// and tests need one build instead of two.
    pub fn linting_cargo(&self) -> Command {
        let mut cargo = self.cargo();
        let beside = Path::new(cargo.get_program()).with_file_name("clippy-driver");
        let driver = if beside.exists() {
            beside
        } else {
            PathBuf::from("clippy-driver")
        };
        cargo.env("RUSTC_WORKSPACE_WRAPPER", driver);
        cargo
    }

    /// A program that npm installed.
    pub fn npm_tool(&self, name: &str) -> Command {
        let mut command = Command::new(self.end2end().join("node_modules/.bin").join(name));
        command.current_dir(self.end2end());
        command
    }

    /// The room of the browser tests, where everything from npm lives too.
    pub fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }

    /// The files for the browser, as [`crate::site`] leaves them and the server embeds them.
    pub fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    /// What the tests that ran last reported.
    pub fn results(&self) -> PathBuf {
        self.target.join("test-results")
    }

    /// The server of the profile whose folder is named.
    pub fn server(&self, profile: &str) -> PathBuf {
        self.target
            .join(profile)
            .join(format!("bpart{}", std::env::consts::EXE_SUFFIX))
    }

    /// A path as it is best shown to a person: relative to the project when it lies inside.
    pub fn show(&self, path: &Path) -> String {
        path.strip_prefix(&self.root)
            .unwrap_or(path)
            .display()
            .to_string()
    }
}

fn cargo_in(folder: &Path) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.current_dir(folder);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || OURS_ALONE.contains(&name.as_ref()) {
            command.env_remove(&*name);
        }
    }
    command
}
