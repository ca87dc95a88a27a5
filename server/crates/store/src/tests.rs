//! What only the inside of the crate can test: its statements and its migrations.

use crate::{
    Store, accounts, activity, conn::Conn, deletions, devices, dialect, drafts, factors, flashes,
    guesses, limits, migrations, organisations, outbox, own_data, recovery, reset_requests,
    sessions, sign_ins, tokens, votes,
};
use sqlx::{Executor as _, SqlSafeStr as _};

/// The list of every file that has statements; the next test counts them against the source.
const FILES: &[(&str, &[(&str, &str)])] = &[
    ("accounts", accounts::STATEMENTS),
    ("activity", activity::STATEMENTS),
    ("deletions", deletions::STATEMENTS),
    ("devices", devices::STATEMENTS),
    ("drafts", drafts::STATEMENTS),
    ("factors", factors::STATEMENTS),
    ("flashes", flashes::STATEMENTS),
    ("guesses", guesses::STATEMENTS),
    ("limits", limits::STATEMENTS),
    ("organisations", organisations::STATEMENTS),
    ("outbox", outbox::STATEMENTS),
    ("own_data", own_data::STATEMENTS),
    ("recovery", recovery::STATEMENTS),
    ("reset_requests", reset_requests::STATEMENTS),
    ("sessions", sessions::STATEMENTS),
    ("sign_ins", sign_ins::STATEMENTS),
    ("tokens", tokens::STATEMENTS),
    ("votes", votes::STATEMENTS),
];

async fn prepare_everything(url: &str) {
    let store = Store::connect(url).await.expect("the database opens");
    store.migrate().await.expect("the migrations run");
    let mut tx = store.begin().await.expect("a transaction begins");
    for (file, statements) in FILES {
        for (name, sql) in *statements {
            prepare(tx.conn(), &format!("{file}::{name}"), sql).await;
        }
    }
    for dialects in dialect::STATEMENTS {
        let sql = dialects.of(&tx.conn());
        prepare(tx.conn(), dialects.name, sql).await;
    }
}

async fn prepare(conn: Conn<'_>, name: &str, sql: &'static str) {
    let error = match conn {
        Conn::Sqlite(conn) => conn.prepare(sql.into_sql_str()).await.err(),
        Conn::Postgres(conn) => conn.prepare(sql.into_sql_str()).await.err(),
    };
    assert!(error.is_none(), "{name}: {error:?}");
}

#[tokio::test]
async fn sqlite_understands_every_statement() {
    prepare_everything("sqlite::memory:").await;
}

#[tokio::test]
async fn postgres_understands_every_statement() {
    prepare_everything(&testkit::postgres::database().await).await;
}

#[test]
fn no_file_with_statements_is_forgotten() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("the source is there")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| {
            let source = std::fs::read_to_string(path).expect("a text");
            source.lines().any(|line| line == "statements! {")
        })
        .map(|path| {
            path.file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    files.sort();
    let listed: Vec<&str> = FILES.iter().map(|(file, _)| *file).collect();
    assert_eq!(files, listed);
}

#[test]
fn both_engines_have_the_same_migrations() {
    let list = |migrator: &sqlx::migrate::Migrator| -> Vec<(i64, String)> {
        migrator
            .iter()
            .map(|step| (step.version, step.description.to_string()))
            .collect()
    };
    assert!(!list(&migrations::SQLITE).is_empty());
    assert_eq!(list(&migrations::SQLITE), list(&migrations::POSTGRES));
}
