//! A transaction.

use crate::{StoreError, conn::Conn};
use sqlx::{Postgres, Sqlite, Transaction};

/// A transaction: everything done through it happens at [`Tx::commit`], or not at all.
///
/// Locks are taken in one order, so that no two transactions wait for each other: accounts first (one
/// in almost all cases; several in the order of their ids), then organisations in the order of their
/// slugs, then what belongs to the account, then limits, then counts of wrong passwords.
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

    /// Commits it.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.open {
            Open::Sqlite(tx) => tx.commit().await,
            Open::Postgres(tx) => tx.commit().await,
        }
        .map_err(StoreError::from)
    }

    /// Rolls it back, and returns once the database has done so.
    ///
    /// A transaction that is dropped is rolled back too, but its connection tells PostgreSQL a moment
    /// later: until then its locks stand, and a worker that skips locked rows skips those.
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
