//! The deletion of accounts, and `deletions`: the records that accounts were deleted.
//!
//! Most rows of an account refer to it and are deleted with it (`on delete cascade`); entries in the
//! logs of other accounts stay without it. One conditional statement deletes an account that is due:
//! of any number of callers one gets `true`.

use crate::{
    Row, Store, StoreError, Tx,
    conn::{Conn, all, execute, redacted_debug, statements, store_and_tx, value},
    dialect::LOCK_ORGANISATION,
    row::{record, select},
};
use domain::{AccountId, OrganisationId, Realm, Timestamp};

record! {
    /// The record that an account was deleted.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Deletion from deletion of deletions {
        /// The deleted account.
        pub account_id: AccountId,
        /// Its realm.
        pub realm: Realm,
        /// When its owner asked for it.
        pub asked_at: Timestamp,
        /// When it was done.
        pub deleted_at: Timestamp,
        /// How many numbered lines its log had.
        pub lines: u64,
        /// The MAC over the record.
        pub tag: Vec<u8>,
    }
}

redacted_debug!(Deletion {
    account_id,
    asked_at,
    deleted_at
});

statements! {
    SIGN_DELETION = "update deletions set tag = $2 where account_id = $1";
    SET_DELETION =
        "update accounts set deletion_at = $2, updated_at = $3
        where id = $1 and deletion_at is null";
    STOP_DELETION =
        "update accounts set deletion_at = null, updated_at = $2
        where id = $1 and deletion_at is not null";
    DUE_DELETIONS =
        "select id from accounts where deletion_at <= $1 order by deletion_at, id limit $2";
    DELETE_ACCOUNT = "delete from accounts where id = $1 and deletion_at <= $2";
    DELETE_JOBS_OF_MAILS_OF =
        "delete from jobs where kind = 'send_mail'
            and id in (select id from outbox where account_id = $1)";
    DELETE_MAILS_OF = "delete from outbox where account_id = $1";
    DELETE_QUEUED_MAILS_OF = "delete from outbox where account_id = $1 and state = 'queued'";
    RELEASE_MAILS_OF = "update outbox set account_id = null where account_id = $1";
    INSERT_DELETION =
        "insert into deletions (account_id, realm, asked_at, deleted_at, lines, tag)
        values ($1, $2, $3, $4, $5, $6)";
    DELETIONS =
        select!(deletion, "from deletions
        where account_id > $1
        order by account_id
        limit $2");
    HAS_OTHER_MANAGER =
        "select exists (
            select 1 from memberships join accounts on accounts.id = memberships.account_id
            where memberships.organisation_id = $1 and memberships.account_id <> $2
                and memberships.role = 'organisation_manager' and accounts.status = 'active'
                and accounts.email_confirmed_at is not null and accounts.deletion_at is null
        ) as present";
}

store_and_tx! { reader:
    /// Whether an organisation has a manager besides this account: one with a confirmed address that
    /// is neither locked nor about to be deleted.
    fn has_other_manager(conn, organisation: &OrganisationId, besides: &AccountId) -> bool {
        let (organisation, besides) = (organisation.as_str(), besides.as_str());
        let present = value!(conn, HAS_OTHER_MANAGER, "present", organisation, besides)?;
        Ok(present.unwrap_or_default())
    }
}

impl Store {
    /// The accounts that are due for deletion, the longest due first, at most `limit`.
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
        rows.iter().map(|row| row.get("id")).collect()
    }

    /// The records of deletions in the order of their accounts, a page at a time: those after `after`,
    /// at most `limit`.
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
    /// Writes the tag of a record anew.
    pub async fn sign_deletion(
        &mut self,
        account: &AccountId,
        tag: &[u8],
    ) -> Result<(), StoreError> {
        execute!(self.conn(), SIGN_DELETION, account.as_str(), tag).map(drop)
    }

    /// Schedules the deletion of an account; false when one is scheduled already.
    pub async fn set_deletion(
        &mut self,
        id: &AccountId,
        due: Timestamp,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let (due, at) = (due.as_millis(), at.as_millis());
        Ok(execute!(self.conn(), SET_DELETION, id.as_str(), due, at)? == 1)
    }

    /// Cancels the deletion of an account; false when none was scheduled.
    pub async fn stop_deletion(
        &mut self,
        id: &AccountId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self.conn(), STOP_DELETION, id.as_str(), at.as_millis())? == 1)
    }

    /// Locks an organisation until this transaction ends, so that its managers stay the same among
    /// all transactions that lock it. [`Tx`] says in which order locks are taken.
    pub async fn lock_organisation(&mut self, id: &OrganisationId) -> Result<(), StoreError> {
        match self.conn() {
            Conn::Sqlite(_) => Ok(()),
            conn @ Conn::Postgres(_) => execute!(conn, LOCK_ORGANISATION, id.as_str()).map(drop),
        }
    }

    /// Removes every mail that concerns an account, sent or not.
    pub async fn delete_mails_of(&mut self, account: &AccountId) -> Result<u64, StoreError> {
        execute!(self.conn(), DELETE_JOBS_OF_MAILS_OF, account.as_str())?;
        execute!(self.conn(), DELETE_MAILS_OF, account.as_str())
    }

    /// Deletes the mails to an account that wait, and forgets whom the others concerned: what became of them still counts.
    pub async fn release_mails_of(&mut self, account: &AccountId) -> Result<(), StoreError> {
        execute!(self.conn(), DELETE_QUEUED_MAILS_OF, account.as_str())?;
        execute!(self.conn(), RELEASE_MAILS_OF, account.as_str()).map(drop)
    }

    /// Deletes an account that is due, and with it everything that refers to it. False when it is not
    /// due, when its deletion was cancelled, or when another caller deleted it.
    pub async fn delete_account(
        &mut self,
        id: &AccountId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self.conn(), DELETE_ACCOUNT, id.as_str(), now.as_millis())? == 1)
    }

    /// Records that an account was deleted.
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
