//! What tests share: a running server on either database, its people, its mailbox, and
//! the words that its pages use.

pub mod drafts;
pub mod email;
pub mod leaving;
pub mod log;
pub mod mail_server;
mod mailbox;
mod name_system;
pub mod old_database;
pub mod own_data;
mod people;
mod planted;
pub mod providers;
pub mod registrations;
pub mod resets;
mod test_server;
pub mod words;

pub use mailbox::Mail;
pub use name_system::NameSystem;
pub use people::{Manager, Person, SAVED, Visitor, codes_of, secret_of};
pub use test_server::{Engine, TestServer, write_key_file};

/// Settings as the operator would set them in the environment.
pub type Settings = &'static [(&'static str, &'static str)];

/// People reach the site over https, through a proxy that ends it.
pub const HTTPS: Settings = &[("BPART_PUBLIC_URL", "https://door.example.org")];
/// Requests come through a proxy on this machine, whose word on addresses is believed.
pub const PROXY: Settings = &[("BPART_TRUSTED_PROXIES", "127.0.0.1")];
/// The server can be reached from other machines, as in production.
pub const ELSEWHERE: Settings = &[("BPART_LISTEN", "0.0.0.0:0")];
/// Mails are to go to a server that is not there.
pub const NO_MAIL_SERVER: Settings = &[("BPART_SMTP_URL", "smtp://127.0.0.1:1")];
/// Only one organisation uses its Microsoft accounts.
pub const ONE_TENANT: Settings = &[("BPART_MICROSOFT_TENANTS", providers::TENANT)];
/// Hashing takes several times as long as all the rest of an answer.
pub const DEAR: Settings = &[
    ("BPART_ARGON2", "m=19456,t=6,p=1"),
    ("BPART_TRUSTED_PROXIES", "127.0.0.1"),
];
/// Hashing takes long enough to make a queue, which is short: hashing threads give way to everything else, and a
/// machine that runs other tests too lets the last one of a long queue wait for a minute.
pub const QUEUE: Settings = &[
    ("BPART_ARGON2", "m=19456,t=2,p=1"),
    ("BPART_TRUSTED_PROXIES", "127.0.0.1"),
];

/// Hashes that may wait for each thread with [`QUEUE`].
pub const QUEUE_PER_THREAD: usize = 4;

/// Makes two tests of each function, one for each engine. A function may ask for settings of this file:
/// `both! { first_test, second_test with HTTPS }`. What has nothing to do with the database runs
/// once: `once! { … }`.
macro_rules! both {
    ($($test:ident $(with $settings:ident)?),+ $(,)?) => {
        $crate::support::tests!($crate::support::run, on_sqlite Sqlite: $($test $($settings)?),+);
        $crate::support::tests!($crate::support::run, on_postgres Postgres: $($test $($settings)?),+);
    };
}

macro_rules! once {
    ($($test:ident $(with $settings:ident)?),+ $(,)?) => {
        $crate::support::tests!($crate::support::run, once Sqlite: $($test $($settings)?),+);
    };
}

/// Makes one test of each function. The runner starts the server and hands it to the function.
macro_rules! tests {
    ($run:path, $module:ident $engine:ident: $($test:ident $($settings:ident)?),+) => {
        mod $module {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let settings: &[$crate::support::Settings] = &[$($crate::support::$settings)?];
                $run($crate::support::Engine::$engine, settings, super::$test).await;
            }
        )+}
    };
}
pub(crate) use {both, once, tests};

/// Runs one test on a server of its own.
pub async fn run(engine: Engine, settings: &[Settings], test: impl AsyncFnOnce(&TestServer)) {
    let server = TestServer::start(engine, &settings.concat()).await;
    test(&server).await;
    server.close().await;
}

/// Does the same thing many times at the same moment.
pub async fn all_at_once<T: Send + 'static>(
    doers: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let running: Vec<_> = doers.into_iter().map(tokio::spawn).collect();
    let mut done = Vec::new();
    for doer in running {
        done.push(doer.await.unwrap());
    }
    done
}
