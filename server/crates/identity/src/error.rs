//! Every way in which a use case can refuse or break.

use domain::{Duration, password::Weakness};
use store::StoreError;

/// The result of a use case.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a use case did not do what it was asked.
///
/// The first group is for the person, the last two variants are for the operator: a port shows
/// the person only that something broke.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Address and password do not open an account. Never says which of them is wrong, nor
    /// whether there is an account.
    #[error("the credentials were refused")]
    BadCredentials,
    /// The password is right, but the address was never confirmed.
    #[error("the address is not confirmed")]
    Unconfirmed,
    /// The code or proof is wrong, old or already used; never says which.
    #[error("the code was refused")]
    CodeRejected,
    /// What was given as proof is neither the password nor a code that still works.
    #[error("the proof was refused")]
    ProofRejected,
    /// What was typed cannot be a code at all.
    #[error("not of the form of a code")]
    NotACode,
    /// Too many tries.
    #[error("too many tries")]
    TooManyTries {
        /// How long until the next one.
        wait: Duration,
    },
    /// So many passwords were wrong that none is judged until it was chosen anew by mail.
    #[error("no further password is tried")]
    ResetNeeded,
    /// So many codes were wrong that none is judged any more.
    #[error("no further code is tried")]
    CodesClosed,
    /// More passwords wait to be checked than can be in a reasonable time.
    #[error("the queue for hashing is full")]
    Busy,
    /// There is no begun sign-in, or it was closed: begin again.
    #[error("no open sign-in")]
    NoSignIn,
    /// A mailed link was used, replaced or is too old.
    #[error("the link is dead")]
    DeadLink,
    /// What was given as the present password is not.
    #[error("the present password was refused")]
    WrongPassword,
    /// The new password is the present one.
    #[error("the new password is the present one")]
    SamePassword,
    /// The new password is not good enough.
    #[error("the password is too weak")]
    Weak(#[source] Weakness),
    /// Nobody is enrolling a second factor in this session.
    #[error("no enrolment in this session")]
    NotEnrolling,
    /// The telephone's clock is off by so many seconds.
    #[error("the clock of the authenticator is off")]
    ClockOff {
        /// The difference in seconds, negative when the telephone is behind.
        seconds: i64,
    },
    /// The password is not good enough to be the only factor, so the other one stays on.
    #[error("the password cannot stand alone")]
    PasswordNeedsFactor,
    /// Two-factor is on already, or off already.
    #[error("the second factor is in that state already")]
    Unchanged,
    /// The password must be given again for this.
    #[error("a fresh proof is needed")]
    ProofNeeded,
    /// An account with this address exists.
    #[error("the address is taken")]
    Taken,
    /// The address that was asked for is the account's already.
    #[error("the address is the present one")]
    SameAddress,
    /// The address cannot become the account's; why is not told.
    #[error("the address cannot be used")]
    AddressUnusable,
    /// No round trip to a provider was begun in this browser, or it took too long, or it is finished.
    #[error("no open flow")]
    NoFlow,
    /// No manager can enter with this account of a provider; why is not told.
    #[error("no manager enters with this account")]
    NoManager,
    /// The provider does not vouch for the address, or is not the one to say whose it is.
    #[error("the address is not vouched for")]
    NotVouchedFor,
    /// This account of a provider is linked to nobody.
    #[error("the account is not linked")]
    NotLinked,
    /// It is linked to somebody else's account.
    #[error("the account is linked elsewhere")]
    LinkedElsewhere,
    /// Another account of the same provider is linked.
    #[error("another account is linked")]
    AnotherIsLinked,
    /// Without it there would be no way into the account.
    #[error("it is the only way in")]
    OnlyWayIn,
    /// She is the last one who manages this organisation.
    #[error("the last manager cannot leave")]
    LastManager(String),
    /// The session was ended while the request was under way.
    #[error("the session has ended")]
    SessionEnded,
    /// There is no such account.
    #[error("no such account")]
    NoAccount,
    /// The database did not answer.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// Something that cannot be: a damaged row, a missing key.
    #[error("broken: {0}")]
    Broken(&'static str),
}
