//! Why a code or a proof is refused.

use crate::Field;
use serde::{Deserialize, Serialize};

/// Why a code is refused, or a change of the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeProblem {
    /// The code is wrong, old or used; never says which.
    Rejected,
    /// What was typed cannot be a code.
    Malformed,
    /// The set-up of two-factor was not begun in this session, or too long ago.
    NotEnrolling,
    /// The page shows another account or another key than the one that is awaited now: the code was not judged.
    Outdated,
    /// The phone's clock is off.
    ClockOff {
        /// Seconds, negative when the phone is behind.
        seconds: i64,
    },
    /// The password was chosen beside the second factor and is too short to stand alone: a longer
    /// one must be chosen first.
    PasswordNeedsFactor {
        /// The least number of characters.
        minimum: u32,
    },
}

impl CodeProblem {
    /// The form field that the problem is about.
    pub const fn field(self) -> Option<Field> {
        match self {
            Self::Rejected | Self::Malformed | Self::ClockOff { .. } => Some(Field::Code),
            Self::NotEnrolling | Self::Outdated | Self::PasswordNeedsFactor { .. } => None,
        }
    }
}

/// Why the proof for a sensitive action is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofProblem {
    /// It is neither the password nor a code that still works.
    Rejected,
    /// So many were wrong that none is checked, until a new password is chosen by mail or the counts are cleared.
    Closed,
    /// The last proof is too old: a new one is needed.
    Needed,
    /// The password is not enough here: a code or a recovery code is needed.
    CodeNeeded,
}

impl ProofProblem {
    /// The form field that the problem is about.
    pub const fn field(self) -> Option<Field> {
        match self {
            Self::Rejected | Self::Closed | Self::Needed | Self::CodeNeeded => Some(Field::Proof),
        }
    }
}
