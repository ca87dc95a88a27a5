//! Reading what a database answered, in the words of the domain.

use crate::{StoreError, conn::Record};
use domain::Timestamp;
use sqlx::{
    ColumnIndex, Decode, Postgres, Row as _, Sqlite, Type,
    postgres::{PgQueryResult, PgRow},
    sqlite::{SqliteQueryResult, SqliteRow},
};

/// A row of either engine.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// A column by its name, decoded by the engine's own driver.
    fn get<T>(&self, column: &'static str) -> Result<T, StoreError>
    where
        T: Type<Sqlite> + for<'r> Decode<'r, Sqlite>,
        T: Type<Postgres> + for<'r> Decode<'r, Postgres>,
        for<'c> &'c str: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>,
    {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
        .map_err(StoreError::from)
    }

    pub(crate) fn text(&self, column: &'static str) -> Result<String, StoreError> {
        self.get(column)
    }

    pub(crate) fn maybe_text(&self, column: &'static str) -> Result<Option<String>, StoreError> {
        self.get(column)
    }

    pub(crate) fn bytes(&self, column: &'static str) -> Result<Vec<u8>, StoreError> {
        self.get(column)
    }

    pub(crate) fn maybe_bytes(&self, column: &'static str) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(column)
    }

    pub(crate) fn flag(&self, column: &'static str) -> Result<bool, StoreError> {
        self.get(column)
    }

    pub(crate) fn number(&self, column: &'static str) -> Result<i64, StoreError> {
        self.get(column)
    }

    pub(crate) fn maybe_number(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        self.get(column)
    }

    /// A number that cannot be negative, in the size that the caller wants.
    pub(crate) fn count<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, StoreError> {
        T::try_from(self.number(column)?).map_err(|_| StoreError::Corrupt(column))
    }

    pub(crate) fn time(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.get(column).map(Timestamp::from_millis)
    }

    pub(crate) fn maybe_time(&self, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
        let millis: Option<i64> = self.get(column)?;
        Ok(millis.map(Timestamp::from_millis))
    }

    /// A text that stands for one of a few values.
    pub(crate) fn parsed<T>(
        &self,
        column: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        parse(&self.text(column)?).ok_or(StoreError::Corrupt(column))
    }

    /// The same for a column that may be empty.
    pub(crate) fn maybe_parsed<T>(
        &self,
        column: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        self.maybe_text(column)?
            .map(|text| parse(&text).ok_or(StoreError::Corrupt(column)))
            .transpose()
    }
}

/// What a statement answered, engine aside.
pub(crate) enum Answer {
    Touched(u64),
    Rows(Vec<Row>),
}

impl Answer {
    pub(crate) fn touched(self) -> u64 {
        match self {
            Self::Touched(rows) => rows,
            Self::Rows(rows) => rows.len() as u64,
        }
    }

    fn rows(self) -> Vec<Row> {
        match self {
            Self::Touched(_) => Vec::new(),
            Self::Rows(rows) => rows,
        }
    }

    pub(crate) fn first<T: Record>(self) -> Result<Option<T>, StoreError> {
        self.rows().into_iter().next().map(T::read).transpose()
    }

    pub(crate) fn every<T: Record>(self) -> Result<Vec<T>, StoreError> {
        self.rows().into_iter().map(T::read).collect()
    }
}

macro_rules! answers {
    ($($arm:ident: $row:ty, $done:ty;)+) => {$(
        impl From<$done> for Answer {
            fn from(done: $done) -> Self {
                Self::Touched(done.rows_affected())
            }
        }

        impl From<Option<$row>> for Answer {
            fn from(row: Option<$row>) -> Self {
                Self::Rows(row.map(Row::$arm).into_iter().collect())
            }
        }

        impl From<Vec<$row>> for Answer {
            fn from(rows: Vec<$row>) -> Self {
                Self::Rows(rows.into_iter().map(Row::$arm).collect())
            }
        }
    )+};
}

answers! {
    Sqlite: SqliteRow, SqliteQueryResult;
    Postgres: PgRow, PgQueryResult;
}
