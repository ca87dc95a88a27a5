//! New devices.

use super::notice::{Notice, is_a_notice};
use crate::plain;
use serde::{Deserialize, Serialize};

/// Sign-ins on new devices that were not announced one by one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDevices {
    /// When this was counted; from many places, so that it names none.
    #[serde(flatten)]
    pub notice: Notice,
    /// How many there were.
    pub count: u32,
    /// Since when.
    pub since: String,
}

impl NewDevices {
    pub(super) fn sanitized(self) -> Self {
        Self {
            notice: self.notice.sanitized(),
            since: plain::one_line(&self.since),
            ..self
        }
    }
}

is_a_notice!(NewDevices);
