//! Changing a database behind the program's back, as whoever holds it could.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

/// Runs statements, separated by semicolons.
pub async fn tamper(url: &str, statements: &str) {
    let statements = AssertSqlSafe(statements.to_owned());
    if url.starts_with("sqlite:") {
        let mut conn = SqliteConnection::connect(url)
            .await
            .expect("the file opens");
        let done = sqlx::raw_sql(statements).execute(&mut conn).await;
        done.expect("the statements run");
        conn.close().await.expect("the file closes");
    } else {
        let mut conn = PgConnection::connect(url)
            .await
            .expect("the database answers");
        let done = sqlx::raw_sql(statements).execute(&mut conn).await;
        done.expect("the statements run");
        conn.close().await.expect("the connection closes");
    }
}
