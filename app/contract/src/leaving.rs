//! Deleting one's own account: it takes effect after seven days and can be stopped until then.

use crate::{Answer, Moment};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// What deleting the account would mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// When the account will be deleted, if that was asked for.
    pub due: Option<Moment>,
    /// For how many days the deletion can be stopped.
    pub days: u64,
    /// The organisations that would be left without a manager; as long as there are any, the account
    /// cannot be deleted.
    pub alone_in: Vec<String>,
    /// What is deleted, with how many of it there are.
    pub deleted: Vec<(Deleted, u64)>,
    /// What is retained.
    pub retained: Vec<Retained>,
}

/// What is deleted with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deleted {
    /// Name, address, language.
    Profile,
    /// Password, second factor, recovery codes.
    Credentials,
    /// Memberships of organisations.
    Organisations,
    /// Sessions.
    Sessions,
    /// Known browsers.
    Devices,
    /// The activity log.
    ActivityEntries,
    /// Mails that are stored.
    Mails,
}

/// What is retained after an account was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retained {
    /// Entries that it wrote in the activity logs of others, without a name.
    EntriesByActor {
        /// How many.
        count: u64,
    },
    /// The record that there was an account.
    Record {
        /// For how many days.
        days: u64,
    },
    /// The row of the last mail.
    LastMail {
        /// For how many days.
        days: u64,
    },
    /// Votes on articles, which refer to no account.
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

/// What was done about deleting the account, told on the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeavingDone {
    /// The account will be deleted.
    Asked,
    /// The deletion was stopped.
    Stopped,
}

/// Deleting one's own account, and stopping that. What is done in a session refuses with
/// [`crate::Problem::SignInFirst`]; what a mailed link does needs none.
#[async_trait]
pub trait LeavingPort: Send + Sync {
    /// What deleting the account would mean.
    async fn leaving(&self) -> Answer<Leaving>;

    /// Schedules the deletion of one's own account in seven days.
    async fn delete_account(&self, proof: &str) -> Answer<()>;

    /// Stops the deletion.
    async fn keep_account(&self) -> Answer<()>;

    /// The account whose deletion a link would stop; `None` when the link is dead. Consumes nothing.
    async fn deletion_to_stop(&self, token: &str) -> Answer<Option<StopDeletion>>;

    /// Stops a deletion with a mailed link.
    async fn stop_deletion(&self, token: &str) -> Answer<()>;
}
