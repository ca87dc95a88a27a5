//! Where a mail stands between this site and the recipient's server.

/// Where a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailState {
    /// It waits, and may have been tried before.
    Queued,
    /// A server has taken it.
    Sent,
    /// It was given up.
    Failed,
}

impl MailState {
    /// Reads back a stored state.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "queued" => Some(Self::Queued),
            "sent" => Some(Self::Sent),
            "failed" => Some(Self::Failed),
            _ => None,
        }
    }
}
