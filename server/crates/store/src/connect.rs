//! Opening the two kinds of database.

use crate::StoreError;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, PgPool,
    Row as _, SqlitePool,
    error::DatabaseError,
    postgres::{PgConnectOptions, PgPoolOptions, PgSslMode},
    raw_sql,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fs::{self, DirBuilder, OpenOptions},
    hash::{BuildHasher as _, RandomState},
    io,
    net::IpAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::time::{sleep, timeout};

/// Connections of one process to PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 10;
/// How long a request waits for a connection to PostgreSQL before it is told to come back.
const POSTGRES_ACQUIRE: Duration = Duration::from_secs(8);
/// Clients that are opened beside a first one, to see whether they share its connection.
const OTHER_CLIENTS: usize = 3;
/// Connections that read SQLite while another writes.
const SQLITE_READERS: u32 = 4;
/// How long a statement waits for SQLite's lock, and a request for the writing connection.
const SQLITE_BUSY: Duration = Duration::from_secs(15);
/// How long to wait before a locked file is opened again.
const SQLITE_RETRY: Duration = Duration::from_millis(20);

/// Takes the write lock at once: a transaction that reads first and writes later would fail on a
/// stale snapshot, which no time-out retries.
pub(crate) const BEGIN_SQLITE: &str = "begin immediate";

/// The connections to one database.
#[derive(Clone, Debug)]
pub(crate) enum Pools {
    /// SQLite has one writer at a time by nature: with a single writing connection the program
    /// queues in order, instead of competing for the lock. Readers never wait for it (WAL).
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
        /// Kept for its end: a test's file goes with the last clone.
        _scratch: Option<Arc<Scratch>>,
    },
    Postgres(PgPool),
}

/// Opens what the address names.
pub(crate) async fn open(url: &str) -> Result<Pools, StoreError> {
    if url == "sqlite::memory:" {
        let scratch = Scratch::create().map_err(StoreError::File)?;
        sqlite(&scratch.path.clone(), Some(Arc::new(scratch))).await
    } else if let Some(path) = sqlite_path(url) {
        create_file(path).map_err(StoreError::File)?;
        sqlite(path, None).await
    } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        postgres(url).await
    } else {
        // The address may hold a password: it is not repeated.
        Err(StoreError::Other(
            "the address is neither sqlite: nor postgres://".into(),
        ))
    }
}

/// Opens what the address names if it exists: to look at, since what was not there is not made.
pub(crate) async fn look(url: &str) -> Result<Option<Pools>, StoreError> {
    let Some(path) = sqlite_path(url) else {
        return open(url).await.map(Some);
    };
    has_folders(path).map_err(StoreError::File)?;
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StoreError::File(error)),
        Ok(_) => {}
    }
    is_file(path).map_err(StoreError::File)?;
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    let readers = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await?;
    Ok(Some(Pools::Sqlite {
        writer: readers.clone(),
        readers,
        _scratch: None,
    }))
}

/// The file of an address like `sqlite:a/b`, `sqlite://a/b` (relative) and `sqlite:///a/b` (absolute): all are in use.
pub fn sqlite_path(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite:")?;
    Some(Path::new(path.strip_prefix("//").unwrap_or(path)))
}

async fn sqlite(path: &Path, scratch: Option<Arc<Scratch>>) -> Result<Pools, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(SQLITE_BUSY);
    let pool = |connections| {
        SqlitePoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(SQLITE_BUSY)
            // A file does not hang up: neither age nor silence is a reason to open it again.
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
    };
    // The writer comes first: it makes the write-ahead log that readers cannot make.
    // FULL: what was answered with "done" survives a power cut.
    let writing = options
        .clone()
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        // What was deleted is overwritten in the file too.
        .pragma("secure_delete", "on");
    let writer = first_of_many(|| pool(1).connect_with(writing.clone())).await?;
    let readers = pool(SQLITE_READERS)
        .connect_with(options.read_only(true))
        .await?;
    Ok(Pools::Sqlite {
        writer,
        readers,
        _scratch: scratch,
    })
}

/// Opens the writing connection, also where several processes open a new file at once: while one of
/// them makes the write-ahead log, SQLite tells the others that the file is locked, and does not
/// wait as it does for every other statement.
async fn first_of_many<F>(open: impl Fn() -> F) -> Result<SqlitePool, sqlx::Error>
where
    F: Future<Output = Result<SqlitePool, sqlx::Error>>,
{
    let deadline = Instant::now() + SQLITE_BUSY;
    loop {
        match open().await {
            Err(error) if is_locked(&error) && Instant::now() < deadline => {
                sleep(SQLITE_RETRY).await;
            }
            opened => return opened,
        }
    }
}

/// Whether the error is `SQLITE_BUSY` or one of its extended codes, whose low byte is 5.
fn is_locked(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok())
        .is_some_and(|code| code & 0xff == 5)
}

async fn postgres(url: &str) -> Result<Pools, StoreError> {
    let options: PgConnectOptions = url
        .parse()
        .map_err(|_| StoreError::Other("the postgres:// address cannot be read".into()))?;
    let options = verified(options.application_name("bpart"), url);
    let keeps = timeout(POSTGRES_ACQUIRE, keeps_sessions(&options)).await;
    // A pooler with fewer connections than these makes the last one wait.
    if !keeps.map_err(|_| StoreError::Other(NO_ANSWER.into()))?? {
        return Err(StoreError::Other(NO_SESSIONS.into()));
    }
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(POSTGRES_ACQUIRE)
        .connect_with(options)
        .await?;
    let encoding: String = sqlx::query_scalar("show server_encoding")
        .fetch_one(&pool)
        .await?;
    if encoding != "UTF8" {
        let why = format!("the encoding of the database is {encoding}, and must be UTF8");
        return Err(StoreError::Other(why.into()));
    }
    Ok(Pools::Postgres(pool))
}

/// What an operator is told about a pooler that shares the connections.
const NO_SESSIONS: &str = "a pooler gives each transaction another connection (pool_mode = transaction). \
    LISTEN and prepared statements need one that stays: use pool_mode = session, or connect without the pooler";

const NO_ANSWER: &str = "the server does not take four connections at once within eight seconds";

/// Whether a connection is a session of the server's own. Behind a pooler that shares its connections, what one client
/// sets is seen by another one or lost by itself, and so would be its `LISTEN` and its prepared statements.
async fn keeps_sessions(options: &PgConnectOptions) -> Result<bool, sqlx::Error> {
    let mut first = options.connect().await?;
    // All by the simple protocol, which needs no prepared statement.
    // What another process has set is not taken for this one's.
    let mark = RandomState::new().hash_one("session").to_string();
    let set = format!("set bpart.session = '{mark}'");
    first.execute(raw_sql(AssertSqlSafe(set))).await?;
    let mut others = Vec::new();
    for _ in 0..OTHER_CLIENTS {
        let mut other = options.connect().await?;
        // It keeps the connection that it is given for as long as the transaction is open.
        other.execute(raw_sql("begin")).await?;
        if sees_session(&mut other, &mark).await? {
            return Ok(false);
        }
        others.push(other);
    }
    let keeps = sees_session(&mut first, &mark).await?;
    for conn in others.into_iter().chain([first]) {
        conn.close().await?;
    }
    Ok(keeps)
}

async fn sees_session(conn: &mut PgConnection, mark: &str) -> Result<bool, sqlx::Error> {
    let query = raw_sql("select coalesce(current_setting('bpart.session', true), '') as mark");
    let seen: String = conn.fetch_one(query).await?.try_get("mark")?;
    Ok(seen == mark)
}

/// A server on another machine has to prove its name, unless the address says another `sslmode`: with `prefer`, the usual
/// default, anybody on the way could answer as the database.
fn verified(options: PgConnectOptions, url: &str) -> PgConnectOptions {
    if is_local(&options) || url.contains("sslmode=") {
        options
    } else {
        options.ssl_mode(PgSslMode::VerifyFull)
    }
}

/// Whether the server is this machine, by a socket or by loopback.
fn is_local(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let is_loopback = |address: IpAddr| address.is_loopback();
    options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host.parse().is_ok_and(is_loopback)
}

/// Makes the file and its folder, readable by nobody but the program's own user. SQLite gives its
/// side files the mode of the file. What exists is left as it is.
fn create_file(path: &Path) -> io::Result<()> {
    let mut folder = DirBuilder::new();
    folder.recursive(true);
    let mut file = OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
        folder.mode(0o700);
        file.mode(0o600);
    }
    has_folders(path)?;
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => folder.create(parent)?,
        _ => {}
    }
    match file.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => is_file(path),
        other => other.map(drop),
    }
}

/// Refuses a path on which a file stands where a folder should.
fn has_folders(path: &Path) -> io::Result<()> {
    match path.ancestors().skip(1).find(|above| above.is_file()) {
        Some(file) => Err(io::Error::other(format!("{} is no folder", file.display()))),
        None => Ok(()),
    }
}

/// Copies a SQLite database into an empty file, whose mode stays (<https://www.sqlite.org/lang_vacuum.html#vacuuminto>).
pub(crate) async fn copy(pools: &Pools, file: &Path) -> Result<(), StoreError> {
    let Pools::Sqlite { readers, .. } = pools else {
        return Err(StoreError::Other("PostgreSQL makes its own copies".into()));
    };
    let name = file
        .to_str()
        .ok_or_else(|| StoreError::Other("the name of the file is not UTF-8".into()))?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map_err(StoreError::File)?;
    let copied = sqlx::query("vacuum into ?1")
        .bind(name)
        .execute(readers)
        .await;
    if copied.is_err() {
        // Half a copy is worse than none.
        fs::remove_file(file).ok();
    }
    copied?;
    Ok(())
}

/// Refuses a folder, and a link that leads nowhere, which SQLite would follow to make a file elsewhere.
fn is_file(path: &Path) -> io::Result<()> {
    let found = path
        .metadata()
        .map_err(|_| io::Error::other("it is a link that leads nowhere"))?;
    if found.is_dir() {
        return Err(io::Error::other("it is a folder, and must be a file"));
    }
    Ok(())
}

/// A database file for one test.
#[derive(Debug)]
pub(crate) struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn create() -> io::Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("bpart-{}-{number}.db", std::process::id());
        let path = std::env::temp_dir().join(name);
        // A process of the same number may have left its file behind.
        Self::remove(&path);
        create_file(&path)?;
        Ok(Self { path })
    }

    /// Removes the file and SQLite's side files; that some do not exist is no matter.
    fn remove(path: &Path) {
        for suffix in ["", "-wal", "-shm"] {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            fs::remove_file(name).ok();
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        Self::remove(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red when a server that answers from elsewhere is believed without a certificate.
    #[test]
    fn a_database_elsewhere_proves_its_name() {
        for (address, is_verified) in [
            ("postgres://me@db.example.org/bpart", true),
            ("postgres://me@10.0.0.7/bpart", true),
            ("postgres://me@localhost.example.org/bpart", true),
            ("postgres://me@db.example.org/bpart?sslmode=require", false),
            ("postgres://me@localhost/bpart", false),
            ("postgres://me@127.0.0.1/bpart", false),
            ("postgres:///bpart?host=/run/postgresql", false),
        ] {
            let options: PgConnectOptions = address.parse().expect("an address");
            let mode = verified(options, address).get_ssl_mode();
            let found = matches!(mode, PgSslMode::VerifyFull);
            assert_eq!(found, is_verified, "{address}: {mode:?}");
        }
    }
}
