//! Consecutive wrong codes: counted for each account, wherever codes are asked for without a session,
//! and separately for each known device.
//!
//! A code is asked for only after a right password, a provider's sign-in or a mailed link. So attempts
//! of strangers cannot use up the count of an account, and its owner is notified of wrong codes.

use crate::{
    Client, Error, Identity, Result,
    codes::{TypedCode, VerifiedCode},
};
use domain::{AccountId, guess::CODES, paths};
use mail::Message;
use store::Account;
use unit_of_work::{Actor, AttemptCounter, Error as Common, EventKind, UnitOfWork};

const COUNTER: AttemptCounter = AttemptCounter {
    name: "code",
    schedule: &CODES,
};

/// What a code's attempt was granted from.
pub(crate) struct CodeAttempt {
    /// The key of the count of consecutive wrong codes.
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
    ) -> Result<(CodeAttempt, Option<VerifiedCode>)> {
        let attempt = self.register_code(account, client).await?;
        let verified = self.verify_code(account, typed).await;
        // A full hash queue checked nothing: the attempt does not count.
        if matches!(verified, Err(Error::Common(Common::Busy))) {
            self.store.withdraw_attempt(&attempt.key).await?;
        }
        Ok((attempt, verified?))
    }

    /// Counts an attempt before the code is checked. A known device has a count of its own, as for
    /// passwords: a thief of the password cannot lock the owner out there.
    async fn register_code(&self, account: &Account, client: &Client) -> Result<CodeAttempt> {
        let known = self.device_here(account, client).await?;
        let key = known.map_or_else(
            || account_key(&account.id),
            |device| COUNTER.device_key(&device.id),
        );
        let number = COUNTER.register(self, &key).await?;
        let number = number.ok_or(Error::CodesClosed)?;
        let before = CodeAttempt {
            key,
            number: number - 1,
        };
        // The request of an earlier wrong code may have been aborted before its notification.
        if CODES.step_reached(before.number).is_some() {
            self.notify_wrong_codes(account, &before, client).await?;
        }
        Ok(CodeAttempt { number, ..before })
    }

    /// Notifies the owner of wrong codes, in a transaction of its own.
    pub(crate) async fn notify_wrong_codes(
        &self,
        account: &Account,
        attempt: &CodeAttempt,
        client: &Client,
    ) -> Result<()> {
        let mut work = self.begin(Actor::Unknown, client).await?;
        work.lock_account(&account.id).await?;
        attempt.notify(&mut work, account).await?;
        Ok(work.commit().await?)
    }
}

impl CodeAttempt {
    /// Notifies the owner of wrong codes: once at each step of the schedule, to limit the number of
    /// mails. The transaction has locked the account.
    pub(crate) async fn notify(&self, work: &mut UnitOfWork<'_>, account: &Account) -> Result<()> {
        let Some(step) = CODES.step_reached(self.number) else {
            return Ok(());
        };
        if !work.mark_attempts_notified(&self.key, step).await? {
            return Ok(());
        }
        let (event, page) = (EventKind::CodesGuessed, paths::TWO_FACTOR);
        work.notify(account, event, page, Message::SecondFactorGuess)
            .await?;
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

/// Clears every count of wrong codes of an account and of its devices.
pub(crate) async fn clear_codes(work: &mut UnitOfWork<'_>, account: &AccountId) -> Result<()> {
    Ok(COUNTER
        .clear(work, &account_key(account), Some(account))
        .await?)
}

/// The key of an account.
pub(crate) fn account_key(account: &AccountId) -> String {
    format!("code:account:{account}")
}
