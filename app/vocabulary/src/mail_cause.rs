//! Why a mail was not taken, as far as its recipient can do something about it.

use serde::{Deserialize, Serialize};

/// Why a mail was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailCause {
    /// There is no such mailbox, or it was closed: the address has a typing error, as a rule.
    NoMailbox,
    /// The domain takes no mail.
    NoDomain,
    /// The mailbox is full.
    Full,
    /// A rule or a filter of the recipient's server refused the mail.
    Policy,
    /// The recipient's server wants the mail to be sent again later, without saying why.
    Later,
    /// A filter holds the mail until somebody proves to be a person, which nobody does for mails of a program.
    Challenge,
    /// The trouble is on the side of this site.
    Ours,
}
