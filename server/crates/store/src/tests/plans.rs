//! How the engines run every statement: none of them reads a growing table from its beginning to its
//! end, and none sorts what an index could have put in order.

use super::FILES;
use crate::{Store, Tx, conn::Conn, dialect};
use sqlx::{AssertSqlSafe, Executor as _, Row as _, raw_sql};
use std::fmt::Write as _;

/// What does not grow: rows that an operator makes by hand, the schema, a row of constants, and the values of a call.
const SMALL: [&str; 7] = [
    "organisation_logos",
    "organisation_texts",
    "organisations",
    "projects",
    "sqlite_schema",
    "CONSTANT",
    "json_each",
];

/// Steps of plans that are wanted: the statement, how the step begins, and why.
const ALLOWED: &[(&str, &str, &str)] = &[
    (
        "registration_counts::FAMILIAR_DOMAINS",
        "USE TEMP B-TREE",
        "adds up the counts of some months, once an hour",
    ),
    (
        "devices::REMEMBERED_DEVICES",
        "USE TEMP B-TREE",
        "sorts the devices of one account",
    ),
    (
        "organisations::MEMBERSHIPS",
        "USE TEMP B-TREE",
        "sorts the organisations of one account",
    ),
    (
        "own_data::STORED_MEMBERSHIPS",
        "USE TEMP B-TREE",
        "sorts the organisations of one account",
    ),
    (
        "sessions::SESSIONS_OF",
        "USE TEMP B-TREE",
        "sorts the open sessions of one account",
    ),
    (
        "outbox::MAILBOX",
        "SCAN outbox USING INDEX outbox_readable",
        "ends at its limit",
    ),
    (
        "votes::VOTES",
        "SCAN article_votes USING INDEX article_votes_newest",
        "ends at its limit",
    ),
    (
        "votes::VOTE_COUNTS",
        "SCAN article_votes USING COVERING INDEX article_votes_counts",
        "one count over all votes, for the support page",
    ),
];

/// What is wrong with the plans of all statements, and how many statements there are.
async fn faults(tx: &mut Tx) -> (Vec<String>, usize) {
    let statements = every_statement(tx);
    let mut faults = Vec::new();
    for (name, sql) in &statements {
        for step in plan(tx, sql).await {
            let allowed = |(statement, begins, _): &(&str, &str, &str)| {
                statement == name && step.starts_with(begins)
            };
            if is_slow(&step) && !ALLOWED.iter().any(allowed) {
                faults.push(format!("{name}: {step}"));
            }
        }
    }
    (faults, statements.len())
}

fn every_statement(tx: &mut Tx) -> Vec<(String, &'static str)> {
    let of_files = FILES.iter().flat_map(|(file, statements)| {
        statements
            .iter()
            .map(move |(name, sql)| (format!("{file}::{name}"), *sql))
    });
    let of_dialect = dialect::STATEMENTS.iter().map(|dialects| {
        (
            format!("dialect::{}", dialects.name),
            dialects.of(&tx.conn()),
        )
    });
    let mut all: Vec<_> = of_files.chain(of_dialect).collect();
    if matches!(tx.conn(), Conn::Postgres(_)) {
        let of_postgres = dialect::OF_POSTGRES.iter();
        all.extend(of_postgres.map(|(name, sql)| (format!("dialect::{name}"), *sql)));
    }
    all
}

/// The steps of a statement's plan, for values that are not known.
async fn plan(tx: &mut Tx, sql: &str) -> Vec<String> {
    match tx.conn() {
        Conn::Sqlite(conn) => {
            let sql = AssertSqlSafe(format!("explain query plan {sql}"));
            let rows = conn.fetch_all(sql).await.expect("a plan");
            rows.iter().map(|row| row.get("detail")).collect()
        }
        Conn::Postgres(conn) => {
            let parameters = (1..20).take_while(|number| sql.contains(&format!("${number}")));
            let mut values = vec!["null"; parameters.count()].join(", ");
            if !values.is_empty() {
                values = format!("({values})");
            }
            let mut script = String::from("set local enable_seqscan = off; ");
            script += "set local plan_cache_mode = force_generic_plan; ";
            write!(script, "prepare one as {sql}").expect("a text");
            raw_sql(AssertSqlSafe(script))
                .execute(&mut *conn)
                .await
                .expect("the statement is prepared");
            let explain = AssertSqlSafe(format!("explain execute one{values}"));
            let rows = raw_sql(explain)
                .fetch_all(&mut *conn)
                .await
                .expect("a plan");
            raw_sql("deallocate one").execute(conn).await.expect("done");
            let step = |line: String| line.trim_start_matches([' ', '-', '>']).to_owned();
            rows.iter().map(|row| step(row.get(0))).collect()
        }
    }
}

fn is_slow(step: &str) -> bool {
    let whole = step
        .strip_prefix("SCAN ")
        .or_else(|| step.strip_prefix("Seq Scan on "));
    let table = whole.and_then(|rest| rest.split(' ').next());
    step.starts_with("USE TEMP B-TREE") || table.is_some_and(|table| !SMALL.contains(&table))
}

async fn migrated(url: &str) -> Store {
    let store = Store::connect(url).await.expect("the database opens");
    store.migrate().await.expect("the migrations run");
    store
}

#[expect(clippy::print_stdout, reason = "the count is what a reader asks for")]
async fn every_statement_has_a_quick_plan(url: &str) {
    let store = migrated(url).await;
    let mut tx = store.begin().await.expect("a transaction begins");
    let (faults, statements) = faults(&mut tx).await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    println!("query plans: {statements} of {statements}");
}

/// Red when the plans are not read: without an index its statement must be found.
async fn a_missing_index_is_found(url: &str) {
    let store = migrated(url).await;
    let mut tx = store.begin().await.expect("a transaction begins");
    super::run(&mut tx, "drop index sessions_revoked").await;
    let (faults, _) = faults(&mut tx).await;
    let found = matches!(&*faults, [fault] if fault.starts_with("sweep::SESSIONS_REVOKED"));
    assert!(found, "{faults:?}");
}

#[tokio::test]
async fn sqlite_runs_every_statement_by_an_index() {
    every_statement_has_a_quick_plan("sqlite::memory:").await;
    a_missing_index_is_found("sqlite::memory:").await;
}

#[tokio::test]
async fn postgres_runs_every_statement_by_an_index() {
    every_statement_has_a_quick_plan(&testkit::postgres::database().await).await;
    a_missing_index_is_found(&testkit::postgres::database().await).await;
}
