//! Accounts that are to be deleted, how one goes with all that is its own, and `deletions`: that one
//! went.
//!
//! Most of what an account has refers to it and goes with its row (`on delete cascade`); what others
//! did or were mailed stays without it. Only a row whose time has come can go, by one conditional
//! statement: of any number of callers one is told that it was her.

use crate::{
    Row, Store, StoreError, Tx,
    conn::{Record, all, execute, optional, redacted_debug, statements, store_and_tx},
};
use domain::{AccountId, OrganisationId, Realm, Timestamp};

/// That an account was deleted.
#[derive(Clone, PartialEq, Eq)]
pub struct Deletion {
    /// The account that was.
    pub account_id: AccountId,
    /// The house it lived in.
    pub realm: Realm,
    /// When its owner asked for it.
    pub asked_at: Timestamp,
    /// When it was done.
    pub deleted_at: Timestamp,
    /// How many numbered lines its log had.
    pub lines: u64,
    /// What vouches for all that.
    pub tag: Vec<u8>,
}

redacted_debug!(Deletion {
    account_id,
    asked_at,
    deleted_at
});

statements! {
    SET_DELETION =
        "update accounts set deletion_at = $2, updated_at = $3
        where id = $1 and deletion_at is null";
    STOP_DELETION =
        "update accounts set deletion_at = null, updated_at = $2
        where id = $1 and deletion_at is not null";
    DUE_DELETIONS =
        "select id from accounts where deletion_at <= $1 order by deletion_at, id limit $2";
    DELETE_ACCOUNT = "delete from accounts where id = $1 and deletion_at <= $2";
    DELETE_MAILS_OF = "delete from outbox where account_id = $1";
    INSERT_DELETION =
        "insert into deletions (account_id, realm, asked_at, deleted_at, lines, tag)
        values ($1, $2, $3, $4, $5, $6)";
    DELETIONS =
        "select account_id, realm, asked_at, deleted_at, lines, tag from deletions
        where account_id > $1
        order by account_id
        limit $2";
    DELETE_OLD_DELETIONS = "delete from deletions where deleted_at < $1";
    /// Changes nothing and locks the row, on both engines alike.
    LOCK_ORGANISATION = "update organisations set name = name where id = $1";
    HAS_OTHER_MANAGER =
        "select exists (
            select 1 from memberships join accounts on accounts.id = memberships.account_id
            where memberships.organisation_id = $1 and memberships.account_id <> $2
                and memberships.role = 'organisation_manager' and accounts.status = 'active'
                and accounts.email_confirmed_at is not null and accounts.deletion_at is null
        ) as present";
}

impl Record for Deletion {
    fn read(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            account_id: row.text("account_id")?.into(),
            realm: Realm::from_stored(row.text("realm")?),
            asked_at: row.time("asked_at")?,
            deleted_at: row.time("deleted_at")?,
            lines: row.count("lines")?,
            tag: row.bytes("tag")?,
        })
    }
}

store_and_tx! { reader:
    /// Whether an organisation has a manager besides this account: one who has proved her address,
    /// is not locked, and is not leaving herself.
    fn has_other_manager(conn, organisation: &OrganisationId, besides: &AccountId) -> bool {
        let (organisation, besides) = (organisation.as_str(), besides.as_str());
        let row: Option<Row> = optional!(conn, HAS_OTHER_MANAGER, organisation, besides)?;
        row.map_or(Ok(false), |row| row.flag("present"))
    }
}

store_and_tx! { writer:
    /// Removes the records of deletions before this time.
    fn delete_old_deletions(conn, before: Timestamp) -> u64 {
        execute!(conn, DELETE_OLD_DELETIONS, before.as_millis())
    }
}

impl Store {
    /// The accounts whose time has come, the longest due first, at most `limit`.
    pub async fn due_deletions(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<AccountId>, StoreError> {
        let mut held = self.reader().await?;
        let rows: Vec<Row> = all!(
            held.conn(),
            DUE_DELETIONS,
            now.as_millis(),
            i64::from(limit)
        )?;
        rows.iter()
            .map(|row| row.text("id").map(AccountId::from))
            .collect()
    }

    /// The records of deletions in the order of their accounts, a part at a time: those after this
    /// one, at most `limit`.
    pub async fn deletions(
        &self,
        after: Option<&AccountId>,
        limit: u32,
    ) -> Result<Vec<Deletion>, StoreError> {
        let after = after.map(AccountId::as_str).unwrap_or_default();
        all!(
            self.reader().await?.conn(),
            DELETIONS,
            after,
            i64::from(limit)
        )
    }
}

impl Tx {
    /// Has an account deleted at this time; false when that is so already.
    pub async fn set_deletion(
        &mut self,
        id: &AccountId,
        due: Timestamp,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let (due, at) = (due.as_millis(), at.as_millis());
        Ok(execute!(self.conn(), SET_DELETION, id.as_str(), due, at)? == 1)
    }

    /// Keeps an account; false when it was not to be deleted.
    pub async fn stop_deletion(
        &mut self,
        id: &AccountId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self.conn(), STOP_DELETION, id.as_str(), at.as_millis())? == 1)
    }

    /// Keeps the managers of an organisation as they are until this transaction ends, among all who
    /// hold it. Whoever holds several does so in the order of their slugs.
    pub async fn lock_organisation(&mut self, id: &OrganisationId) -> Result<(), StoreError> {
        execute!(self.conn(), LOCK_ORGANISATION, id.as_str()).map(drop)
    }

    /// Removes every mail that concerns an account, sent or not.
    pub async fn delete_mails_of(&mut self, account: &AccountId) -> Result<u64, StoreError> {
        execute!(self.conn(), DELETE_MAILS_OF, account.as_str())
    }

    /// Removes an account whose time has come, and with it everything that refers to it. False when
    /// it has not, when the deletion was stopped, or when somebody else was quicker.
    pub async fn delete_account(
        &mut self,
        id: &AccountId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self.conn(), DELETE_ACCOUNT, id.as_str(), now.as_millis())? == 1)
    }

    /// Notes that an account was deleted.
    pub async fn insert_deletion(&mut self, deletion: &Deletion) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            INSERT_DELETION,
            deletion.account_id.as_str(),
            deletion.realm.to_string(),
            deletion.asked_at.as_millis(),
            deletion.deleted_at.as_millis(),
            i64::try_from(deletion.lines).unwrap_or(i64::MAX),
            deletion.tag.as_slice(),
        )
        .map(drop)
    }
}
