//! Proof again: before something sensitive changes, the person shows once more who she is.

use crate::{
    Client, Error, Identity, Result, SignedIn,
    second_step::{Judged, Typed},
    tries,
};
use domain::{limit::PROOF_PER_ACCOUNT, password::Password, session};
use store::{Account, Tx};

/// A proof that was judged right; used up in the transaction that acts on it.
pub struct Proof(Kind);

enum Kind {
    Password,
    Code(Judged),
    /// The last proof is recent enough.
    Recent,
}

impl Identity {
    /// Judges a proof: the password, the present code, or a recovery code, in one field.
    ///
    /// # Errors
    /// [`Error::ProofRejected`], [`Error::TooManyTries`], [`Error::Busy`].
    pub async fn prove(&self, who: &SignedIn, typed: &str) -> Result<Proof> {
        // On the heap: it is handed on twice, and would lie three times in every caller's future.
        let judging = Box::pin(self.judge_proof(who, typed));
        let kind = self.judge_own(who, judging).await?;
        kind.map(Proof).ok_or(Error::ProofRejected)
    }

    /// The proof for something that a recent one is enough for.
    ///
    /// # Errors
    /// [`Error::ProofNeeded`] when nothing was typed and the last proof is too old; otherwise as
    /// [`Identity::prove`].
    pub async fn prove_unless_recent(&self, who: &SignedIn, typed: &str) -> Result<Proof> {
        if session::is_recent_proof(self.now(), who.session.proved_at) {
            Ok(Proof(Kind::Recent))
        } else if typed.is_empty() {
            Err(Error::ProofNeeded)
        } else {
            self.prove(who, typed).await
        }
    }

    /// Gives a proof for what is looked at next. What was proved a moment ago is enough.
    ///
    /// # Errors
    /// As [`Identity::prove_unless_recent`], and [`Error::SessionEnded`].
    pub async fn give_proof(&self, who: &SignedIn, typed: &str, client: &Client) -> Result<()> {
        let proof = self.prove_unless_recent(who, typed).await?;
        let mut tx = self.store.begin().await?;
        let account = self.hold_own(&mut tx, who).await?;
        self.spend(&mut tx, (&account, who), proof, client).await?;
        tx.commit().await?;
        // A recovery code that was used up is told by mail.
        self.ring_mail_bell();
        Ok(())
    }

    /// Judges something that only the owner knows, under the limit of her account. What was right
    /// forgives what was wrong before.
    pub(crate) async fn judge_own<T>(
        &self,
        who: &SignedIn,
        judging: impl Future<Output = Result<Option<T>>>,
    ) -> Result<Option<T>> {
        let bucket = tries::proofs(&who.account.id);
        let judged = self
            .judge_within(&bucket, PROOF_PER_ACCOUNT, judging)
            .await?;
        if judged.is_some() {
            self.store.reset_limit(&bucket).await?;
        }
        Ok(judged)
    }

    async fn judge_proof(&self, who: &SignedIn, typed: &str) -> Result<Option<Kind>> {
        if who.account.second_factor
            && let Some(code) = Typed::parse(typed)
            && let Some(judged) = self.judge(&who.account, code).await?
        {
            // A recovery code is only right if it is in the set; a password may look like one.
            let stored = match &judged {
                Judged::Totp(_) => true,
                Judged::Recovery(hash) => {
                    self.store.has_recovery_code(&who.account.id, hash).await?
                }
            };
            if stored {
                return Ok(Some(Kind::Code(judged)));
            }
        }
        let Some(password) = Password::parse(typed) else {
            return Ok(None);
        };
        let stored = who.account.password_hash.as_deref();
        let right = self.hasher.verify(&password, stored).await?;
        Ok(right.then_some(Kind::Password))
    }

    /// Uses a proof up and notes on the session that one was given. The account is the one that
    /// [`Identity::hold_own`] gave: a mail about a recovery code goes to its address of now.
    pub(crate) async fn spend(
        &self,
        tx: &mut Tx,
        (account, who): (&Account, &SignedIn),
        proof: Proof,
        client: &Client,
    ) -> Result<()> {
        match proof.0 {
            Kind::Recent => return Ok(()),
            Kind::Password => {}
            Kind::Code(judged) => {
                if !self.use_up(tx, account, &judged, client).await? {
                    return Err(Error::ProofRejected);
                }
            }
        }
        Ok(tx.set_session_proved(&who.session.id, self.now()).await?)
    }
}
