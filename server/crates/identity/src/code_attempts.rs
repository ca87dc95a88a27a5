//! Consecutive wrong codes, where nobody is signed in, and consecutive wrong proofs inside sessions: counted for each
//! account, and separately for its known devices.
//!
//! A code is asked for only after a right password, a provider's sign-in or a mailed link. So attempts
//! of strangers cannot use up the count of an account, and its owner is notified of wrong codes and proofs.

use crate::{
    Client, Error, Identity, Result,
    codes::{TypedCode, VerifiedCode},
};
use domain::{
    AccountId,
    device::is_settled,
    guess::{CODES, PROOFS},
    paths,
};
use mail::{Message, Notice};
use store::Account;
use unit_of_work::{Actor, AttemptCounter, Error as Common, EventKind, UnitOfWork};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    /// Codes of the second factor, where nobody is signed in.
    Codes,
    /// Passwords as a proof inside a session, and the current one where a new one is chosen.
    Proofs,
    /// Codes as a proof inside a session. A right password must not clear their count, nor a right code that of passwords:
    /// somebody who has one of them could guess the other without end.
    Factor,
}

impl Counted {
    /// Every kind.
    pub(crate) const ALL: [Self; 3] = [Self::Codes, Self::Factor, Self::Proofs];
    /// Those of codes alone.
    pub(crate) const OF_CODES: [Self; 2] = [Self::Codes, Self::Factor];
    /// That of passwords; of codes too while the account has no second factor.
    pub(crate) const OF_PASSWORDS: [Self; 1] = [Self::Proofs];

    pub(crate) const fn counter(self) -> AttemptCounter {
        match self {
            Self::Codes => AttemptCounter {
                name: "code",
                schedule: &CODES,
            },
            Self::Proofs => AttemptCounter {
                name: "proof",
                schedule: &PROOFS,
            },
            Self::Factor => AttemptCounter {
                name: "factor",
                schedule: &PROOFS,
            },
        }
    }

    /// The key of an account.
    pub(crate) fn account_key(self, account: &AccountId) -> String {
        format!("{}:account:{account}", self.counter().name)
    }

    /// What the log and the mail about wrong ones are.
    const fn notification(self) -> (EventKind, &'static str, fn(Notice) -> Message) {
        match self {
            Self::Codes => (
                EventKind::CodesGuessed,
                paths::TWO_FACTOR,
                Message::SecondFactorGuess,
            ),
            Self::Proofs | Self::Factor => (
                EventKind::ProofsGuessed,
                paths::SESSIONS,
                Message::ProofGuess,
            ),
        }
    }
}

/// What an attempt was granted from.
pub(crate) struct CountedAttempt {
    kind: Counted,
    /// The key of the count of consecutive wrong ones.
    key: String,
    /// Its number in the row.
    number: u32,
}

impl Identity {
    /// Verifies a code under the count of wrong ones. The caller that acts on a right one clears the
    /// count in the same transaction; the caller that refuses it notifies the owner.
    ///
    /// # Errors
    /// `TooManyTries`, `Busy`, [`Error::CodesClosed`].
    pub(crate) async fn verify_counted_code(
        &self,
        account: &Account,
        typed: TypedCode,
        client: &Client,
    ) -> Result<(CountedAttempt, Option<VerifiedCode>)> {
        let attempt = self
            .register_attempt(Counted::Codes, account, client)
            .await?;
        let verified = self.verify_code(account, typed).await;
        // A full hash queue checked nothing: the attempt does not count.
        if matches!(verified, Err(Error::Common(Common::Busy))) {
            self.store.withdraw_attempt(&attempt.key).await?;
        }
        Ok((attempt, verified?))
    }

    /// Counts an attempt before it is checked. A known device has a count of its own, as for passwords: a thief of the
    /// password cannot lock the owner out there. Every session has a known device, so for proofs it must have been known
    /// for a day.
    ///
    /// # Errors
    /// `TooManyTries`, [`Error::CodesClosed`], [`Error::ProofsClosed`].
    pub(crate) async fn register_attempt(
        &self,
        kind: Counted,
        account: &Account,
        client: &Client,
    ) -> Result<CountedAttempt> {
        let counter = kind.counter();
        let known = self.device_here(account, client).await?;
        let known = known
            .filter(|device| kind == Counted::Codes || is_settled(self.now(), device.created_at));
        let key = known.map_or_else(
            || kind.account_key(&account.id),
            |device| counter.device_key(&device.id),
        );
        let number = counter.register(self, &key).await?;
        let number = number.ok_or(match kind {
            Counted::Codes => Error::CodesClosed,
            Counted::Proofs | Counted::Factor => Error::ProofsClosed,
        })?;
        let before = CountedAttempt {
            kind,
            key,
            number: number - 1,
        };
        // The request of an earlier wrong one may have been aborted before its notification.
        if counter.schedule.step_reached(before.number).is_some() {
            self.notify_wrong_attempts(account, &before, client).await?;
        }
        Ok(CountedAttempt { number, ..before })
    }

    /// Notifies the owner of wrong codes or proofs, in a transaction of its own.
    pub(crate) async fn notify_wrong_attempts(
        &self,
        account: &Account,
        attempt: &CountedAttempt,
        client: &Client,
    ) -> Result<()> {
        let mut work = self.begin(Actor::Unknown, client).await?;
        work.lock_account(&account.id).await?;
        attempt.notify(&mut work, account).await?;
        Ok(work.commit().await?)
    }
}

impl CountedAttempt {
    /// The key of its count.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Notifies the owner of wrong ones: once at each step of the schedule, to limit the number of
    /// mails. The transaction has locked the account.
    pub(crate) async fn notify(&self, work: &mut UnitOfWork<'_>, account: &Account) -> Result<()> {
        let Some(step) = self.kind.counter().schedule.step_reached(self.number) else {
            return Ok(());
        };
        if !work.mark_attempts_notified(&self.key, step).await? {
            return Ok(());
        }
        let (event, page, message) = self.kind.notification();
        work.notify(account, event, page, message).await?;
        Ok(())
    }

    /// Withdraws the attempt of a code whose sign-in was over already.
    pub(crate) async fn withdraw(&self, work: &mut UnitOfWork<'_>) -> Result<()> {
        Ok(work.withdraw_attempt(&self.key).await?)
    }

    /// Clears the count after a right code. A right code on a known device does not clear the count of
    /// the account.
    pub(crate) async fn clear(&self, work: &mut UnitOfWork<'_>) -> Result<()> {
        Ok(work.clear_attempts(&self.key).await?)
    }
}

/// Clears counts of wrong codes and proofs of an account and of its devices.
pub(crate) async fn clear_counts(
    work: &mut UnitOfWork<'_>,
    account: &AccountId,
    kinds: &[Counted],
) -> Result<()> {
    for kind in kinds {
        let key = kind.account_key(account);
        kind.counter().clear(work, &key, Some(account)).await?;
    }
    Ok(())
}
