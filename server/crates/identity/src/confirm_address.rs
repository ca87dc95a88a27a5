//! The first confirmation of an address: of an account with a password that was never signed in to.
//!
//! The mail is sent after the right password only, so the request is bound to a begun sign-in and needs no equal answer.
//! The link alone opens nothing: somebody may have registered an address that is not their own, and its owner would
//! confirm their password (Sudhodanan & Paverd, USENIX Security 2022). Beside the link the password is needed, either
//! typed once more or, in the browser in which it was typed, as the begun sign-in.

use crate::{
    Client, Error, Identity, OpenedSession, Result,
    sign_in::{SignInOptions, account_state},
    token_hash,
};
use domain::{
    Email, Realm, calendar, paths,
    session::Method,
    sign_in::{AfterFirst, First, LIFETIME, after_first},
    token::{Purpose, Secret},
};
use mail::{AddressConfirm, Message};
use store::{Account, SignIn};
use unit_of_work::{Actor, Error as Common, EventKind, Holder, UnitOfWork};

/// The purpose of the links that this file makes and takes.
const PURPOSE: Purpose = Purpose::AddressConfirmation;

/// What the page behind the link of the mail shows.
#[derive(Debug)]
pub struct ConfirmationPage {
    /// The address to confirm.
    pub email: String,
    /// Whether the password must be typed: it was not typed in this browser just now.
    pub asks_password: bool,
}

impl Identity {
    /// Sends the mail that confirms the address of a begun sign-in. Gives the address.
    ///
    /// # Errors
    /// [`Error::NoSignIn`] when the password was not typed in this browser a moment ago, or the address is confirmed;
    /// `TooManyTries`.
    pub async fn send_confirmation(
        &self,
        realm: &Realm,
        browser: &Secret,
        client: &Client,
    ) -> Result<String> {
        let found = self.unconfirmed_sign_in(realm, browser).await?;
        let (sign_in, account) = found.ok_or(Error::NoSignIn)?;
        let email = Email::parse(&account.email);
        let email = email.map_err(|_| Common::Broken("a stored address cannot be read"))?;
        self.take_mail(realm, &email).await?;
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_account(&account.id).await?;
        let account = account.filter(|account| awaits_confirmation(account, &sign_in));
        let account = account.ok_or(Error::NoSignIn)?;
        work.void_tokens(&account.id, PURPOSE, self.now()).await?;
        let token = self.new_token(&account, PURPOSE);
        let secret = work.insert_link(&token).await?;
        // Managers confirm their address by the invitation: only participants come here.
        let place = client.project.as_deref().ok_or(Error::NoSignIn)?;
        let (organisation, project) = place;
        let page = paths::of_project(&organisation.slug, &project.slug, paths::CONFIRM_ADDRESS);
        let message = Message::AddressConfirm(AddressConfirm {
            name: account.name.clone(),
            place: Some(format!(
                "{} ({})",
                project.name(account.locale),
                organisation.name
            )),
            link: self.page_address(account.locale, &format!("{page}?token={}", secret.expose())),
            expires: calendar::moment(token.expires_at, account.locale),
            device: client.device.clone(),
            network: client.network.clone(),
        });
        work.write_mail(&account, &message).await?;
        work.commit().await?;
        Ok(account.email)
    }

    /// The address of a link; `None` when the link is dead. Nothing is consumed.
    pub async fn confirmation_page(
        &self,
        realm: &Realm,
        link: &str,
        browser: Option<&Secret>,
    ) -> Result<Option<ConfirmationPage>> {
        let Some((_, account)) = self.linked(Holder::Of(realm), PURPOSE, link).await? else {
            return Ok(None);
        };
        let typed_here = match browser {
            Some(browser) => self.unconfirmed_sign_in(realm, browser).await?,
            None => None,
        };
        Ok(Some(ConfirmationPage {
            asks_password: typed_here.is_none_or(|(_, own)| own.id != account.id),
            email: account.email,
        }))
    }

    /// Confirms the address by its link, in the browser in which the password was typed a moment ago, and signs in.
    ///
    /// # Errors
    /// `DeadLink`; [`Error::NoSignIn`] when the password is needed once more; `TooManyTries`.
    pub async fn confirm_address(
        &self,
        realm: &Realm,
        link: &str,
        browser: &Secret,
        client: &Client,
    ) -> Result<OpenedSession> {
        self.take_token_try(client).await?;
        let found = self.linked(Holder::Of(realm), PURPOSE, link).await?;
        let (_, linked) = found.ok_or(Common::DeadLink)?;
        let begun = self.unconfirmed_sign_in(realm, browser).await?;
        let begun = begun.filter(|(_, account)| account.id == linked.id);
        let (sign_in, account) = begun.ok_or(Error::NoSignIn)?;
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = self.use_confirmation(&mut work, link, &account).await?;
        if !work.finish_sign_in(&sign_in.id, self.now()).await? {
            return Err(Error::NoSignIn);
        }
        let method = Method {
            first: sign_in.proof.first,
            second: None,
        };
        let options = SignInOptions {
            next: sign_in.next,
            stay: sign_in.stay,
        };
        let opened = self
            .open_session(&mut work, &account, (method, options))
            .await?;
        work.commit().await?;
        Ok(opened)
    }

    /// Consumes a link and confirms its address, if the account is still as it was `seen`: with this password, without a
    /// confirmed address. Gives the account as it is now.
    pub(crate) async fn use_confirmation(
        &self,
        work: &mut UnitOfWork<'_>,
        link: &str,
        seen: &Account,
    ) -> Result<Account> {
        let (_, account) = work.use_link(PURPOSE, link, &seen.id).await?;
        // Nobody passes a second factor by confirming an address.
        if account_state(&account) != account_state(seen) || account.second_factor {
            return Err(Common::DeadLink.into());
        }
        let now = self.now();
        work.confirm_email(&account.id, now).await?;
        work.log(&account.id, EventKind::AddressConfirmed).await?;
        Ok(Account {
            email_confirmed_at: Some(now),
            ..account
        })
    }

    async fn unconfirmed_sign_in(
        &self,
        realm: &Realm,
        browser: &Secret,
    ) -> Result<Option<(SignIn, Account)>> {
        let hash = token_hash(browser);
        let Some(sign_in) = self.store.sign_in_by_token(realm, &hash).await? else {
            return Ok(None);
        };
        if self.now().since(sign_in.created_at) >= LIFETIME {
            return Ok(None);
        }
        let account = self.store.account(&sign_in.account_id).await?;
        let account = account.filter(|account| awaits_confirmation(account, &sign_in));
        Ok(account.map(|account| (sign_in, account)))
    }
}

/// Whether a begun sign-in verified the password that the account still has, and nothing but the confirmation is missing.
fn awaits_confirmation(account: &Account, sign_in: &SignIn) -> bool {
    let state = account_state(account);
    let right = First::Password { right: true };
    state.since(sign_in.proof.first) == Some(sign_in.proof.since)
        && sign_in.proof.first == right.step()
        && after_first(right, state, false) == AfterFirst::Unconfirmed
}
