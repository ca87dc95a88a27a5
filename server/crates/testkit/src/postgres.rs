//! A PostgreSQL of the tests' own: nothing to install but Debian's package, nothing to configure,
//! nothing left behind.
//!
//! The first [`database`] of a test process makes a cluster in the temporary folder and starts a
//! server on a free port; every call makes a fresh, empty database in it. A small shell watches
//! over the server: it waits for a pipe that closes when the test process ends, in whatever way,
//! then stops the server and removes the folder. (Asking the kernel to end the server with its
//! parent would not do: that means the *thread* that started it, and a test's thread ends early.)
//!
//! PostgreSQL refuses to run as root, so a root's cluster belongs to the user `postgres`, or else
//! `nobody`. Without PostgreSQL the tests fail rather than pass by not running.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use std::{
    env,
    fs::{self, DirBuilder},
    io,
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::unix::{
        fs::{DirBuilderExt as _, MetadataExt as _, chown},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

const MISSING: &str = "PostgreSQL was not found, neither in PATH nor in /usr/lib/postgresql/*/bin: \
    install the Debian package `postgresql` (its own service need not run)";

/// `$1` the server, `$2` its folder, `$3` its port.
const GUARDIAN: &str = r#"
"$1" -D "$2/data" -k "$2" -h 127.0.0.1 -p "$3" -N 300 -B 64MB \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off \
    -c wal_level=minimal -c max_wal_senders=0 >"$2/log" 2>&1 </dev/null &
server=$!
read -r _
kill -INT "$server"
wait "$server"
cd / && rm -rf "$2"
"#;

/// Makes an empty database for one test and gives its address.
pub async fn database() -> String {
    create("template1").await
}

/// The same for texts of another encoding.
pub async fn database_in(encoding: &str) -> String {
    // Only this template may be copied into another encoding, and only this locale fits every one.
    create(&format!(
        "template0 encoding '{encoding}' lc_collate 'C' lc_ctype 'C'"
    ))
    .await
}

/// The same as a copy of another one, which must have no connections.
pub async fn copy_of(url: &str) -> String {
    let (_, name) = url.rsplit_once('/').expect("an address has a path");
    create(name.split('?').next().unwrap_or_default()).await
}

async fn create(template: &str) -> String {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let cluster = CLUSTER.get_or_init(Cluster::start);
    let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let mut conn = PgConnection::connect(&cluster.url("postgres"))
        .await
        .expect("the tests’ PostgreSQL accepts connections");
    // The name is ours, and a database's name cannot be a parameter.
    sqlx::raw_sql(AssertSqlSafe(format!(
        "create database {name} template {template}"
    )))
    .execute(&mut conn)
    .await
    .expect("the tests’ PostgreSQL makes a database");
    cluster.url(&name)
}

/// A `PgBouncer` before the tests' server; it stops when it is dropped.
pub struct Pooler {
    program: Child,
    folder: PathBuf,
    /// The address of the database through it.
    pub url: String,
}

impl Pooler {
    /// Puts one before a database of [`database`], in a `pool_mode`.
    pub fn before(url: &str, mode: &str) -> Self {
        let (server, name) = url.rsplit_once('/').expect("an address has a path");
        let (_, port) = server.rsplit_once(':').expect("an address has a port");
        let (name, _) = name.split_once('?').unwrap_or((name, ""));
        let owner = Owner::choose();
        let folder = owner
            .make_folder()
            .expect("the temporary folder can be written to");
        let (own_port, file) = (free_port(), folder.join("pgbouncer.ini"));
        let settings = format!(
            "[databases]\n{name} = host=127.0.0.1 port={port} user=postgres\n\
            [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {own_port}\nauth_type = any\n\
            pool_mode = {mode}\nignore_startup_parameters = extra_float_digits\nunix_socket_dir =\n"
        );
        fs::write(&file, settings).expect("the folder can be written to");
        let program = owner
            .command(Path::new("/usr/sbin/pgbouncer"), &folder)
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("PgBouncer was not found: install the Debian package `pgbouncer`");
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, own_port)).is_err() {
            assert!(Instant::now() < deadline, "PgBouncer does not start");
            thread::sleep(Duration::from_millis(20));
        }
        Self {
            program,
            folder,
            url: format!("postgres://postgres@127.0.0.1:{own_port}/{name}?sslmode=disable"),
        }
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        self.program.kill().ok();
        self.program.wait().ok();
        fs::remove_dir_all(&self.folder).ok();
    }
}

/// A running server; it stops when the process ends, because then the pipe closes.
struct Cluster {
    port: u16,
    _guardian: Child,
    _pipe: Option<ChildStdin>,
}

impl Cluster {
    fn start() -> Self {
        let programs = find_programs().expect(MISSING);
        let owner = Owner::choose();
        // Between choosing a port and using it, somebody else may take it: then once more.
        let mut complaint = String::new();
        for _ in 0..3 {
            match Self::attempt(&programs, &owner) {
                Ok(cluster) => return cluster,
                Err(log) => complaint = log,
            }
        }
        panic!("PostgreSQL does not start:\n{complaint}")
    }

    /// Makes a cluster and starts its server; what the server said when it does not start.
    fn attempt(programs: &Path, owner: &Owner) -> Result<Self, String> {
        let folder = owner
            .make_folder()
            .expect("the temporary folder can be written to");
        let port = free_port();
        initialise(programs, &folder, owner);
        let mut guardian = owner
            .command(Path::new("/bin/sh"), &folder)
            .args(["-c", GUARDIAN, "guardian"])
            .arg(programs.join("postgres"))
            .arg(&folder)
            .arg(port.to_string())
            // Out of reach of the terminal's Ctrl-C, which would end it before its work is done.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("/bin/sh runs");
        let pipe = guardian.stdin.take();
        if let Err(log) = await_ready(&folder, port) {
            drop(pipe);
            guardian.wait().ok();
            return Err(log);
        }
        Ok(Self {
            port,
            _guardian: guardian,
            _pipe: pipe,
        })
    }

    fn url(&self, database: &str) -> String {
        format!(
            "postgres://postgres@127.0.0.1:{}/{database}?sslmode=disable",
            self.port
        )
    }
}

/// Waits until the server says in its own file that it is ready, on this port.
fn await_ready(folder: &Path, port: u16) -> Result<(), String> {
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let state = read("data/postmaster.pid");
        let line = |number: usize| state.lines().nth(number).unwrap_or_default().trim();
        if line(3) == port.to_string() && line(7) == "ready" {
            return Ok(());
        }
        let log = read("log");
        if log.contains("FATAL") || Instant::now() > deadline {
            return Err(log);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

fn initialise(programs: &Path, folder: &Path, owner: &Owner) {
    let output = owner
        .command(&programs.join("initdb"), folder)
        .args([
            "--no-sync",
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
        ])
        .args(["--locale=C", "--pgdata"])
        .arg(folder.join("data"))
        .output()
        .expect("initdb runs");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "initdb failed: {complaint}");
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    listener
        .local_addr()
        .expect("a bound socket has an address")
        .port()
}

/// The folder that holds both programs: the one that PATH leads to, or Debian's newest version.
#[expect(clippy::disallowed_methods, reason = "programs are found by PATH")]
fn find_programs() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort();
    env::split_paths(&path)
        .chain(versions.into_iter().rev().map(|(_, folder)| folder))
        .find(|folder| {
            ["initdb", "postgres"]
                .iter()
                .all(|name| folder.join(name).is_file())
        })
}

/// Who the server runs as: ourselves, unless we are root.
struct Owner(Option<(u32, u32)>);

impl Owner {
    fn choose() -> Self {
        let me = fs::metadata("/proc/self").map(|myself| myself.uid());
        if !matches!(me, Ok(0)) {
            return Self(None);
        }
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let find = |name: &str| {
            let line = users
                .lines()
                .find(|line| line.split(':').next() == Some(name))?;
            let mut numbers = line
                .split(':')
                .skip(2)
                .map_while(|field| field.parse().ok());
            Some((numbers.next()?, numbers.next()?))
        };
        let found = find("postgres").or_else(|| find("nobody"));
        Self(Some(found.expect(
            "a user `postgres` or `nobody` exists for root’s PostgreSQL",
        )))
    }

    /// A folder of a name that nobody had before, open to the owner only.
    fn make_folder(&self) -> io::Result<PathBuf> {
        let mut number = 0;
        let folder = loop {
            let name = format!("bpart-postgres-{}-{number}", std::process::id());
            let folder = env::temp_dir().join(name);
            match DirBuilder::new().mode(0o700).create(&folder) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                made => break made.map(|()| folder)?,
            }
        };
        if let Self(Some((user, group))) = self {
            chown(&folder, Some(*user), Some(*group))?;
        }
        Ok(folder)
    }

    /// A program in the folder, with nothing of our surroundings but the way to other programs.
    fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(folder)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("LC_ALL", "C");
        if let Self(Some((user, group))) = self {
            command.uid(*user).gid(*group);
        }
        command
    }
}
