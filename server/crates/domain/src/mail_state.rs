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
    /// The state as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }

    /// Reads back a stored state.
    pub fn parse(text: &str) -> Option<Self> {
        let all = [Self::Queued, Self::Sent, Self::Failed];
        all.into_iter().find(|state| state.as_str() == text)
    }
}
