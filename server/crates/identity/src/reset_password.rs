//! A forgotten password, second half: the link or the code, and the new password.
//!
//! Opening the link uses nothing up; only the button does, together with the new password, in one
//! transaction. A reset proves that the address is the person's and nothing more: the second
//! factor stays and is asked for (ASVS 6.4.3, Keycloak issue 12759), everybody is signed out, and
//! nobody is signed in by it (OWASP Forgot Password). Whatever else was a first step goes with the
//! old password: an account at a provider that somebody else had linked would be a way back for her
//! (the trojan identifier of Sudhodanan & Paverd, USENIX Security 2022).

use crate::{
    Client, Error, Event, Identity, Result, forgotten_password::code_place, links::Holder,
    second_step::Typed, strength_for, token_hash,
};
use data_encoding::HEXLOWER;
use domain::{
    AccountId, Realm,
    limit::CODES_PER_MAIL,
    short_code::ShortCode,
    token::{Purpose, Secret},
};
use mail::{Message, PasswordChanged, Why};
use store::SetPassword;

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
        self.take_try(&limit, CODES_PER_MAIL).await?;
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
        let found = self.linked(Holder::Of(realm), Purpose::PasswordReset, token);
        Ok(found.await?.map(|(_, account)| ResetPage {
            minimum: strength_for(&account).minimum(),
            second_factor: account.second_factor,
            email: account.email,
        }))
    }

    /// Sets the new password; the link is used up in the same transaction. Gives whose it is.
    ///
    /// # Errors
    /// [`Error::DeadLink`], [`Error::Weak`], [`Error::NotACode`], [`Error::CodeRejected`],
    /// [`Error::TooManyTries`], [`Error::CodesClosed`], [`Error::Busy`]. After each but the first the
    /// link still works.
    pub async fn reset_password(
        &self,
        realm: &Realm,
        new: NewPassword<'_>,
        client: &Client,
    ) -> Result<AccountId> {
        self.take_token_try(client).await?;
        let purpose = Purpose::PasswordReset;
        let found = self.linked(Holder::Of(realm), purpose, new.token).await?;
        let (_, looked_at) = found.ok_or(Error::DeadLink)?;
        let chosen = self.new_password(new.password, &looked_at).await?;
        let judged = if looked_at.second_factor {
            let typed = Typed::parse(new.code).ok_or(Error::NotACode)?;
            let (tried, judged) = self.judge_code(&looked_at, typed, client).await?;
            let Some(judged) = judged else {
                self.tell_of_codes(&looked_at, &tried, client).await?;
                return Err(Error::CodeRejected);
            };
            Some((tried, judged))
        } else {
            None
        };
        let hash = self.hasher.hash(&chosen.password).await?;
        let mut tx = self.store.begin().await?;
        let (_, account) = self
            .use_link(&mut tx, purpose, new.token, &looked_at.id)
            .await?;
        // Somebody may have switched two-factor on in between (Keycloak CVE-2026-9798).
        if account.second_factor != looked_at.second_factor {
            return Err(Error::DeadLink);
        }
        if let Some((tried, judged)) = judged
            && !self.use_up(&mut tx, &account, &judged, client).await?
        {
            tx.rollback().await?;
            self.tell_of_codes(&looked_at, &tried, client).await?;
            return Err(Error::CodeRejected);
        }
        let password = SetPassword {
            hash: &hash,
            at: self.now(),
            stands_alone: chosen.stands_alone,
            confirms_email: true,
        };
        self.write_password(&mut tx, &account, &password).await?;
        self.unlink_all(&mut tx, &account, client).await?;
        self.reset_guesses(&mut tx, realm, &account.email_key())
            .await?;
        // Whoever came to the second step by the old password does not come there again.
        self.reset_code_guesses(&mut tx, &account.id).await?;
        self.close_other_ways(&mut tx, &account.id, None).await?;
        let event = Event::PasswordReset;
        let message = Message::PasswordChanged(PasswordChanged {
            notice: self
                .notice(&mut tx, &account, client, event, domain::paths::SETTINGS)
                .await?,
            why: Why::Reset,
        });
        self.write_mail(&mut tx, &account, &message).await?;
        self.log(&mut tx, &account.id, Some(&account.id), event, client)
            .await?;
        tx.commit().await?;
        self.ring_mail_bell();
        Ok(account.id)
    }
}
