//! The handle on a database.

use crate::{
    StoreError, Tx,
    conn::{Held, execute},
    connect::{self, BEGIN_SQLITE, Pools},
    migrations,
    tx::Open,
};
use std::path::Path;

/// A database, cheap to clone and safe to share.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) pools: Pools,
}

impl Store {
    /// Opens `sqlite:PATH` (folder and file are created when missing) or `postgres://…`.
    ///
    /// `sqlite::memory:` is for tests: a file of its own in the temporary folder, deleted with the
    /// last clone of the store, so that tests meet the same locks as the program.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let pools = connect::open(url).await?;
        Ok(Self { pools })
    }

    /// Opens the database at `url` to look at it, if it exists: what was not there is not made.
    pub async fn look(url: &str) -> Result<Option<Self>, StoreError> {
        let pools = connect::look(url).await?;
        Ok(pools.map(|pools| Self { pools }))
    }

    /// Writes a copy of a SQLite database into a new file, readable by nobody else: all that was committed before, and
    /// nothing that is under way. Readers and writers go on meanwhile.
    ///
    /// # Errors
    /// A file that exists or cannot be made, or a database that is not SQLite.
    pub async fn copy_to(&self, file: &Path) -> Result<(), StoreError> {
        connect::copy(&self.pools, file).await
    }

    /// Brings the tables up to date. Several processes may do it at once.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        migrations::run(&self.pools).await
    }

    /// Whether this program knows migrations that the database has not seen.
    pub async fn pending_migrations(&self) -> Result<bool, StoreError> {
        migrations::pending(self.reader().await?.conn()).await
    }

    /// Checks that the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        execute!(self.reader().await?.conn(), PING).map(drop)
    }

    /// Begins a transaction. On SQLite it is the only writer of the process until it ends, so nothing
    /// slow (hashing, mail) belongs inside.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let open = match &self.pools {
            Pools::Sqlite { writer, .. } => Open::Sqlite(writer.begin_with(BEGIN_SQLITE).await?),
            Pools::Postgres(pool) => Open::Postgres(pool.begin_with(BEGIN_POSTGRES).await?),
        };
        Ok(Tx::new(open))
    }

    /// Closes every connection, waiting for those in use. On SQLite the write-ahead log is folded
    /// into the file.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite {
                writer, readers, ..
            } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// A connection for one reading statement.
    pub(crate) async fn reader(&self) -> Result<Held, StoreError> {
        Ok(match &self.pools {
            Pools::Sqlite { readers, .. } => Held::Sqlite(readers.acquire().await?),
            Pools::Postgres(pool) => Held::Postgres(pool.acquire().await?),
        })
    }

    /// A connection for one writing statement, which is a transaction by itself.
    pub(crate) async fn writer(&self) -> Result<Held, StoreError> {
        Ok(match &self.pools {
            Pools::Sqlite { writer, .. } => Held::Sqlite(writer.acquire().await?),
            Pools::Postgres(pool) => Held::Postgres(pool.acquire().await?),
        })
    }
}

/// The level that every conditional update of this crate is written for, whatever the server's
/// default is.
const BEGIN_POSTGRES: &str = "begin isolation level read committed";
const PING: &str = "select 1";
