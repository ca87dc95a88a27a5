//! Proof again: before something sensitive changes, the person shows once more who she is.

use crate::{
    Client, Error, Identity, Result, SignedIn,
    second_step::{Judged, Typed},
};
use domain::{limit::PROOF_PER_ACCOUNT, password::Password, session};
use store::Tx;

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
        let limit = format!("proof:account:{}", who.account.id);
        let granted = self
            .store
            .take(&limit, PROOF_PER_ACCOUNT, self.now())
            .await?;
        granted.map_err(|wait| Error::TooManyTries { wait })?;
        let kind = match self.judge_proof(who, typed).await {
            Err(Error::Busy) => {
                self.store
                    .give_back(&limit, PROOF_PER_ACCOUNT, self.now())
                    .await?;
                return Err(Error::Busy);
            }
            kind => kind?.ok_or(Error::ProofRejected)?,
        };
        self.store.reset_limit(&limit).await?;
        Ok(Proof(kind))
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

    /// Uses a proof up and notes on the session that one was given.
    pub(crate) async fn spend(
        &self,
        tx: &mut Tx,
        who: &SignedIn,
        proof: Proof,
        client: &Client,
    ) -> Result<()> {
        match proof.0 {
            Kind::Recent => return Ok(()),
            Kind::Password => {}
            Kind::Code(judged) => {
                if !self.use_up(tx, &who.account, &judged, client).await? {
                    return Err(Error::ProofRejected);
                }
            }
        }
        Ok(tx.set_session_proved(&who.session.id, self.now()).await?)
    }
}
