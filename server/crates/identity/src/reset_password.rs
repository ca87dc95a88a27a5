//! A forgotten password, second half: the link or the code, and the new password.
//!
//! Opening the link uses nothing up; only the button does, together with the new password, in one
//! transaction. A reset proves that the address is the person's and nothing more: the second
//! factor stays and is asked for (ASVS 6.4.3, Keycloak issue 12759), everybody is signed out, and
//! nobody is signed in by it (OWASP Forgot Password).

use crate::{
    Client, Error, Event, Identity, Result,
    forgotten_password::code_place,
    second_step::{Judged, Typed, code_limit},
    strength_for, token_hash,
};
use data_encoding::HEXLOWER;
use domain::{
    AccountStatus, Realm,
    limit::{CODE_PER_ACCOUNT, CODES_PER_MAIL, TOKENS_PER_NETWORK},
    short_code::ShortCode,
    token::{Purpose, Secret},
};
use mail::{Message, PasswordChanged, Why};
use store::{Account, Tx};

/// What the page behind a reset link shows.
#[derive(Debug)]
pub struct ResetPage {
    /// The address of the account.
    pub email: String,
    /// The least number of characters of the new password.
    pub minimum: usize,
    /// Whether a code of the second factor is asked for.
    pub second_factor: bool,
}

/// What is typed on the page behind a reset link.
pub struct NewPassword<'a> {
    /// The secret of the link.
    pub token: &'a str,
    /// The new password as typed.
    pub password: &'a str,
    /// The code of the second factor as typed, where one is asked for.
    pub code: &'a str,
}

impl Identity {
    /// Takes the short code of a mail from the browser that asked for it, and gives the secret
    /// that opens the page behind the link. The code is used up.
    ///
    /// # Errors
    /// [`Error::NotACode`], [`Error::CodeRejected`], [`Error::TooManyTries`]: the same for an
    /// address without an account, whose browser waits for a code that never comes.
    pub async fn give_reset_code(
        &self,
        realm: &Realm,
        browser: &Secret,
        typed: &str,
        client: &Client,
    ) -> Result<Secret> {
        self.take_token_try(client).await?;
        let typed = ShortCode::parse(typed).ok_or(Error::NotACode)?;
        let request = token_hash(browser);
        let now = self.now();
        let limit = format!("reset:code:{}", HEXLOWER.encode(&request));
        let granted = self.store.take(&limit, CODES_PER_MAIL, now).await?;
        granted.map_err(|wait| Error::TooManyTries { wait })?;
        let found = self
            .store
            .token_of_request(Purpose::PasswordReset, &request, now)
            .await?;
        let (token, sealed) = found.ok_or(Error::CodeRejected)?;
        let account = self.store.account(&token.account_id).await?;
        let here = account.is_some_and(|account| account.realm == *realm);
        let plain = self.vault.open(&code_place(token.id.as_str()), &sealed);
        let code = plain
            .and_then(|plain| ShortCode::parse(std::str::from_utf8(&plain).ok()?))
            .ok_or(Error::Broken("a short code cannot be decrypted"))?;
        if !here || !code.is(&typed) {
            return Err(Error::CodeRejected);
        }
        let secret = Secret::generate(&*self.entropy);
        let mut tx = self.store.begin().await?;
        let hash = token_hash(&secret);
        if !tx.exchange_token_code(&token.id, &hash, now).await? {
            return Err(Error::CodeRejected);
        }
        tx.commit().await?;
        Ok(secret)
    }

    /// Whom a reset link is for; `None` when it is dead. Looking uses nothing up.
    pub async fn reset_page(&self, realm: &Realm, token: &str) -> Result<Option<ResetPage>> {
        let found = self.reset_account(realm, token).await?;
        Ok(found.map(|account| ResetPage {
            minimum: strength_for(&account).minimum(),
            second_factor: account.second_factor,
            email: account.email,
        }))
    }

    /// The account of a live reset token of this realm.
    pub(crate) async fn reset_account(
        &self,
        realm: &Realm,
        token: &str,
    ) -> Result<Option<Account>> {
        let account = self.token_account(Purpose::PasswordReset, token).await?;
        Ok(account
            .filter(|account| account.realm == *realm && account.status == AccountStatus::Active))
    }

    /// The account of a live token, whatever its realm; nothing is used up.
    pub(crate) async fn token_account(
        &self,
        purpose: Purpose,
        token: &str,
    ) -> Result<Option<Account>> {
        let Some(secret) = Secret::present(token) else {
            return Ok(None);
        };
        let found = self.store.token(purpose, &token_hash(&secret)).await?;
        let live = |token: &store::Token| token.expires_at > self.now();
        let Some((token, _)) = found.filter(|(token, dead)| !dead && live(token)) else {
            return Ok(None);
        };
        Ok(self.store.account(&token.account_id).await?)
    }

    /// Sets the new password; the link is used up in the same transaction.
    ///
    /// # Errors
    /// [`Error::DeadLink`], [`Error::Weak`], [`Error::NotACode`], [`Error::CodeRejected`],
    /// [`Error::TooManyTries`], [`Error::Busy`]. After each but the first the link still works.
    pub async fn reset_password(
        &self,
        realm: &Realm,
        new: NewPassword<'_>,
        client: &Client,
    ) -> Result<()> {
        self.take_token_try(client).await?;
        let account = self
            .reset_account(realm, new.token)
            .await?
            .ok_or(Error::DeadLink)?;
        let password = self.new_password(new.password, &account).await?;
        let judged = if account.second_factor {
            Some(self.judge_code(&account, new.code).await?)
        } else {
            None
        };
        let hash = self.hasher.hash(&password).await?;
        let secret = Secret::present(new.token).ok_or(Error::DeadLink)?;
        let mut tx = self.store.begin().await?;
        tx.hold_account(&account.id).await?;
        let now = self.now();
        let consumed = tx
            .consume_token(Purpose::PasswordReset, &token_hash(&secret), now)
            .await?;
        let current = tx.account(&account.id).await?;
        // What was looked at before must still hold: somebody may have been locked, or have
        // switched two-factor on, in between (Keycloak CVE-2026-9798).
        let same = current.is_some_and(|current| {
            current.status == account.status && current.second_factor == account.second_factor
        });
        if consumed.is_none() || !same {
            return Err(Error::DeadLink);
        }
        if let Some(judged) = judged
            && !self.use_up(&mut tx, &account, &judged, client).await?
        {
            return Err(Error::CodeRejected);
        }
        tx.set_password(&account.id, &hash, now, true).await?;
        let key = account.email.to_ascii_lowercase();
        self.reset_guesses(&mut tx, realm, &key).await?;
        self.settle_new_password(&mut tx, &account, Why::Reset, client)
            .await?;
        tx.commit().await?;
        self.ring_mail_bell();
        Ok(())
    }

    /// Everybody is signed out, what was mailed before is worth nothing, the owner is told.
    async fn settle_new_password(
        &self,
        tx: &mut Tx,
        account: &Account,
        why: Why,
        client: &Client,
    ) -> Result<()> {
        tx.revoke_other_sessions(&account.id, None, self.now())
            .await?;
        self.void_what_was_mailed(tx, account).await?;
        let event = Event::PasswordReset;
        let notice = self.notice(tx, account, client, event, "/settings").await?;
        let message = Message::PasswordChanged(PasswordChanged { notice, why });
        self.write_mail(tx, account, &message).await?;
        self.log(tx, &account.id, Some(&account.id), event, client)
            .await
    }

    /// Links that could choose a password or an address die with every new password, as do begun
    /// sign-ins (Keycloak issues 21348 and 26815); no device is spared the code any more.
    pub(crate) async fn void_what_was_mailed(&self, tx: &mut Tx, account: &Account) -> Result<()> {
        for purpose in [
            Purpose::PasswordReset,
            Purpose::AccountSetup,
            Purpose::EmailChange,
        ] {
            tx.void_tokens(&account.id, purpose, self.now()).await?;
        }
        tx.forget_devices(&account.id).await?;
        Ok(tx.delete_sign_ins(&account.id).await?)
    }

    /// Judges a code of the second factor under the limits of the second step.
    async fn judge_code(&self, account: &Account, typed: &str) -> Result<Judged> {
        let typed = Typed::parse(typed).ok_or(Error::NotACode)?;
        let (limit, now) = (code_limit(account), self.now());
        let granted = self.store.take(&limit, CODE_PER_ACCOUNT, now).await?;
        granted.map_err(|wait| Error::TooManyTries { wait })?;
        match self.judge(account, typed).await {
            Err(Error::Busy) => {
                self.store.give_back(&limit, CODE_PER_ACCOUNT, now).await?;
                Err(Error::Busy)
            }
            judged => judged?.ok_or(Error::CodeRejected),
        }
    }

    /// Tokens cannot be guessed; the limit spares the database whoever tries.
    pub(crate) async fn take_token_try(&self, client: &Client) -> Result<()> {
        let limit = format!("token:network:{}", client.network);
        let granted = self
            .store
            .take(&limit, TOKENS_PER_NETWORK, self.now())
            .await?;
        granted.map_err(|wait| Error::TooManyTries { wait })
    }
}
