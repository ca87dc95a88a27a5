//! Why an account is not deleted.

use crate::Field;
use serde::{Deserialize, Serialize};

/// Why an account is not deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeavingProblem {
    /// The user is the last manager of this organisation.
    LastManager {
        /// The organisation's name.
        organisation: String,
    },
}

impl LeavingProblem {
    /// The form field that the problem is about.
    pub const fn field(&self) -> Option<Field> {
        match self {
            Self::LastManager { .. } => None,
        }
    }
}
