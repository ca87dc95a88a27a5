//! What may go wrong between the program and its database.

use std::{error::Error, fmt};

/// A storage call that did not do what it was asked for.
///
/// Absence is never an error (it is `None`, `false` or zero). Nothing here prints the values of a
/// row: PostgreSQL repeats them in the details of its messages, so those are left behind.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database does not answer, or not in time: trying again later may help.
    #[error("the database does not answer")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// A row with this key exists already.
    #[error("there is such a row already")]
    Conflict,
    /// A stored value is not one that the program knows; the name is its column.
    #[error("the database holds an unknown value in the column {0}")]
    Corrupt(&'static str),
    /// The database refused for another reason: a fault of ours.
    #[error("the database refused the request")]
    Other(#[source] Box<dyn Error + Send + Sync>),
}

impl StoreError {
    /// Whether a unique key stood in the way.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict)
    }

    /// Whether the database was out of reach, so that the same request may succeed later.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

/// What a database said, without the details that may hold a row's values.
#[derive(Debug)]
struct RedactedDbError {
    code: String,
    message: String,
}

impl fmt::Display for RedactedDbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

impl Error for RedactedDbError {}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(said) if said.is_unique_violation() => Self::Conflict,
            sqlx::Error::Database(said) => {
                let code = said.code().unwrap_or_default().into_owned();
                let may_pass = is_transient(&code);
                let message = said.message().to_owned();
                let said = Box::new(RedactedDbError { code, message });
                if may_pass {
                    Self::Unavailable(said)
                } else {
                    Self::Other(said)
                }
            }
            error @ (sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed) => Self::Unavailable(Box::new(error)),
            error => Self::Other(Box::new(error)),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        match error {
            sqlx::migrate::MigrateError::Execute(error) => error.into(),
            error => Self::Other(Box::new(error)),
        }
    }
}

/// Whether a code means "not now" rather than "never".
///
/// PostgreSQL's codes have five characters: lost connections (08), resources (53), a server that
/// stops (57P), serialisation failures and deadlocks (40). SQLite's are numbers whose low byte is
/// the primary code: busy, locked, an I/O error, a full disk, a file that cannot be opened.
fn is_transient(code: &str) -> bool {
    if code.len() == 5 {
        ["08", "40", "53", "57"].contains(&&code[..2])
    } else {
        let primary = code.parse::<u32>().map(|code| code & 0xff);
        matches!(primary, Ok(5 | 6 | 10 | 13 | 14))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_by_itself_is_told_from_what_does_not() {
        for code in ["08006", "40P01", "53300", "57P01", "5", "517", "6", "13"] {
            assert!(is_transient(code), "{code}");
        }
        for code in ["23514", "42P01", "1", "275", "", "ééé"] {
            assert!(!is_transient(code), "{code}");
        }
    }
}
