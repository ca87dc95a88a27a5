//! `activity`: what happened to an account, by whom and from where, for its owner to read. Lines
//! are only ever added.

use crate::{
    Row, Store, StoreError, Tx,
    conn::{Record, all, execute, optional, redacted_debug, statements},
};
use domain::{AccountId, ActivityId, Timestamp};

/// A line of the log.
#[derive(Clone, PartialEq, Eq)]
pub struct ActivityEntry {
    /// Its identifier.
    pub id: ActivityId,
    /// Whom it concerns.
    pub account_id: AccountId,
    /// Who did it, if that is somebody with an account.
    pub actor_id: Option<AccountId>,
    /// What happened.
    pub kind: String,
    /// When.
    pub at: Timestamp,
    /// The network that it came from.
    pub network: String,
    /// The browser that it came from.
    pub user_agent: String,
    /// What else there is to say, as JSON.
    pub details: String,
}

redacted_debug!(ActivityEntry {
    id,
    account_id,
    actor_id,
    kind,
    at
});

statements! {
    INSERT_ACTIVITY =
        "insert into activity (id, account_id, actor_id, kind, happened_at, network, user_agent,
            details)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    HAS_ACTIVITY =
        "select exists (select 1 from activity where account_id = $1 and kind = $2) as present";
    ACTIVITY =
        "select id, account_id, actor_id, kind, happened_at, network, user_agent, details
        from activity
        where account_id = $1
        order by happened_at desc, id desc
        limit $2";
}

impl Record for ActivityEntry {
    fn read(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text("id")?.into(),
            account_id: row.text("account_id")?.into(),
            actor_id: row.maybe_text("actor_id")?.map(AccountId::from),
            kind: row.text("kind")?,
            at: row.time("happened_at")?,
            network: row.text("network")?,
            user_agent: row.text("user_agent")?,
            details: row.text("details")?,
        })
    }
}

impl Store {
    /// The newest lines that concern an account, newest first.
    pub async fn activity(
        &self,
        account: &AccountId,
        limit: u32,
    ) -> Result<Vec<ActivityEntry>, StoreError> {
        all!(
            self.reader().await?.conn(),
            ACTIVITY,
            account.as_str(),
            i64::from(limit)
        )
    }
}

impl Tx {
    /// Whether something of this kind ever happened to an account.
    pub async fn has_activity(
        &mut self,
        account: &AccountId,
        kind: &str,
    ) -> Result<bool, StoreError> {
        let row: Option<Row> = optional!(self.conn(), HAS_ACTIVITY, account.as_str(), kind)?;
        row.map_or(Ok(false), |row| row.flag("present"))
    }

    /// Adds a line.
    pub async fn insert_activity(&mut self, entry: &ActivityEntry) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            INSERT_ACTIVITY,
            entry.id.as_str(),
            entry.account_id.as_str(),
            entry.actor_id.as_ref().map(AccountId::as_str),
            entry.kind.as_str(),
            entry.at.as_millis(),
            entry.network.as_str(),
            entry.user_agent.as_str(),
            entry.details.as_str(),
        )
        .map(drop)
    }
}
