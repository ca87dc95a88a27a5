//! Why a request about a registration is refused.

use serde::{Deserialize, Serialize};

/// Why a request about a registration is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationProblem {
    /// Nothing was registered in this browser of late, or it is confirmed.
    NotOpen,
    /// It has had all its mails.
    MailsUsedUp,
    /// The project takes no registrations.
    Closed,
}

impl RegistrationProblem {
    /// The HTTP status of a page that shows nothing but this problem.
    pub const fn status(self) -> u16 {
        match self {
            Self::Closed => 403,
            Self::NotOpen => 410,
            Self::MailsUsedUp => 429,
        }
    }
}
