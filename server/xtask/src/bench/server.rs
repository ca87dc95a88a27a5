//! A server of the release build, started for one measurement and ended with it.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::{Bench, http};
use crate::command::must;
use crate::progress::Ticker;

/// Fills a database with accounts in every state.
const STATES: &str = "states";
const PATIENCE: Duration = Duration::from_mins(1);
/// The unit in which Linux counts the time of processes: a hundredth of a second, since long ago.
const TICKS_PER_SECOND: f64 = 100.0;

/// A running process and its address.
pub struct Server {
    child: Child,
    /// Where it answers.
    pub address: SocketAddr,
    /// From its start to the first page.
    pub start: Duration,
}

impl Server {
    /// Starts the demo with its data in a folder of that name, which stays for the next start.
    pub fn start(bench: &Bench, folder: &str) -> Result<Self> {
        Self::start_as("demo", bench, folder)
    }

    /// Starts the server as in production, with the people of the demo in its database.
    pub fn start_in_production(bench: &Bench, folder: &str) -> Result<Self> {
        drop(Self::start(bench, folder)?);
        Self::start_as("serve", bench, folder)
    }

    /// Starts the server as in production, on a database that is made anew with so many accounts of each kind
    /// (`server/examples/states.rs`). The folder stays for [`Server::start_again`].
    pub fn start_filled(
        bench: &Bench,
        ticker: &Ticker,
        folder: &str,
        accounts: usize,
    ) -> Result<Self> {
        let mut cargo = bench.project.cargo();
        let release = ["build", "--release", "--package", "server", "--example"];
        must(cargo.args(release).arg(STATES), ticker)?;
        let place = data_folder(bench, folder)?;
        fs::remove_dir_all(&place)?;
        let place = data_folder(bench, folder)?;
        let mut fill = Command::new(bench.project.target.join("release/examples").join(STATES));
        surround(&mut fill, &place, free_address()?);
        must(fill.arg(accounts.to_string()), ticker)?;
        Self::start_again(bench, folder)
    }

    /// Starts the server as in production with the data of an earlier start.
    pub fn start_again(bench: &Bench, folder: &str) -> Result<Self> {
        Self::start_as("serve", bench, folder)
    }

    fn start_as(what: &str, bench: &Bench, folder: &str) -> Result<Self> {
        let folder = data_folder(bench, folder)?;
        let address = free_address()?;
        let mut command = Command::new(&bench.program);
        surround(command.arg(what), &folder, address);
        Self::start_command(&mut command, address, "/sign-in", &folder)
    }

    /// Starts any program and waits until it answers with 200.
    pub fn start_command(
        command: &mut Command,
        address: SocketAddr,
        page: &str,
        folder: &Path,
    ) -> Result<Self> {
        let log = fs::File::create(folder.join("server.log"))?;
        let started = Instant::now();
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("the server could not be started")?;
        let mut server = Self {
            child,
            address,
            start: Duration::ZERO,
        };
        while !http::get(address, page, "identity").is_ok_and(|answer| answer.status == 200) {
            if server.child.try_wait()?.is_some() || started.elapsed() > PATIENCE {
                bail!(
                    "the server does not answer; see {}",
                    folder.join("server.log").display()
                );
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        server.start = started.elapsed();
        Ok(server)
    }

    /// An address of this server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Memory that is really used, in megabytes.
    pub fn resident_megabytes(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes: f64 = line
            .and_then(|line| line.split_whitespace().next())
            .context("the memory of a process is read as on Linux")?
            .parse()?;
        Ok(kibibytes * 1024.0 / 1_000_000.0)
    }

    /// Seconds of a processor that the server has used since its start.
    pub fn processor_seconds(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name of the program, in brackets, may hold spaces; fields are counted after it.
        let after_name = stat.rsplit_once(')').context("/proc/…/stat has no name")?.1;
        let fields: Vec<&str> = after_name.split_whitespace().collect();
        let (user, system) = fields
            .get(11)
            .zip(fields.get(12))
            .context("/proc/…/stat is short")?;
        Ok((user.parse::<f64>()? + system.parse::<f64>()?) / TICKS_PER_SECOND)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is measured no more; how it ends is tested elsewhere.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The settings of a measured server, as environment variables.
fn surround(command: &mut Command, folder: &Path, address: SocketAddr) {
    command
        .env(
            "BPART_DATABASE_URL",
            format!("sqlite:{}", folder.join("bpart.db").display()),
        )
        .env("BPART_SECRET_KEY_FILE", folder.join("secret.key"))
        .env(
            "BPART_PUBLIC_URL",
            format!("http://localhost:{}", address.port()),
        )
        .env("BPART_LISTEN", address.to_string())
        // The measurements play many clients, and say so as a proxy would.
        .env("BPART_TRUSTED_PROXIES", "127.0.0.1/32");
}

/// A free address.
pub fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

/// A folder for the data of a measurement.
pub fn data_folder(bench: &Bench, name: &str) -> Result<PathBuf> {
    let folder = bench.project.target.join("bench").join(name);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}
