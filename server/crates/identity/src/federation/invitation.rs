//! Accepting an invitation with an account at a provider, in place of a first password.
//!
//! Whoever holds the link is who was invited, whatever her address at the provider is (promises B18 to
//! B21). The link is used up in the transaction that links the account; when that cannot be done it
//! still works.

use crate::{Client, Error, Event, Identity, Progress, Result, links::Holder, sign_in::Wishes};
use domain::{Realm, provider::Claims, token::Purpose};
use store::{Account, Tx};

impl Identity {
    /// Links an account at a provider to the one that was invited, and signs it in.
    ///
    /// # Errors
    /// [`Error::DeadLink`]; [`Error::LinkedElsewhere`] and [`Error::TooManyTries`], after which the
    /// link still works.
    pub async fn set_up_with(
        &self,
        token: &str,
        claims: &Claims,
        client: &Client,
    ) -> Result<Progress> {
        self.take_token_try(client).await?;
        let purpose = Purpose::AccountSetup;
        let found = self.linked(Holder::Of(&Realm::BackOffice), purpose, token);
        let (_, account) = found.await?.ok_or(Error::DeadLink)?;
        let mut tx = self.store.begin().await?;
        let (_, account) = self.use_link(&mut tx, purpose, token, &account.id).await?;
        let id = &account.id;
        self.drop_what_was_before(&mut tx, &account, client).await?;
        tx.confirm_email(id, self.now()).await?;
        let used = Some(self.now());
        self.bind(&mut tx, &account, (claims, used), client).await?;
        self.log(&mut tx, id, Some(id), Event::AccountSetUp, client)
            .await?;
        let account = tx.account(id).await?.ok_or(Error::DeadLink)?;
        let wishes = Wishes {
            next: None,
            stay: false,
        };
        let progress = self
            .go_on_with(&mut tx, &account, (claims, wishes), client)
            .await?;
        tx.commit().await?;
        self.ring_mail_bell();
        Ok(progress)
    }

    /// Takes away whatever would open an account that is only now becoming its owner's: somebody else
    /// may have put it there and waited (pre-hijacking, Sudhodanan & Paverd, USENIX Security 2022).
    ///
    /// A second factor of an address that was proved before is hers, and stays.
    pub(crate) async fn drop_what_was_before(
        &self,
        tx: &mut Tx,
        account: &Account,
        client: &Client,
    ) -> Result<()> {
        let id = &account.id;
        self.unlink_silently(tx, account, client).await?;
        tx.clear_password(id, self.now()).await?;
        tx.delete_devices(id).await?;
        tx.delete_totp_enrolment(id).await?;
        if account.email_confirmed_at.is_none() && tx.delete_totp_factor(id).await? {
            tx.delete_recovery_codes(id).await?;
        }
        self.close_other_ways(tx, id, None).await?;
        self.reset_guesses(tx, &account.realm, &account.email_key())
            .await
    }
}
