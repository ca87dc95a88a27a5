//! The first confirmation of an address, by the link or the code of the mail that answers a registration.
//!
//! The link confirms in any browser, and signs in the one that registered alone. Whatever else was registered for the
//! address dies with it: the account gets the name and the password of the registration whose link is used, and keeps no
//! other (Sudhodanan & Paverd, USENIX Security 2022). "It was not me" takes the registration from the account.

use crate::{
    Client, Error, Identity, OpenedSession, Result,
    code_attempts::{Counted, clear_counts},
    devices::delete_devices,
    password_attempts::clear_passwords,
    sign_in::SignInOptions,
    token_hash,
    unconfirmed::{PURPOSE, deny, is_open},
};
use domain::{
    DisplayName, Realm, RegistrationId, Timestamp,
    session::{FirstStep, Method},
    token::Secret,
};
use store::{Account, Registration, SetPassword, Token};
use subtle::ConstantTimeEq as _;
use unit_of_work::{Actor, Error as Common, EventKind, Holder, UnitOfWork};

/// What the page behind the link of the mail shows.
#[derive(Debug)]
pub struct ConfirmationPage {
    /// The address to confirm.
    pub email: String,
    /// The name that was registered.
    pub name: String,
    /// When that was.
    pub when: Timestamp,
    /// With which browser and system.
    pub device: String,
    /// Whether the button signs in too: it was registered in this browser.
    pub signs_in: bool,
}

/// A link that does not work any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeadConfirmation {
    /// The address is confirmed.
    Confirmed,
    /// A new link can be sent.
    Renewable,
    /// Nothing is known of it.
    Unknown,
}

/// A confirmed address.
#[derive(Debug)]
pub struct Confirmed {
    /// The address to sign in with.
    pub email: String,
    /// The session, in the browser that registered.
    pub opened: Option<OpenedSession>,
    /// In any other: for the cookie of known devices.
    pub devices: Vec<Secret>,
}

impl Identity {
    /// What the page of a link shows; `Err` when it is dead. Nothing is consumed; that it was opened is counted.
    pub async fn confirmation_page(
        &self,
        realm: &Realm,
        link: &str,
        browser: Option<&Secret>,
        client: &Client,
    ) -> Result<std::result::Result<ConfirmationPage, DeadConfirmation>> {
        let Some((registration, account)) = self.linked_registration(realm, link).await? else {
            return Ok(Err(self.dead_confirmation(realm, link).await?));
        };
        let opened = self
            .store
            .mark_registration_opened(&registration.id, self.now());
        if let Err(error) = opened.await {
            // It is a count: the person can confirm without it.
            tracing::warn!(%error, "An opened confirmation page was not counted");
        }
        Ok(Ok(ConfirmationPage {
            signs_in: client.signs_in() && is_browser_of(browser, &registration),
            email: account.email,
            name: registration.name,
            when: registration.created_at,
            device: registration.device,
        }))
    }

    /// Confirms the address of a link, and signs in the browser that registered.
    ///
    /// # Errors
    /// `DeadLink`, `TooManyTries`.
    pub async fn confirm_address(
        &self,
        realm: &Realm,
        link: &str,
        browser: Option<&Secret>,
        client: &Client,
    ) -> Result<Confirmed> {
        self.take_token_try(client).await?;
        let found = self.linked_registration(realm, link).await?;
        let (_, account) = found.ok_or(Common::DeadLink)?;
        let mut work = self.begin(Actor::Owner, client).await?;
        let (token, account) = work.use_link(PURPOSE, link, &account.id).await?;
        let registration = registration_of(&mut work, &token, &account).await?;
        self.confirm(&mut work, &account, &registration).await?;
        let account = work.account(&account.id).await?.ok_or(Common::NoAccount)?;
        let (mut opened, mut devices) = (None, Vec::new());
        if client.signs_in() && is_browser_of(browser, &registration) {
            let session = self.open_confirmed(&mut work, &account, &registration);
            opened = Some(session.await?);
        } else {
            // This browser has the mailbox. So the first sign-in elsewhere is a new device, and its owner is told: they may
            // have confirmed what a stranger registered.
            devices = self.recognise(&mut work, &account).await?.tokens;
        }
        work.log(&account.id, EventKind::AddressConfirmed).await?;
        work.commit().await?;
        Ok(Confirmed {
            email: account.email,
            opened,
            devices,
        })
    }

    /// Confirms by the code of the mail, in the browser that registered, and signs in.
    ///
    /// # Errors
    /// [`Error::NotACode`], [`Error::CodeRejected`], `TooManyTries`, `DeadLink`.
    pub async fn confirm_by_code(
        &self,
        realm: &Realm,
        browser: &Secret,
        typed: &str,
        client: &Client,
    ) -> Result<Confirmed> {
        let link = self
            .exchange_code((PURPOSE, realm), browser, typed, client)
            .await?;
        self.confirm_address(realm, link.expose(), Some(browser), client)
            .await
    }

    /// Says that the owner of the address did not register: the link and the code of this registration are dead.
    ///
    /// # Errors
    /// `DeadLink`, `TooManyTries`.
    pub async fn deny_registration(
        &self,
        realm: &Realm,
        link: &str,
        client: &Client,
    ) -> Result<()> {
        self.take_token_try(client).await?;
        let found = self.linked_registration(realm, link).await?;
        let (_, account) = found.ok_or(Common::DeadLink)?;
        let mut work = self.begin(Actor::Owner, client).await?;
        let (token, account) = work.use_link(PURPOSE, link, &account.id).await?;
        let registration = registration_of(&mut work, &token, &account).await?;
        deny(&mut work, &registration).await?;
        Ok(work.commit().await?)
    }

    /// Has a new mail sent in place of a link that is too old.
    ///
    /// # Errors
    /// `DeadLink` when it cannot be renewed, [`Error::MailsUsedUp`], `TooManyTries`.
    pub async fn renew_confirmation(
        &self,
        realm: &Realm,
        link: &str,
        client: &Client,
    ) -> Result<()> {
        self.take_token_try(client).await?;
        let found = self.dead_registration(realm, link).await?;
        let found = found.filter(|found| found.account_id.is_some());
        let found = found.ok_or(Common::DeadLink)?;
        let mut tx = self.store.begin().await?;
        let most = crate::MAILS_PER_REGISTRATION;
        if tx.ask_registration_mail(&found.id, most).await? {
            self.queue_answer(&mut tx, &found.id, None).await?;
        } else if found.mails >= most {
            return Err(Error::MailsUsedUp);
        }
        Ok(tx.commit().await?)
    }

    async fn linked_registration(
        &self,
        realm: &Realm,
        link: &str,
    ) -> Result<Option<(Registration, Account)>> {
        let Some((token, account)) = self.linked(Holder::Of(realm), PURPOSE, link).await? else {
            return Ok(None);
        };
        let found = self.store.registration(&id_of(&token)).await?;
        let found = found.filter(|found| confirms(found, &account));
        Ok(found.map(|found| (found, account)))
    }

    /// The registration of a link that was used or is too old.
    async fn dead_registration(&self, realm: &Realm, link: &str) -> Result<Option<Registration>> {
        let Some(secret) = Secret::present(link) else {
            return Ok(None);
        };
        let found = self.store.token(PURPOSE, &token_hash(&secret)).await?;
        let Some((token, _)) = found else {
            return Ok(None);
        };
        let found = self.store.registration(&id_of(&token)).await?;
        Ok(found.filter(|found| found.realm == *realm))
    }

    async fn dead_confirmation(&self, realm: &Realm, link: &str) -> Result<DeadConfirmation> {
        let found = self.dead_registration(realm, link).await?;
        Ok(match found {
            Some(found) if found.confirmed_at.is_some() => DeadConfirmation::Confirmed,
            Some(found) if found.account_id.is_some() => DeadConfirmation::Renewable,
            _ => DeadConfirmation::Unknown,
        })
    }

    /// Confirms the account: what is left of it is what this registration chose.
    async fn confirm(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        registration: &Registration,
    ) -> Result<()> {
        let (id, now) = (&account.id, self.now());
        work.end_access(id, None).await?;
        delete_devices(work, id, None).await?;
        clear_passwords(work, &account.realm, &account.email_key()).await?;
        clear_counts(work, id, &Counted::ALL).await?;
        let password = SetPassword {
            hash: &registration.password_hash,
            at: now,
            stands_alone: true,
            confirms_email: true,
        };
        work.set_password(id, &password).await?;
        let name = DisplayName::parse(&registration.name);
        let name = name.map_err(|_| Common::Broken("a registration has no name"))?;
        work.set_name(id, &name, now).await?;
        work.set_locale(id, registration.locale, now).await?;
        work.count_waiting_supports(&registration.id, id, now)
            .await?;
        if work.confirm_registration(&registration.id, id, now).await? {
            work.release_registrations(id).await?;
            Ok(())
        } else {
            Err(Common::DeadLink.into())
        }
    }

    async fn open_confirmed(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        registration: &Registration,
    ) -> Result<OpenedSession> {
        let method = Method {
            first: FirstStep::Password,
            second: None,
        };
        let options = SignInOptions {
            next: registration.next.clone(),
            stay: false,
        };
        self.open_session(work, account, (method, options)).await
    }
}

/// The registration of a token whose account this transaction has locked.
async fn registration_of(
    work: &mut UnitOfWork<'_>,
    token: &Token,
    account: &Account,
) -> Result<Registration> {
    let found = work.registration(&id_of(token)).await?;
    let found = found.filter(|found| confirms(found, account));
    Ok(found.ok_or(Common::DeadLink)?)
}

fn id_of(token: &Token) -> RegistrationId {
    RegistrationId::from(token.pending.clone().unwrap_or_default())
}

/// Whether a registration may confirm an account. Nobody passes a second factor by confirming an address.
fn confirms(registration: &Registration, account: &Account) -> bool {
    registration.account_id.as_ref() == Some(&account.id)
        && registration.confirmed_at.is_none()
        && !registration.is_denied()
        && is_open(account)
}

fn is_browser_of(browser: Option<&Secret>, registration: &Registration) -> bool {
    browser.is_some_and(|browser| {
        let hash = token_hash(browser);
        hash.ct_eq(registration.browser_hash.as_slice()).into()
    })
}
