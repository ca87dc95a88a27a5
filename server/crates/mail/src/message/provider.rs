//! Accounts at Google and Microsoft that open the account.

use super::notice::{Notice, is_a_notice};
use crate::plain;
use serde::{Deserialize, Serialize};

/// An account at a provider was linked or unlinked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderNotice {
    /// When, and from where.
    #[serde(flatten)]
    pub notice: Notice,
    /// The provider's name.
    pub provider: String,
    /// The address of the account at the provider, as the provider gave it.
    pub email: Option<String>,
    /// Whether signing in with it links it again, its address being the account's own.
    pub again: bool,
}

impl ProviderNotice {
    pub(super) fn sanitized(self) -> Self {
        Self {
            notice: self.notice.sanitized(),
            provider: plain::sanitize(&self.provider),
            email: self.email.as_deref().map(plain::address),
            ..self
        }
    }
}

is_a_notice!(ProviderNotice);
