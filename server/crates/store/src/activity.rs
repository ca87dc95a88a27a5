//! `activity`: what happened to an account, by whom and from where, for its owner to read. Lines
//! are only ever added; each is a link of its account's chain (`domain::chain`), whose end stands on
//! the account's row.

use crate::{
    Row, Store, StoreError, Tx,
    conn::{all, execute, optional, redacted_debug, statements, value},
    row::{Record, record},
};
use domain::{AccountId, ActivityId, Timestamp};

record! {
    /// A line of the log.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ActivityEntry from entry of activity {
        /// Its identifier.
        pub id: ActivityId,
        /// Whom it concerns.
        pub account_id: AccountId,
        /// Who did it, if that is somebody with an account.
        pub actor_id: Option<AccountId>,
        /// What happened.
        pub kind: String,
        /// When.
        pub at: Timestamp = [happened_at],
        /// The network that it came from.
        pub network: String,
        /// The browser that it came from.
        pub user_agent: String,
        /// What else there is to say, as JSON.
        pub details: String,
        /// Its place in the chain, and its tag; none for a line that is older than the chain.
        pub link: Option<ActivityLink> = [line, tag] with read_link,
    }
}

redacted_debug!(ActivityEntry {
    id,
    account_id,
    actor_id,
    kind,
    at,
    link
});

/// A line's place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityLink {
    /// Counted from one.
    pub number: u64,
    /// What vouches for it; empty when the row has none.
    pub tag: Vec<u8>,
}

record! {
    /// The end of an account's chain.
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub struct ActivityEnd {
        /// How many lines it has.
        pub lines: u64,
        /// What vouches for that; none before the first line.
        pub tag: Option<Vec<u8>> = [activity_tag],
    }
}

record! {
    /// Lines that are not in the chain.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Unchained {
        /// How many.
        pub lines: u64,
        /// The newest one's time.
        pub newest: Option<Timestamp>,
    }
}

/// Which lines to read.
#[derive(Debug, Clone, Copy, Default)]
pub struct ActivityFilter<'a> {
    /// Only these kinds; none for all.
    pub kinds: Option<&'a [&'a str]>,
    /// Only what somebody else did than the owner.
    pub by_others: bool,
    /// Only lines older than this one of the same account.
    pub before: Option<&'a ActivityId>,
}

/// A line with the name of who did it, if she still has an account.
pub type NamedEntry = (ActivityEntry, Option<String>);

statements! {
    INSERT_ACTIVITY =
        "insert into activity (id, account_id, actor_id, kind, happened_at, network, user_agent,
            details, line, tag)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    HAS_ACTIVITY =
        "select exists (select 1 from activity where account_id = $1 and kind = $2) as present";
    /// Kinds are looked for in a list between commas; `before` is compared as a whole row, so that
    /// a page begins where the last one ended even when lines were added meanwhile.
    ACTIVITY = concat!(
        "select ", entry!(), ", actor.name as actor_name
        from activity
        left join accounts as actor on actor.id = activity.actor_id
        where activity.account_id = $1
            and ($3 = '' or replace($3, ',' || activity.kind || ',', '') <> $3)
            and (not $4 or activity.actor_id is null or activity.actor_id <> $1)
            and ($5 = '' or (coalesce(activity.line, 0), activity.happened_at, activity.id) < (
                select coalesce(line, 0), happened_at, id from activity
                where id = $5 and account_id = $1
            ))
        order by coalesce(activity.line, 0) desc, activity.happened_at desc, activity.id desc
        limit $2"
    );
    /// Counts a line and answers with the end before it. The row stays locked, so lines that are
    /// written at once follow one another.
    ADVANCE_ACTIVITY =
        "update accounts set activity_lines = activity_lines + 1 where id = $1
        returning activity_lines - 1 as lines, activity_tag";
    END_ACTIVITY = "update accounts set activity_tag = $2 where id = $1";
    /// One statement sees one moment: the end fits the lines that are read with it.
    ACTIVITY_CHAIN = concat!(
        "select accounts.activity_lines as lines, accounts.activity_tag, ", entry!(), "
        from accounts
        left join activity on activity.account_id = accounts.id and activity.line > $2
        where accounts.id = $1
        order by activity.line
        limit $3"
    );
    UNCHAINED_ACTIVITY =
        "select count(*) as lines, max(happened_at) as newest from activity
        where account_id = $1 and (line is null or line < 1)";
    CHAIN_BEGAN = "select min(happened_at) as began from activity where line = 1";
}

fn read_link(row: &Row) -> Result<Option<ActivityLink>, StoreError> {
    let number: Option<i64> = row.get("line")?;
    let Some(number) = number.filter(|number| *number > 0) else {
        return Ok(None);
    };
    Ok(Some(ActivityLink {
        number: number.unsigned_abs(),
        tag: row.get::<Option<_>>("tag")?.unwrap_or_default(),
    }))
}

impl Record for NamedEntry {
    fn read(row: Row) -> Result<Self, StoreError> {
        Ok((ActivityEntry::from_row(&row)?, row.get("actor_name")?))
    }
}

impl Store {
    /// The newest lines that concern an account, newest first.
    pub async fn activity(
        &self,
        account: &AccountId,
        limit: u32,
    ) -> Result<Vec<ActivityEntry>, StoreError> {
        let page = self
            .activity_page(account, ActivityFilter::default(), limit)
            .await?;
        Ok(page.into_iter().map(|(entry, _)| entry).collect())
    }

    /// The newest lines that fit a filter, newest first, with the names of who did it.
    pub async fn activity_page(
        &self,
        account: &AccountId,
        filter: ActivityFilter<'_>,
        limit: u32,
    ) -> Result<Vec<NamedEntry>, StoreError> {
        let kinds = filter.kinds.map(|kinds| format!(",{},", kinds.join(",")));
        all!(
            self.reader().await?.conn(),
            ACTIVITY,
            account.as_str(),
            i64::from(limit),
            kinds.as_deref().unwrap_or_default(),
            filter.by_others,
            filter.before.map(ActivityId::as_str).unwrap_or_default(),
        )
    }

    /// The lines of a chain after a number, in order, at most `limit`, and the end that the chain
    /// had at that moment; `None` when there is no such account.
    pub async fn activity_chain(
        &self,
        account: &AccountId,
        after: u64,
        limit: u32,
    ) -> Result<Option<(ActivityEnd, Vec<ActivityEntry>)>, StoreError> {
        let rows: Vec<Row> = all!(
            self.reader().await?.conn(),
            ACTIVITY_CHAIN,
            account.as_str(),
            i64::try_from(after).unwrap_or(i64::MAX),
            i64::from(limit),
        )?;
        let Some(first) = rows.first() else {
            return Ok(None);
        };
        let end = ActivityEnd::from_row(first)?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in &rows {
            // An account without such lines is one row of its own.
            if row.get::<Option<ActivityId>>("id")?.is_some() {
                lines.push(ActivityEntry::from_row(row)?);
            }
        }
        Ok(Some((end, lines)))
    }

    /// The lines of an account that have no number.
    pub async fn unchained_activity(&self, account: &AccountId) -> Result<Unchained, StoreError> {
        let mut held = self.reader().await?;
        optional!(held.conn(), UNCHAINED_ACTIVITY, account.as_str())?
            .ok_or(StoreError::Corrupt("lines"))
    }

    /// When the first of all chains began.
    pub async fn activity_chains_began(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(value!(self.reader().await?.conn(), CHAIN_BEGAN, "began")?.flatten())
    }
}

impl Tx {
    /// Whether something of this kind ever happened to an account.
    pub async fn has_activity(
        &mut self,
        account: &AccountId,
        kind: &str,
    ) -> Result<bool, StoreError> {
        let present = value!(self.conn(), HAS_ACTIVITY, "present", account.as_str(), kind)?;
        Ok(present.unwrap_or_default())
    }

    /// Counts one more line of an account and answers with the end of the chain before it; `None`
    /// when there is no such account. Others who add a line to the same account wait.
    pub async fn advance_activity(
        &mut self,
        account: &AccountId,
    ) -> Result<Option<ActivityEnd>, StoreError> {
        optional!(self.conn(), ADVANCE_ACTIVITY, account.as_str())
    }

    /// Adds a line.
    pub async fn insert_activity(&mut self, entry: &ActivityEntry) -> Result<(), StoreError> {
        let link = entry.link.as_ref();
        let number = link.map(|link| i64::try_from(link.number).unwrap_or(i64::MAX));
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
            number,
            link.map(|link| link.tag.as_slice()),
        )
        .map(drop)
    }

    /// Sets what vouches for the end of an account's chain.
    pub async fn end_activity(
        &mut self,
        account: &AccountId,
        tag: &[u8],
    ) -> Result<(), StoreError> {
        execute!(self.conn(), END_ACTIVITY, account.as_str(), tag).map(drop)
    }
}
