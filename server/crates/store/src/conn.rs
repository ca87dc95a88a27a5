//! One connection of either engine, and the four macros that run one SQL text on both.
//!
//! sqlx knows the engine by type. Instead of making every function generic over it (the bounds
//! outgrow the functions) or going through `sqlx::Any` (which knows neither flags nor large
//! objects natively), the few lines that differ by type are written by a macro, twice: once for
//! each arm of [`Conn`]. Everything else in this crate is written once.

use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, pool::PoolConnection};

/// A borrowed connection, inside a transaction or not.
pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Conn<'_> {
    /// The same connection, for one statement of several.
    pub(crate) fn again(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(conn) => Conn::Sqlite(conn),
            Self::Postgres(conn) => Conn::Postgres(conn),
        }
    }
}

/// A connection taken from a pool for one statement; dropping it gives it back.
pub(crate) enum Held {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

impl Held {
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(held) => Conn::Sqlite(held),
            Self::Postgres(held) => Conn::Postgres(held),
        }
    }
}

/// Runs one statement on either engine: `run!(conn, method, SQL, values…)`.
macro_rules! run {
    ($conn:expr, $method:ident, $sql:expr $(, $value:expr)*) => {
        match $conn {
            $crate::conn::Conn::Sqlite(conn) => sqlx::query::<sqlx::Sqlite>($sql)
                $(.bind($value))*.$method(conn).await.map($crate::row::Answer::from),
            $crate::conn::Conn::Postgres(conn) => sqlx::query::<sqlx::Postgres>($sql)
                $(.bind($value))*.$method(conn).await.map($crate::row::Answer::from),
        }
        .map_err($crate::StoreError::from)
    };
}

/// Runs a statement and counts the rows that it touched.
macro_rules! execute {
    ($conn:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::conn::run!($conn, execute, $sql $(, $value)*).map($crate::row::Answer::touched)
    };
}

/// Runs a statement that answers with at most one [`Record`].
macro_rules! optional {
    ($conn:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::conn::run!($conn, fetch_optional, $sql $(, $value)*)
            .and_then($crate::row::Answer::first)
    };
}

/// Runs a statement that answers with any number of [`Record`]s.
macro_rules! all {
    ($conn:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::conn::run!($conn, fetch_all, $sql $(, $value)*)
            .and_then($crate::row::Answer::every)
    };
}

/// Runs a statement and reads one column of its row, if there is one: `value!(conn, SQL, "name", …)`.
macro_rules! value {
    ($conn:expr, $sql:expr, $column:literal $(, $value:expr)* $(,)?) => {
        $crate::conn::run!($conn, fetch_optional, $sql $(, $value)*)
            .and_then(|answer| answer.value($column))
    };
}

pub(crate) use {all, execute, optional, run, value};

/// Declares the named statements of a file, and the list that one test prepares on both engines:
/// a statement outside the list cannot exist.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr;)+) => {
        $($(#[$doc])* const $name: &str = $sql;)+
        /// Every statement of this file.
        #[cfg(test)]
        pub(crate) const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}

/// Declares functions of one statement that exist twice: on [`crate::Store`], where they stand
/// alone on a connection of its `reader` or its `writer`, and on [`crate::Tx`], where they are
/// part of a decision. The first argument names the connection in the body.
macro_rules! store_and_tx {
    ($side:ident: $(
        $(#[$doc:meta])*
        fn $name:ident($conn:ident $(, $arg:ident: $type:ty)*) -> $out:ty $body:block
    )+) => {
        $(
            async fn $name(
                $conn: $crate::conn::Conn<'_> $(, $arg: $type)*
            ) -> Result<$out, $crate::StoreError> $body
        )+

        impl $crate::Store {$(
            $(#[$doc])*
            pub async fn $name(&self $(, $arg: $type)*) -> Result<$out, $crate::StoreError> {
                $name(self.$side().await?.conn() $(, $arg)*).await
            }
        )+}

        impl $crate::Tx {$(
            $(#[$doc])*
            pub async fn $name(&mut self $(, $arg: $type)*) -> Result<$out, $crate::StoreError> {
                $name(self.conn() $(, $arg)*).await
            }
        )+}
    };
}

/// A `Debug` that shows the named fields and hides every other: rows hold personal data.
macro_rules! redacted_debug {
    ($type:ty { $($field:ident),+ }) => {
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($type))
                    $(.field(stringify!($field), &self.$field))+
                    .finish_non_exhaustive()
            }
        }
    };
}

pub(crate) use {redacted_debug, statements, store_and_tx};
