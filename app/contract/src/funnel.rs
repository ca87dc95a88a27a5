//! How far registrations come.

use crate::Moment;

/// A mail domain that refuses mails of registrations, or sends them back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailTrouble {
    /// The domain.
    pub domain: String,
    /// How many mails it refused or sent back.
    pub refused: u64,
    /// Of how many that were written since then.
    pub of: u64,
    /// When the first refused mail was written.
    pub since: Moment,
}
