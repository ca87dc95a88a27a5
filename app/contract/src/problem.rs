//! Why a request can be refused: codes with small data, never prose.
//!
//! [`Problem`] is what travels. What every area shares is said by its own variants; what only one
//! area can refuse is an enum of that area, which knows its form field and its HTTP status. The
//! pages turn each of them into words with an exhaustive `match`, so a new code without its words
//! and its field does not compile.

mod details;
mod leaving;
mod password;
mod providers;
mod registration;
mod sign_in;
mod two_factor;

pub use details::DetailsProblem;
pub use leaving::LeavingProblem;
pub use password::PasswordProblem;
pub use providers::{Block, ProviderProblem, ProviderRefusal, RefusedBecause};
pub use registration::RegistrationProblem;
pub use sign_in::SignInProblem;
pub use two_factor::{CodeProblem, ProofProblem};

use crate::Field;
use serde::{Deserialize, Serialize};

/// What a port answers.
pub type Answer<T> = Result<T, Problem>;

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// Nobody is signed in, or not any more.
    SignInFirst,
    /// The user is not allowed to.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// The form did not come from one of our pages, or is damaged.
    BadRequest,
    /// The server is overloaded.
    Busy {
        /// Seconds after which trying again makes sense.
        wait_s: u64,
    },
    /// Something broke; the cause is in the log under this reference.
    Broken {
        /// What to quote to support.
        reference: String,
    },
    /// Too many tries.
    TooManyTries {
        /// Seconds until the next one.
        wait_s: u64,
    },
    /// A mailed link was used, replaced or is too old.
    DeadLink,
    /// It is in that state already: another request was faster, perhaps from another window.
    Unchanged,
    /// Nothing was typed into a field that is required.
    Empty {
        /// The field's name.
        field: Field,
    },
    /// A text is longer than it may be.
    TooLong {
        /// The field's name.
        field: Field,
        /// The most characters.
        limit: u32,
    },
    /// What was typed is not an e-mail address.
    NotAnAddress,
    /// Several fields of a form are wrong: the page shows all of them at once.
    Several {
        /// In the order of the fields; never of this kind itself.
        problems: Vec<Problem>,
    },
    /// Signing in.
    SignIn(SignInProblem),
    /// Registering.
    Registration(RegistrationProblem),
    /// Codes, and the second factor.
    Code(CodeProblem),
    /// The proof that a sensitive action needs.
    Proof(ProofProblem),
    /// Passwords.
    Password(PasswordProblem),
    /// The details of one's own account.
    Details(DetailsProblem),
    /// Deleting one's own account.
    Leaving(LeavingProblem),
    /// Google and Microsoft.
    Provider(ProviderProblem),
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

    /// Whether something went wrong: to turn back is the person's own choice.
    pub const fn is_fault(&self) -> bool {
        !matches!(
            self,
            Self::Provider(ProviderProblem::Refused(ProviderRefusal {
                why: RefusedBecause::Cancelled,
                ..
            }))
        )
    }

    /// Each problem by itself.
    pub fn each(&self) -> &[Self] {
        match self {
            Self::Several { problems } => problems,
            one => std::slice::from_ref(one),
        }
    }

    /// The form field that the problem is about, if there is one.
    pub const fn field(&self) -> Option<Field> {
        match self {
            Self::Empty { field } | Self::TooLong { field, .. } => Some(*field),
            Self::NotAnAddress => Some(Field::Email),
            Self::SignIn(problem) => problem.field(),
            Self::Code(problem) => problem.field(),
            Self::Proof(problem) => problem.field(),
            Self::Password(problem) => problem.field(),
            Self::Details(problem) => problem.field(),
            Self::Leaving(problem) => problem.field(),
            Self::Provider(problem) => problem.field(),
            Self::SignInFirst
            | Self::Forbidden
            | Self::NotFound
            | Self::BadRequest
            | Self::Busy { .. }
            | Self::Broken { .. }
            | Self::TooManyTries { .. }
            | Self::DeadLink
            | Self::Unchanged
            | Self::Several { .. }
            | Self::Registration(_) => None,
        }
    }

    /// Whether a field is marked as wrong: the one that the problem is about, and the password too where nobody is told
    /// which of the two is wrong.
    pub fn marks(&self, field: Field) -> bool {
        let either = matches!(self, Self::SignIn(SignInProblem::BadCredentials));
        self.field() == Some(field) || (either && field == Field::Password)
    }

    /// The HTTP status of a page that shows nothing but this problem.
    pub const fn status(&self) -> u16 {
        match self {
            Self::SignInFirst => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::DeadLink => 410,
            Self::TooManyTries { .. } => 429,
            Self::Broken { .. } => 500,
            Self::Busy { .. } => 503,
            Self::SignIn(problem) => problem.status(),
            Self::Registration(problem) => problem.status(),
            Self::BadRequest
            | Self::Unchanged
            | Self::Empty { .. }
            | Self::TooLong { .. }
            | Self::NotAnAddress
            | Self::Several { .. }
            | Self::Code(_)
            | Self::Proof(_)
            | Self::Password(_)
            | Self::Details(_)
            | Self::Leaving(_)
            | Self::Provider(_) => 400,
        }
    }
}

/// Lets a port refuse with the enum of its area.
macro_rules! areas {
    ($($area:ident($problem:ident),)+) => {
        $(impl From<$problem> for Problem {
            fn from(problem: $problem) -> Self {
                Self::$area(problem)
            }
        })+
    };
}

areas! {
    SignIn(SignInProblem),
    Registration(RegistrationProblem),
    Code(CodeProblem),
    Proof(ProofProblem),
    Password(PasswordProblem),
    Details(DetailsProblem),
    Leaving(LeavingProblem),
    Provider(ProviderProblem),
}
