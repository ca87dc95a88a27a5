//! A new password, set with the current one.

use crate::{
    Client, Error, Identity, Result, SignedIn,
    code_attempts::{Counted, clear_counts},
};
use domain::{password::Password, paths};
use mail::{Message, PasswordChanged, Why};
use store::SetPassword;
use unit_of_work::{Actor, EventKind, Lane};

impl Identity {
    /// Changes the password; every other session ends (promise A57, ASVS 6.2.3).
    ///
    /// The present password is asked for however recent the last proof is: a session that was
    /// left open must not be enough to take the account over.
    ///
    /// # Errors
    /// [`Error::WrongPassword`], [`Error::SamePassword`], [`Error::Weak`], `TooManyTries`,
    /// `Busy`.
    pub async fn change_password(
        &self,
        who: &SignedIn,
        present: &str,
        new: &str,
        client: &Client,
    ) -> Result<()> {
        let new = self.new_password(new, &who.account).await?;
        self.check_present(who, present, client).await?;
        // Only now: before, it would say that the present password is right.
        if Password::parse(present).is_some_and(|present| present.is(&new.password)) {
            return Err(Error::SamePassword);
        }
        let hash = self.hasher.hash(&new.password).await?;
        let may_change_factor = self.password_is_enough(who).await?;
        let (now, event) = (self.now(), EventKind::PasswordChanged);
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_own(who).await?;
        // It was changed in between: the verified password is not the current one any more.
        if account.password_hash != who.account.password_hash {
            return Err(Error::WrongPassword);
        }
        let new = SetPassword {
            hash: &hash,
            at: now,
            stands_alone: new.stands_alone,
            confirms_email: false,
        };
        self.write_password(&mut work, &account, &new).await?;
        work.set_session_proved(&who.session.id, now).await?;
        clear_counts(&mut work, &account.id, &Counted::OF_PASSWORDS).await?;
        // A thief of the old password cannot give codes any more. Where none was given in this session, it may be the
        // thief's own, who could guess codes without end.
        if may_change_factor {
            clear_counts(&mut work, &account.id, &Counted::OF_CODES).await?;
        }
        work.end_access(&account.id, Some(&who.session.id)).await?;
        let why = Why::Own;
        let message = |notice| Message::PasswordChanged(PasswordChanged { notice, why });
        work.notify(&account, event, paths::SETTINGS, message)
            .await?;
        Ok(work.commit().await?)
    }

    async fn check_present(&self, who: &SignedIn, typed: &str, client: &Client) -> Result<()> {
        let verifying = async {
            let Some(password) = Password::parse(typed) else {
                return Ok(None);
            };
            let stored = who.account.password_hash.as_deref();
            let right = self
                .hasher
                .verify(&password, stored, Lane::Reserved)
                .await?;
            Ok(right.then_some(()))
        };
        let judged = self.verify_own(who, (Counted::Proofs, client), verifying, |()| true);
        judged.await?.ok_or(Error::WrongPassword)
    }
}
