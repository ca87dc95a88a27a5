//! Accounts as an administrator manages them: created, set up, locked, recovered.

use crate::{
    Client, Error, Identity, Result,
    code_attempts::{Counted, clear_counts},
    password_attempts::clear_passwords,
    strength_for, token_hash,
};
use domain::{
    AccountId, AccountStatus, DisplayName, Email, Locale, OrganisationId, PlatformRole, Realm,
    Role, calendar,
    password::{Password, Weakness},
    paths,
    token::{Purpose, Secret},
};
use mail::{AccountSetup, How, Message, TwoFactorDisabled};
use store::{Account, SetPassword, StoreError};
use unit_of_work::{Actor, Error as Common, EventKind, Holder, UnitOfWork};

/// A manager or agent to be.
#[derive(Debug)]
pub struct NewAccount {
    /// The address: for mails and for signing in.
    pub email: Email,
    /// The displayed name.
    pub name: DisplayName,
    /// The language of the account's mails.
    pub locale: Locale,
    /// The first organisation, and the role in it.
    pub membership: Option<(OrganisationId, Role)>,
    /// The role on the platform.
    pub platform_role: Option<PlatformRole>,
}

/// A participant's account for demonstrations and tests.
pub struct NewParticipant<'a> {
    /// The organisation that the account belongs to.
    pub organisation: OrganisationId,
    /// The address: for mails and for signing in.
    pub email: Email,
    /// The displayed name.
    pub name: DisplayName,
    /// The language of the account's mails.
    pub locale: Locale,
    /// The password; its strength is not checked.
    pub password: &'a str,
    /// Whether the address is confirmed.
    pub confirmed: bool,
}

/// A one-use link to choose the first password.
#[derive(Debug)]
pub struct SetupLink {
    /// The account that was made.
    pub account: AccountId,
    /// The whole address; it is shown once and mailed once.
    pub url: String,
}

/// What the page behind a set-up link shows.
#[derive(Debug)]
pub struct SetupPage {
    /// The user's name.
    pub name: String,
    /// The address of the account.
    pub email: String,
    /// The least number of characters of a password.
    pub minimum: usize,
}

impl Identity {
    /// Creates an account of the back office without a password, and mails its set-up link.
    ///
    /// There are no default passwords (ASVS 6.3.2): the link is the only way in, works once and
    /// lives seven days.
    pub async fn create_account(&self, new: NewAccount) -> Result<SetupLink> {
        let id = AccountId::new(&*self.clock, &*self.entropy);
        let now = self.now();
        let mut work = self.begin(Actor::CommandLine, Client::none()).await?;
        let row = store::NewAccount {
            id: id.clone(),
            realm: Realm::BackOffice,
            email: &new.email,
            name: &new.name,
            locale: new.locale,
            platform_role: new.platform_role,
            created_at: now,
        };
        insert_account(&mut work, &row).await?;
        if let Some((organisation, role)) = &new.membership {
            work.insert_membership(&id, organisation, *role, now)
                .await?;
        }
        work.log(&id, EventKind::AccountCreated).await?;
        let account = work.account(&id).await?.ok_or(Common::NoAccount)?;
        let url = self
            .write_setup_mail(&mut work, &account, new.membership.as_ref())
            .await?;
        work.commit().await?;
        Ok(SetupLink { account: id, url })
    }

    /// Creates a participant's account with a password, without a mail: for demonstrations and tests.
    pub async fn plant_participant(&self, new: NewParticipant<'_>) -> Result<AccountId> {
        let id = AccountId::new(&*self.clock, &*self.entropy);
        let now = self.now();
        let password = Password::parse(new.password).ok_or(Error::Weak(Weakness::TooLong))?;
        let hash = self.hasher.hash(&password).await?;
        let mut work = self.begin(Actor::CommandLine, Client::none()).await?;
        let row = store::NewAccount {
            id: id.clone(),
            realm: Realm::Organisation(new.organisation),
            email: &new.email,
            name: &new.name,
            locale: new.locale,
            platform_role: None,
            created_at: now,
        };
        insert_account(&mut work, &row).await?;
        let password = SetPassword {
            hash: &hash,
            at: now,
            stands_alone: true,
            confirms_email: new.confirmed,
        };
        work.set_password(&id, &password).await?;
        work.log(&id, EventKind::AccountCreated).await?;
        work.commit().await?;
        Ok(id)
    }

    /// Makes the one live set-up link of an account and the mail that carries it.
    async fn write_setup_mail(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        membership: Option<&(OrganisationId, Role)>,
    ) -> Result<String> {
        let organisation = match membership {
            Some((id, _)) => work.organisation(id).await?.map(|found| found.name),
            None => None,
        };
        work.void_tokens(&account.id, Purpose::AccountSetup, self.now())
            .await?;
        let token = self.new_token(account, Purpose::AccountSetup);
        let secret = work.insert_link(&token).await?;
        let page = format!("{}?token={}", paths::INVITATION, secret.expose());
        let link = self.page_address(account.locale, &page);
        let message = Message::AccountSetup(AccountSetup {
            name: account.name.clone(),
            organisation,
            link: link.clone(),
            expires: calendar::day(token.expires_at, account.locale),
            inviter: None,
            role: membership.map(|(_, role)| role.as_str().to_owned()),
        });
        work.write_mail(account, &message).await?;
        Ok(link)
    }

    /// The account of a set-up link; `None` when it is dead. Nothing is consumed.
    pub async fn setup_page(&self, token: &str) -> Result<Option<SetupPage>> {
        let found = self.linked(Holder::Anybody, Purpose::AccountSetup, token);
        Ok(found.await?.map(|(_, account)| SetupPage {
            minimum: strength_for(&account).minimum(),
            name: account.name,
            email: account.email,
        }))
    }

    /// Sets the first password; the link is consumed in the same transaction. From then on mails are in the language of
    /// the page. Gives the address to sign in with.
    ///
    /// # Errors
    /// `DeadLink`, [`Error::Weak`], `TooManyTries`, `Busy`.
    pub async fn set_up_account(
        &self,
        token: &str,
        typed: &str,
        client: &Client,
    ) -> Result<String> {
        self.take_token_try(client).await?;
        let purpose = Purpose::AccountSetup;
        let found = self.linked(Holder::Anybody, purpose, token).await?;
        let (_, account) = found.ok_or(Common::DeadLink)?;
        let chosen = self.new_password(typed, &account).await?;
        let hash = self.hasher.hash(&chosen.password).await?;
        let mut work = self.begin(Actor::Owner, client).await?;
        let (_, account) = work.use_link(purpose, token, &account.id).await?;
        let id = &account.id;
        let password = SetPassword {
            hash: &hash,
            at: self.now(),
            stands_alone: chosen.stands_alone,
            confirms_email: true,
        };
        self.remove_earlier_access(&mut work, &account).await?;
        // A second factor may have gone with it.
        let account = work.account(id).await?.ok_or(Common::DeadLink)?;
        self.write_password(&mut work, &account, &password).await?;
        work.log(id, EventKind::AccountSetUp).await?;
        self.take_language_of_page(&mut work, &account).await?;
        work.commit().await?;
        Ok(account.email)
    }

    /// Sends a new link to the owner of a set-up link that was used or expired: to set the account up, or for a new
    /// password once it is set up. Somebody with a link that nobody was sent is told the same. The secret binds the short
    /// code of a mail for a new password to this browser.
    ///
    /// # Errors
    /// `TooManyTries`.
    pub async fn renew_setup_link(&self, link: &str, client: &Client) -> Result<Option<Secret>> {
        self.take_token_try(client).await?;
        let Some(secret) = Secret::present(link) else {
            return Ok(None);
        };
        let (purpose, hash) = (Purpose::AccountSetup, token_hash(&secret));
        // A link that still works needs no other one.
        let found = self.store.token(purpose, &hash).await?;
        let dead = found.filter(|(token, used)| *used || token.expires_at <= self.now());
        let Some((token, _)) = dead else {
            return Ok(None);
        };
        let found = self.store.account(&token.account_id).await?;
        let Some(account) = found.filter(|account| account.status == AccountStatus::Active) else {
            return Ok(None);
        };
        let email = Email::parse(&account.email)
            .map_err(|_| Common::Broken("an account has no address"))?;
        if account.email_confirmed_at.is_some() {
            let locale = client.locale.unwrap_or(account.locale);
            // The link is of no project, whatever the form says.
            let client = Client {
                project: None,
                ..client.clone()
            };
            let asked = self.ask_for_reset(&account.realm, &email, locale, &client);
            return asked.await.map(Some);
        }
        self.take_mail(&account.realm, &email).await?;
        let mut work = self.begin(Actor::Unknown, client).await?;
        if work.lock_account(&account.id).await?.as_ref() != Some(&account) {
            return Ok(None);
        }
        let memberships = work.memberships(&account.id).await?;
        let membership = memberships.into_iter().next();
        let membership = membership.map(|one| (one.organisation.id, one.role));
        self.write_setup_mail(&mut work, &account, membership.as_ref())
            .await?;
        work.commit().await?;
        Ok(None)
    }

    /// The account of the back office with this address.
    pub async fn manager(&self, email: &Email) -> Result<Account> {
        let found = self
            .store
            .account_by_email(&Realm::BackOffice, &email.key())
            .await?;
        Ok(found.ok_or(Common::NoAccount)?)
    }

    /// Locks or unlocks an account. Locking ends every session at once.
    pub async fn set_locked(&self, account: &Account, locked: bool) -> Result<()> {
        let (status, event) = if locked {
            (AccountStatus::Locked, EventKind::Locked)
        } else {
            (AccountStatus::Active, EventKind::Unlocked)
        };
        let mut work = self.begin(Actor::CommandLine, Client::none()).await?;
        work.lock_account(&account.id).await?;
        let changed = work.set_account_status(&account.id, status, self.now());
        if !changed.await? {
            return Err(Error::Unchanged);
        }
        // As it is now: its address may have changed since the caller read it.
        let account = &work.account(&account.id).await?.ok_or(Common::NoAccount)?;
        work.end_access(&account.id, None).await?;
        if locked {
            // A locked account may be under investigation: nothing of it is deleted.
            self.stop_deletion(&mut work, account).await?;
        } else {
            clear_passwords(&mut work, &account.realm, &account.email_key()).await?;
            clear_counts(&mut work, &account.id, &Counted::ALL).await?;
        }
        work.log(&account.id, event).await?;
        Ok(work.commit().await?)
    }

    /// Removes the second factor of an account and notifies its owner: the operator's last resort. A
    /// password that is too short without it is removed too; the owner then chooses a new one by mail.
    /// Gives whether the account needs one.
    ///
    /// # Errors
    /// `NoAccount`, [`Error::Unchanged`] when it has no second factor.
    pub async fn reset_second_factor(&self, account: &Account) -> Result<bool> {
        let mut work = self.begin(Actor::CommandLine, Client::none()).await?;
        let account = work.lock_account(&account.id).await?;
        let account = account.ok_or(Common::NoAccount)?;
        if !work.delete_totp_factor(&account.id).await? {
            return Err(Error::Unchanged);
        }
        work.delete_recovery_codes(&account.id).await?;
        clear_counts(&mut work, &account.id, &Counted::ALL).await?;
        work.delete_totp_enrolment(&account.id).await?;
        work.end_sessions(&account.id, None).await?;
        let takes_password = !account.password_stands_alone;
        let needs_password = takes_password || account.password_hash.is_none();
        let (by, page) = if needs_password {
            (How::SupportAndPassword, paths::FORGOT_PASSWORD)
        } else {
            (How::Support, paths::TWO_FACTOR)
        };
        let message = |notice| Message::TwoFactorDisabled(TwoFactorDisabled { notice, by });
        work.notify(&account, EventKind::TwoFactorReset, page, message)
            .await?;
        if takes_password {
            self.take_password(&mut work, &account).await?;
        }
        work.commit().await?;
        Ok(needs_password)
    }

    async fn take_password(&self, work: &mut UnitOfWork<'_>, account: &Account) -> Result<()> {
        work.clear_password(&account.id, self.now()).await?;
        Ok(work.log(&account.id, EventKind::PasswordTaken).await?)
    }
}

/// The only way to create an account: its address is free in the realm, and no undo link of the last 24
/// hours can still give it back to another account.
pub(crate) async fn insert_account(
    work: &mut UnitOfWork<'_>,
    new: &store::NewAccount<'_>,
) -> Result<()> {
    work.insert_account(new).await.map_err(taken_or)?;
    let reserved = work
        .address_is_reserved(&new.realm, &new.email.key(), &new.id, new.created_at)
        .await?;
    if reserved { Err(Error::Taken) } else { Ok(()) }
}

fn taken_or(error: StoreError) -> Error {
    if error.is_conflict() {
        Error::Taken
    } else {
        error.into()
    }
}
