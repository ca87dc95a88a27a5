//! How many wrong codes in a row: counted for each account, wherever codes are given instead of a
//! session, and apart from that for each device that its owner was signed in with.
//!
//! Only who knows the password, was let through by a provider or reads the mail of the account is asked
//! for a code: so nobody else can use its tries up, and its owner is told of wrong ones.

use crate::{
    Client, Error, Event, Identity, Result,
    second_factor::TWO_FACTOR,
    second_step::{Judged, Typed},
};
use domain::{
    AccountId, DeviceId,
    guess::{CODES, Refused},
};
use mail::Message;
use store::{Account, Tx};

/// The keys of devices begin with this.
const DEVICE: &str = "code:device:";

/// What a code's try was granted from.
pub(crate) struct CodeTry {
    /// The count of consecutive wrong codes.
    key: String,
    /// Which one in the row it is.
    number: u32,
}

impl Identity {
    /// Judges a code under the count of wrong ones. Whoever acts on a right one forgives the others in
    /// the same transaction; whoever refuses it tells the owner.
    ///
    /// # Errors
    /// [`Error::TooManyTries`], [`Error::CodesClosed`], [`Error::Busy`].
    pub(crate) async fn judge_code(
        &self,
        account: &Account,
        typed: Typed,
        client: &Client,
    ) -> Result<(CodeTry, Option<Judged>)> {
        let tried = self.take_code_try(account, client).await?;
        let judged = self.judge(account, typed).await;
        // Nothing was judged when the queue for hashing was full: such a try does not count.
        if matches!(judged, Err(Error::Busy)) {
            self.store.withdraw_attempt(&tried.key).await?;
        }
        Ok((tried, judged?))
    }

    /// Takes a try before a code is looked at.
    ///
    /// A known device has a count of its own, as for passwords: somebody who has stolen the password
    /// does not shut the owner out there.
    async fn take_code_try(&self, account: &Account, client: &Client) -> Result<CodeTry> {
        let known = self.device_here(account, client).await?;
        let key = known.map_or_else(
            || code_guesses(&account.id),
            |device| device_guesses(&device.id),
        );
        let granted = self
            .store
            .register_attempt(&key, &CODES, self.now())
            .await?;
        let number = granted.map_err(|refused| match refused {
            Refused::Wait(wait) => Error::TooManyTries { wait },
            Refused::Closed => Error::CodesClosed,
        })?;
        let before = CodeTry {
            key,
            number: number - 1,
        };
        // Whoever hangs up before a wrong code is refused is not told of by its refusal.
        if CODES.step_reached(before.number).is_some() {
            self.tell_of_codes(account, &before, client).await?;
        }
        Ok(CodeTry { number, ..before })
    }

    /// Tells the owner of wrong codes, in a transaction of its own.
    pub(crate) async fn tell_of_codes(
        &self,
        account: &Account,
        tried: &CodeTry,
        client: &Client,
    ) -> Result<()> {
        let mut tx = self.store.begin().await?;
        tx.lock_account(&account.id).await?;
        self.write_of_codes(&mut tx, account, tried, client).await?;
        tx.commit().await?;
        self.ring_mail_bell();
        Ok(())
    }

    /// Writes to the owner that so many codes were wrong: once at each step of the schedule, so that
    /// the mails are no nuisance themselves. The transaction holds the account.
    pub(crate) async fn write_of_codes(
        &self,
        tx: &mut Tx,
        account: &Account,
        tried: &CodeTry,
        client: &Client,
    ) -> Result<()> {
        let Some(step) = CODES.step_reached(tried.number) else {
            return Ok(());
        };
        if !tx.mark_attempts_notified(&tried.key, step).await? {
            return Ok(());
        }
        let event = Event::CodesGuessed;
        let notice = self.notice(tx, account, client, event, TWO_FACTOR).await?;
        self.write_mail(tx, account, &Message::SecondFactorGuess(notice))
            .await?;
        self.log(tx, &account.id, None, event, client).await
    }

    /// A code that came too late for its sign-in is nobody's guess.
    pub(crate) async fn take_code_back(&self, tx: &mut Tx, tried: &CodeTry) -> Result<()> {
        Ok(tx.withdraw_attempt(&tried.key).await?)
    }

    /// A right code: the owner's mistakes are forgotten. As with passwords, success with a known device
    /// leaves alone what was counted elsewhere.
    pub(crate) async fn forgive_codes(&self, tx: &mut Tx, tried: &CodeTry) -> Result<()> {
        Ok(tx.clear_attempts(&tried.key).await?)
    }

    /// Forgets every wrong code for an account and from its devices: nobody who gave one can give
    /// another, or the codes are others now.
    pub(crate) async fn reset_code_guesses(&self, tx: &mut Tx, account: &AccountId) -> Result<()> {
        tx.clear_attempts(&code_guesses(account)).await?;
        Ok(tx.clear_attempts_of_devices(account, DEVICE).await?)
    }
}

/// The key of an account.
pub(crate) fn code_guesses(account: &AccountId) -> String {
    format!("code:account:{account}")
}

fn device_guesses(device: &DeviceId) -> String {
    format!("{DEVICE}{device}")
}
