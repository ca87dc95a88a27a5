//! Fills a database with expired sessions, tokens, messages and limits, for `cargo xtask bench sweep`.
//! With `sweep` it also removes them as the server does, and says how long other writers waited:
//! `expired_rows URL ROWS [sweep]`, where the URL `postgres` means a cluster of its own.

#![expect(clippy::print_stdout, reason = "what it is for")]

use domain::Timestamp;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection, raw_sql};
use std::{
    env,
    error::Error,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};
use store::{Expired, SessionKind, Store};
use tokio::time::sleep;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// `{numbers}` and `{hash}` differ between the engines.
const FILL: [&str; 5] = [
    "insert into accounts (id, realm, email, email_key, name, locale, status, created_at, updated_at)
    values ('expired', 'back_office', 'e@expired.example', 'e@expired.example', 'E', 'en', 'locked', 1, 1)",
    "insert into sessions (id, realm, account_id, token_hash, first_step, created_at, proved_at,
        last_seen_at, network, user_agent, stay)
    {numbers} select 's' || i, 'back_office', 'expired', {hash}, 'password', 1, 1, 1, '', '', false from n",
    "insert into tokens (id, purpose, account_id, token_hash, created_at, expires_at)
    {numbers} select 't' || i, 'not_me', 'expired', {hash}, 1, 2 from n",
    "insert into flashes (token_hash, sealed, expires_at) {numbers} select {hash}, {hash}, 1 from n",
    "insert into limits (key, tat) {numbers} select 'expired:' || i, 1 from n",
];

fn main() -> Outcome {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [url, rows, rest @ ..] = &*arguments else {
        return Err("expired_rows URL ROWS [sweep]".into());
    };
    let rows: u32 = rows.parse()?;
    let sweeps = rest.iter().any(|word| word == "sweep");
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let url = match url.as_str() {
            "postgres" => testkit::postgres::database().await,
            url => url.to_owned(),
        };
        let store = Store::connect(&url).await?;
        store.migrate().await?;
        fill(&url, rows / 4).await?;
        if sweeps { sweep(&store).await } else { Ok(()) }
    })
}

async fn fill(url: &str, rows: u32) -> Outcome {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let numbers = format!(
            "with recursive n (i) as (select 1 union all select i + 1 from n where i < {rows})"
        );
        let mut conn = SqliteConnection::connect(path).await?;
        for sql in FILL.map(|sql| expand(sql, &numbers, "randomblob(32)")) {
            raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await?;
        }
    } else {
        let numbers = format!("with n (i) as (select generate_series(1, {rows}))");
        let mut conn = PgConnection::connect(url).await?;
        for sql in FILL.map(|sql| expand(sql, &numbers, "sha256(i::text::bytea)")) {
            raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await?;
        }
        raw_sql("analyze").execute(&mut conn).await?;
    }
    Ok(())
}

fn expand(sql: &str, numbers: &str, hash: &str) -> String {
    sql.replace("{numbers}", numbers).replace("{hash}", hash)
}

async fn sweep(store: &Store) -> Outcome {
    static DONE: AtomicBool = AtomicBool::new(false);
    let other = store.clone();
    let writer = tokio::spawn(async move {
        let mut waits = Vec::new();
        while !DONE.load(Ordering::Relaxed) {
            let began = Instant::now();
            let mut tx = other.begin().await?;
            tx.put_flash(&[1; 32], &[1], Timestamp::from_seconds(9_000_000_000))
                .await?;
            tx.commit().await?;
            waits.push(began.elapsed());
            sleep(Duration::from_millis(20)).await;
        }
        Ok::<_, store::StoreError>(waits)
    });
    let kind = SessionKind {
        back_office: true,
        stay: false,
    };
    let began = Instant::now();
    for rows in [
        Expired::SessionsByAge(kind),
        Expired::TokensExpired,
        Expired::Flashes,
        Expired::Limits,
    ] {
        store.sweep(rows, Timestamp::from_seconds(1)).await?;
    }
    DONE.store(true, Ordering::Relaxed);
    report("another writer", &mut writer.await??);
    println!("the sweep took {:?}", began.elapsed());
    Ok(())
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort();
    let at = |percent: usize| times.get((times.len() * percent / 100).min(times.len() - 1));
    println!(
        "{what}: p50 {:?}, p99 {:?}, most {:?}",
        at(50),
        at(99),
        times.last()
    );
}
