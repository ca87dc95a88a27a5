//! Unlinking an account at a provider: by the user, and by what secures an account after an attack.

use super::may_link;
use crate::{Client, Error, Identity, Proof, Result, SignedIn, sign_in::account_state};
use domain::{Provider, session::FirstStep};
use store::Account;
use unit_of_work::{Actor, EventKind, UnitOfWork};

impl Identity {
    /// Unlinks an account at a provider from the user's account. Every other session ends, and the user
    /// is notified.
    ///
    /// # Errors
    /// [`Error::OnlyWayIn`], in which case the proof is not consumed; [`Error::Unchanged`] when
    /// nothing is linked, [`Error::ProofRejected`], `SessionEnded`.
    pub async fn unlink(
        &self,
        who: &SignedIn,
        provider: Provider,
        proof: Proof,
        client: &Client,
    ) -> Result<()> {
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_own(who).await?;
        may_link(&account)?;
        if account.linked.since(provider).is_none() {
            return Err(Error::Unchanged);
        }
        if !account_state(&account).has_another(FirstStep::Provider(provider)) {
            return Err(Error::OnlyWayIn);
        }
        proof.consume(&mut work, &account, who).await?;
        let unlinked = work.delete_linked_account(&account.id, provider).await?;
        let link = unlinked.ok_or(Error::Unchanged)?;
        work.end_sessions(&account.id, Some(&who.session.id))
            .await?;
        let event = EventKind::ProviderUnlinked;
        self.notify_of_link(&mut work, &account, (event, &link))
            .await?;
        Ok(work.commit().await?)
    }

    /// Unlinks every provider from an account, logs it and notifies the owner: the account was recovered,
    /// and an attacker may have linked one before.
    pub(crate) async fn unlink_all(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
    ) -> Result<()> {
        let (id, event) = (&account.id, EventKind::ProviderUnlinked);
        for link in work.delete_linked_accounts(id).await? {
            self.notify_of_link(work, account, (event, &link)).await?;
        }
        Ok(())
    }

    /// Unlinks every provider from an account, and logs it. The caller sends a mail that covers more.
    ///
    /// All of them, whenever they were linked: an attacker may have linked one before the owner noticed,
    /// could sign in with it again, and a sign-in voids the link for a new password.
    pub(crate) async fn unlink_silently(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
    ) -> Result<()> {
        for link in &work.delete_linked_accounts(&account.id).await? {
            let event = EventKind::ProviderUnlinked;
            self.log_link(work, account, (event, link)).await?;
        }
        Ok(())
    }
}
