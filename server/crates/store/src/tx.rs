//! A change in progress.

use crate::{StoreError, conn::Conn};
use sqlx::{Postgres, Sqlite, Transaction};

/// A transaction: everything done through it happens at [`Tx::commit`], or not at all.
///
/// After an error it is over: PostgreSQL refuses every further statement, so drop it.
#[derive(Debug)]
#[must_use = "a transaction that is not committed is rolled back"]
pub struct Tx {
    open: Open,
}

#[derive(Debug)]
pub(crate) enum Open {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    pub(crate) fn new(open: Open) -> Self {
        Self { open }
    }

    /// Makes it so.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.open {
            Open::Sqlite(tx) => tx.commit().await,
            Open::Postgres(tx) => tx.commit().await,
        }
        .map_err(StoreError::from)
    }

    /// Takes it all back, and answers once the database has done so.
    ///
    /// A transaction that is dropped is taken back too, but its connection says so to PostgreSQL a
    /// moment later: until then its locks stand, and a worker that skips what is locked skips that.
    pub async fn rollback(self) -> Result<(), StoreError> {
        match self.open {
            Open::Sqlite(tx) => tx.rollback().await,
            Open::Postgres(tx) => tx.rollback().await,
        }
        .map_err(StoreError::from)
    }

    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match &mut self.open {
            Open::Sqlite(tx) => Conn::Sqlite(tx),
            Open::Postgres(tx) => Conn::Postgres(tx),
        }
    }
}
