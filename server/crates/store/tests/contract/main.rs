//! The contract of the store, written once and run on both engines.
//!
//! A test is a function that takes an empty, migrated [`Store`]; [`both!`] runs it on SQLite and on
//! PostgreSQL. The last test of this file lists the methods of the crate and fails when no test calls one.
#![expect(clippy::unwrap_used, reason = "in a test a surprise is a failure")]

/// Makes two tests of each function.
macro_rules! both {
    ($($test:ident),+ $(,)?) => {$(
        mod $test {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$test($crate::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                super::$test($crate::postgres().await).await;
            }
        }
    )+};
}

mod accounts;
mod activity;
mod database;
mod deletions;
mod devices;
mod domain_health;
mod drafts;
mod factors;
mod flashes;
mod guesses;
mod jobs;
mod limits;
mod linked_accounts;
mod organisations;
mod outbox;
mod own_data;
mod proposals;
mod provider_flows;
mod recovery;
mod refused_tries;
mod registration_counts;
mod registrations;
mod reseal;
mod sessions;
mod sign_ins;
mod tokens;
mod votes;

use domain::{AccountId, DisplayName, Email, Locale, Realm, Timestamp};
use std::{fs, future::Future, path::Path};
use store::{Expired, NewAccount, SetPassword, Store};

async fn sqlite() -> Store {
    migrated("sqlite::memory:").await
}

async fn postgres() -> Store {
    migrated(&testkit::migrated::postgres().await).await
}

async fn migrated(url: &str) -> Store {
    let store = Store::connect(url).await.unwrap();
    store.migrate().await.unwrap();
    store
}

/// A moment, in seconds after the tests began.
const fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_700_000_000 + seconds)
}

/// The hash of some secret.
const fn hash(of: u8) -> [u8; 32] {
    [of; 32]
}

/// A password that may be the only factor.
const fn password(hash: &str, at: Timestamp, confirms_email: bool) -> SetPassword<'_> {
    SetPassword {
        hash,
        at,
        stands_alone: true,
        confirms_email,
    }
}

fn id(name: &str) -> AccountId {
    AccountId::from(name.to_owned())
}

/// Removes what a time of its own has passed for; counts the rows.
async fn expire(store: &Store, rows: Expired, time: i64) -> u64 {
    store.sweep(rows, at(time)).await.unwrap()
}

/// Makes a manager's account; its id is her name.
async fn manager(store: &Store, name: &str) -> AccountId {
    let mut tx = store.begin().await.unwrap();
    let email = Email::parse(&format!("{name}@town.example")).unwrap();
    tx.insert_account(&NewAccount {
        id: id(name),
        realm: Realm::BackOffice,
        email: &email,
        name: &DisplayName::parse(name).unwrap(),
        locale: Locale::Fr,
        platform_role: None,
        created_at: at(0),
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id(name)
}

/// Runs `count` callers at once and returns their results.
async fn all_at_once<T, F>(count: usize, caller: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let callers: Vec<_> = (0..count)
        .map(|number| tokio::spawn(caller(number)))
        .collect();
    let mut results = Vec::new();
    for caller in callers {
        results.push(caller.await.unwrap());
    }
    results
}

/// How many results are true.
fn winners(results: &[bool]) -> usize {
    results.iter().filter(|won| **won).count()
}

#[test]
fn every_method_has_a_test() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read_all = |folder: &str| -> String {
        let files = fs::read_dir(here.join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path());
        files
            .filter(|path| path.is_file())
            .map(|path| fs::read_to_string(path).unwrap())
            .collect()
    };
    let tests = read_all("tests/contract");
    let methods: Vec<String> = read_all("src").lines().filter_map(method).collect();
    assert!(methods.len() > 50, "the methods are found: {methods:?}");
    let untested: Vec<&String> = methods
        .iter()
        .filter(|name| !tests.contains(&format!("{name}(")))
        .collect();
    assert!(untested.is_empty(), "no test calls {untested:?}");
}

/// The name in a line that declares a public method, written out or for `store_and_tx!`.
fn method(line: &str) -> Option<String> {
    let declared = line.trim_start();
    let rest = declared.strip_prefix("pub async fn ").or_else(|| {
        declared
            .strip_prefix("fn ")
            .filter(|rest| rest.contains("(conn"))
    })?;
    let name: String = rest
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    (!name.is_empty()).then_some(name)
}
