//! `accounts`: who may sign in, and with what.

use crate::{
    Row, Store, StoreError, Tx,
    conn::{Record, all, execute, optional, redacted_debug, statements, store_and_tx},
};
use domain::{
    AccountId, AccountStatus, DisplayName, Email, Locale, PlatformRole, Provider, Realm, Timestamp,
    sign_in::Linked,
};

/// A person's account in one realm.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Its identifier.
    pub id: AccountId,
    /// The house it lives in.
    pub realm: Realm,
    /// The address as its owner wrote it: where mail goes.
    pub email: String,
    /// What the person is called.
    pub name: String,
    /// The language of her mails.
    pub locale: Locale,
    /// The password, hashed (PHC string); none before the first was chosen.
    pub password_hash: Option<String>,
    /// When the password was set.
    pub password_set_at: Option<Timestamp>,
    /// Whether the password was good enough to be the only factor when it was chosen.
    pub password_stands_alone: bool,
    /// What she may do for the platform as a whole.
    pub platform_role: Option<PlatformRole>,
    /// Whether the account may be used.
    pub status: AccountStatus,
    /// When she proved that the address is hers.
    pub email_confirmed_at: Option<Timestamp>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Whether a second factor is active.
    pub second_factor: bool,
    /// The accounts at providers that are linked to it.
    pub linked: Linked,
    /// When it is to be deleted, its owner having asked for that.
    pub deletion_at: Option<Timestamp>,
}

impl Account {
    /// What makes its address the same as another, as [`Email::key`].
    pub fn email_key(&self) -> String {
        domain::email_key(&self.email)
    }
}

redacted_debug!(Account {
    id,
    realm,
    status,
    platform_role,
    second_factor
});

/// An account to be made: active, without a password, its address not yet confirmed.
pub struct NewAccount<'a> {
    /// Its identifier.
    pub id: AccountId,
    /// The house it will live in.
    pub realm: Realm,
    /// The address.
    pub email: &'a Email,
    /// What the person is called.
    pub name: &'a DisplayName,
    /// The language of her mails.
    pub locale: Locale,
    /// What she may do for the platform; only in the back office.
    pub platform_role: Option<PlatformRole>,
    /// Now.
    pub created_at: Timestamp,
}

redacted_debug!(NewAccount<'_> { id, realm, platform_role });

/// A password to be set.
pub struct SetPassword<'a> {
    /// The hash (PHC string).
    pub hash: &'a str,
    /// Now.
    pub at: Timestamp,
    /// Whether it is good enough to be the only factor.
    pub stands_alone: bool,
    /// Whether it was chosen through a mailed link, which proves that the address is the person's;
    /// an earlier confirmation keeps its time.
    pub confirms_email: bool,
}

redacted_debug!(SetPassword<'_> { at, stands_alone, confirms_email });

macro_rules! select_account {
    ($rest:literal) => {
        concat!(
            "select id, realm, email, name, locale, password_hash, password_set_at,
                password_stands_alone, platform_role, status, email_confirmed_at, created_at,
                deletion_at,
                exists (select 1 from totp_factors where account_id = accounts.id)
                    as second_factor,
                (select linked_at from linked_accounts
                    where account_id = accounts.id and provider = 'google') as google_since,
                (select linked_at from linked_accounts
                    where account_id = accounts.id and provider = 'microsoft') as microsoft_since
            from accounts ",
            $rest
        )
    };
}

statements! {
    ACCOUNT = select_account!("where id = $1");
    ACCOUNT_BY_EMAIL = select_account!("where realm = $1 and email_key = $2");
    ACCOUNTS = select_account!("where realm = $1 order by email_key");
    EVERY_ACCOUNT = select_account!("where id > $1 order by id limit $2");
    INSERT_ACCOUNT =
        "insert into accounts (id, realm, email, email_key, name, locale, platform_role, status,
            created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)";
    SET_PASSWORD =
        "update accounts
        set password_hash = $2, password_set_at = $3, password_stands_alone = $4, updated_at = $3,
            email_confirmed_at = case
                when $5 and email_confirmed_at is null then $3 else email_confirmed_at
            end
        where id = $1";
    CLEAR_PASSWORD =
        "update accounts
        set password_hash = null, password_set_at = null, password_stands_alone = true,
            updated_at = $2
        where id = $1";
    CONFIRM_EMAIL =
        "update accounts set email_confirmed_at = $2, updated_at = $2
        where id = $1 and email_confirmed_at is null";
    UPGRADE_PASSWORD_HASH =
        "update accounts set password_hash = $3 where id = $1 and password_hash = $2";
    /// Changes nothing and locks the row, on both engines alike.
    LOCK_ACCOUNT = "update accounts set updated_at = updated_at where id = $1";
    SET_EMAIL =
        "update accounts
        set email = $2, email_key = $3, email_confirmed_at = $4, updated_at = $4
        where id = $1";
    SET_NAME = "update accounts set name = $2, updated_at = $3 where id = $1 and name <> $2";
    SET_LOCALE = "update accounts set locale = $2, updated_at = $3 where id = $1 and locale <> $2";
    SET_ACCOUNT_STATUS =
        "update accounts set status = $2, updated_at = $3 where id = $1 and status <> $2";
}

impl Record for Account {
    fn read(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text("id")?.into(),
            realm: Realm::from_stored(row.text("realm")?),
            email: row.text("email")?,
            name: row.text("name")?,
            locale: row.parsed("locale", Locale::parse)?,
            password_hash: row.maybe_text("password_hash")?,
            password_set_at: row.maybe_time("password_set_at")?,
            password_stands_alone: row.flag("password_stands_alone")?,
            platform_role: row.maybe_parsed("platform_role", PlatformRole::parse)?,
            status: row.parsed("status", AccountStatus::parse)?,
            email_confirmed_at: row.maybe_time("email_confirmed_at")?,
            created_at: row.time("created_at")?,
            second_factor: row.flag("second_factor")?,
            linked: linked(&row)?,
            deletion_at: row.maybe_time("deletion_at")?,
        })
    }
}

fn linked(row: &Row) -> Result<Linked, StoreError> {
    let mut linked = Linked::NONE;
    for (provider, column) in [
        (Provider::Google, "google_since"),
        (Provider::Microsoft, "microsoft_since"),
    ] {
        if let Some(since) = row.maybe_time(column)? {
            linked = linked.with(provider, since);
        }
    }
    Ok(linked)
}

store_and_tx! { reader:
    /// The account with this id.
    fn account(conn, id: &AccountId) -> Option<Account> {
        optional!(conn, ACCOUNT, id.as_str())
    }

    /// The account of this address in a realm; `email_key` is [`Email::key`].
    fn account_by_email(conn, realm: &Realm, email_key: &str) -> Option<Account> {
        optional!(conn, ACCOUNT_BY_EMAIL, realm.to_string(), email_key)
    }
}

impl Store {
    /// Every account of a realm, by address.
    pub async fn accounts(&self, realm: &Realm) -> Result<Vec<Account>, StoreError> {
        all!(self.reader().await?.conn(), ACCOUNTS, realm.to_string())
    }

    /// The accounts of all realms in the order of their ids, a part at a time: those after this id,
    /// at most `limit`.
    pub async fn every_account(
        &self,
        after: Option<&AccountId>,
        limit: u32,
    ) -> Result<Vec<Account>, StoreError> {
        let after = after.map(AccountId::as_str).unwrap_or_default();
        all!(
            self.reader().await?.conn(),
            EVERY_ACCOUNT,
            after,
            i64::from(limit)
        )
    }
}

impl Tx {
    /// Makes an account; a conflict when the realm has one of the same address.
    pub async fn insert_account(&mut self, new: &NewAccount<'_>) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            INSERT_ACCOUNT,
            new.id.as_str(),
            new.realm.to_string(),
            new.email.as_str(),
            new.email.key(),
            new.name.as_str(),
            new.locale.as_str(),
            new.platform_role.map(PlatformRole::as_str),
            AccountStatus::Active.as_str(),
            new.created_at.as_millis(),
        )
        .map(drop)
    }

    /// Sets a password.
    pub async fn set_password(
        &mut self,
        id: &AccountId,
        new: &SetPassword<'_>,
    ) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            SET_PASSWORD,
            id.as_str(),
            new.hash,
            new.at.as_millis(),
            new.stands_alone,
            new.confirms_email
        )
        .map(drop)
    }

    /// Takes the password away: nothing opens the account until a new one is chosen by mail.
    pub async fn clear_password(
        &mut self,
        id: &AccountId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(self.conn(), CLEAR_PASSWORD, id.as_str(), at.as_millis()).map(drop)
    }

    /// Notes that the person proved that the address is hers; an earlier time stays.
    pub async fn confirm_email(&mut self, id: &AccountId, at: Timestamp) -> Result<(), StoreError> {
        execute!(self.conn(), CONFIRM_EMAIL, id.as_str(), at.as_millis()).map(drop)
    }

    /// Gives an account another address, which its owner has just proved to be hers; a conflict when
    /// another account of the realm has it.
    pub async fn set_email(
        &mut self,
        id: &AccountId,
        email: &Email,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let (address, key, at) = (email.as_str(), email.key(), at.as_millis());
        execute!(self.conn(), SET_EMAIL, id.as_str(), address, key, at).map(drop)
    }

    /// Changes what the person is called; false when she is called that already.
    pub async fn set_name(
        &mut self,
        id: &AccountId,
        name: &DisplayName,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let (name, at) = (name.as_str(), at.as_millis());
        Ok(execute!(self.conn(), SET_NAME, id.as_str(), name, at)? == 1)
    }

    /// Changes the language of the person's mails; false when it is that one already.
    pub async fn set_locale(
        &mut self,
        id: &AccountId,
        locale: Locale,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let (locale, at) = (locale.as_str(), at.as_millis());
        Ok(execute!(self.conn(), SET_LOCALE, id.as_str(), locale, at)? == 1)
    }

    /// Replaces the hash of the same password by a costlier one, unless it changed meanwhile.
    pub async fn upgrade_password_hash(
        &mut self,
        id: &AccountId,
        old: &str,
        new: &str,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self.conn(), UPGRADE_PASSWORD_HASH, id.as_str(), old, new)? == 1)
    }

    /// Keeps an account as it is until this transaction ends: others that hold or change it wait.
    ///
    /// What decides on an account's state and then acts (opening a session, changing a factor)
    /// holds it first; otherwise two such transactions could each miss what the other one did.
    pub async fn lock_account(&mut self, id: &AccountId) -> Result<(), StoreError> {
        execute!(self.conn(), LOCK_ACCOUNT, id.as_str()).map(drop)
    }

    /// Opens or locks an account; false when it was so already, or does not exist.
    pub async fn set_account_status(
        &mut self,
        id: &AccountId,
        status: AccountStatus,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let (status, at) = (status.as_str(), at.as_millis());
        Ok(execute!(self.conn(), SET_ACCOUNT_STATUS, id.as_str(), status, at)? == 1)
    }
}
