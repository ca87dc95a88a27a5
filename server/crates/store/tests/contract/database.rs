//! The database itself: opening, migrating, transactions, and what happens when it is away.

use crate::{all_at_once, at, id, manager, migrated, password, postgres};
use domain::{OrganisationId, Realm, Role};
use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use store::Store;

both!(
    what_is_not_committed_did_not_happen,
    a_reader_sees_nothing_half_done,
    references_hold,
    migrating_twice_changes_nothing,
    a_busy_database_says_so_in_time,
);

async fn what_is_not_committed_did_not_happen(store: Store) {
    let ada = manager(&store, "ada").await;
    let mut tx = store.begin().await.unwrap();
    tx.set_password(&ada, &password("hash", at(1), true))
        .await
        .unwrap();
    assert!(
        tx.account(&ada)
            .await
            .unwrap()
            .unwrap()
            .password_hash
            .is_some()
    );
    drop(tx);
    assert_eq!(
        store.account(&ada).await.unwrap().unwrap().password_hash,
        None
    );
}

async fn a_reader_sees_nothing_half_done(store: Store) {
    let ada = manager(&store, "ada").await;
    let mut tx = store.begin().await.unwrap();
    tx.set_password(&ada, &password("hash", at(1), true))
        .await
        .unwrap();
    assert_eq!(
        store.account(&ada).await.unwrap().unwrap().password_hash,
        None
    );
    tx.commit().await.unwrap();
    let after = store.account(&ada).await.unwrap().unwrap();
    assert_eq!(after.password_hash.as_deref(), Some("hash"));
}

async fn references_hold(store: Store) {
    let ada = manager(&store, "ada").await;
    let nowhere = OrganisationId::from("nowhere".to_owned());
    let mut tx = store.begin().await.unwrap();
    let error = tx
        .insert_membership(&ada, &nowhere, Role::ContentManager, at(1))
        .await
        .unwrap_err();
    assert!(!error.is_conflict() && !error.is_unavailable());
    assert!(
        !format!("{error} {error:?}").contains("nowhere"),
        "{error:?}"
    );
}

async fn migrating_twice_changes_nothing(store: Store) {
    assert!(!store.pending_migrations().await.unwrap());
    store.migrate().await.unwrap();
    store.ping().await.unwrap();
    store.close().await;
    assert!(store.ping().await.unwrap_err().is_unavailable());
}

async fn a_busy_database_says_so_in_time(store: Store) {
    // Ten transactions are every connection to PostgreSQL; SQLite has one.
    let mut held = vec![store.begin().await.unwrap()];
    let start = Instant::now();
    let refused = loop {
        match store.begin().await {
            Ok(tx) => held.push(tx),
            Err(error) => break error,
        }
    };
    assert!(refused.is_unavailable());
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
    drop(held);
    store.ping().await.unwrap();
}

/// Red when a look makes the file, or a copy is made of another database or over another file.
#[tokio::test]
async fn a_look_makes_nothing_and_a_copy_is_whole() {
    let folder = Folder::new("copy");
    let (url, copy) = (folder.url("bpart.db"), folder.0.join("copy.db"));
    assert!(Store::look(&url).await.unwrap().is_none());
    assert!(!folder.0.join("bpart.db").exists());
    let ada = manager(&migrated(&url).await, "ada").await;
    let looked = Store::look(&url).await.unwrap().unwrap();
    assert!(!looked.pending_migrations().await.unwrap());
    looked.copy_to(&copy).await.unwrap();
    assert!(looked.copy_to(&copy).await.is_err());
    let copied = Store::connect(&folder.url("copy.db")).await.unwrap();
    assert!(copied.account(&ada).await.unwrap().is_some());
    let other = folder.0.join("other.db");
    assert!(postgres().await.copy_to(&other).await.is_err());
    assert!(!other.exists());
}

#[tokio::test]
async fn an_empty_database_has_migrations_pending() {
    for url in [
        "sqlite::memory:".to_owned(),
        testkit::postgres::database().await,
    ] {
        let store = Store::connect(&url).await.unwrap();
        assert!(store.pending_migrations().await.unwrap());
        assert!(store.account(&id("ada")).await.is_err());
        store.migrate().await.unwrap();
        assert!(!store.pending_migrations().await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_processes_may_start_at_once() {
    let folder = Folder::new("start");
    for round in 0..5 {
        for url in [
            folder.url(&format!("{round}.db")),
            testkit::postgres::database().await,
        ] {
            let stores = all_at_once(4, |_| {
                let url = url.clone();
                async move { migrated(&url).await }
            })
            .await;
            manager(&stores[0], "ada").await;
            assert_eq!(
                stores[3]
                    .accounts(&Realm::BackOffice, None, 99)
                    .await
                    .unwrap()
                    .len(),
                1
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_may_read_and_then_write() {
    let folder = Folder::new("immediate");
    let url = folder.url("house.db");
    let stores = [migrated(&url).await, migrated(&url).await];
    let ada = manager(&stores[0], "ada").await;
    all_at_once(20, |number| {
        let (store, ada) = (stores[number % 2].clone(), ada.clone());
        async move {
            // Begun without the write lock, this would fail on what the other wrote meanwhile.
            let mut tx = store.begin().await.unwrap();
            let seen = tx.account(&ada).await.unwrap().unwrap();
            let hash = format!("{}x", seen.password_hash.unwrap_or_default());
            tx.set_password(&ada, &password(&hash, at(1), false))
                .await
                .unwrap();
            tx.commit().await.unwrap();
        }
    })
    .await;
    let after = stores[1].account(&ada).await.unwrap().unwrap();
    assert_eq!(
        after.password_hash,
        Some("x".repeat(20)),
        "no change was lost"
    );
}

#[tokio::test]
async fn a_relative_file_is_made_for_its_owner_only() {
    let folder = Folder::new("relative");
    // From here up to the root and down again: a path that is relative, wherever the tests run.
    let up: PathBuf = std::env::current_dir()
        .unwrap()
        .iter()
        .skip(1)
        .map(|_| "..")
        .collect();
    let path = up
        .join(folder.0.strip_prefix("/").unwrap())
        .join("data/deep/house.db");
    let store = Store::connect(&format!("sqlite:{}", path.display()))
        .await
        .unwrap();
    store.migrate().await.unwrap();
    manager(&store, "ada").await;
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&path.with_extension("db-wal")), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    store.close().await;
    assert!(
        !path.with_extension("db-wal").exists(),
        "the log is folded into the file"
    );
}

#[tokio::test]
async fn what_was_written_is_there_after_opening_again() {
    let folder = Folder::new("again");
    for form in ["sqlite:", "sqlite://"] {
        let url = format!("{form}{}", folder.0.join("house.db").display());
        let store = Store::connect(&url).await.unwrap();
        store.migrate().await.unwrap();
        if form == "sqlite:" {
            manager(&store, "ada").await;
        }
        assert!(store.account(&id("ada")).await.unwrap().is_some());
        store.close().await;
    }
}

#[tokio::test]
async fn an_absent_server_is_unavailable_and_its_password_is_not_told() {
    let start = Instant::now();
    let url = "postgres://bpart:tr0ub4dor@127.0.0.1:1/bpart";
    let error = Store::connect(url).await.unwrap_err();
    assert!(error.is_unavailable(), "{error:?}");
    assert!(start.elapsed() < Duration::from_secs(12));
    let odd = Store::connect("mysql://bpart:tr0ub4dor@127.0.0.1/bpart")
        .await
        .unwrap_err();
    assert!(!odd.is_unavailable());
    for error in [error, odd] {
        assert!(!format!("{error} {error:?}").contains("tr0ub4dor"));
    }
}

/// Red when the encoding is not looked at: a name with signs that it lacks would break the request that writes it.
#[tokio::test]
async fn a_database_of_another_encoding_is_refused_by_its_name() {
    let url = testkit::postgres::database_in("LATIN1").await;
    let error = Store::connect(&url).await.unwrap_err();
    assert!(!error.is_unavailable(), "{error:?}");
    let why = std::error::Error::source(&error).map(ToString::to_string);
    assert_eq!(
        why.as_deref(),
        Some("the encoding of the database is LATIN1, and must be UTF8")
    );
}

/// A folder of a test's own, removed at its end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("bpart-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn url(&self, file: &str) -> String {
        format!("sqlite:{}", self.0.join(file).display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// Red when a pooler that shares its connections is noticed by the first request that meets another one's statements.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pooler_that_shares_its_connections_is_refused() {
    let direct = testkit::postgres::database().await;
    for (mode, is_refused) in [
        ("transaction", true),
        ("statement", true),
        ("session", false),
    ] {
        let pooler = testkit::postgres::Pooler::before(&direct, mode);
        let connected = Store::connect(&pooler.url).await;
        assert_eq!(
            connected.is_err(),
            is_refused,
            "{mode}: {:?}",
            connected.err()
        );
        if let Ok(store) = connected {
            store.migrate().await.unwrap();
            manager(&store, "ada").await;
            store.close().await;
        }
    }
}
