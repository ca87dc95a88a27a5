//! Mails that came back: which of ours it is about, and what becomes known of it.
//!
//! Each mail has an envelope address of its own, whose tag nobody else can make. So a notification that a stranger writes
//! changes nothing, and what it says is about one mail to one address. It never touches the account: a bounce belongs to
//! the address, and a corrected address has a new mail.

use crate::{Identity, Result};
use domain::MailId;
use incoming::Incoming;
use mail::{BOUNCED, CHALLENGED};

/// What became known by a mail that came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// One of our mails was not delivered.
    Bounced,
    /// A filter holds one of our mails until a person answers.
    Challenged,
    /// It is about one of our mails, and nothing is to be told.
    Nothing,
    /// It is about none of our mails, or its address was made up.
    NotOurs,
}

impl Identity {
    /// Takes a mail that came in for `recipient`, as [`incoming::read`] understood it.
    ///
    /// # Errors
    /// `Store` when the database does not answer: then it is to be delivered again later.
    pub async fn receive_mail(&self, recipient: &str, mail: &Incoming) -> Result<Received> {
        let Some(id) = self.mail_of(recipient) else {
            return Ok(Received::NotOurs);
        };
        let (with, received) = match mail {
            Incoming::Bounce(status) => {
                let status = status
                    .as_ref()
                    .map(|code| format!(" {code}"))
                    .unwrap_or_default();
                // The words of the mail stay out: they are personal. 550 stands for all codes of a final failure.
                (format!("{BOUNCED}550{status}"), Received::Bounced)
            }
            Incoming::Challenge => (CHALLENGED.to_owned(), Received::Challenged),
            Incoming::Progress | Incoming::AutoReply | Incoming::Other => {
                return Ok(Received::Nothing);
            }
        };
        let now = self.now();
        let is_news = self.store.mark_mail_bounced(&id, &with, now).await?;
        if !is_news {
            return Ok(Received::Nothing);
        }
        tracing::info!(mail.id = %id, reason = with, "A mail came back");
        Ok(received)
    }

    /// Whether a mail for this recipient is about one of ours.
    pub fn receives(&self, recipient: &str) -> bool {
        self.mail_of(recipient).is_some()
    }

    /// The mail whose envelope address this is.
    fn mail_of(&self, recipient: &str) -> Option<MailId> {
        let recipient = recipient
            .trim()
            .trim_matches(['<', '>'])
            .to_ascii_lowercase();
        let (user, _) = recipient.rsplit_once('@')?;
        let (_, own) = user.split_once('+')?;
        let (id, tag) = own.rsplit_once('.')?;
        let id = MailId::presented(id)?;
        self.vault.is_bounce_tag(&id, tag).then_some(id)
    }
}
