//! Installs what is missing, and says in one sentence what it may not install.
//!
//! Three things are needed to build (a C compiler, Rust's standard library for the browser, Node) and a few more
//! to test. Rust's target and the packages of npm and of Python belong to this project and are simply fetched. Programs of the
//! system are installed only where that is customary, on Debian as its administrator; elsewhere they are named.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{must, run as run_command};
use crate::machine;
use crate::progress::{Progress, Ticker};
use crate::project::Project;
use crate::python;
use crate::site::TARGET;

/// A program that the tests or the measurements start.
struct Tool {
    name: &'static str,
    package: &'static str,
    purpose: &'static str,
    is_here: fn() -> bool,
}

/// What `cargo xtask test` needs beyond the build.
const FOR_TESTS: [Tool; 7] = [
    Tool {
        name: "PostgreSQL (initdb and postgres)",
        package: "postgresql",
        purpose: "the storage tests run on both databases",
        is_here: || machine::postgres().is_some(),
    },
    Tool {
        name: "PgBouncer",
        package: "pgbouncer",
        purpose: "the tests connect to PostgreSQL through it",
        is_here: || {
            machine::find("pgbouncer").is_some() || Path::new("/usr/sbin/pgbouncer").is_file()
        },
    },
    Tool {
        name: "Chromium",
        package: machine::HEADLESS,
        purpose: "the browser tests drive it (CHROMIUM may name one)",
        is_here: || machine::chromium().is_some(),
    },
    Tool {
        name: "zbarimg",
        package: "zbar-tools",
        purpose: "the tests scan the QR code with it",
        is_here: || machine::find("zbarimg").is_some(),
    },
    Tool {
        name: "oathtool",
        package: "oathtool",
        purpose: "the tests make one-time codes with it",
        is_here: || machine::find("oathtool").is_some(),
    },
    Tool {
        name: "Python 3 with venv and pip",
        package: "python3-venv",
        purpose: "a provider of identities and the mail server of the tests are written in it",
        is_here: python::can_make_environments,
    },
    Tool {
        name: "openssl",
        package: "openssl",
        purpose: "the provider of the tests gets its RSA keys from it",
        is_here: || machine::find("openssl").is_some(),
    },
];

/// What `cargo xtask bench` needs beyond the build.
const FOR_BENCH: [Tool; 1] = [Tool {
    name: "wrk",
    package: "wrk",
    purpose: "the measurements put load on the server with it",
    is_here: || machine::find("wrk").is_some(),
}];

/// `cargo xtask setup`
pub fn run(project: &Project) -> Result<bool> {
    let mut progress = Progress::new(2);
    progress.step("Tools for the build", |ticker| for_build(project, ticker))?;
    let missing = progress.step("Tools for the tests", |ticker| {
        let mut missing = for_tests(project, ticker)?;
        missing.extend(for_bench(ticker)?);
        Ok(missing)
    })?;
    for sentence in &missing {
        println!("- {sentence}");
    }
    Ok(missing.is_empty())
}

/// Everything without which nothing can be built: installed, or an error that says what to do.
pub fn for_build(project: &Project, ticker: &Ticker) -> Result<()> {
    let mut faults = Vec::new();
    if machine::find("cc").is_none() && cfg!(unix) {
        faults.push("A C compiler is needed (SQLite is written in C): on Debian, apt install build-essential.".to_owned());
    }
    if let Err(sentence) = machine::node() {
        faults.push(sentence);
    } else if machine::find("npm").is_none() {
        faults.push("npm is missing beside Node: on Debian, apt install npm.".to_owned());
    }
    if !machine::has_wasm_target() {
        faults.extend(add_wasm_target(project, ticker)?);
    }
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    npm_packages(project, ticker)
}

/// The tools of the tests that could be neither found nor installed, one sentence each.
pub fn for_tests(project: &Project, ticker: &Ticker) -> Result<Vec<String>> {
    // A whole Chromium serves too, but takes twice the time; where the other cannot be had, it stays.
    let is_chosen = machine::chromium_is_named() || machine::find(machine::HEADLESS).is_some();
    if machine::can_install() && !is_chosen {
        run_command(&mut apt_get_install(&[machine::HEADLESS]), ticker)?;
    }
    let mut missing = provide(&FOR_TESTS, ticker)?;
    if python::can_make_environments() {
        missing.extend(python::provide(project, ticker)?);
    }
    Ok(missing)
}

/// The tools of the measurements that could be neither found nor installed, one sentence each.
pub fn for_bench(ticker: &Ticker) -> Result<Vec<String>> {
    provide(&FOR_BENCH, ticker)
}

fn add_wasm_target(project: &Project, ticker: &Ticker) -> Result<Option<String>> {
    if machine::find("rustup").is_none() {
        return Ok(Some(format!(
            "Rust's standard library for the browser is missing: install the target {TARGET} of your Rust."
        )));
    }
    let mut rustup = Command::new("rustup");
    must(
        rustup
            .args(["target", "add", TARGET])
            .current_dir(&project.root),
        ticker,
    )?;
    Ok(None)
}

/// Installs the npm packages of the lock file, unless they are there.
fn npm_packages(project: &Project, ticker: &Ticker) -> Result<()> {
    let lock = std::fs::read(project.end2end().join("package-lock.json"))
        .context("end2end/package-lock.json cannot be read")?;
    // npm leaves no mark that says which lock file it installed, so that this one does.
    let mark = project.end2end().join("node_modules/.installed-from");
    if std::fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund"])
        .current_dir(project.end2end())
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    must(&mut npm, ticker)?;
    allow_lightningcss(project, ticker)?;
    std::fs::write(mark, lock).context("end2end/node_modules cannot be written")
}

/// Where npm does not run the scripts of packages, lightningcss has not yet put its program in its place.
fn allow_lightningcss(project: &Project, ticker: &Ticker) -> Result<()> {
    let package = project.end2end().join("node_modules/lightningcss-cli");
    if package.join("lightningcss").exists() || package.join("lightningcss.exe").exists() {
        return Ok(());
    }
    must(
        Command::new("node")
            .arg("postinstall.js")
            .current_dir(package),
        ticker,
    )
    .map(drop)
}

fn provide(tools: &[Tool], ticker: &Ticker) -> Result<Vec<String>> {
    let missing: Vec<&Tool> = tools.iter().filter(|tool| !(tool.is_here)()).collect();
    if !missing.is_empty() && machine::can_install() {
        let packages: Vec<&str> = missing.iter().map(|tool| tool.package).collect();
        apt_install(&packages, ticker)?;
    }
    Ok(missing
        .into_iter()
        .filter(|tool| !(tool.is_here)())
        .map(|tool| {
            let Tool {
                name,
                package,
                purpose,
                ..
            } = tool;
            format!("{name} is missing: {purpose}. On Debian, apt install {package}.")
        })
        .collect())
}

/// Tries without fresh package lists first: they are usually there, and fetching them needs a network.
fn apt_install(packages: &[&str], ticker: &Ticker) -> Result<()> {
    if !run_command(&mut apt_get_install(packages), ticker)?.ok {
        run_command(apt().arg("update"), ticker)?;
        // Whether it worked is seen by looking for the programs again.
        run_command(&mut apt_get_install(packages), ticker)?;
    }
    Ok(())
}

fn apt_get_install(packages: &[&str]) -> Command {
    let mut apt = apt();
    apt.args(["install", "-y", "--no-install-recommends"])
        .args(packages);
    apt
}

fn apt() -> Command {
    let mut apt = Command::new("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive")
        .current_dir(Path::new("/"));
    apt
}
