//! Mailed links: what is behind one, and its one use.
//!
//! Opening the page of a link consumes nothing, since mail filters and previews open every link. The
//! button on it does, in one transaction that locks the account first and checks everything again.

use crate::{Error, Result, Services, UnitOfWork, token_hash};
use domain::{
    AccountId, AccountStatus, Realm, TokenId,
    token::{Purpose, Secret},
};
use store::{Account, Token};

/// The accounts whose links a page accepts.
#[derive(Debug, Clone, Copy)]
pub enum Holder<'a> {
    /// Those of one realm: a page belongs to one door, and the links of another are dead there.
    Of(&'a Realm),
    /// All of them: for pages that are the same at every door.
    Anybody,
}

/// Whether links of a purpose are good for anything as the account is. Those that give access to a reader of its mails are
/// dead while its address is doubted.
fn takes_link(purpose: Purpose, account: &Account) -> bool {
    let gives_access = matches!(purpose, Purpose::PasswordReset | Purpose::NotMe);
    account.status == AccountStatus::Active && (!gives_access || account.email_doubted_at.is_none())
}

impl Services {
    /// The token behind `link` and its account, while it can be used; `None` when it is dead. A locked
    /// account has no links.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn linked(
        &self,
        holder: Holder<'_>,
        purpose: Purpose,
        link: &str,
    ) -> Result<Option<(Token, Account)>> {
        let Some(secret) = Secret::present(link) else {
            return Ok(None);
        };
        let found = self.store.token(purpose, &token_hash(&secret)).await?;
        let live = found.filter(|(token, used)| !used && token.expires_at > self.now());
        let Some((token, _)) = live else {
            return Ok(None);
        };
        let account = self.store.account(&token.account_id).await?;
        let usable = account.filter(|account| {
            takes_link(purpose, account)
                && match holder {
                    Holder::Of(realm) => account.realm == *realm,
                    Holder::Anybody => true,
                }
        });
        Ok(usable.map(|account| (token, account)))
    }

    /// A token of an account that expires after the lifetime of its purpose.
    pub fn new_token(&self, account: &Account, purpose: Purpose) -> Token {
        let now = self.now();
        Token {
            id: TokenId::new(&*self.clock, &*self.entropy),
            purpose,
            account_id: account.id.clone(),
            created_at: now,
            expires_at: now.plus(purpose.lifetime()),
            pending: None,
        }
    }
}

impl UnitOfWork<'_> {
    /// Locks the account that [`Services::linked`] found, consumes its link, and gives both as they are
    /// now.
    ///
    /// # Errors
    /// [`Error::DeadLink`] when the link was used or voided in between; [`Error::Store`].
    pub async fn use_link(
        &mut self,
        purpose: Purpose,
        link: &str,
        account: &AccountId,
    ) -> Result<(Token, Account)> {
        let secret = Secret::present(link).ok_or(Error::DeadLink)?;
        (**self).lock_account(account).await?;
        let (hash, now) = (token_hash(&secret), self.services.now());
        let used = self.consume_token(purpose, &hash, now);
        let used = used.await?.filter(|used| used.account_id == *account);
        let account = self.account(account).await?;
        let account = account.filter(|account| takes_link(purpose, account));
        used.zip(account).ok_or(Error::DeadLink)
    }

    /// Stores a token, and gives the secret for its link.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn insert_link(&mut self, token: &Token) -> Result<Secret> {
        let secret = self.services.new_secret();
        self.insert_token(token, &token_hash(&secret)).await?;
        Ok(secret)
    }
}
