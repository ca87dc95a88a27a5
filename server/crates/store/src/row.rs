//! Reading what a database answered, in the types of the domain.

use crate::StoreError;
use domain::{
    AccountId, AccountStatus, ActivityId, DeviceId, FlowId, JobId, LinkedAccountId, Locale,
    MailDomain, MailId, MailState, OrganisationId, PlatformRole, ProjectId, ProposalId, Provider,
    Realm, RegistrationId, Role, SessionId, SignInId, Slug, Timestamp, TokenId,
    funnel::Step,
    job::Priority,
    organisation_text::TextKind,
    session::{FirstStep, SecondStep},
    token::Purpose,
};
use sqlx::{
    ColumnIndex, Decode, Postgres, Row as _, Sqlite, Type, ValueRef as _,
    postgres::{PgQueryResult, PgRow},
    sqlite::{SqliteQueryResult, SqliteRow},
};

/// A row of either engine.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// A column by its name.
    pub(crate) fn get<T: Column>(&self, column: &'static str) -> Result<T, StoreError> {
        T::read(self, column)
    }

    /// A column by its name, decoded by the engine's own driver.
    fn decode<T>(&self, column: &'static str) -> Result<T, StoreError>
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

    fn is_null(&self, column: &'static str) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(row) => row.try_get_raw(column).map(|value| value.is_null()),
            Self::Postgres(row) => row.try_get_raw(column).map(|value| value.is_null()),
        }
        .map_err(StoreError::from)
    }
}

/// A type that one column holds.
pub(crate) trait Column: Sized {
    fn read(row: &Row, column: &'static str) -> Result<Self, StoreError>;
}

impl<T: Column> Column for Option<T> {
    fn read(row: &Row, column: &'static str) -> Result<Self, StoreError> {
        Ok(if row.is_null(column)? {
            None
        } else {
            Some(T::read(row, column)?)
        })
    }
}

/// Implements [`Column`] for many types by one expression over a row and the name of its column.
macro_rules! columns {
    ($($type:ty),+ => |$row:ident, $column:ident| $read:expr) => {$(
        impl Column for $type {
            fn read($row: &Row, $column: &'static str) -> Result<Self, StoreError> {
                $read
            }
        }
    )+};
}

columns!(String, Vec<u8>, bool, i64 => |row, column| row.decode(column));
// Numbers that cannot be negative.
columns!(u32, u64 => |row, column| {
    Self::try_from(i64::read(row, column)?).map_err(|_| StoreError::Corrupt(column))
});
columns!(Timestamp => |row, column| row.decode(column).map(Self::from_millis));
columns!(Realm => |row, column| row.decode(column).map(Self::from_stored));
columns!(
    AccountId, ActivityId, DeviceId, FlowId, JobId, LinkedAccountId, MailId, OrganisationId, ProjectId,
    ProposalId, RegistrationId, SessionId, SignInId, Slug, TokenId
    => |row, column| row.decode::<String>(column).map(Self::from)
);
columns!(Priority => |row, column| {
    Self::from_number(i64::read(row, column)?).ok_or(StoreError::Corrupt(column))
});
// Texts that stand for one of a few values.
columns!(
    AccountStatus, FirstStep, Locale, MailDomain, MailState, PlatformRole, Provider, Purpose, Role, SecondStep, Step, TextKind
    => |row, column| {
        Self::parse(&row.decode::<String>(column)?).ok_or(StoreError::Corrupt(column))
    }
);

/// Something that one row describes.
pub(crate) trait Record: Sized {
    fn read(row: Row) -> Result<Self, StoreError>;
}

/// For the few answers that are no table's row: the caller takes what it needs.
impl Record for Row {
    fn read(row: Row) -> Result<Self, StoreError> {
        Ok(row)
    }
}

/// Declares a struct that is read from a row, and a macro of the columns to select for it:
/// `record! { pub struct Session from session of sessions { … } }` makes `session!()` the text
/// `"sessions.id, sessions.realm, …"`. A new shown column is one line.
///
/// A field is the column of its name. `= [name]` gives it another one, `= [a, b] with read` is read
/// from several by a function of the row, and `= []` is selected by the statement itself. The first
/// field is always the column of its name.
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $type:ident $(from $columns:ident of $table:ident)? {
            $(#[$first_doc:meta])*
            pub $first:ident: $first_of:ty,
            $(
                $(#[$doc:meta])*
                pub $field:ident: $of:ty $(= [$($column:ident),*] $(with $read:path)?)?,
            )*
        }
    ) => {
        $(#[$meta])*
        pub struct $type {
            $(#[$first_doc])* pub $first: $first_of,
            $($(#[$doc])* pub $field: $of,)*
        }

        impl $type {
            pub(crate) fn from_row(row: &$crate::row::Row) -> Result<Self, $crate::StoreError> {
                Ok(Self {
                    $first: row.get(stringify!($first))?,
                    $($field: $crate::row::record!(
                        @read row, $field $(, [$($column),*] $(with $read)?)?
                    )?,)*
                })
            }
        }

        impl $crate::row::Record for $type {
            fn read(row: $crate::row::Row) -> Result<Self, $crate::StoreError> {
                Self::from_row(&row)
            }
        }

        $crate::row::record! {
            @columns $($columns $table)?: $first $($field $([$($column),*])?,)*
        }
    };
    (@columns : $($rest:tt)*) => {};
    (
        @columns $columns:ident $table:ident:
        $first:ident $($field:ident $([$($column:ident),*])?,)*
    ) => {
        macro_rules! $columns {
            () => {
                concat!(
                    stringify!($table), ".", stringify!($first)
                    $(, $crate::row::record!(@select $table $field $([$($column),*])?))*
                )
            };
        }
    };
    (@select $table:ident $field:ident) => {
        concat!(", ", stringify!($table), ".", stringify!($field))
    };
    (@select $table:ident $field:ident [$($column:ident),*]) => {
        concat!("" $(, ", ", stringify!($table), ".", stringify!($column))*)
    };
    (@read $row:ident, $field:ident, [$($column:ident),*] with $read:path) => {
        $read($row)
    };
    (@read $row:ident, $field:ident, [$column:ident]) => {
        $row.get(stringify!($column))
    };
    (@read $row:ident, $field:ident $(, [])?) => {
        $row.get(stringify!($field))
    };
}

/// `select!(session, "from sessions …")`: a query of the columns that [`record!`] lists.
macro_rules! select {
    ($columns:ident, $rest:literal) => {
        concat!("select ", $columns!(), " ", $rest)
    };
}

pub(crate) use {record, select};

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

    pub(crate) fn value<T: Column>(self, column: &'static str) -> Result<Option<T>, StoreError> {
        let row = self.rows().into_iter().next();
        row.map(|row| row.get(column)).transpose()
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
