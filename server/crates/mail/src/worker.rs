//! The worker: from the outbox to the transport, again and again.
//!
//! Any number of workers may run, in one process or in several. Each takes a few due rows with a
//! lease; what it does not finish in time belongs to everybody again. A row is marked as sent
//! after the server has taken it, so a crash between the two sends a mail twice, never none
//! (the Message-ID stays the same). Rows of one recipient go out in the order in which they were
//! written: behind one that was postponed, the others wait.

use crate::{
    Message, Sender, Transport, compose,
    transport::{Failure, SEND_TIMEOUT, Smtp},
};
use domain::{Clock, Duration, MailId, Timestamp};
use lettre::message::Mailbox;
use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use store::{QueuedMail, Store, StoreError};
use tokio::sync::Notify;

/// How many rows are taken at once, and for how long they belong to this worker.
const BATCH: u32 = 20;
const LEASE: Duration = Duration::from_mins(1);
/// The first pause before a mail is tried again; each further one is twice as long …
const FIRST_PAUSE: Duration = Duration::from_secs(30);
/// … up to this.
const LONGEST_PAUSE: Duration = Duration::from_hours(1);
/// A mail that could not be sent for this long is given up.
const PATIENCE: Duration = Duration::from_hours(24);
/// How long the worker sleeps when there is nothing to do, and after trouble with the server: the
/// leases of the rows that it did not come to have ended by then, and they are due in their order.
const NAP: Duration = Duration::from_secs(1);
const REST: Duration = LEASE;

/// Opens what the caller sealed into an outbox row.
pub trait Seal: Send + Sync {
    /// The bytes of the message, or `None` when they were not sealed for this mail with a key
    /// that this process has.
    fn open(&self, mail: &MailId, sealed: &[u8]) -> Option<Vec<u8>>;
}

/// Everything that is needed to empty the outbox.
pub struct Worker {
    /// Where the outbox is.
    pub store: Store,
    /// Where the mails go.
    pub transport: Transport,
    /// What opens the rows.
    pub seal: Arc<dyn Seal>,
    /// In whose name the mails are written.
    pub sender: Sender,
    /// The address that they come from, see [`crate::from_address`].
    pub from: Mailbox,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Rung after a commit that queued a mail, so that nobody waits for the end of a nap.
    pub wake: Arc<Notify>,
}

/// What one round over the outbox did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pass {
    /// Mails that the server took.
    pub sent: u32,
    /// Mails that will be tried again.
    pub postponed: u32,
    /// Mails that were given up.
    pub abandoned: u32,
    /// Whether the server itself was the trouble; the rest of the batch was left alone then.
    pub troubled: bool,
}

/// Empties the outbox until `shutdown` is done. The mail that is just being sent is finished.
pub async fn run(worker: Worker, shutdown: impl Future<Output = ()>) {
    let mut shutdown = pin!(shutdown);
    let Transport::Smtp(smtp) = &worker.transport else {
        return shutdown.await;
    };
    let stopping = AtomicBool::new(false);
    loop {
        let mut round = pin!(worker.round(smtp, &stopping));
        let outcome = tokio::select! {
            outcome = &mut round => outcome,
            () = &mut shutdown => {
                stopping.store(true, Ordering::Relaxed);
                let _ = round.await;
                return;
            }
        };
        tokio::select! {
            () = &mut shutdown => return,
            () = worker.rest_after(outcome) => {}
        }
    }
}

impl Worker {
    /// One round: takes the due mails and tries to send each. With [`Transport::Keep`] nothing
    /// is taken.
    pub async fn pass(&self) -> Result<Pass, StoreError> {
        match &self.transport {
            Transport::Smtp(smtp) => self.round(smtp, &AtomicBool::new(false)).await,
            Transport::Keep => Ok(Pass::default()),
        }
    }

    async fn round(&self, smtp: &Smtp, stopping: &AtomicBool) -> Result<Pass, StoreError> {
        let start = self.clock.now();
        let mut pass = Pass::default();
        let mut waiting: Vec<String> = Vec::new();
        for mail in self.store.lease_mails(start, LEASE, BATCH).await? {
            let left = LEASE.saturating_sub(self.clock.now().since(start));
            if left < SEND_TIMEOUT || stopping.load(Ordering::Relaxed) {
                break;
            }
            if waiting.contains(&mail.recipient) {
                continue;
            }
            let Err(failure) = self.deliver(smtp, &mail).await else {
                self.store
                    .mark_mail_sent(&mail.id, self.clock.now())
                    .await?;
                pass.sent += 1;
                continue;
            };
            if self.put_back(&mail, failure).await? {
                pass.postponed += 1;
                waiting.push(mail.recipient);
            } else {
                pass.abandoned += 1;
            }
            if failure.concerns_server() {
                pass.troubled = true;
                break;
            }
        }
        Ok(pass)
    }

    async fn deliver(&self, smtp: &Smtp, mail: &QueuedMail) -> Result<(), Failure> {
        let message = self
            .seal
            .open(&mail.id, &mail.sealed)
            .and_then(|bytes| Message::from_json(&bytes))
            .ok_or(Failure::Unreadable)?;
        let words =
            crate::render(&message, mail.locale, &self.sender).map_err(|_| Failure::Unreadable)?;
        let letter = compose::compose(mail, words, &self.from, &self.sender)
            .map_err(|compose::Unwritable| Failure::Unwritable)?;
        smtp.send(letter).await
    }

    /// Notes a failure; true when the mail will be tried again. The log names the mail by its id
    /// and never its recipient, whom the server's own words often quote.
    async fn put_back(&self, mail: &QueuedMail, failure: Failure) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let retry_at = retry_at(mail, failure, now);
        let reason = failure.to_string();
        if retry_at.is_some() {
            tracing::warn!(mail.id = %mail.id, mail.kind, mail.attempts, reason, "mail postponed");
        } else {
            tracing::error!(mail.id = %mail.id, mail.kind, mail.attempts, reason, "mail given up");
        }
        self.store
            .mark_mail_failed(&mail.id, retry_at, &reason, now)
            .await?;
        Ok(retry_at.is_some())
    }

    /// Sleeps as long as the last round suggests. After trouble nobody can shorten the sleep:
    /// a server that is down would otherwise be asked with every request.
    async fn rest_after(&self, outcome: Result<Pass, StoreError>) {
        match outcome {
            Ok(pass) if pass.troubled => tokio::time::sleep(REST).await,
            Ok(pass) if pass.sent == BATCH => {}
            Ok(_) => {
                // Either way it is time for the next round.
                let _ = tokio::time::timeout(NAP, self.wake.notified()).await;
            }
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "outbox unreachable"
                );
                tokio::time::sleep(REST).await;
            }
        }
    }
}

/// When to try again after this failure; `None` when it is time to give up. A mail is not to
/// blame for trouble with the server, and keeps its place.
fn retry_at(mail: &QueuedMail, failure: Failure, now: Timestamp) -> Option<Timestamp> {
    let too_old = now.since(mail.created_at) >= PATIENCE;
    let pause = if failure.concerns_server() {
        REST
    } else {
        pause(mail.attempts)
    };
    (!failure.is_final() && !too_old).then(|| now.plus(pause))
}

/// After the first attempt 30 s, then 1 min, 2 min … 1 h. No jitter: leases already keep workers
/// from knocking together.
fn pause(attempts: u32) -> Duration {
    FIRST_PAUSE
        .saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1)))
        .min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let seconds: Vec<u64> = (1..10).map(|attempts| pause(attempts).as_secs()).collect();
        assert_eq!(seconds, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
        assert_eq!(pause(u32::MAX), LONGEST_PAUSE);
    }
}
