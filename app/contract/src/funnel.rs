//! How far registrations come.

use crate::Moment;

/// A mail domain that refuses mails, sends them back, or holds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailTrouble {
    /// The domain.
    pub domain: String,
    /// How many mails did not arrive.
    pub refused: u64,
    /// Of how many that were written since then.
    pub of: u64,
    /// When the first of them was written.
    pub since: Moment,
}
