//! A running server.

use super::{
    NameSystem, QUEUE, QUEUE_PER_THREAD, Visitor,
    mailbox::{self, Mail},
};
use domain::Duration;
use identity::Identity;
use server::{
    AppState, Config, serve,
    state::{Outside, open_identity},
};
use std::{
    fs::{self, Permissions},
    net::SocketAddr,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
};
use testkit::{FixedClock, SeededEntropy};
use tokio::{sync::oneshot, task::JoinHandle};

const KEY_FILE: &str = "secret.key";
const DATABASE_FILE: &str = "bpart.db";

/// Where the rows are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file in a temporary folder.
    Sqlite,
    /// A fresh database of `testkit::postgres`.
    Postgres,
}

/// A server that serves, with everything a test needs of it.
pub struct TestServer {
    /// What the server shares between its requests.
    pub state: Arc<AppState>,
    /// The time that the server goes by.
    pub clock: FixedClock,
    /// What it is told about the domains of addresses.
    pub mail_domains: NameSystem,
    /// Where it listens.
    pub address: SocketAddr,
    /// The database.
    pub database_url: String,
    pub(super) people: AtomicU32,
    pub(super) letters: mailbox::Read,
    folder: Arc<Folder>,
    settings: Vec<(&'static str, &'static str)>,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl TestServer {
    /// Starts a server on an empty database.
    pub async fn start(engine: Engine, settings: &[(&'static str, &'static str)]) -> Self {
        Self::start_at(engine, settings, FixedClock::default()).await
    }

    /// The same, going by a clock that somebody else goes by too.
    pub async fn start_at(
        engine: Engine,
        settings: &[(&'static str, &'static str)],
        clock: FixedClock,
    ) -> Self {
        let folder = Arc::new(Folder::make());
        let database_url = match engine {
            Engine::Sqlite => {
                testkit::migrated::sqlite(&folder.0.join(DATABASE_FILE)).await;
                folder.sqlite_url()
            }
            Engine::Postgres => testkit::migrated::postgres().await,
        };
        Self::serve(folder, database_url, settings, clock).await
    }

    /// Starts a server on a database that is made by these statements, with this key file.
    pub async fn start_on(
        (engine, sql, key): (Engine, &str, &str),
        settings: &[(&'static str, &'static str)],
        clock: FixedClock,
    ) -> Self {
        let folder = Arc::new(Folder::make());
        write_key_file(&folder.0.join(KEY_FILE), key);
        let database_url = match engine {
            Engine::Sqlite => {
                fs::File::create_new(folder.0.join(DATABASE_FILE)).unwrap();
                folder.sqlite_url()
            }
            Engine::Postgres => testkit::postgres::database().await,
        };
        testkit::tamper(&database_url, sql).await;
        Self::serve(folder, database_url, settings, clock).await
    }

    /// A folder for files of the test; it goes with the server.
    pub fn folder(&self) -> &Path {
        &self.folder.0
    }

    /// Starts a second server on the same database, as behind one proxy.
    pub async fn another(&self) -> Self {
        self.another_on(self.database_url.clone()).await
    }

    /// Starts a second server with the same key file on another database.
    pub async fn another_on(&self, database_url: String) -> Self {
        let folder = Arc::clone(&self.folder);
        Self::serve(folder, database_url, &self.settings, self.clock.clone()).await
    }

    async fn serve(
        folder: Arc<Folder>,
        database_url: String,
        settings: &[(&'static str, &'static str)],
        clock: FixedClock,
    ) -> Self {
        static SEED: AtomicU64 = AtomicU64::new(1);
        let entropy = SeededEntropy::new(SEED.fetch_add(1, Ordering::Relaxed));
        let config = config(&folder.0, &database_url, settings);
        let mail_domains = NameSystem::default();
        let outside = Outside {
            clock: Arc::new(clock.clone()),
            entropy: Arc::new(entropy),
            // Many tests wait for such a mail.
            answer_resets_every: Duration::from_millis(80),
            queue_per_thread: if settings.contains(&QUEUE[0]) {
                QUEUE_PER_THREAD
            } else {
                Outside::default().queue_per_thread
            },
            mail_domains: Some(Arc::new(mail_domains.clone())),
        };
        let identity = open_identity(&config, outside).await.unwrap();
        let state = AppState::new(config, identity, Vec::new()).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, is_ready) = oneshot::channel();
        let serving = Arc::clone(&state);
        let served = tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            serve::run(serving, stopped, |address| ready.send(address).unwrap())
                .await
                .unwrap();
        });
        Self {
            address: is_ready.await.unwrap(),
            state,
            clock,
            mail_domains,
            database_url,
            people: AtomicU32::new(0),
            letters: mailbox::Read::default(),
            folder,
            settings: settings.to_vec(),
            stop,
            served,
        }
    }

    /// The use cases, for what has no page: the command line's deeds.
    pub fn identity(&self) -> &Identity {
        &self.state.identity
    }

    /// What every address of the site begins with.
    pub fn origin(&self) -> String {
        self.state.config.origin()
    }

    /// Somebody comes to the door with a fresh browser.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(self.address, &self.state.config.origin())
    }

    /// The oldest mail to somebody that was not read yet; those about new devices aside.
    pub async fn mail_to(&self, email: &str) -> Mail {
        self.letters.next(self, email).await
    }

    /// Every mail that was written so far, the oldest first.
    pub async fn every_mail(&self) -> Vec<Mail> {
        self.letters.all(self).await
    }

    /// Takes mails to somebody for read, which a test causes and does not care about.
    pub async fn ignore_mail_to(&self, email: &str) {
        self.letters.ignore(self, email).await;
    }

    /// The unread mails to somebody about sign-ins with new devices.
    pub async fn new_device_mails(&self, email: &str) -> Vec<Mail> {
        self.letters.new_devices(self, email).await
    }

    /// Asks the server to stop and waits until it has.
    pub async fn stop(self) {
        // A test that broke the server has stopped it already.
        let _ = self.stop.send(());
        self.served.await.unwrap();
    }

    /// Ends the test: nothing may be left lying about.
    pub async fn close(self) {
        let unread = self.letters.unread(&self).await;
        assert!(unread.is_empty(), "mails that no test expected: {unread:?}");
        self.stop().await;
    }
}

fn config(folder: &Path, database_url: &str, settings: &[(&'static str, &'static str)]) -> Config {
    let key = folder.join(KEY_FILE).display().to_string();
    let own = [
        ("BPART_DATABASE_URL", database_url),
        ("BPART_SECRET_KEY_FILE", key.as_str()),
        ("BPART_LISTEN", "127.0.0.1:0"),
        ("BPART_ARGON2", "m=64,t=1,p=1"),
    ];
    let all = own.iter().chain(settings);
    let owned = all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::from_parts(None, owned).unwrap()
}

/// Writes a key file that its owner alone can read, as the server asks.
pub fn write_key_file(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
}

/// A folder that goes with the last server that uses it.
struct Folder(PathBuf);

impl Folder {
    fn make() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("bpart-it-{}-{number}", std::process::id()));
        // A process of the same number may have left its folder behind.
        fs::remove_dir_all(&path).ok();
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn sqlite_url(&self) -> String {
        format!("sqlite:{}", self.0.join(DATABASE_FILE).display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}
