//! Accounts as an administrator sees them: created, set up, locked, helped.

use crate::{
    Client, Error, Event, Identity, Result, links::Holder, second_factor::TWO_FACTOR, strength_for,
};
use domain::{
    AccountId, AccountStatus, DisplayName, Email, Locale, OrganisationId, PlatformRole, Realm,
    Role, calendar,
    password::{Password, Weakness},
    token::Purpose,
};
use mail::{AccountSetup, How, Message, TwoFactorDisabled};
use store::{Account, SetPassword, StoreError, Tx};

/// A manager or agent to be.
#[derive(Debug)]
pub struct NewAccount {
    /// Where she is written to, and what she signs in with.
    pub email: Email,
    /// What she is called.
    pub name: DisplayName,
    /// The language of her mails.
    pub locale: Locale,
    /// Her first organisation and what she does there.
    pub membership: Option<(OrganisationId, Role)>,
    /// What she does for the platform.
    pub platform_role: Option<PlatformRole>,
}

/// A participant who is there from the beginning: for rehearsals and tests.
pub struct NewParticipant<'a> {
    /// Whose participant she is.
    pub organisation: OrganisationId,
    /// Where she is written to, and what she signs in with.
    pub email: Email,
    /// What she is called.
    pub name: DisplayName,
    /// The language of her mails.
    pub locale: Locale,
    /// Her password, which is not judged.
    pub password: &'a str,
    /// Whether she has proved that the address is hers.
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
    /// What the person is called.
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
        let mut tx = self.store.begin().await?;
        let row = store::NewAccount {
            id: id.clone(),
            realm: Realm::BackOffice,
            email: &new.email,
            name: &new.name,
            locale: new.locale,
            platform_role: new.platform_role,
            created_at: now,
        };
        insert_account(&mut tx, &row).await?;
        if let Some((organisation, role)) = &new.membership {
            tx.insert_membership(&id, organisation, *role, now).await?;
        }
        self.log(
            &mut tx,
            &id,
            None,
            Event::AccountCreated,
            &Client::default(),
        )
        .await?;
        let account = tx.account(&id).await?.ok_or(Error::NoAccount)?;
        let url = self.write_setup_mail(&mut tx, &account).await?;
        tx.commit().await?;
        self.ring_mail_bell();
        Ok(SetupLink { account: id, url })
    }

    /// Makes a participant's account with a password, and mails nothing: for rehearsals and tests.
    pub async fn plant_participant(&self, new: NewParticipant<'_>) -> Result<AccountId> {
        let id = AccountId::new(&*self.clock, &*self.entropy);
        let now = self.now();
        let password = Password::parse(new.password).ok_or(Error::Weak(Weakness::TooLong))?;
        let hash = self.hasher.hash(&password).await?;
        let mut tx = self.store.begin().await?;
        let row = store::NewAccount {
            id: id.clone(),
            realm: Realm::Organisation(new.organisation),
            email: &new.email,
            name: &new.name,
            locale: new.locale,
            platform_role: None,
            created_at: now,
        };
        insert_account(&mut tx, &row).await?;
        let password = SetPassword {
            hash: &hash,
            at: now,
            stands_alone: true,
            confirms_email: new.confirmed,
        };
        tx.set_password(&id, &password).await?;
        let nobody = Client::default();
        self.log(&mut tx, &id, None, Event::AccountCreated, &nobody)
            .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Makes the one live set-up link of an account and the mail that carries it.
    async fn write_setup_mail(&self, tx: &mut Tx, account: &Account) -> Result<String> {
        tx.void_tokens(&account.id, Purpose::AccountSetup, self.now())
            .await?;
        let token = self.new_token(account, Purpose::AccountSetup);
        let secret = self.insert_link(tx, &token).await?;
        let page = format!("{}?token={}", domain::paths::INVITATION, secret.expose());
        let link = self.page_address(account.locale, &page);
        let message = Message::AccountSetup(AccountSetup {
            name: account.name.clone(),
            organisation: None,
            link: link.clone(),
            expires: calendar::day(token.expires_at, account.locale),
            inviter: None,
        });
        self.write_mail(tx, account, &message).await?;
        Ok(link)
    }

    /// Whom a set-up link is for; `None` when it is dead. Looking uses nothing up.
    pub async fn setup_page(&self, token: &str) -> Result<Option<SetupPage>> {
        let found = self.linked(Holder::Anybody, Purpose::AccountSetup, token);
        Ok(found.await?.map(|(_, account)| SetupPage {
            minimum: strength_for(&account).minimum(),
            name: account.name,
            email: account.email,
        }))
    }

    /// Sets the first password; the link is used up in the same transaction.
    ///
    /// # Errors
    /// [`Error::DeadLink`], [`Error::Weak`], [`Error::TooManyTries`], [`Error::Busy`].
    pub async fn set_up_account(&self, token: &str, typed: &str, client: &Client) -> Result<()> {
        self.take_token_try(client).await?;
        let purpose = Purpose::AccountSetup;
        let found = self.linked(Holder::Anybody, purpose, token).await?;
        let (_, account) = found.ok_or(Error::DeadLink)?;
        let chosen = self.new_password(typed, &account).await?;
        let hash = self.hasher.hash(&chosen.password).await?;
        let mut tx = self.store.begin().await?;
        let (_, account) = self.use_link(&mut tx, purpose, token, &account.id).await?;
        let id = &account.id;
        let password = SetPassword {
            hash: &hash,
            at: self.now(),
            stands_alone: chosen.stands_alone,
            confirms_email: true,
        };
        self.drop_what_was_before(&mut tx, &account, client).await?;
        // A second factor may have gone with it.
        let account = tx.account(id).await?.ok_or(Error::DeadLink)?;
        self.write_password(&mut tx, &account, &password).await?;
        self.log(&mut tx, id, Some(id), Event::AccountSetUp, client)
            .await?;
        Ok(tx.commit().await?)
    }

    /// The account of the back office with this address.
    pub async fn manager(&self, email: &Email) -> Result<Account> {
        let found = self
            .store
            .account_by_email(&Realm::BackOffice, &email.key())
            .await?;
        found.ok_or(Error::NoAccount)
    }

    /// Locks or unlocks an account. A locked one is out at once, wherever it is signed in.
    pub async fn set_locked(&self, account: &Account, locked: bool) -> Result<()> {
        let (status, event) = if locked {
            (AccountStatus::Locked, Event::Locked)
        } else {
            (AccountStatus::Active, Event::Unlocked)
        };
        let mut tx = self.store.begin().await?;
        tx.lock_account(&account.id).await?;
        let changed = tx.set_account_status(&account.id, status, self.now());
        if !changed.await? {
            return Err(Error::Unchanged);
        }
        // As it is now: its address may have changed since the caller read it.
        let account = &tx.account(&account.id).await?.ok_or(Error::NoAccount)?;
        self.close_other_ways(&mut tx, &account.id, None).await?;
        let nobody = Client::default();
        if locked {
            // Nothing is destroyed while somebody looks into it.
            self.stop_deletion(&mut tx, account, None, &nobody).await?;
        } else {
            self.reset_guesses(&mut tx, &account.realm, &account.email_key())
                .await?;
            self.reset_code_guesses(&mut tx, &account.id).await?;
        }
        self.log(&mut tx, &account.id, None, event, &nobody).await?;
        tx.commit().await?;
        self.ring_mail_bell();
        Ok(())
    }

    /// Removes the second factor of an account: the operator's last resort, told to its owner. A
    /// password that was only good enough beside it goes too, and the owner chooses a new one by
    /// mail. Gives whether the account needs one.
    ///
    /// # Errors
    /// [`Error::NoAccount`], [`Error::Unchanged`] when it has no second factor.
    pub async fn reset_second_factor(&self, account: &Account) -> Result<bool> {
        let mut tx = self.store.begin().await?;
        tx.lock_account(&account.id).await?;
        let account = tx.account(&account.id).await?.ok_or(Error::NoAccount)?;
        if !tx.delete_totp_factor(&account.id).await? {
            return Err(Error::Unchanged);
        }
        tx.delete_recovery_codes(&account.id).await?;
        self.reset_code_guesses(&mut tx, &account.id).await?;
        tx.delete_totp_enrolment(&account.id).await?;
        self.end_ways_in(&mut tx, &account.id, None).await?;
        let takes_password = !account.password_stands_alone;
        let needs_password = takes_password || account.password_hash.is_none();
        let (by, page) = if needs_password {
            (How::SupportAndPassword, domain::paths::FORGOT_PASSWORD)
        } else {
            (How::Support, TWO_FACTOR)
        };
        let nobody = Client::default();
        let event = Event::TwoFactorReset;
        let notice = self.notice(&mut tx, &account, &nobody, event, page);
        let notice = notice.await?;
        let message = Message::TwoFactorDisabled(TwoFactorDisabled { notice, by });
        self.write_mail(&mut tx, &account, &message).await?;
        self.log(&mut tx, &account.id, None, event, &nobody).await?;
        if takes_password {
            self.take_password(&mut tx, &account).await?;
        }
        tx.commit().await?;
        self.ring_mail_bell();
        Ok(needs_password)
    }

    async fn take_password(&self, tx: &mut Tx, account: &Account) -> Result<()> {
        tx.clear_password(&account.id, self.now()).await?;
        let event = Event::PasswordTaken;
        self.log(tx, &account.id, None, event, &Client::default())
            .await
    }
}

/// The one way in which an account comes into being: with an address that nobody of the realm has,
/// and that nobody who lost it in the last 24 hours may still take back.
async fn insert_account(tx: &mut Tx, new: &store::NewAccount<'_>) -> Result<()> {
    tx.insert_account(new).await.map_err(taken_or)?;
    let reserved = tx
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
