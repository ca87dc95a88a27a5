//! The second factor.

use super::notice::{Notice, is_a_notice};
use serde::{Deserialize, Serialize};

/// The second factor was turned off.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwoFactorDisabled {
    /// When, and from where.
    #[serde(flatten)]
    pub notice: Notice,
    /// Who did it.
    pub by: How,
}

/// A recovery code opened a session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryCodeUsed {
    /// When, and from where.
    #[serde(flatten)]
    pub notice: Notice,
    /// How many codes of the set are still unused.
    pub left: u32,
}

/// Who turned a factor off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The owner, in the settings.
    Own,
    /// The support team, at the owner's request.
    Support,
    /// The same, and the account has no password: one that was only good enough beside the factor
    /// went with it.
    SupportAndPassword,
}

impl TwoFactorDisabled {
    pub(super) fn sanitized(self) -> Self {
        Self {
            notice: self.notice.sanitized(),
            ..self
        }
    }
}

impl RecoveryCodeUsed {
    pub(super) fn sanitized(self) -> Self {
        Self {
            notice: self.notice.sanitized(),
            ..self
        }
    }
}

is_a_notice!(TwoFactorDisabled, RecoveryCodeUsed);
