//! A forgotten password, second half: the link or the code, and the new password.
//!
//! Opening the link uses nothing up; only the button does, together with the new password, in one
//! transaction. A reset proves control of the mailbox and nothing more: the second
//! factor stays and is asked for (ASVS 6.4.3, Keycloak issue 12759), every session ends, and none is
//! opened (OWASP Forgot Password). Every other first step is removed with the old password, and no browser
//! is known any more: an account at a provider that an attacker has linked would give access again (the trojan identifier of
//! Sudhodanan & Paverd, USENIX Security 2022).

use crate::{
    Client, Error, Identity, Result,
    code_attempts::{Counted, clear_counts},
    codes::TypedCode,
    devices::delete_devices,
    forgotten_password::code_place,
    password_attempts::clear_passwords,
    strength_for, token_hash,
    unconfirmed::is_unproved,
};
use data_encoding::HEXLOWER;
use domain::{
    AccountId, DisplayName, Realm,
    limit::CODES_PER_MAIL,
    paths,
    short_code::ShortCode,
    token::{Purpose, Secret},
};
use mail::{Message, PasswordChanged, Why};
use store::{Account, SetPassword};
use unit_of_work::{Actor, Error as Common, EventKind, Holder, Lane};

/// What the page behind a reset link shows.
#[derive(Debug)]
pub struct ResetPage {
    /// The address of the account.
    pub email: String,
    /// The least number of characters of the new password.
    pub minimum: usize,
    /// Whether a code of the second factor is asked for.
    pub second_factor: bool,
    /// Whether the name is asked for: the one of an account whose address nobody has confirmed may be a stranger's.
    pub asks_name: bool,
}

/// What is typed on the page behind a reset link.
pub struct NewPassword<'a> {
    /// The secret of the link.
    pub token: &'a str,
    /// The new password as typed.
    pub password: &'a str,
    /// The code of the second factor as typed, where one is asked for.
    pub code: &'a str,
    /// The name, where it is asked for.
    pub name: Option<DisplayName>,
}

impl Identity {
    /// Takes the short code of a mail from the browser that asked for it, and gives the secret
    /// that opens the page behind the link. The code is consumed.
    ///
    /// # Errors
    /// [`Error::NotACode`], [`Error::CodeRejected`], `TooManyTries`: the same for an
    /// address without an account, whose browser waits for a code that never comes.
    pub async fn give_reset_code(
        &self,
        realm: &Realm,
        browser: &Secret,
        typed: &str,
        client: &Client,
    ) -> Result<Secret> {
        self.exchange_code((Purpose::PasswordReset, realm), browser, typed, client)
            .await
    }

    /// The same for the mails of any purpose that carry a code.
    pub(crate) async fn exchange_code(
        &self,
        (purpose, realm): (Purpose, &Realm),
        browser: &Secret,
        typed: &str,
        client: &Client,
    ) -> Result<Secret> {
        self.take_token_try(client).await?;
        let typed = ShortCode::parse(typed).ok_or(Error::NotACode)?;
        let request = token_hash(browser);
        let now = self.now();
        let limit = format!("{}:code:{}", purpose.as_str(), HEXLOWER.encode(&request));
        self.take_try(&limit, CODES_PER_MAIL).await?;
        let found = self.store.token_of_request(purpose, &request, now).await?;
        let Some((token, sealed)) = found else {
            // The same work as for a code that is wrong: the time must not tell whether a mail was written.
            let place = code_place(self.new_secret().expose());
            self.seal(&place, typed.as_str().as_bytes());
            self.store.account(&AccountId::from(place)).await?;
            return Err(Error::CodeRejected);
        };
        let account = self.store.account(&token.account_id).await?;
        let here = account.is_some_and(|account| account.realm == *realm);
        let plain = self.vault.open(&code_place(token.id.as_str()), &sealed);
        let code = plain
            .and_then(|plain| ShortCode::parse(std::str::from_utf8(&plain).ok()?))
            .ok_or(Common::Broken("a short code cannot be decrypted"))?;
        if !here || !code.is(&typed) {
            return Err(Error::CodeRejected);
        }
        let secret = self.new_secret();
        let mut tx = self.store.begin().await?;
        let hash = token_hash(&secret);
        if !tx.exchange_token_code(&token.id, &hash, now).await? {
            return Err(Error::CodeRejected);
        }
        tx.commit().await?;
        Ok(secret)
    }

    /// The account of a reset link; `None` when it is dead. Nothing is consumed.
    pub async fn reset_page(&self, realm: &Realm, token: &str) -> Result<Option<ResetPage>> {
        let found = self.linked(Holder::Of(realm), Purpose::PasswordReset, token);
        Ok(found.await?.map(|(_, account)| ResetPage {
            minimum: strength_for(&account).minimum(),
            second_factor: account.second_factor,
            asks_name: is_unproved(&account),
            email: account.email,
        }))
    }

    /// Sets the new password; the link is consumed in the same transaction. Gives the account, as it was before.
    ///
    /// # Errors
    /// `DeadLink`, [`Error::Weak`], [`Error::NotACode`], [`Error::CodeRejected`],
    /// `TooManyTries`, [`Error::CodesClosed`], `Busy`. After each but the first the
    /// link still works.
    pub async fn reset_password(
        &self,
        realm: &Realm,
        new: NewPassword<'_>,
        client: &Client,
    ) -> Result<Account> {
        self.take_token_try(client).await?;
        let purpose = Purpose::PasswordReset;
        let found = self.linked(Holder::Of(realm), purpose, new.token).await?;
        let (_, looked_at) = found.ok_or(Common::DeadLink)?;
        let chosen = self.new_password(new.password, &looked_at).await?;
        let code = if looked_at.second_factor {
            let typed = TypedCode::parse(new.code).ok_or(Error::NotACode)?;
            let (attempt, verified) = self.verify_counted_code(&looked_at, typed, client).await?;
            let Some(verified) = verified else {
                self.count_refused(&looked_at.id);
                self.notify_wrong_attempts(&looked_at, &attempt, client)
                    .await?;
                return Err(Error::CodeRejected);
            };
            Some((attempt, verified))
        } else {
            None
        };
        // After the code: who reads the mail alone must not learn what the password was.
        let withdrawn = self.store.withdrawn_password(&looked_at.id).await?;
        if let Some(withdrawn) = withdrawn {
            let verifying = self
                .hasher
                .verify(&chosen.password, Some(&withdrawn), Lane::Reserved);
            if verifying.await? {
                return Err(Error::WithdrawnPassword);
            }
        }
        let hash = self.hasher.hash(&chosen.password).await?;
        let mut work = self.begin(Actor::Owner, client).await?;
        let (_, account) = work.use_link(purpose, new.token, &looked_at.id).await?;
        // Two-factor may have been enabled in between (Keycloak CVE-2026-9798).
        if account.second_factor != looked_at.second_factor {
            return Err(Common::DeadLink.into());
        }
        if let Some((attempt, verified)) = code
            && !verified.consume(&mut work, &account).await?
        {
            work.rollback().await?;
            self.count_refused(&looked_at.id);
            self.notify_wrong_attempts(&looked_at, &attempt, client)
                .await?;
            return Err(Error::CodeRejected);
        }
        let password = SetPassword {
            hash: &hash,
            at: self.now(),
            stands_alone: chosen.stands_alone,
            confirms_email: true,
        };
        self.write_password(&mut work, &account, &password).await?;
        if let Some(name) = new.name.filter(|_| is_unproved(&account)) {
            let locale = client.locale.unwrap_or(account.locale);
            work.set_name(&account.id, &name, password.at).await?;
            work.set_locale(&account.id, locale, password.at).await?;
        }
        self.unlink_all(&mut work, &account).await?;
        work.end_access(&account.id, None).await?;
        // None of them may confirm an account that has another password now.
        work.release_registrations(&account.id).await?;
        // A thief of the old password may have signed in, whose browser is known since then.
        delete_devices(&mut work, &account.id, None).await?;
        clear_passwords(&mut work, realm, &account.email_key()).await?;
        // A thief of the old password cannot give codes any more, so the count has no purpose.
        clear_counts(&mut work, &account.id, &Counted::ALL).await?;
        let (event, why) = (EventKind::PasswordReset, Why::Reset);
        let message = |notice| Message::PasswordChanged(PasswordChanged { notice, why });
        work.notify(&account, event, paths::SETTINGS, message)
            .await?;
        work.commit().await?;
        Ok(account)
    }
}
