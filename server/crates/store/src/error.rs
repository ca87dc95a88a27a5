//! Errors of the database.

use std::{error::Error, fmt, io};

/// A storage call that failed.
///
/// Absence is never an error (it is `None`, `false` or zero). Nothing here prints the values of a
/// row: PostgreSQL repeats them in the details of its messages, so those are left behind.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database does not answer, or not in time; a later attempt may succeed.
    #[error("the database does not answer")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// The file of the database, or of a copy of it, cannot be used.
    #[error("the file cannot be used")]
    File(#[source] io::Error),
    /// A row with this key exists already.
    #[error("there is such a row already")]
    Conflict,
    /// A stored value is not one that the program knows; the name is its column.
    #[error("the database holds an unknown value in the column {0}")]
    Corrupt(&'static str),
    /// The database refused for another reason: a bug of this program.
    #[error("the database refused the request")]
    Other(#[source] Box<dyn Error + Send + Sync>),
}

impl StoreError {
    /// Whether a unique key was violated.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict)
    }

    /// Whether the database was out of reach, so that the same request may succeed later.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

/// A database's message without its details, which may contain values of a row.
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
            sqlx::Error::Database(error) if error.is_unique_violation() => Self::Conflict,
            sqlx::Error::Database(error) => {
                let code = error.code().unwrap_or_default().into_owned();
                let is_transient = is_transient(&code);
                let message = error.message().to_owned();
                let error = Box::new(RedactedDbError { code, message });
                if is_transient {
                    Self::Unavailable(error)
                } else {
                    Self::Other(error)
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
    fn transient_errors_are_recognised() {
        for code in ["08006", "40P01", "53300", "57P01", "5", "517", "6", "13"] {
            assert!(is_transient(code), "{code}");
        }
        for code in ["23514", "42P01", "1", "275", "", "ééé"] {
            assert!(!is_transient(code), "{code}");
        }
    }
}
