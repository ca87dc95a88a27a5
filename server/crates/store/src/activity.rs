//! `activity`: what happened to an account or an organisation, by whom and from where. Lines are only
//! ever added; each is a link of its subject's chain (`domain::chain`), whose end is stored on the
//! subject's row.

use crate::{
    Row, Store, StoreError, Tx,
    conn::{all, execute, optional, redacted_debug, statements, value},
    row::{Record, record},
};
use domain::{AccountId, ActivityId, OrganisationId, Subject, Timestamp};

record! {
    /// A line of the log.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ActivityEntry from entry of activity {
        /// Its identifier.
        pub id: ActivityId,
        /// What it is about.
        pub subject: Subject = [account_id, organisation_id] with read_subject,
        /// Who did it.
        pub actor: ActivityActor = [actor_kind, actor_id, actor_role, actor_organisation_id]
            with read_actor,
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
    subject,
    actor,
    kind,
    at,
    link
});

/// The actor of a line, as it is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActivityActor {
    /// The kind (`domain::Actor::kind`); none in a line from before migration 0011.
    pub kind: Option<String>,
    /// The actor's account, while it exists.
    pub account_id: Option<AccountId>,
    /// The role in which the actor acted for others.
    pub role: Option<String>,
    /// The organisation of that role.
    pub organisation_id: Option<OrganisationId>,
}

/// A line's place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityLink {
    /// Counted from one.
    pub number: u64,
    /// Its tag; empty when the row has none.
    pub tag: Vec<u8>,
}

record! {
    /// The end of a chain.
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub struct ActivityEnd {
        /// How many lines it has.
        pub lines: u64,
        /// The tag of the end; none before the first line.
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
    /// Only lines with another actor than the owner.
    pub by_others: bool,
    /// Only lines older than this one of the same account.
    pub before: Option<&'a ActivityId>,
}

/// A line with the name of its actor, while the actor's account exists.
pub type NamedEntry = (ActivityEntry, Option<String>);

/// Counts a line and answers with the end before it. The row stays locked, so that concurrent lines
/// follow one another.
macro_rules! advance {
    ($subjects:literal) => {
        concat!(
            "update ",
            $subjects,
            " set activity_lines = activity_lines + 1 where id = $1
            returning activity_lines - 1 as lines, activity_tag"
        )
    };
}

/// The lines of a chain with its end. One statement sees one moment: the end fits the lines.
macro_rules! chain {
    ($subjects:literal, $column:literal) => {
        concat!(
            "select ",
            $subjects,
            ".activity_lines as lines, ",
            $subjects,
            ".activity_tag, ",
            entry!(),
            "
            from ",
            $subjects,
            "
            left join activity on activity.",
            $column,
            " = ",
            $subjects,
            ".id
                and activity.line > $2
            where ",
            $subjects,
            ".id = $1
            order by activity.line
            limit $3"
        )
    };
}

statements! {
    INSERT_ACTIVITY =
        "insert into activity (id, account_id, organisation_id, actor_id, actor_kind, actor_role,
            actor_organisation_id, kind, happened_at, network, user_agent, details, line, tag)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    ACTIVITY_LINES = "select count(*) as lines from activity where account_id = $1";
    HAS_ACTIVITY =
        "select exists (select 1 from activity where account_id = $1 and kind = $2) as present";
    COUNT_ACTIVITY =
        "select count(*) as lines from activity
        where account_id = $1 and kind = $2 and happened_at > $3";
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
    /// Every id is greater than nothing, which makes the engines read the index from its end.
    NEWEST_ACCOUNTS =
        "select account_id from activity where id > '' and account_id is not null
        order by id desc limit $1";
    ACTIVITY_AT = "select happened_at from activity where id = $1 and account_id = $2";
    ADVANCE_ACCOUNT = advance!("accounts");
    ADVANCE_ORGANISATION = advance!("organisations");
    LOCK_ACCOUNT_LOG =
        "update accounts set activity_lines = activity_lines where id = $1
        returning activity_lines as lines, activity_tag";
    LOCK_ORGANISATION_LOG =
        "update organisations set activity_lines = activity_lines where id = $1
        returning activity_lines as lines, activity_tag";
    TAG_OF_ACCOUNT_LINE = "select tag from activity where account_id = $1 and line = $2";
    TAG_OF_ORGANISATION_LINE = "select tag from activity where organisation_id = $1 and line = $2";
    END_ACCOUNT = "update accounts set activity_tag = $2 where id = $1";
    END_ORGANISATION = "update organisations set activity_tag = $2 where id = $1";
    CHAIN_OF_ACCOUNT = chain!("accounts", "account_id");
    CHAIN_OF_ORGANISATION = chain!("organisations", "organisation_id");
    UNCHAINED_OF_ACCOUNT =
        "select count(*) as lines, max(happened_at) as newest from activity
        where account_id = $1 and (line is null or line < 1)";
    UNCHAINED_OF_ORGANISATION =
        "select count(*) as lines, max(happened_at) as newest from activity
        where organisation_id = $1 and (line is null or line < 1)";
    ACCOUNT_CHAINS_BEGAN =
        "select min(happened_at) as began from activity where line = 1 and account_id is not null";
    ORGANISATION_CHAINS_BEGAN =
        "select min(happened_at) as began from activity
        where line = 1 and organisation_id is not null";
}

/// The statement for a kind of subject.
const fn of(subject: &Subject, account: &'static str, organisation: &'static str) -> &'static str {
    match subject {
        Subject::Account(_) => account,
        Subject::Organisation(_) => organisation,
    }
}

fn read_subject(row: &Row) -> Result<Subject, StoreError> {
    match (row.get("account_id")?, row.get("organisation_id")?) {
        (Some(id), None) => Ok(Subject::Account(id)),
        (None, Some(id)) => Ok(Subject::Organisation(id)),
        _ => Err(StoreError::Corrupt("account_id")),
    }
}

fn read_actor(row: &Row) -> Result<ActivityActor, StoreError> {
    Ok(ActivityActor {
        kind: row.get("actor_kind")?,
        account_id: row.get("actor_id")?,
        role: row.get("actor_role")?,
        organisation_id: row.get("actor_organisation_id")?,
    })
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

    /// The accounts that the newest lines of all logs are about, at most `lines` of them, each account once.
    pub async fn accounts_of_newest_lines(&self, lines: u32) -> Result<Vec<AccountId>, StoreError> {
        let mut held = self.reader().await?;
        let rows: Vec<Row> = all!(held.conn(), NEWEST_ACCOUNTS, i64::from(lines))?;
        let mut accounts: Vec<AccountId> = Vec::new();
        for row in rows {
            let account = row.get("account_id")?;
            if !accounts.contains(&account) {
                accounts.push(account);
            }
        }
        Ok(accounts)
    }

    /// When a line of the log of an account was written.
    pub async fn activity_at(
        &self,
        account: &AccountId,
        line: &ActivityId,
    ) -> Result<Option<Timestamp>, StoreError> {
        value!(
            self.reader().await?.conn(),
            ACTIVITY_AT,
            "happened_at",
            line.as_str(),
            account.as_str()
        )
    }

    /// How many lines the log of an account has.
    pub async fn activity_lines(&self, account: &AccountId) -> Result<u64, StoreError> {
        let lines = value!(
            self.reader().await?.conn(),
            ACTIVITY_LINES,
            "lines",
            account.as_str()
        )?;
        Ok(lines.unwrap_or_default())
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
    /// had at that moment; `None` when the subject does not exist.
    pub async fn activity_chain(
        &self,
        subject: &Subject,
        after: u64,
        limit: u32,
    ) -> Result<Option<(ActivityEnd, Vec<ActivityEntry>)>, StoreError> {
        let rows: Vec<Row> = all!(
            self.reader().await?.conn(),
            of(subject, CHAIN_OF_ACCOUNT, CHAIN_OF_ORGANISATION),
            subject.as_str(),
            i64::try_from(after).unwrap_or(i64::MAX),
            i64::from(limit),
        )?;
        let Some(first) = rows.first() else {
            return Ok(None);
        };
        let end = ActivityEnd::from_row(first)?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in &rows {
            // Without such lines there is one row with the end alone.
            if row.get::<Option<ActivityId>>("id")?.is_some() {
                lines.push(ActivityEntry::from_row(row)?);
            }
        }
        Ok(Some((end, lines)))
    }

    /// The lines of a log that have no number.
    pub async fn unchained_activity(&self, subject: &Subject) -> Result<Unchained, StoreError> {
        let mut held = self.reader().await?;
        let statement = of(subject, UNCHAINED_OF_ACCOUNT, UNCHAINED_OF_ORGANISATION);
        optional!(held.conn(), statement, subject.as_str())?.ok_or(StoreError::Corrupt("lines"))
    }

    /// When the first chain of this kind of subject began.
    pub async fn activity_chains_began(
        &self,
        subject: &Subject,
    ) -> Result<Option<Timestamp>, StoreError> {
        let statement = of(subject, ACCOUNT_CHAINS_BEGAN, ORGANISATION_CHAINS_BEGAN);
        Ok(value!(self.reader().await?.conn(), statement, "began")?.flatten())
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

    /// How many lines of this kind an account has since then.
    pub async fn count_activity(
        &mut self,
        account: &AccountId,
        kind: &str,
        since: Timestamp,
    ) -> Result<i64, StoreError> {
        let (account, since) = (account.as_str(), since.as_millis());
        let lines = value!(self.conn(), COUNT_ACTIVITY, "lines", account, kind, since)?;
        Ok(lines.unwrap_or_default())
    }

    /// Counts one more line of a subject and answers with the end of the chain before it; `None`
    /// when the subject does not exist. Concurrent writers of the same log wait.
    pub async fn advance_activity(
        &mut self,
        subject: &Subject,
    ) -> Result<Option<ActivityEnd>, StoreError> {
        let statement = of(subject, ADVANCE_ACCOUNT, ADVANCE_ORGANISATION);
        optional!(self.conn(), statement, subject.as_str())
    }

    /// Locks the log of a subject, and gives its end; `None` when the subject does not exist.
    pub async fn lock_activity(
        &mut self,
        subject: &Subject,
    ) -> Result<Option<ActivityEnd>, StoreError> {
        let statement = of(subject, LOCK_ACCOUNT_LOG, LOCK_ORGANISATION_LOG);
        optional!(self.conn(), statement, subject.as_str())
    }

    /// The tag of a line.
    pub async fn activity_tag(
        &mut self,
        subject: &Subject,
        line: u64,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let statement = of(subject, TAG_OF_ACCOUNT_LINE, TAG_OF_ORGANISATION_LINE);
        let line = i64::try_from(line).unwrap_or(i64::MAX);
        value!(self.conn(), statement, "tag", subject.as_str(), line)
    }

    /// Adds a line.
    pub async fn insert_activity(&mut self, entry: &ActivityEntry) -> Result<(), StoreError> {
        let link = entry.link.as_ref();
        let number = link.map(|link| i64::try_from(link.number).unwrap_or(i64::MAX));
        let (account, organisation) = match &entry.subject {
            Subject::Account(id) => (Some(id.as_str()), None),
            Subject::Organisation(id) => (None, Some(id.as_str())),
        };
        let actor = &entry.actor;
        execute!(
            self.conn(),
            INSERT_ACTIVITY,
            entry.id.as_str(),
            account,
            organisation,
            actor.account_id.as_ref().map(AccountId::as_str),
            actor.kind.as_deref(),
            actor.role.as_deref(),
            actor.organisation_id.as_ref().map(OrganisationId::as_str),
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

    /// Sets the tag of the end of a chain.
    pub async fn end_activity(&mut self, subject: &Subject, tag: &[u8]) -> Result<(), StoreError> {
        let statement = of(subject, END_ACCOUNT, END_ORGANISATION);
        execute!(self.conn(), statement, subject.as_str(), tag).map(drop)
    }
}
