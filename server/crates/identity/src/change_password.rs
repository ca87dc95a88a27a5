//! A new password for who knows the present one.

use crate::{Client, Error, Event, Identity, Result, SignedIn};
use domain::password::Password;
use mail::{Message, PasswordChanged, Why};
use store::SetPassword;

impl Identity {
    /// Changes the password; every other session ends (promise A57, ASVS 6.2.3).
    ///
    /// The present password is asked for however recent the last proof is: a session that was
    /// left open must not be enough to take the account over.
    ///
    /// # Errors
    /// [`Error::WrongPassword`], [`Error::SamePassword`], [`Error::Weak`], [`Error::TooManyTries`],
    /// [`Error::Busy`].
    pub async fn change_password(
        &self,
        who: &SignedIn,
        present: &str,
        new: &str,
        client: &Client,
    ) -> Result<()> {
        let new = self.new_password(new, &who.account).await?;
        self.check_present(who, present).await?;
        // Only now: before, it would say that the present password is right.
        if Password::parse(present).is_some_and(|present| present.is(&new.password)) {
            return Err(Error::SamePassword);
        }
        let hash = self.hasher.hash(&new.password).await?;
        let (now, event) = (self.now(), Event::PasswordChanged);
        let mut tx = self.store.begin().await?;
        let account = self.hold_own(&mut tx, who).await?;
        // Somebody changed it in between: what was checked is not the present password any more.
        if account.password_hash != who.account.password_hash {
            return Err(Error::WrongPassword);
        }
        let new = SetPassword {
            hash: &hash,
            at: now,
            stands_alone: new.stands_alone,
            confirms_email: false,
        };
        self.write_password(&mut tx, &account, &new).await?;
        tx.set_session_proved(&who.session.id, now).await?;
        // Whoever used her tries for codes up with the old password does not do so again.
        self.reset_code_guesses(&mut tx, &account.id).await?;
        self.close_other_ways(&mut tx, &account.id, Some(&who.session.id))
            .await?;
        let notice = self
            .notice(&mut tx, &account, client, event, domain::paths::SETTINGS)
            .await?;
        let why = Why::Own;
        let message = Message::PasswordChanged(PasswordChanged { notice, why });
        self.write_mail(&mut tx, &account, &message).await?;
        self.log(&mut tx, &account.id, Some(&account.id), event, client)
            .await?;
        tx.commit().await?;
        self.ring_mail_bell();
        Ok(())
    }

    async fn check_present(&self, who: &SignedIn, typed: &str) -> Result<()> {
        let judged = self.judge_own(who, async {
            let Some(password) = Password::parse(typed) else {
                return Ok(None);
            };
            let stored = who.account.password_hash.as_deref();
            let right = self.hasher.verify(&password, stored).await?;
            Ok(right.then_some(()))
        });
        judged.await?.ok_or(Error::WrongPassword)
    }
}
