//! What this machine has: looked for, never assumed, and never changed from here.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::probe;
use crate::site::TARGET;

/// The oldest Node that every npm package of `end2end/package.json` accepts.
const NODE: (u32, u32) = (20, 19);

/// Debian's Chromium without the windows around it.
pub const HEADLESS: &str = "chromium-headless-shell";

/// A program on the search path.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// The browser of the tests: the one that is named in `CHROMIUM`, or one that is installed. Debian's headless shell is the
/// same engine without the windows around it, and needs half the processor time.
pub fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(PathBuf::from(named)).filter(|file| file.is_file());
    }
    [HEADLESS, "chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(find)
}

/// Whether somebody chose the browser of the tests.
pub fn chromium_is_named() -> bool {
    std::env::var_os("CHROMIUM").is_some()
}

/// A temporary folder in memory with room for the databases of all tests, which wait for the disk at each commit
/// otherwise; none where the system has no such folder, or a small one.
pub fn quick_temporary_folder() -> Option<&'static str> {
    const FOLDER: &str = "/dev/shm";
    const NEEDED: u64 = 8 << 30;
    let output = Command::new("df")
        .args(["--output=avail", "--block-size=1", FOLDER])
        .output()
        .ok()?;
    let free: u64 = String::from_utf8_lossy(&output.stdout)
        .lines()
        .last()?
        .trim()
        .parse()
        .ok()?;
    (free >= NEEDED).then_some(FOLDER)
}

/// Whether the tests can start a PostgreSQL of their own. Debian keeps its programs off the search path.
pub fn postgres() -> Option<PathBuf> {
    if let (Some(initdb), Some(_)) = (find("initdb"), find("postgres")) {
        return initdb.parent().map(Path::to_owned);
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    versions
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").is_file() && bin.join("postgres").is_file())
        .max()
}

/// Whether Node is new enough; the sentence that says what is wrong when it is not.
pub fn node() -> Result<(), String> {
    let (major, minor) = NODE;
    let wanted =
        format!("Node {major}.{minor} or newer, with npm, is needed for the build for the browser");
    let Some(version) = probe("node", &["--version"]) else {
        return Err(format!(
            "{wanted}: install it from https://nodejs.org or your distribution."
        ));
    };
    if node_is_new_enough(&version) {
        Ok(())
    } else {
        Err(format!("{wanted}; this is {version}."))
    }
}

fn node_is_new_enough(version: &str) -> bool {
    let mut numbers = version
        .trim_start_matches('v')
        .split('.')
        .map_while(|part| part.parse::<u32>().ok());
    (numbers.next(), numbers.next()) >= (Some(NODE.0), Some(NODE.1))
}

/// Whether the standard library for the browser is there, however it was installed.
pub fn has_wasm_target() -> bool {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let folder = ["--print", "target-libdir", "--target", TARGET];
    probe(&rustc, &folder).is_some_and(|folder| Path::new(&folder).is_dir())
}

/// Whether packages of the system may be installed from here: Debian or a child of it, as its administrator.
pub fn can_install() -> bool {
    find("apt-get").is_some() && probe("id", &["-u"]).as_deref() == Some("0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_and_unknown_versions_of_node_are_refused() {
        assert!(node_is_new_enough("v20.19.0"));
        assert!(node_is_new_enough("v24.1.0"));
        assert!(!node_is_new_enough("v20.18.3"));
        assert!(!node_is_new_enough("v18.20.4"));
        assert!(!node_is_new_enough("nightly"));
    }
}
