//! Why a password, or the short code of a mail, is refused.

use crate::Field;
use serde::{Deserialize, Serialize};

/// Why a password, or the short code of a mail, is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordProblem {
    /// What was given as the current password is wrong.
    WrongPresent,
    /// The new password is too short.
    TooShort {
        /// The least number of characters.
        minimum: u32,
    },
    /// The new password is too long.
    TooLong,
    /// The new password is made of the person's own data.
    Personal,
    /// The new password is on the list of common ones.
    Common,
    /// The new password is known from a leak.
    Leaked,
    /// The new password is easy to guess.
    Guessable,
    /// The new password is the current one.
    Same,
    /// The new password was withdrawn from the account, since somebody else may know it.
    Withdrawn,
    /// What was typed cannot be the short code of a mail.
    MailCodeMalformed,
    /// The short code of a mail is wrong, old or used; never says which.
    MailCodeRejected,
}

impl PasswordProblem {
    /// The form field that the problem is about.
    pub const fn field(self) -> Option<Field> {
        match self {
            Self::WrongPresent => Some(Field::Present),
            Self::TooShort { .. }
            | Self::TooLong
            | Self::Personal
            | Self::Common
            | Self::Leaked
            | Self::Guessable
            | Self::Same
            | Self::Withdrawn => Some(Field::Password),
            Self::MailCodeMalformed | Self::MailCodeRejected => Some(Field::Code),
        }
    }
}
