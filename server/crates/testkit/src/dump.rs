//! Everything that a database holds, as whoever steals a copy of it would see it.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};
use std::fs;

/// All bytes of a database: SQLite's files, or every row of every table of PostgreSQL as text, in
/// which binary values stand in hexadecimal.
pub async fn everything(url: &str) -> Vec<u8> {
    match url.strip_prefix("sqlite:") {
        Some(path) => ["", "-wal", "-shm"]
            .iter()
            .filter_map(|suffix| fs::read(format!("{path}{suffix}")).ok())
            .flatten()
            .collect(),
        None => postgres(url).await.into_bytes(),
    }
}

async fn postgres(url: &str) -> String {
    let mut conn = PgConnection::connect(url)
        .await
        .expect("the database can be read");
    let tables =
        "select table_name::text from information_schema.tables where table_schema = 'public'";
    let tables = sqlx::query(tables)
        .fetch_all(&mut conn)
        .await
        .expect("it has tables");
    let mut text = String::new();
    for table in tables {
        let table: String = table.get(0);
        // The name comes from the database itself, and a name cannot be a parameter.
        let rows = AssertSqlSafe(format!("select t::text from {table} t"));
        for row in sqlx::query(rows)
            .fetch_all(&mut conn)
            .await
            .expect("a table can be read")
        {
            text.push_str(row.get(0));
            text.push('\n');
        }
    }
    text
}

/// Whether the bytes hold a secret in clear: as it is, or in hexadecimal.
pub fn holds(everything: &[u8], secret: &[u8]) -> bool {
    let hex: String = data_encoding::HEXLOWER.encode(secret);
    [secret, hex.as_bytes()].iter().any(|needle| {
        everything
            .windows(needle.len())
            .any(|window| window == *needle)
    })
}
