//! Why a sign-in is refused.

use crate::Field;
use serde::{Deserialize, Serialize};

/// Why a sign-in is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInProblem {
    /// Address and password do not match; never says which.
    BadCredentials,
    /// The password is right, but the address was never confirmed.
    Unconfirmed,
    /// The first step is right, but the account is locked.
    Locked,
    /// So many passwords were wrong that none is tried any more: a new one must be chosen by mail.
    ResetNeeded,
    /// So many codes were wrong that none is checked any more, except in a browser that the account
    /// was signed in with before.
    CodesClosed,
    /// The project takes no sign-ins.
    Closed,
    /// The sign-in was not finished in time, or was closed after too many wrong codes.
    Expired,
}

impl SignInProblem {
    /// The form field that the problem is about.
    pub const fn field(self) -> Option<Field> {
        match self {
            Self::BadCredentials => Some(Field::Email),
            Self::Unconfirmed
            | Self::Locked
            | Self::ResetNeeded
            | Self::CodesClosed
            | Self::Closed
            | Self::Expired => None,
        }
    }

    /// The HTTP status of a page that shows nothing but this problem.
    pub const fn status(self) -> u16 {
        match self {
            Self::BadCredentials | Self::Unconfirmed | Self::Locked => 400,
            Self::Closed => 403,
            Self::Expired => 410,
            Self::ResetNeeded | Self::CodesClosed => 429,
        }
    }
}
