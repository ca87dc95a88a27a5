//! Leaving: one's account is deleted after seven days, unless it is kept.

use crate::{Answer, Field, Moment};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// What leaving would mean, in one's own numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// When the account will be deleted, if that was asked for.
    pub due: Option<Moment>,
    /// For how many days it can still be kept after asking.
    pub days: u64,
    /// The organisations that would be left without a manager; as long as there are any, one cannot
    /// leave.
    pub alone_in: Vec<String>,
    /// What goes, with how many of it there are.
    pub goes: Vec<(Goes, u64)>,
    /// What stays, with how many of it there are, and for how many days.
    pub stays: Vec<Stays>,
}

/// What goes with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goes {
    /// Name, address, language.
    Profile,
    /// Password, second factor, recovery codes.
    Keys,
    /// Memberships of organisations.
    Organisations,
    /// Sessions.
    Sessions,
    /// Known browsers.
    Devices,
    /// The activity log.
    Lines,
    /// Mails that are stored.
    Mails,
}

/// What stays when an account is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stays {
    /// Lines in the logs of others, without a name.
    Deeds {
        /// How many.
        lines: u64,
    },
    /// That there was an account.
    Record {
        /// For how many days.
        days: u64,
    },
    /// The row of the last mail.
    LastMail {
        /// For how many days.
        days: u64,
    },
    /// Votes on articles, which no account can be found by.
    Votes {
        /// For how many days.
        days: u64,
    },
}

/// What the page behind a stop link shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopDeletion {
    /// The address of the account.
    pub email: String,
    /// When it will be deleted.
    pub due: Moment,
}

/// Why an account is not deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeavingProblem {
    /// The user is the last manager of this organisation.
    LastManager {
        /// The organisation's name.
        organisation: String,
    },
}

impl LeavingProblem {
    /// The form field that the problem is about.
    pub const fn field(&self) -> Option<Field> {
        match self {
            Self::LastManager { .. } => None,
        }
    }
}

/// What was done about deleting the account, told on the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeavingDone {
    /// The account will be deleted.
    Asked,
    /// The deletion was stopped.
    Stopped,
}

/// Leaving and staying. What is done in a session refuses with [`crate::Problem::SignInFirst`]; what
/// a mailed link does needs none.
#[async_trait]
pub trait LeavingPort: Send + Sync {
    /// What leaving would mean.
    async fn leaving(&self) -> Answer<Leaving>;

    /// Has one's own account deleted in seven days.
    async fn delete_account(&self, proof: &str) -> Answer<()>;

    /// Keeps it after all.
    async fn keep_account(&self) -> Answer<()>;

    /// The account that a stop link would keep; `None` when it is dead. Nothing is used up.
    async fn deletion_to_stop(&self, token: &str) -> Answer<Option<StopDeletion>>;

    /// Keeps an account with a stop link.
    async fn stop_deletion(&self, token: &str) -> Answer<()>;
}
