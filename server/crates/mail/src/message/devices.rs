//! New devices.

use super::notice::{Notice, is_a_notice};
use serde::{Deserialize, Serialize};

/// Sign-ins on new devices that were not announced one by one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDevices {
    /// When this was counted; from many places, so that it names none.
    #[serde(flatten)]
    pub notice: Notice,
    /// How many there were.
    pub count: u32,
}

impl NewDevices {
    pub(super) fn sanitized(self) -> Self {
        Self {
            notice: self.notice.sanitized(),
            ..self
        }
    }
}

is_a_notice!(NewDevices);
