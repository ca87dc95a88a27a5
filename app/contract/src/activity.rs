//! The activity log of one's own account.

use crate::{Answer, ChangedField, EventKind, Moment};
use async_trait::async_trait;

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The user who reads.
    You,
    /// An operator, with the command line.
    CommandLine,
    /// The program by itself.
    System,
    /// A request without a session.
    Unknown,
    /// The owner of another account, by name.
    Named(String),
    /// The owner of an account that was deleted since.
    Deleted,
}

/// An old and a new value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityChange {
    /// Of what; none when a newer version wrote it.
    pub field: Option<ChangedField>,
    /// What it was.
    pub old: String,
    /// What it is since.
    pub new: String,
}

/// An entry of the activity log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityLine {
    /// What happened; none when a newer version wrote it.
    pub what: Option<EventKind>,
    /// Who did it.
    pub who: Actor,
    /// At what time of the day.
    pub at: Moment,
    /// The network that it came from; may be empty.
    pub network: String,
    /// The browser that it came from; may be empty.
    pub device: String,
    /// What was changed into what.
    pub change: Option<ActivityChange>,
    /// Why, in the words of who did it.
    pub reason: Option<String>,
    /// Whether the check found that it is not as it was written.
    pub altered: bool,
}

/// What the log can be narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivityGroup {
    /// Coming in and going out.
    SignIns,
    /// What protects the account.
    Security,
    /// The account itself.
    Account,
    /// What others did.
    ByOthers,
}

impl ActivityGroup {
    /// All of them, as a list offers them.
    pub const ALL: [Self; 4] = [Self::SignIns, Self::Security, Self::Account, Self::ByOthers];

    /// The value in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIns => "sign-ins",
            Self::Security => "security",
            Self::Account => "account",
            Self::ByOthers => "by-others",
        }
    }

    /// Reads what an address says; anything unknown is none.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.as_str() == text)
    }
}

/// Which entries to show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActivityQuery {
    /// Only these.
    pub group: Option<ActivityGroup>,
    /// Only those older than the line with this id.
    pub before: Option<String>,
}

/// What is wrong with a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFault {
    /// A line is not as it was written.
    Changed {
        /// Its number.
        line: u64,
    },
    /// Lines are gone.
    Missing {
        /// The first one.
        from: u64,
        /// The last one.
        to: u64,
    },
    /// Lines were cut off or added at the end.
    End,
    /// A line was written with a key that the server does not have.
    UnknownKey {
        /// Its number.
        line: u64,
    },
    /// A line was written with an older key than the line before it.
    OlderKey {
        /// Its number.
        line: u64,
    },
    /// The end was written with a key that is no longer in use.
    RetiredKey,
    /// A line without a number stands among numbered ones.
    Unnumbered,
    /// There is no chain, though there must be one.
    NoChain,
}

/// Whether the log is as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogState {
    /// How many lines were checked, the newest ones.
    pub lines: u64,
    /// How many come before those and were not checked again.
    pub earlier: u64,
    /// How many are older than the chain and cannot be checked.
    pub older: u64,
    /// What is wrong.
    pub faults: Vec<LogFault>,
}

/// What happened on a day, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityDay {
    /// The day.
    pub day: Moment,
    /// How many wrong passwords and codes there were.
    pub refused: u32,
    /// The lines.
    pub lines: Vec<ActivityLine>,
}

/// A page of the log, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityPage {
    /// Its days.
    pub days: Vec<ActivityDay>,
    /// Where the next, older page begins: for [`ActivityQuery::before`].
    pub older: Option<String>,
    /// Whether the whole log is as it was written.
    pub state: LogState,
}

/// Reading one's own log. Refuses with [`crate::Problem::SignInFirst`].
#[async_trait]
pub trait ActivityPort: Send + Sync {
    /// A page of it. The id of an entry of another account finds nothing.
    async fn activity(&self, query: &ActivityQuery) -> Answer<ActivityPage>;
}
