//! The schema of the database, step by step: `migrations/sqlite` and `migrations/postgres` hold the
//! same numbers, are compiled into the program, and are never edited after a release.
//!
//! SQLite changes most of a table by building a new one in its place. That asks for foreign keys
//! to be off, which no statement can do inside a transaction: so a connection of its own runs all
//! steps in one transaction without them, and looks for broken references before it commits. The
//! write lock makes other processes wait. PostgreSQL needs none of this: sqlx takes a lock there,
//! and runs each step in a transaction.

use crate::{
    Row, StoreError,
    conn::{Conn, all, optional, value},
    connect::{BEGIN_SQLITE, Pools},
    dialect::HAS_MIGRATIONS,
};
use sqlx::{
    ConnectOptions as _, Connection as _, SqlSafeStr as _, SqlitePool,
    migrate::{Migration, MigrationType, Migrator},
};
use std::sync::LazyLock;

/// Name and SQL of every step, in one dialect. `sqlx::migrate!` would read the folder by itself, but
/// compiles sqlx and SQLite a second time for its macros.
macro_rules! files {
    ($dialect:literal) => {
        files!(
            $dialect,
            "0001_first_light",
            "0002_own_account",
            "0003_remembered_devices",
            "0004_stay_and_drafts",
            "0005_leaving",
            "0006_short_passwords",
            "0007_providers",
            "0008_project_descriptions",
            "0009_told_guesses",
            "0010_jobs",
            "0011_activity_subjects",
            "0012_indexes",
            "0013_addresses",
            "0014_unsaved_codes",
            "0015_refused_tries",
            "0016_address_confirmation",
            "0017_withdrawn_passwords",
            "0018_registrations",
            "0019_proposals",
            "0020_bounces",
            "0021_projects",
            "0022_looks",
            "0023_registration_counts",
            "0024_mail_domains",
            "0025_domain_health",
            "0026_registration_mails",
            "0027_denied_registrations",
            "0028_organisation_pages",
        )
    };
    ($dialect:literal, $($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("../migrations/", $dialect, "/", $name, ".sql")))),+]
    };
}

pub(crate) static SQLITE: LazyLock<Migrator> = LazyLock::new(|| migrator(&files!("sqlite")));
pub(crate) static POSTGRES: LazyLock<Migrator> = LazyLock::new(|| migrator(&files!("postgres")));

/// Names are read as sqlx reads them, which has written them into databases.
fn migrator(files: &[(&'static str, &'static str)]) -> Migrator {
    let step = |&(name, sql): &(&'static str, &'static str)| {
        let (version, description) = name.split_once('_').expect("a number and a name");
        Migration::new(
            version.parse().expect("a number"),
            description.replace('_', " ").into(),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    };
    Migrator::with_migrations(files.iter().map(step).collect())
}

const BROKEN_REFERENCES: &str = "pragma foreign_key_check";
/// Not among the statements that are prepared in the tests: sqlx owns the table.
const APPLIED: &str = "select version from _sqlx_migrations where success";

/// Applies what is missing.
pub(crate) async fn run(pools: &Pools) -> Result<(), StoreError> {
    match pools {
        Pools::Sqlite { writer, .. } => run_sqlite(writer).await,
        Pools::Postgres(pool) => Ok(POSTGRES.run(pool).await?),
    }
}

async fn run_sqlite(writer: &SqlitePool) -> Result<(), StoreError> {
    let options = writer
        .connect_options()
        .as_ref()
        .clone()
        .foreign_keys(false);
    let mut own = options.connect().await?;
    let mut tx = own.begin_with(BEGIN_SQLITE).await?;
    // `Migrator::run` on a connection is not `Send` (rust-lang/rust#100013); this is what sqlx
    // itself has against that.
    SQLITE.run_direct(None, &mut *tx, false).await?;
    let broken: Option<Row> = optional!(Conn::Sqlite(&mut tx), BROKEN_REFERENCES)?;
    if broken.is_some() {
        return Err(StoreError::Other(
            "a migration breaks references between tables".into(),
        ));
    }
    tx.commit().await?;
    own.close().await?;
    Ok(())
}

/// Whether something is missing; changes nothing.
pub(crate) async fn pending(mut conn: Conn<'_>) -> Result<bool, StoreError> {
    let known = match conn {
        Conn::Sqlite(_) => &SQLITE,
        Conn::Postgres(_) => &POSTGRES,
    };
    let sql = HAS_MIGRATIONS.of(&conn);
    if value!(conn.again(), sql, "present")? != Some(true) {
        return Ok(true);
    }
    let rows: Vec<Row> = all!(conn, APPLIED)?;
    let applied: Vec<i64> = rows
        .iter()
        .map(|row| row.get("version"))
        .collect::<Result<_, _>>()?;
    Ok(known
        .iter()
        .any(|migration| !applied.contains(&migration.version)))
}
