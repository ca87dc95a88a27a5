//! Links that were mailed: what is behind one, and its one use.
//!
//! Looking uses nothing up, since mail filters and previews open every link. The button behind it
//! does, in one transaction that holds the account first: whatever was looked at before must still
//! hold there.

use crate::{Error, Identity, Result, token_hash};
use domain::{
    AccountId, AccountStatus, Realm,
    token::{Purpose, Secret},
};
use store::{Account, Token, Tx};

/// Whatever may choose a password or an address of an account without anybody being signed in.
const KEYS: [Purpose; 3] = [
    Purpose::AccountSetup,
    Purpose::PasswordReset,
    Purpose::EmailChange,
];

/// Whose link it is, for its holder to be looked at before anything is used up.
pub(crate) enum Holder<'a> {
    /// Somebody of this realm: a page belongs to one door, and its links open nothing at another.
    Of(&'a Realm),
    /// Anybody: for what is the same at every door.
    Anybody,
}

impl Identity {
    /// The token that `link` shows and its account, while it can be used; `None` when it is dead.
    ///
    /// A locked account has no links: only an administrator opens it.
    pub(crate) async fn linked(
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
            account.status == AccountStatus::Active
                && match holder {
                    Holder::Of(realm) => account.realm == *realm,
                    Holder::Anybody => true,
                }
        });
        Ok(usable.map(|account| (token, account)))
    }

    /// Holds the account that [`Identity::linked`] found, uses its link up and gives both as they
    /// are now.
    ///
    /// # Errors
    /// [`Error::DeadLink`] when somebody else used the link, or something killed it, in between.
    pub(crate) async fn use_link(
        &self,
        tx: &mut Tx,
        purpose: Purpose,
        link: &str,
        account: &AccountId,
    ) -> Result<(Token, Account)> {
        let secret = Secret::present(link).ok_or(Error::DeadLink)?;
        tx.lock_account(account).await?;
        let used = tx
            .consume_token(purpose, &token_hash(&secret), self.now())
            .await?;
        let used = used.filter(|used| used.account_id == *account);
        let account = tx.account(account).await?;
        let account = account.filter(|account| account.status == AccountStatus::Active);
        used.zip(account).ok_or(Error::DeadLink)
    }

    /// Makes a token for a link, and gives the secret that the link shows.
    pub(crate) async fn insert_link(&self, tx: &mut Tx, token: &Token) -> Result<Secret> {
        let secret = Secret::generate(&*self.entropy);
        tx.insert_token(token, &token_hash(&secret)).await?;
        Ok(secret)
    }

    /// Makes every link worthless that could still choose a password or an address: it may be in
    /// the wrong hands.
    pub(crate) async fn void_keys(&self, tx: &mut Tx, account: &AccountId) -> Result<()> {
        for purpose in KEYS {
            tx.void_tokens(account, purpose, self.now()).await?;
        }
        Ok(())
    }
}
