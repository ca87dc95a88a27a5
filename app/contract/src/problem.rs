//! Every way in which a request can be refused: codes with small data, never prose.

use crate::ProviderRefusal;
use serde::{Deserialize, Serialize};

/// What a port answers.
pub type Answer<T> = Result<T, Problem>;

/// Why not. The page turns a code into words with an exhaustive `match`, so a new code without
/// French words does not compile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// Nothing was typed into a field that needs something.
    Empty {
        /// The field's name.
        field: Field,
    },
    /// More than one thing is wrong with a form: all of it is said at once.
    Several {
        /// In the order of the fields; never of this kind itself.
        problems: Vec<Problem>,
    },
    /// What was typed is not an e-mail address.
    NotAnAddress,
    /// Address and password do not fit; never says which.
    BadCredentials,
    /// The password is right, but the address was never confirmed.
    Unconfirmed,
    /// The code is wrong, old or used; never says which.
    CodeRejected,
    /// Not of the form of a code.
    NotACode,
    /// Not of the form of the short code of a mail.
    NotAMailCode,
    /// The short code of a mail is wrong, old or used; never says which.
    MailCodeRejected,
    /// What was given as the present password is not.
    WrongPassword,
    /// Password, code or recovery code given as proof do not fit.
    ProofRejected,
    /// The last proof is too old: the password is needed too.
    ProofNeeded,
    /// Too many tries.
    TooManyTries {
        /// Seconds until the next one.
        wait_s: u64,
    },
    /// So many passwords were wrong that none is tried any more: only a new one, chosen by mail,
    /// helps.
    ResetNeeded,
    /// So many codes were wrong that none is checked any more, but in a browser that the person was
    /// signed in with before.
    CodesClosed,
    /// The sign-in was not finished in time, or was closed after too many wrong codes.
    SignInExpired,
    /// A mailed link was used, replaced or is too old.
    DeadLink,
    /// The new password is too short.
    PasswordTooShort {
        /// The least number of characters.
        minimum: u32,
    },
    /// The new password is too long.
    PasswordTooLong,
    /// The new password is made of the person's own data.
    PasswordPersonal,
    /// The new password is on the list of common ones.
    PasswordCommon,
    /// The new password is known from a leak.
    PasswordLeaked,
    /// The new password is easy to guess.
    PasswordGuessable,
    /// The new password is the present one.
    SamePassword,
    /// The set-up of two-factor was not begun in this session, or too long ago.
    NotEnrolling,
    /// The telephone's clock is off.
    ClockOff {
        /// Seconds, negative when the telephone is behind.
        seconds: i64,
    },
    /// The password was chosen beside the second factor and is too short to stand alone: first a
    /// longer one.
    PasswordNeedsFactor {
        /// The least number of characters.
        minimum: u32,
    },
    /// It is in that state already: somebody was quicker, perhaps in another window.
    Unchanged,
    /// The address that was asked for is the account's already.
    SameAddress,
    /// The address cannot become the account's; never says why.
    AddressUnusable,
    /// She is the last one who manages this organisation, and cannot leave it alone.
    LastManager {
        /// The organisation's name.
        organisation: String,
    },
    /// A provider did not open the door, or was not linked.
    Provider(ProviderRefusal),
    /// It is the only way into the account.
    OnlyWayIn,
    /// A name holds characters that cannot be shown.
    NotAName,
    /// A text is longer than it may be.
    TooLong {
        /// The field's name.
        field: Field,
        /// The most characters.
        limit: u32,
    },
    /// Nobody is signed in, or not any more.
    SignInFirst,
    /// She is not allowed to.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// The form did not come from a page of ours, or is damaged.
    BadRequest,
    /// More people than the server can take at this moment.
    Busy {
        /// Seconds after which trying again makes sense.
        wait_s: u64,
    },
    /// Something broke; the cause is in the log under this reference.
    Broken {
        /// What to quote to support.
        reference: String,
    },
}

/// The fields that a problem can point at; the names are those of the inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// An e-mail address.
    Email,
    /// A password.
    Password,
    /// A code of the authenticator application, or a recovery code.
    Code,
    /// A password or code given to prove who one is.
    Proof,
    /// The present password, where a new one is chosen.
    Present,
    /// A free text.
    Comment,
    /// What a person is called.
    Name,
}

impl Field {
    /// The input's name and id.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Password => "password",
            Self::Code => "code",
            Self::Proof => "proof",
            Self::Present => "present",
            Self::Comment => "comment",
            Self::Name => "name",
        }
    }
}

impl Problem {
    /// Refuses a form for everything that is wrong with it; accepts it when nothing is.
    ///
    /// # Errors
    /// The one problem itself, or [`Problem::Several`].
    pub fn refuse(mut problems: Vec<Self>) -> Result<(), Self> {
        match problems.len() {
            0 => Ok(()),
            1 => Err(problems.remove(0)),
            _ => Err(Self::Several { problems }),
        }
    }

    /// Each problem by itself.
    pub fn each(&self) -> &[Self] {
        match self {
            Self::Several { problems } => problems,
            one => std::slice::from_ref(one),
        }
    }

    /// The field that the person should look at, if there is one.
    pub const fn field(&self) -> Option<Field> {
        match self {
            Self::Empty { field } | Self::TooLong { field, .. } => Some(*field),
            Self::NotAnAddress | Self::BadCredentials | Self::SameAddress => Some(Field::Email),
            Self::NotAName => Some(Field::Name),
            Self::CodeRejected
            | Self::NotACode
            | Self::NotAMailCode
            | Self::MailCodeRejected
            | Self::ClockOff { .. } => Some(Field::Code),
            Self::WrongPassword => Some(Field::Present),
            Self::ProofRejected | Self::ProofNeeded => Some(Field::Proof),
            Self::PasswordTooShort { .. }
            | Self::PasswordTooLong
            | Self::PasswordPersonal
            | Self::PasswordCommon
            | Self::PasswordLeaked
            | Self::PasswordGuessable
            | Self::SamePassword => Some(Field::Password),
            _ => None,
        }
    }

    /// The HTTP status of a page that shows nothing but this problem.
    pub const fn status(&self) -> u16 {
        match self {
            Self::SignInFirst => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::DeadLink | Self::SignInExpired => 410,
            Self::TooManyTries { .. } | Self::ResetNeeded | Self::CodesClosed => 429,
            Self::Broken { .. } => 500,
            Self::Busy { .. } => 503,
            _ => 400,
        }
    }
}
