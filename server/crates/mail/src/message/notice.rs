//! What every mail about an account's safety says.

use crate::plain;
use serde::{Deserialize, Serialize};

/// Something happened to the recipient's account: when, and from where.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The recipient's name.
    pub name: String,
    /// When it happened.
    pub when: String,
    /// The browser and the system, as far as they tell.
    pub device: String,
    /// The network that the request came from.
    pub network: String,
    /// The page that shows how things stand now, in the recipient's language.
    pub link: String,
    /// The page "this was not me": with a one-use token, in the recipient's language.
    pub not_me: String,
}

impl Notice {
    pub(super) fn sanitized(self) -> Self {
        Self {
            name: plain::sanitize(&self.name),
            when: plain::one_line(&self.when),
            device: plain::sanitize(&self.device),
            network: plain::sanitize(&self.network),
            ..self
        }
    }
}

/// Templates of notices ask for `mail.when` whatever else the mail holds.
macro_rules! is_a_notice {
    ($($mail:ty),+) => {$(
        impl std::ops::Deref for $mail {
            type Target = Notice;

            fn deref(&self) -> &Notice {
                &self.notice
            }
        }
    )+};
}

pub(super) use is_a_notice;
