//! Accepting an invitation with an account at a provider, in place of a first password.
//!
//! The holder of the link is the invited person, whatever the address at the provider is (promises B18
//! to B21). The link is consumed in the transaction that links the account; when that fails, it still
//! works.

use crate::{
    Client, Identity, Progress, Result, devices::delete_devices,
    password_attempts::clear_passwords, sign_in::SignInOptions,
};
use domain::{Realm, provider::Claims, token::Purpose};
use store::Account;
use unit_of_work::{Actor, Error as Common, EventKind, Holder, UnitOfWork};

impl Identity {
    /// Links an account at a provider to the one that was invited, and signs it in.
    ///
    /// # Errors
    /// `DeadLink`; [`Error::LinkedElsewhere`] and `TooManyTries`, after which the
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
        let (_, account) = found.await?.ok_or(Common::DeadLink)?;
        let mut work = self.begin(Actor::Owner, client).await?;
        let (_, account) = work.use_link(purpose, token, &account.id).await?;
        let id = &account.id;
        self.remove_earlier_access(&mut work, &account).await?;
        work.confirm_email(id, self.now()).await?;
        let used = Some(self.now());
        self.bind(&mut work, &account, (claims, used)).await?;
        work.log(id, EventKind::AccountSetUp).await?;
        self.take_language_of_page(&mut work, &account).await?;
        let account = work.account(id).await?.ok_or(Common::DeadLink)?;
        let options = SignInOptions {
            next: None,
            stay: false,
        };
        let progress = self
            .go_on_with(&mut work, &account, (claims, options))
            .await?;
        work.commit().await?;
        Ok(progress)
    }

    /// Removes every way to sign in to an account that is only now set up by its owner: an attacker may
    /// have prepared one (pre-hijacking, Sudhodanan & Paverd, USENIX Security 2022).
    ///
    /// A second factor stays when the address was confirmed before: it is the owner's.
    pub(crate) async fn remove_earlier_access(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
    ) -> Result<()> {
        let id = &account.id;
        self.unlink_silently(work, account).await?;
        work.clear_password(id, self.now()).await?;
        delete_devices(work, id, None).await?;
        work.delete_totp_enrolment(id).await?;
        if account.email_confirmed_at.is_none() && work.delete_totp_factor(id).await? {
            work.delete_recovery_codes(id).await?;
        }
        work.end_access(id, None).await?;
        clear_passwords(work, &account.realm, &account.email_key()).await
    }
}
