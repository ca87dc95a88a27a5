//! Signing in with an account at a provider: a first step like the password.
//!
//! (issuer, subject) says whose account it is; what follows is what follows a password: a code when
//! two-factor is on, unless this browser is remembered or the provider's own factor is accepted.

use crate::{
    Client, Error, Identity, Progress, Result,
    devices::is_still_remembered,
    sign_in::{SignInOptions, account_state},
};
use domain::{
    AccountId, Provider, Realm, email_key,
    provider::{Claims, accepts_own_factor},
    sign_in::{AfterFirst, First, after_first, opens_by_address},
};
use store::Account;
use unit_of_work::{Actor, UnitOfWork};

impl Identity {
    /// Signs in with an account at a provider. Google's first sign-in links its subject to the account
    /// whose address it has verified, and notifies the owner; from then on the address no longer matters
    /// (promises B10 to B16). Never creates an account.
    ///
    /// # Errors
    /// [`Error::NotVouchedFor`] and [`Error::NoManager`] for Google, [`Error::NotLinked`] for
    /// Microsoft. [`Error::NoManager`] for either when the account is not let in: one answer for
    /// all, so that it does not reveal who is a manager. [`Error::Locked`] when the account is linked and locked,
    /// `TooManyTries`.
    pub async fn sign_in_with(
        &self,
        claims: &Claims,
        next: Option<String>,
        client: &Client,
    ) -> Result<Progress> {
        let id = self.account_of(claims).await?;
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_account(&id).await?;
        let account = account.ok_or(Error::NoManager)?;
        let account = self.recognised(&mut work, account, claims).await?;
        let options = SignInOptions { next, stay: false };
        let progress = self
            .go_on_with(&mut work, &account, (claims, options))
            .await?;
        work.commit().await?;
        Ok(progress)
    }

    /// The candidate account; it is checked again once it is locked.
    async fn account_of(&self, claims: &Claims) -> Result<AccountId> {
        if let Some(link) = self.store.linked_account(&claims.subject).await? {
            return Ok(link.account_id);
        }
        let email = match (claims.subject.provider(), &claims.email) {
            (Provider::Microsoft, _) => return Err(Error::NotLinked),
            (Provider::Google, Some(email)) if claims.vouched => email,
            (Provider::Google, _) => return Err(Error::NotVouchedFor),
        };
        let key = email_key(email);
        let found = self.store.account_by_email(&Realm::BackOffice, &key);
        let account = found.await?.ok_or(Error::NoManager)?;
        Ok(account.id)
    }

    /// Looks once more whether this account is meant, and binds it the first time.
    async fn recognised(
        &self,
        work: &mut UnitOfWork<'_>,
        account: Account,
        claims: &Claims,
    ) -> Result<Account> {
        let now = self.now();
        if let Some(link) = work.linked_account(&claims.subject).await? {
            // Whose it is may have changed since it was looked up.
            if link.account_id != account.id {
                return Err(Error::NoManager);
            }
            work.use_linked_account(&link.id, now).await?;
            return Ok(account);
        }
        let here = account.realm == Realm::BackOffice;
        let here = here && account.is_address_proof();
        if !here || !opens_by_address(claims, &account.email, account_state(&account)) {
            return Err(match claims.subject.provider() {
                Provider::Google => Error::NoManager,
                Provider::Microsoft => Error::NotLinked,
            });
        }
        let bound = self.bind(work, &account, (claims, Some(now))).await;
        // A concurrent request has linked the subject to another account.
        let link = bound.map_err(|error| match error {
            Error::LinkedElsewhere | Error::AnotherIsLinked => Error::NoManager,
            error => error,
        })?;
        let linked = account
            .linked
            .with(claims.subject.provider(), link.linked_at);
        Ok(Account { linked, ..account })
    }

    /// What follows the first step, for an account that this transaction has locked and that the claims
    /// are linked to.
    pub(super) async fn go_on_with(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        (claims, options): (&Claims, SignInOptions),
    ) -> Result<Progress> {
        let organisations: Vec<bool> = work
            .memberships(&account.id)
            .await?
            .iter()
            .map(|found| found.organisation.accepts_provider_factor)
            .collect();
        let first = First::Provider {
            provider: claims.subject.provider(),
            own_factor: accepts_own_factor(claims, &organisations),
        };
        let remembered = is_still_remembered(work, account).await?;
        match after_first(first, account_state(account), remembered) {
            AfterFirst::Refused | AfterFirst::Unconfirmed => Err(Error::NoManager),
            AfterFirst::Locked => Err(Error::Locked),
            AfterFirst::SignedIn(method) => {
                let how = (method, options);
                let opened = self.open_session(work, account, how).await?;
                Ok(Progress::SignedIn(opened))
            }
            AfterFirst::AskCode => {
                let token = self.begin_sign_in(work, account, (first.step(), options));
                Ok(Progress::CodeNeeded(token.await?))
            }
        }
    }
}
