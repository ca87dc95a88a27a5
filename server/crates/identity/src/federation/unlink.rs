//! Unlinking: by its owner, and by whatever says that somebody else had her hands in the account.

use super::may_link;
use crate::{Client, Error, Event, Identity, Proof, Result, SignedIn, sign_in::account_state};
use domain::{Provider, session::FirstStep};
use store::{Account, Tx};

impl Identity {
    /// Unlinks one's own account at a provider. Everybody else is signed out, the owner is told.
    ///
    /// # Errors
    /// [`Error::OnlyWayIn`], in which case the proof is not used up; [`Error::Unchanged`] when
    /// nothing is linked, [`Error::ProofRejected`], [`Error::SessionEnded`].
    pub async fn unlink(
        &self,
        who: &SignedIn,
        provider: Provider,
        proof: Proof,
        client: &Client,
    ) -> Result<()> {
        let mut tx = self.store.begin().await?;
        let account = self.hold_own(&mut tx, who).await?;
        may_link(&account)?;
        if account.linked.since(provider).is_none() {
            return Err(Error::Unchanged);
        }
        if !account_state(&account).has_another(FirstStep::Provider(provider)) {
            return Err(Error::OnlyWayIn);
        }
        self.spend(&mut tx, (&account, who), proof, client).await?;
        let unlinked = tx.delete_linked_account(&account.id, provider).await?;
        let link = unlinked.ok_or(Error::Unchanged)?;
        self.end_ways_in(&mut tx, &account.id, Some(&who.session.id))
            .await?;
        let event = Event::ProviderUnlinked;
        self.tell_of_link(&mut tx, &account, (event, &link), client)
            .await?;
        tx.commit().await?;
        self.ring_mail_bell();
        Ok(())
    }

    /// Unlinks everything from an account, writes it down and tells its owner: her account was
    /// recovered, and what was linked before may be somebody else's.
    pub(crate) async fn unlink_all(
        &self,
        tx: &mut Tx,
        account: &Account,
        client: &Client,
    ) -> Result<()> {
        let (id, event) = (&account.id, Event::ProviderUnlinked);
        for link in tx.delete_linked_accounts(id).await? {
            self.tell_of_link(tx, account, (event, &link), client)
                .await?;
        }
        Ok(())
    }

    /// Unlinks everything from an account, and writes it down. The mail is the caller's, who tells of
    /// more than this.
    ///
    /// Everything, whenever it was linked: whoever had his hands in the account may have linked one of
    /// his own before what the owner noticed, would be in again through it, and a sign-in makes the
    /// link worthless that the owner chooses a new password with.
    pub(crate) async fn unlink_silently(
        &self,
        tx: &mut Tx,
        account: &Account,
        client: &Client,
    ) -> Result<()> {
        for link in &tx.delete_linked_accounts(&account.id).await? {
            let event = Event::ProviderUnlinked;
            self.log_link(tx, account, (event, link), client).await?;
        }
        Ok(())
    }
}
