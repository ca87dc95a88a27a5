//! The faults that every use case shares.

use domain::Duration;
use store::StoreError;

/// The result of a step that every use case shares.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a shared step failed. The last two variants concern the operator: a port shows the user only
/// that something broke.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Too many tries.
    #[error("too many tries")]
    TooManyTries {
        /// How long until the next one.
        wait: Duration,
    },
    /// The queue for hashing is full.
    #[error("the queue for hashing is full")]
    Busy,
    /// A mailed link was used, replaced or is too old.
    #[error("the link is dead")]
    DeadLink,
    /// The session was ended while the request was under way.
    #[error("the session has ended")]
    SessionEnded,
    /// There is no such account.
    #[error("no such account")]
    NoAccount,
    /// There is no such organisation.
    #[error("no such organisation")]
    NoOrganisation,
    /// There is no such proposal.
    #[error("no such proposal")]
    NoProposal,
    /// The database did not answer.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// An inconsistency that should not exist: a damaged row, a missing key.
    #[error("broken: {0}")]
    Broken(&'static str),
}
