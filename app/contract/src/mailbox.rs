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

/// A whole mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailView {
    /// What the list shows.
    pub row: MailRow,
    /// From whom.
    pub from: String,
    /// The plain text.
    pub text: String,
}

/// The mailbox. Answers [`crate::Problem::NotFound`] outside of the demo.
#[async_trait]
pub trait MailboxPort: Send + Sync {
    /// The latest mails, newest first.
    async fn mails(&self) -> Answer<Vec<MailRow>>;

    /// One mail.
    async fn mail(&self, id: &str) -> Answer<MailView>;
}
