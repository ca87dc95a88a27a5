//! Everything that a database holds, as whoever steals a copy of it would see it.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection};
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

/// The names of the tables of a database, in order.
pub async fn tables(url: &str) -> Vec<String> {
    let sqlite = "select name from sqlite_schema where type = 'table'
        and name not like 'sqlite%' and name not like '\\_%' escape '\\' order by name";
    let postgres = "select table_name::text from information_schema.tables
        where table_schema = 'public' and table_name not like '\\_%' order by table_name";
    if url.starts_with("sqlite:") {
        let mut conn = SqliteConnection::connect(url)
            .await
            .expect("the file opens");
        let rows = sqlx::query(sqlite).fetch_all(&mut conn).await;
        names(rows.expect("it has tables"))
    } else {
        let mut conn = PgConnection::connect(url)
            .await
            .expect("the database answers");
        let rows = sqlx::query(postgres).fetch_all(&mut conn).await;
        names(rows.expect("it has tables"))
    }
}

fn names<R: sqlx::Row>(rows: Vec<R>) -> Vec<String>
where
    usize: sqlx::ColumnIndex<R>,
    String: for<'r> sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    let mut names: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    names.sort();
    names
}

/// How many rows a table has.
pub async fn count(url: &str, table: &str) -> i64 {
    // A test names the table, and a name cannot be a parameter.
    let sql = AssertSqlSafe(format!("select count(*) from {table}"));
    if url.starts_with("sqlite:") {
        let mut conn = SqliteConnection::connect(url)
            .await
            .expect("the file opens");
        let row = sqlx::query(sql).fetch_one(&mut conn).await;
        row.expect("the table is there").get(0)
    } else {
        let mut conn = PgConnection::connect(url)
            .await
            .expect("the database answers");
        let row = sqlx::query(sql).fetch_one(&mut conn).await;
        row.expect("the table is there").get(0)
    }
}
