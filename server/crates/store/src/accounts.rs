//! `accounts`: who may sign in, and by which means.

use crate::{
    Row, Store, StoreError, Tx,
    conn::{Conn, all, execute, optional, redacted_debug, statements, store_and_tx, value},
    dialect::LOCK_ACCOUNT,
    row::{record, select},
};
use domain::{
    AccountId, AccountStatus, DisplayName, Email, Locale, OrganisationId, PlatformRole, Provider,
    Realm, Timestamp, sign_in::Linked,
};

record! {
    /// A person's account in one realm.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Account from account of accounts {
        /// Its identifier.
        pub id: AccountId,
        /// Its realm.
        pub realm: Realm,
        /// The address as the user typed it: where mail goes.
        pub email: String,
        /// The name of the user.
        pub name: String,
        /// The language of the user's mails.
        pub locale: Locale,
        /// The password, hashed (PHC string); none before the first was chosen.
        pub password_hash: Option<String>,
        /// When the password was set.
        pub password_set_at: Option<Timestamp>,
        /// Whether the password was good enough to be the only factor when it was chosen.
        pub password_stands_alone: bool,
        /// The role on the platform as a whole.
        pub platform_role: Option<PlatformRole>,
        /// Whether the account may be used.
        pub status: AccountStatus,
        /// When the user confirmed the address.
        pub email_confirmed_at: Option<Timestamp>,
        /// Since when the address is doubted: its domain took no mail for too long.
        pub email_doubted_at: Option<Timestamp>,
        /// When the account was created.
        pub created_at: Timestamp,
        /// Whether a second factor is active.
        pub second_factor: bool = [],
        /// The accounts at providers that are linked to it.
        pub linked: Linked = [] with read_linked,
        /// When it is to be deleted, if its owner asked for that.
        pub deletion_at: Option<Timestamp>,
    }
}

impl Account {
    /// The key by which addresses are compared, as [`Email::key`].
    pub fn email_key(&self) -> String {
        domain::email_key(&self.email)
    }

    /// Whether a mail to the address still reaches its owner alone, as far as we know. When it is doubted, somebody else may
    /// have its domain.
    pub const fn is_address_proof(&self) -> bool {
        self.email_confirmed_at.is_some() && self.email_doubted_at.is_none()
    }
}

redacted_debug!(Account {
    id,
    realm,
    status,
    platform_role,
    second_factor
});

record! {
    /// Where an address has an account.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct AccountPlace from account_place of accounts {
        /// The realm of the account.
        pub realm: Realm,
    }
}

/// An account to insert: active, without a password, its address not confirmed.
pub struct NewAccount<'a> {
    /// Its identifier.
    pub id: AccountId,
    /// Its realm.
    pub realm: Realm,
    /// The address.
    pub email: &'a Email,
    /// The name of the user.
    pub name: &'a DisplayName,
    /// The language of the user's mails.
    pub locale: Locale,
    /// The role on the platform; only in the back office.
    pub platform_role: Option<PlatformRole>,
    /// Now.
    pub created_at: Timestamp,
}

redacted_debug!(NewAccount<'_> { id, realm, platform_role });

/// A password to set.
pub struct SetPassword<'a> {
    /// The hash (PHC string).
    pub hash: &'a str,
    /// Now.
    pub at: Timestamp,
    /// Whether it is good enough to be the only factor.
    pub stands_alone: bool,
    /// Whether it was chosen through a mailed link, which confirms the address; an earlier
    /// confirmation keeps its time. An account that is confirmed by it is not deleted as a forgotten registration.
    pub confirms_email: bool,
}

redacted_debug!(SetPassword<'_> { at, stands_alone, confirms_email });

macro_rules! select_account {
    ($rest:literal) => {
        concat!(
            "select ",
            account!(),
            ", exists (select 1 from totp_factors where account_id = accounts.id)
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
    ACCOUNTS_OF_EMAIL =
        select!(account_place, "from accounts where email_key = $1 order by realm limit $2");
    ORGANISATION_MANAGERS = select_account!(
        "where status = 'active' and id in (
            select account_id from memberships
            where organisation_id = $1 and role = 'organisation_manager')
        order by id"
    );
    ACCOUNTS = select_account!("where realm = $1 and email_key > $2 order by email_key limit $3");
    EVERY_ACCOUNT = select_account!("where id > $1 order by id limit $2");
    INSERT_ACCOUNT =
        "insert into accounts (id, realm, email, email_key, name, locale, platform_role, status,
            created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)";
    SET_PASSWORD =
        "update accounts
        set password_hash = $2, password_set_at = $3, password_stands_alone = $4, updated_at = $3,
            withdrawn_password_hash = null,
            email_confirmed_at = case
                when $5 and email_confirmed_at is null then $3 else email_confirmed_at
            end,
            deletion_at = case
                when $5 and email_confirmed_at is null then null else deletion_at
            end
        where id = $1";
    CLEAR_PASSWORD =
        "update accounts
        set withdrawn_password_hash = coalesce(password_hash, withdrawn_password_hash),
            password_hash = null, password_set_at = null, password_stands_alone = true,
            updated_at = $2
        where id = $1";
    WITHDRAWN_PASSWORD =
        "select withdrawn_password_hash from accounts
        where id = $1 and withdrawn_password_hash is not null";
    /// Nobody but the sweep of unconfirmed accounts has planned the deletion of one.
    CONFIRM_EMAIL =
        "update accounts set email_confirmed_at = $2, deletion_at = null, updated_at = $2
        where id = $1 and email_confirmed_at is null";
    DOUBT_EMAIL =
        "update accounts set email_doubted_at = $2, updated_at = $2
        where id = $1 and email_confirmed_at is not null and email_doubted_at is null";
    TRUST_EMAIL =
        "update accounts set email_doubted_at = null, updated_at = $2
        where id = $1 and email_doubted_at is not null";
    UPGRADE_PASSWORD_HASH =
        "update accounts set password_hash = $3 where id = $1 and password_hash = $2";
    SET_EMAIL =
        "update accounts
        set email = $2, email_key = $3, email_confirmed_at = $4, email_doubted_at = null, updated_at = $4
        where id = $1";
    SET_NAME = "update accounts set name = $2, updated_at = $3 where id = $1 and name <> $2";
    SET_LOCALE = "update accounts set locale = $2, updated_at = $3 where id = $1 and locale <> $2";
    SET_ACCOUNT_STATUS =
        "update accounts set status = $2, updated_at = $3 where id = $1 and status <> $2";
}

fn read_linked(row: &Row) -> Result<Linked, StoreError> {
    let mut linked = Linked::NONE;
    for (provider, column) in [
        (Provider::Google, "google_since"),
        (Provider::Microsoft, "microsoft_since"),
    ] {
        if let Some(since) = row.get(column)? {
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

    /// The organisation managers of an organisation, without those who are locked.
    fn organisation_managers(conn, organisation: &OrganisationId) -> Vec<Account> {
        all!(conn, ORGANISATION_MANAGERS, organisation.as_str())
    }

    /// Where an address has an account, at most `limit` of them; `email_key` is [`Email::key`].
    fn account_places(conn, email_key: &str, limit: u32) -> Vec<AccountPlace> {
        all!(conn, ACCOUNTS_OF_EMAIL, email_key, i64::from(limit))
    }

    /// The account of this address in a realm; `email_key` is [`Email::key`].
    fn account_by_email(conn, realm: &Realm, email_key: &str) -> Option<Account> {
        optional!(conn, ACCOUNT_BY_EMAIL, realm.to_string(), email_key)
    }
}

impl Store {
    /// The accounts of a realm in the order of their addresses, a page at a time: those after
    /// `after` (an [`Account::email_key`]), at most `limit`.
    pub async fn accounts(
        &self,
        realm: &Realm,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Account>, StoreError> {
        all!(
            self.reader().await?.conn(),
            ACCOUNTS,
            realm.to_string(),
            after.unwrap_or_default(),
            i64::from(limit)
        )
    }

    /// The hash of the password that was withdrawn from an account, until another one is chosen.
    pub async fn withdrawn_password(&self, id: &AccountId) -> Result<Option<String>, StoreError> {
        value!(
            self.reader().await?.conn(),
            WITHDRAWN_PASSWORD,
            "withdrawn_password_hash",
            id.as_str()
        )
    }

    /// The accounts of all realms in the order of their ids, a page at a time: those after `after`,
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
    /// Inserts an account.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the realm has an account of the same address.
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

    /// Withdraws the password: none is accepted until a new one is chosen through a mailed link.
    pub async fn clear_password(
        &mut self,
        id: &AccountId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(self.conn(), CLEAR_PASSWORD, id.as_str(), at.as_millis()).map(drop)
    }

    /// Records that the user confirmed the address, so that the account stays; an earlier time stays.
    pub async fn confirm_email(&mut self, id: &AccountId, at: Timestamp) -> Result<(), StoreError> {
        execute!(self.conn(), CONFIRM_EMAIL, id.as_str(), at.as_millis()).map(drop)
    }

    /// Doubts the confirmed address of an account until it is confirmed again; false when it is doubted already.
    pub async fn doubt_email(&mut self, id: &AccountId, at: Timestamp) -> Result<bool, StoreError> {
        Ok(execute!(self.conn(), DOUBT_EMAIL, id.as_str(), at.as_millis())? == 1)
    }

    /// Doubts the address of an account no longer; false when it is not doubted.
    pub async fn trust_email(&mut self, id: &AccountId, at: Timestamp) -> Result<bool, StoreError> {
        Ok(execute!(self.conn(), TRUST_EMAIL, id.as_str(), at.as_millis())? == 1)
    }

    /// Changes the address of an account to one that its user has just confirmed.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another account of the realm has the address.
    pub async fn set_email(
        &mut self,
        id: &AccountId,
        email: &Email,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let (address, key, at) = (email.as_str(), email.key(), at.as_millis());
        execute!(self.conn(), SET_EMAIL, id.as_str(), address, key, at).map(drop)
    }

    /// Changes the user's name; false when it is the same already.
    pub async fn set_name(
        &mut self,
        id: &AccountId,
        name: &DisplayName,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let (name, at) = (name.as_str(), at.as_millis());
        Ok(execute!(self.conn(), SET_NAME, id.as_str(), name, at)? == 1)
    }

    /// Changes the language of the user's mails; false when it is the same already.
    pub async fn set_locale(
        &mut self,
        id: &AccountId,
        locale: Locale,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let (locale, at) = (locale.as_str(), at.as_millis());
        Ok(execute!(self.conn(), SET_LOCALE, id.as_str(), locale, at)? == 1)
    }

    /// Replaces the hash by a costlier one of the same password; false when the password was changed
    /// meanwhile.
    pub async fn upgrade_password_hash(
        &mut self,
        id: &AccountId,
        old: &str,
        new: &str,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self.conn(), UPGRADE_PASSWORD_HASH, id.as_str(), old, new)? == 1)
    }

    /// Locks an account until this transaction ends: others that lock or change it wait.
    ///
    /// A transaction that reads an account's state and then acts on it (opens a session, changes a
    /// factor) locks the account first; otherwise two of them could each miss the other's change.
    /// [`Tx`] says in which order locks are taken.
    pub async fn lock_account(&mut self, id: &AccountId) -> Result<(), StoreError> {
        match self.conn() {
            Conn::Sqlite(_) => Ok(()),
            conn @ Conn::Postgres(_) => execute!(conn, LOCK_ACCOUNT, id.as_str()).map(drop),
        }
    }

    /// Activates or locks an account; false when it has that status already, or does not exist.
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
