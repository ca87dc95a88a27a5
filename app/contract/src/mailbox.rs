//! What was mailed, readable in the demo.

use crate::{Answer, Locale, Moment};
use async_trait::async_trait;

/// A mail in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRow {
    /// Its id.
    pub id: String,
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// When it was written.
    pub at: Moment,
    /// Its language.
    pub locale: Locale,
}

/// What becomes of a mail of the demo, at the press of a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlayedFate {
    /// A mail server takes it.
    Taken,
    /// It is not taken yet, and is tried again.
    Late,
    /// No mailbox has the address.
    Refused,
    /// It is taken, and comes back later.
    Bounced,
    /// It is taken, and a filter asks for a click.
    Filtered,
}

impl PlayedFate {
    /// Every fate, in the order of the buttons.
    pub const ALL: [Self; 5] = [
        Self::Taken,
        Self::Late,
        Self::Refused,
        Self::Bounced,
        Self::Filtered,
    ];

    /// The fate as forms name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Late => "late",
            Self::Refused => "refused",
            Self::Bounced => "bounced",
            Self::Filtered => "filtered",
        }
    }

    /// Parses what a form named; `None` when it is unknown.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fate| fate.as_str() == text)
    }
}

/// A whole mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailView {
    /// What the list shows.
    pub row: MailRow,
    /// From whom.
    pub from: String,
    /// The plain text.
    pub text: String,
    /// Whether a page waits for it: then its fate can be played.
    pub is_waited_for: bool,
}

/// The mailbox. Answers [`crate::Problem::NotFound`] outside of the demo.
#[async_trait]
pub trait MailboxPort: Send + Sync {
    /// The latest mails, newest first.
    async fn mails(&self) -> Answer<Vec<MailRow>>;

    /// One mail.
    async fn mail(&self, id: &str) -> Answer<MailView>;

    /// Plays what becomes of a mail.
    async fn play_mail(&self, id: &str, fate: PlayedFate) -> Answer<()>;
}
