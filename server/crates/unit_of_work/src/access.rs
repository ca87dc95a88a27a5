//! Who is signed in, the lock on an account, and how its sessions and links end.

use crate::{Error, Result, UnitOfWork};
use domain::{AccountId, Duration, SessionId, Timestamp, session::Lifetime, token::Purpose};
use store::{Account, Session};

/// The links that choose a password or an address of an account without a session, or confirm its address.
const CREDENTIAL_LINKS: [Purpose; 4] = [
    Purpose::AccountSetup,
    Purpose::PasswordReset,
    Purpose::AddressConfirmation,
    Purpose::EmailChange,
];

/// A user with a complete session. A function that takes it need not check the session again.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The user's account.
    pub account: Account,
    /// The session of the request.
    pub session: Session,
}

impl SignedIn {
    /// How long the session lasts from now on: without being used, and at most.
    pub fn left(&self, now: Timestamp) -> (Duration, Duration) {
        let session = &self.session;
        let lifetime = Lifetime::of(&session.realm, session.stay);
        (
            session.last_seen_at.plus(lifetime.idle).since(now),
            session.created_at.plus(lifetime.absolute).since(now),
        )
    }
}

impl UnitOfWork<'_> {
    /// Locks an account until the transaction ends, and reads it as it is now; `None` when it does
    /// not exist.
    ///
    /// A transaction that writes several rows of an account, or a line of its log, locks the account
    /// first: otherwise two transactions could lock the same rows in different orders.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn lock_account(&mut self, id: &AccountId) -> Result<Option<Account>> {
        // `**self`: the method of the transaction, which this one hides.
        (**self).lock_account(id).await?;
        Ok(self.account(id).await?)
    }

    /// Locks the user's own account and reads it as it is now.
    ///
    /// The session is checked again: what ended it after the request was authenticated (an undone
    /// change of address, for example) must not be followed by a change from that session.
    ///
    /// # Errors
    /// [`Error::SessionEnded`], [`Error::Store`].
    pub async fn lock_own(&mut self, who: &SignedIn) -> Result<Account> {
        (**self).lock_account(&who.account.id).await?;
        if !self.is_session_open(&who.session.id).await? {
            return Err(Error::SessionEnded);
        }
        let account = self.account(&who.account.id).await?;
        account.ok_or(Error::SessionEnded)
    }

    /// Ends every session of an account but `keep`, every unfinished sign-in and every flow at a
    /// provider; no device is remembered any more.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn end_sessions(
        &mut self,
        account: &AccountId,
        keep: Option<&SessionId>,
    ) -> Result<()> {
        let now = self.services.now();
        self.revoke_other_sessions(account, keep, now).await?;
        self.delete_other_unsaved_codes(account, keep).await?;
        self.forget_devices(account).await?;
        self.delete_provider_flows(account).await?;
        Ok(self.delete_sign_ins(account).await?)
    }

    /// Voids every link that could still choose a password or an address of an account.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn void_links(&mut self, account: &AccountId) -> Result<()> {
        let now = self.services.now();
        for purpose in CREDENTIAL_LINKS {
            self.void_tokens(account, purpose, now).await?;
        }
        Ok(())
    }

    /// [`UnitOfWork::end_sessions`] and [`UnitOfWork::void_links`]: after a change of password or
    /// address, and whenever an attacker may have used the account (Keycloak issues 21348 and 26815).
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn end_access(
        &mut self,
        account: &AccountId,
        keep: Option<&SessionId>,
    ) -> Result<()> {
        self.end_sessions(account, keep).await?;
        self.void_links(account).await
    }
}
