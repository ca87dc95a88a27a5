//! Re-authentication: before something sensitive changes, the user proves their identity again.

use crate::{
    Client, Error, Identity, Result, SignedIn,
    code_attempts::Counted,
    codes::{TypedCode, VerifiedCode},
    tries,
};
use domain::{device::is_settled, limit::PROOFS_CHECKED_PER_ACCOUNT, password::Password, session};
use store::Account;
use unit_of_work::{Actor, Error as Common, Lane, UnitOfWork};

/// A verified proof, to be consumed in the transaction that acts on it.
pub struct Proof(Kind);

enum Kind {
    Password,
    Code(VerifiedCode),
    /// The last proof is recent enough.
    Recent,
}

impl Identity {
    /// Verifies a proof: the password, the current code, or a recovery code, in one field.
    ///
    /// # Errors
    /// [`Error::ProofRejected`], [`Error::ProofsClosed`], `TooManyTries`, `Busy`.
    pub async fn prove(&self, who: &SignedIn, typed: &str, client: &Client) -> Result<Proof> {
        let counted = if who.account.second_factor && TypedCode::parse(typed).is_some() {
            Counted::Factor
        } else {
            Counted::Proofs
        };
        // On the heap: it is handed on twice, and would lie three times in every caller's future.
        let verifying = Box::pin(self.verify_proof(who, typed));
        // A password may look like a code.
        let clears = |kind: &Kind| counted != Counted::Factor || matches!(kind, Kind::Code(_));
        let kind = self
            .verify_own(who, (counted, client), verifying, clears)
            .await?;
        kind.map(Proof).ok_or(Error::ProofRejected)
    }

    /// Verifies a proof for a change to the second factor: a code, or a recovery code. The password is enough only in a
    /// session in which a code was given, since a remembered device may be in the hands of somebody who knows it.
    ///
    /// # Errors
    /// [`Error::CodeNeeded`] for a password that is not enough; otherwise as [`Identity::prove`].
    pub async fn prove_with_factor(
        &self,
        who: &SignedIn,
        typed: &str,
        client: &Client,
    ) -> Result<Proof> {
        let is_enough = self.password_is_enough(who).await?;
        if !is_enough && TypedCode::parse(typed).is_none() {
            return Err(Error::CodeNeeded);
        }
        match self.prove(who, typed, client).await? {
            Proof(Kind::Password) if !is_enough => Err(Error::CodeNeeded),
            proof => Ok(proof),
        }
    }

    /// Whether the password alone proves enough to change the second factor; without one there is nothing to change.
    pub(crate) async fn password_is_enough(&self, who: &SignedIn) -> Result<bool> {
        let factor = self.store.totp_factor(&who.account.id).await?;
        let (method, created_at) = (who.session.method, who.session.created_at);
        Ok(factor
            .is_none_or(|factor| session::has_given_code(method, created_at, factor.confirmed_at)))
    }

    /// The proof for something that a recent one is enough for.
    ///
    /// # Errors
    /// [`Error::ProofNeeded`] when nothing was typed and the last proof is too old; otherwise as
    /// [`Identity::prove`].
    pub async fn prove_unless_recent(
        &self,
        who: &SignedIn,
        typed: &str,
        client: &Client,
    ) -> Result<Proof> {
        if session::is_recent_proof(self.now(), who.session.proved_at) {
            Ok(Proof(Kind::Recent))
        } else if typed.is_empty() {
            Err(Error::ProofNeeded)
        } else {
            self.prove(who, typed, client).await
        }
    }

    /// The proof for linking a provider's account: its owner's second factor there may stand for the one here, so a
    /// password is enough only where it may change that.
    ///
    /// # Errors
    /// As [`Identity::prove_unless_recent`], and [`Error::CodeNeeded`].
    pub async fn prove_to_link(
        &self,
        who: &SignedIn,
        typed: &str,
        client: &Client,
    ) -> Result<Proof> {
        if !self.needs_code_to_link(who).await? {
            self.prove_unless_recent(who, typed, client).await
        } else if typed.is_empty() {
            Err(Error::ProofNeeded)
        } else {
            self.prove_with_factor(who, typed, client).await
        }
    }

    /// Whether [`Identity::prove_to_link`] asks for a code. An account without a password was signed in to with a
    /// provider, so a further one changes nothing.
    ///
    /// # Errors
    /// `Store`.
    pub async fn needs_code_to_link(&self, who: &SignedIn) -> Result<bool> {
        Ok(who.account.password_hash.is_some() && !self.password_is_enough(who).await?)
    }

    /// Refuses with [`Error::ProofNeeded`] when the last proof of a session is too old.
    pub(crate) fn must_have_proved(&self, who: &SignedIn) -> Result<()> {
        if session::is_recent_proof(self.now(), who.session.proved_at) {
            Ok(())
        } else {
            Err(Error::ProofNeeded)
        }
    }

    /// Gives a proof for what is looked at next. What was proved a moment ago is enough.
    ///
    /// # Errors
    /// As [`Identity::prove_unless_recent`], and `SessionEnded`.
    pub async fn give_proof(&self, who: &SignedIn, typed: &str, client: &Client) -> Result<()> {
        let proof = self.prove_unless_recent(who, typed, client).await?;
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_own(who).await?;
        proof.consume(&mut work, &account, who).await?;
        Ok(work.commit().await?)
    }

    /// Verifies a secret of the user under the count of wrong ones. A right one that `clears` clears the count; another
    /// leaves it as it was. The owner is notified of wrong ones.
    pub(crate) async fn verify_own<T>(
        &self,
        who: &SignedIn,
        (kind, client): (Counted, &Client),
        verifying: impl Future<Output = Result<Option<T>>>,
        clears: impl Fn(&T) -> bool,
    ) -> Result<Option<T>> {
        // Right ones too: each costs a hash of the lane that is served first. Others in a session of the account must not
        // use up what its owner has on a device of long standing.
        let here = self.device_here(&who.account, client).await?;
        let settled = here.filter(|device| is_settled(self.now(), device.created_at));
        let checked = settled.map_or_else(
            || tries::checked_proofs(&who.account.id),
            |device| tries::device_proofs(&device.id),
        );
        self.take_try(&checked, PROOFS_CHECKED_PER_ACCOUNT).await?;
        let account = &who.account;
        let attempt = match self.register_attempt(kind, account, client).await {
            Err(refused) => {
                // Nothing is checked: others in a session of the account must not use it up.
                self.give_try_back(&checked, PROOFS_CHECKED_PER_ACCOUNT)
                    .await?;
                return Err(refused);
            }
            Ok(attempt) => attempt,
        };
        let verified = verifying.await;
        match &verified {
            // A full hash queue checked nothing: the try does not count, or overload would lock users out.
            Err(Error::Common(Common::Busy)) => {
                self.store.withdraw_attempt(attempt.key()).await?;
                self.give_try_back(&checked, PROOFS_CHECKED_PER_ACCOUNT)
                    .await?;
            }
            Err(_) => {}
            Ok(Some(right)) if clears(right) => self.store.clear_attempts(attempt.key()).await?,
            Ok(Some(_)) => self.store.withdraw_attempt(attempt.key()).await?,
            Ok(None) => {
                self.count_refused(&account.id);
                self.notify_wrong_attempts(account, &attempt, client)
                    .await?;
            }
        }
        verified
    }

    async fn verify_proof(&self, who: &SignedIn, typed: &str) -> Result<Option<Kind>> {
        let code = TypedCode::parse(typed).filter(|_| who.account.second_factor);
        let may_be_code = code.is_some();
        if let Some(code) = code
            && let Some(verified) = self.verify_code(&who.account, code).await?
        {
            // A recovery code is only right if it is in the set; a password may look like one.
            let stored = match &verified {
                VerifiedCode::Totp(_) => true,
                VerifiedCode::Recovery(hash) => {
                    self.store.has_recovery_code(&who.account.id, hash).await?
                }
            };
            if stored {
                return Ok(Some(Kind::Code(verified)));
            }
        }
        let Some(password) = Password::parse(typed) else {
            return Ok(None);
        };
        let stored = who.account.password_hash.as_deref();
        let right = match self.hasher.verify(&password, stored, Lane::Reserved).await {
            // The code was checked, so that the attempt counts: else six digits could be guessed while the queue is full.
            Err(Common::Busy) if may_be_code => false,
            right => right?,
        };
        Ok(right.then_some(Kind::Password))
    }
}

impl Proof {
    /// Consumes the proof, and notes on the session that one was given. `account` is locked by this
    /// transaction: a mail about a recovery code goes to its current address.
    pub(crate) async fn consume(
        self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        who: &SignedIn,
    ) -> Result<()> {
        match self.0 {
            Kind::Recent => return Ok(()),
            Kind::Password => {}
            Kind::Code(verified) => {
                if !verified.consume(work, account).await? {
                    return Err(Error::ProofRejected);
                }
            }
        }
        let now = work.services().now();
        Ok(work.set_session_proved(&who.session.id, now).await?)
    }
}
