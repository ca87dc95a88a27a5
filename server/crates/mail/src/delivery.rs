//! The job that sends one mail, from the outbox to the server.
//!
//! A mail is marked as sent, and its job removed, after the server has taken it: a crash between the
//! two sends a mail twice, never none (the Message-ID stays the same). Trouble with the server is
//! told from trouble with a mail: then no mail is to blame, and the server is left alone for a while.

use crate::{
    Message, Sender, compose,
    transport::{Failure, Smtp},
};
use async_trait::async_trait;
use domain::{Clock, Duration, MailId, Timestamp};
use jobs::{Handler, LeasedJob, Outcome};
use lettre::{Address, message::Mailbox};
use std::sync::Arc;
use store::{QueuedMail, Store, StoreError};

/// A mail that could not be sent for this long is given up.
const PATIENCE: Duration = Duration::from_hours(24);
/// How long a server is left alone that takes no mail: otherwise it would be asked with every request.
const REST: Duration = Duration::from_mins(1);

/// Opens what the caller sealed into an outbox row.
pub trait Seal: Send + Sync {
    /// The bytes of the message, or `None` when they were not sealed for this mail with a key
    /// that this process has.
    fn open(&self, mail: &MailId, sealed: &[u8]) -> Option<Vec<u8>>;

    /// The tag of the envelope address of a mail: 16 letters and digits, case ignored, that nobody else can make.
    fn bounce_tag(&self, mail: &MailId) -> String;
}

/// Everything that is needed to send a mail of the outbox.
pub struct Delivery {
    /// Where the outbox is.
    pub store: Store,
    /// The server that takes the mails.
    pub smtp: Smtp,
    /// What opens the rows.
    pub seal: Arc<dyn Seal>,
    /// In whose name the mails are written.
    pub sender: Sender,
    /// The address that they come from, see [`crate::from_address`].
    pub from: Mailbox,
    /// The address that mails come back to; without one they come back to the sender.
    pub bounces: Option<Address>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Handler for Delivery {
    async fn run(&self, job: &LeasedJob) -> Outcome {
        self.send(job).await.unwrap_or_else(|error| {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "outbox unreachable");
            Outcome::retry(job, self.clock.now(), "database")
        })
    }
}

impl Delivery {
    async fn send(&self, job: &LeasedJob) -> Result<Outcome, StoreError> {
        let id = MailId::from(String::from_utf8_lossy(&job.payload).into_owned());
        let Some(mail) = self.store.mail_by_id(&id).await? else {
            // It was sent, and the process ended before the job did; or its account was deleted.
            return Ok(Outcome::Done);
        };
        if let Err(failure) = self.deliver(&mail).await {
            return self.put_back(job, &mail, failure).await;
        }
        let mut tx = self.store.begin().await?;
        tx.mark_mail_sent(&id, self.clock.now()).await?;
        tx.finish_job(job).await?;
        tx.commit().await?;
        Ok(Outcome::Done)
    }

    async fn deliver(&self, mail: &QueuedMail) -> Result<(), Failure> {
        let message = self
            .seal
            .open(&mail.id, &mail.sealed)
            .and_then(|bytes| Message::from_json(&bytes))
            .ok_or(Failure::Unreadable)?;
        let words =
            crate::render(&message, mail.locale, &self.sender).map_err(|_| Failure::Unreadable)?;
        let return_path = self.bounces.as_ref().and_then(|bounces| {
            compose::return_path(bounces, &mail.id, &self.seal.bounce_tag(&mail.id))
        });
        let letter = compose::compose(mail, words, &self.from, &self.sender, return_path)
            .map_err(|compose::Unwritable| Failure::Unwritable)?;
        self.smtp.send(letter).await
    }

    /// Notes a failure. The log names the mail by its id and never its recipient, whom the server's
    /// own words often quote.
    async fn put_back(
        &self,
        job: &LeasedJob,
        mail: &QueuedMail,
        failure: Failure,
    ) -> Result<Outcome, StoreError> {
        let (now, reason) = (self.clock.now(), failure.to_string());
        let outcome = outcome(job, mail, failure, now);
        let mail_attempts = job.attempts;
        if let Outcome::Dead(_) = outcome {
            tracing::error!(mail.id = %mail.id, mail.kind, mail.attempts = mail_attempts, reason, "mail given up");
            self.store.mark_mail_failed(&mail.id, &reason, now).await?;
        } else {
            tracing::warn!(mail.id = %mail.id, mail.kind, mail.attempts = mail_attempts, reason, "mail postponed");
            self.store.mark_mail_postponed(&mail.id, &reason).await?;
        }
        Ok(outcome)
    }
}

/// What a failure means for the mail.
fn outcome(job: &LeasedJob, mail: &QueuedMail, failure: Failure, now: Timestamp) -> Outcome {
    let reason = failure.to_string();
    if failure.is_final() || now.since(mail.created_at) >= PATIENCE {
        Outcome::Dead(reason)
    } else if failure.concerns_server() {
        Outcome::Pause(now.plus(REST), reason)
    } else {
        Outcome::retry(job, now, reason)
    }
}
