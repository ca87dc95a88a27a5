//! Why a change of the details is refused.

use crate::Field;
use serde::{Deserialize, Serialize};

/// Why a change of the details is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DetailsProblem {
    /// A name holds characters that cannot be shown.
    NotAName,
    /// The address that was asked for is the account's already.
    SameAddress,
    /// The address cannot become the account's; never says why.
    AddressUnusable,
}

impl DetailsProblem {
    /// The form field that the problem is about.
    pub const fn field(self) -> Option<Field> {
        match self {
            Self::NotAName => Some(Field::Name),
            Self::SameAddress => Some(Field::Email),
            Self::AddressUnusable => None,
        }
    }
}
