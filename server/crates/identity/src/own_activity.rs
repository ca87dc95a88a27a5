//! The log of an account as its owner reads it.

use crate::{EventKind, Identity, Result, SignedIn};
use domain::{ActivityId, EventGroup, Subject, Timestamp};
use store::{ActivityEntry, ActivityFilter, NamedEntry};
use unit_of_work::named_actor;

/// Lines on a page of the log.
pub const PAGE: u32 = 25;

/// Which lines to show.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only those about this.
    pub group: Option<EventGroup>,
    /// Only what others did.
    pub by_others: bool,
    /// Only those older than this line.
    pub before: Option<ActivityId>,
}

/// A line of the user's log.
#[derive(Debug, Clone)]
pub struct OwnLine {
    /// Its identifier.
    pub id: ActivityId,
    /// Its number; none when it is older than the chain.
    pub number: Option<u64>,
    /// What happened; none when a newer version of the program wrote it.
    pub event: Option<EventKind>,
    /// Who did it.
    pub by: ShownActor,
    /// When.
    pub at: Timestamp,
    /// The network that it came from; may be empty.
    pub network: String,
    /// The browser that it came from; may be empty.
    pub device: String,
    /// What was changed into what.
    pub change: Option<Change>,
    /// The reason that the actor gave.
    pub reason: Option<String>,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShownActor {
    /// The owner of the account.
    Owner,
    /// An administrator at the command line.
    CommandLine,
    /// The program by itself.
    System,
    /// A request without a session.
    Unknown,
    /// The owner of another account, by name.
    Named(String),
    /// The owner of an account that was removed since.
    Removed,
}

/// An old and a new value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Of what: `name`, `mail_language`, `email`, `linked_google`, `linked_microsoft`.
    pub field: String,
    /// What it was.
    pub old: String,
    /// What it is since.
    pub new: String,
}

impl Identity {
    /// A page of the user's log, newest first, and whether older lines follow. There is no way to ask
    /// for the log of another account.
    pub async fn own_activity(
        &self,
        who: &SignedIn,
        wanted: &Wanted,
    ) -> Result<(Vec<OwnLine>, bool)> {
        let kinds: Option<Vec<&str>> = wanted.group.map(|group| {
            let all = EventKind::ALL.iter().filter(|event| event.group() == group);
            all.map(|event| event.as_str()).collect()
        });
        let filter = ActivityFilter {
            kinds: kinds.as_deref(),
            by_others: wanted.by_others,
            before: wanted.before.as_ref(),
        };
        let store = &self.store;
        let mut found = store
            .activity_page(&who.account.id, filter, PAGE + 1)
            .await?;
        let more = found.len() > PAGE as usize;
        found.truncate(PAGE as usize);
        Ok((found.into_iter().map(own_line).collect(), more))
    }

    /// When a line of the user's log was written; `None` for a line of another log.
    ///
    /// # Errors
    /// `Store`.
    pub async fn own_line_at(
        &self,
        who: &SignedIn,
        line: &ActivityId,
    ) -> Result<Option<Timestamp>> {
        Ok(self.store.activity_at(&who.account.id, line).await?)
    }
}

pub(crate) fn own_line((entry, actor_name): NamedEntry) -> OwnLine {
    let event = EventKind::parse(&entry.kind);
    let by = shown_actor(&entry, event, actor_name);
    let details = serde_json::from_str::<serde_json::Value>(&entry.details).unwrap_or_default();
    let text = |name: &str| details.get(name)?.as_str().map(str::to_owned);
    let change = || {
        Some(Change {
            field: text("field")?,
            old: text("old")?,
            new: text("new")?,
        })
    };
    OwnLine {
        number: entry.link.map(|link| link.number),
        event,
        by,
        at: entry.at,
        network: entry.network,
        device: entry.user_agent,
        change: change(),
        reason: text("reason"),
        id: entry.id,
    }
}

/// The actor of a line. A line from before migration 0011 names no kind: without an account it was the
/// command line, except for the two events that a request without a session causes.
fn shown_actor(
    entry: &ActivityEntry,
    event: Option<EventKind>,
    name: Option<String>,
) -> ShownActor {
    let unknown = matches!(event, Some(EventKind::CodesGuessed | EventKind::ResetAsked));
    match (entry.actor.kind.as_deref(), &entry.actor.account_id, name) {
        (_, Some(actor), _) if Subject::Account(actor.clone()) == entry.subject => {
            ShownActor::Owner
        }
        (_, _, Some(name)) => ShownActor::Named(name),
        (Some("unknown"), ..) => ShownActor::Unknown,
        (Some("system"), ..) => ShownActor::System,
        (Some("command_line"), ..) => ShownActor::CommandLine,
        (None, None, None) if unknown => ShownActor::Unknown,
        (None, None, None) if named_actor(&entry.details).is_none() => ShownActor::CommandLine,
        _ => ShownActor::Removed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{AccountId, ActivityId, Timestamp};
    use store::ActivityActor;

    fn line(actor: Option<&str>) -> NamedEntry {
        let entry = ActivityEntry {
            id: ActivityId::from("line".to_owned()),
            subject: Subject::Account(AccountId::from("ada".to_owned())),
            actor: ActivityActor {
                kind: actor.map(str::to_owned),
                account_id: None,
                role: None,
                organisation_id: None,
            },
            kind: EventKind::Locked.as_str().to_owned(),
            at: Timestamp::from_millis(0),
            network: String::new(),
            user_agent: String::new(),
            details: "{}".to_owned(),
            link: None,
        };
        (entry, None)
    }

    /// Red when the program and its operators are one.
    #[test]
    fn each_kind_of_actor_without_an_account_is_told_from_the_others() {
        for (actor, shown) in [
            (Some("system"), ShownActor::System),
            (Some("command_line"), ShownActor::CommandLine),
            (Some("unknown"), ShownActor::Unknown),
            (None, ShownActor::CommandLine),
        ] {
            assert_eq!(own_line(line(actor)).by, shown, "{actor:?}");
        }
    }
}
