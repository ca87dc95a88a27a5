//! Why a use case refuses or fails.

use domain::password::Weakness;
use store::StoreError;

/// The result of a use case.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a use case did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A fault that every use case shares.
    #[error(transparent)]
    Common(#[from] unit_of_work::Error),
    /// The address and the password do not sign in. Never says which of them is wrong, nor whether
    /// there is an account.
    #[error("the credentials were refused")]
    BadCredentials,
    /// The project takes no registrations.
    #[error("the project takes no registrations")]
    RegistrationClosed,
    /// The project takes no sign-ins.
    #[error("the project takes no sign-ins")]
    SignInClosed,
    /// The first step is right, but the account is locked.
    #[error("the account is locked")]
    Locked,
    /// The code is wrong, expired or already used; never says which.
    #[error("the code was refused")]
    CodeRejected,
    /// The password alone does not change the second factor in this session; a code is needed.
    #[error("a code is needed as proof")]
    CodeNeeded,
    /// What was given as proof is neither the password nor a valid code.
    #[error("the proof was refused")]
    ProofRejected,
    /// What was typed does not have the form of a code.
    #[error("not of the form of a code")]
    NotACode,
    /// So many passwords were wrong that none is checked until a new one was chosen by mail.
    #[error("no further password is tried")]
    ResetNeeded,
    /// So many codes were wrong that none is checked any more.
    #[error("no further code is tried")]
    CodesClosed,
    /// So many proofs were wrong that none is checked, until a new password is chosen by mail or the counts are cleared.
    #[error("no further proof is tried")]
    ProofsClosed,
    /// There is no unfinished sign-in: it has to begin again.
    #[error("no open sign-in")]
    NoSignIn,
    /// Nothing was registered in this browser of late, or it is confirmed.
    #[error("no open registration")]
    NoRegistration,
    /// A registration has had all its mails.
    #[error("no further mail for this registration")]
    MailsUsedUp,
    /// The current password is wrong.
    #[error("the present password was refused")]
    WrongPassword,
    /// The new password is the current one.
    #[error("the new password is the present one")]
    SamePassword,
    /// The password that is to be the new one was withdrawn, since somebody else may know it.
    #[error("the password was withdrawn")]
    WithdrawnPassword,
    /// The new password is not good enough.
    #[error("the password is too weak")]
    Weak(#[source] Weakness),
    /// The form is from a page that shows another state than the present one: nothing was judged.
    #[error("the page is outdated")]
    Outdated,
    /// No enrolment of a second factor is open in this session.
    #[error("no enrolment in this session")]
    NotEnrolling,
    /// The phone's clock is off by so many seconds.
    #[error("the clock of the authenticator is off")]
    ClockOff {
        /// The difference in seconds, negative when the phone is behind.
        seconds: i64,
    },
    /// The password is not good enough to be the only factor, so the other one stays on.
    #[error("the password cannot stand alone")]
    PasswordNeedsFactor,
    /// It is in the requested state already.
    #[error("the second factor is in that state already")]
    Unchanged,
    /// A new proof is needed first.
    #[error("a fresh proof is needed")]
    ProofNeeded,
    /// An account with this address exists.
    #[error("the address is taken")]
    Taken,
    /// The requested address is the account's current one.
    #[error("the address is the present one")]
    SameAddress,
    /// The address cannot become the account's; the reason is not told.
    #[error("the address cannot be used")]
    AddressUnusable,
    /// This browser has no open flow at a provider: none was begun, or it expired or finished.
    #[error("no open flow")]
    NoFlow,
    /// No manager signs in with this account at a provider; the reason is not told.
    #[error("no manager enters with this account")]
    NoManager,
    /// The provider has not verified the address, or has no authority over it.
    #[error("the address is not vouched for")]
    NotVouchedFor,
    /// This account at a provider is linked to no account.
    #[error("the account is not linked")]
    NotLinked,
    /// It is linked to another account.
    #[error("the account is linked elsewhere")]
    LinkedElsewhere,
    /// Another account at the same provider is linked.
    #[error("another account is linked")]
    AnotherIsLinked,
    /// Without it the account would have no first step left.
    #[error("it is the only way in")]
    OnlyWayIn,
    /// The user is the last manager of this organisation.
    #[error("the last manager cannot leave")]
    LastManager(String),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Common(error.into())
    }
}
