//! Everything that is stored about the user, to read and to download (GDPR, articles 15 and 20).
//!
//! One collection, two renderings: the page of the settings and the file both walk the same groups,
//! records and fields, so that neither can hold what the other lacks. Secrets are not collected:
//! neither hashes nor what is encrypted, since they open things and say nothing.

mod collect;
mod file;

use crate::{Client, Error, EventKind, Identity, Result, SignedIn, tries};
pub use domain::{DataField as Field, DataGroup as Group};
use domain::{Timestamp, limit::DATA_PER_ACCOUNT, paths, session};
use mail::Message;
use unit_of_work::Actor;

/// The newest lines of the log, which the page reads; the file has all of them.
const SHOWN_LINES: u32 = 100;

/// What is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing, or nothing yet.
    None,
    /// A text as it is stored.
    Text(String),
    /// One of a few words, as it is stored: the page has its own for them.
    Code(String),
    /// A number.
    Number(u64),
    /// A moment.
    Time(Timestamp),
}

impl Value {
    /// A text, where an empty one says nothing.
    pub(crate) fn text(text: &str) -> Self {
        Self::maybe(Some(text).filter(|text| !text.is_empty()))
    }

    /// A text that may be missing.
    pub(crate) fn maybe(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::None, |text| Self::Text(text.into()))
    }

    /// One of a few words.
    pub(crate) fn code(code: &str) -> Self {
        Self::Code(code.to_owned())
    }

    /// A moment that may be missing.
    pub(crate) fn time(at: Option<Timestamp>) -> Self {
        at.map_or(Self::None, Self::Time)
    }
}

/// One thing, field by field.
pub type Record = Vec<(Field, Value)>;

/// Everything about the user, group by group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnData {
    /// When it was read.
    pub at: Timestamp,
    /// The groups; an empty one is there too.
    pub groups: Groups,
    /// How many older lines of the log were left out.
    pub left_out: u64,
}

/// The groups in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups(pub Vec<(Group, Vec<Record>)>);

impl Identity {
    /// Everything that is stored about the user; `None` while the last proof is too old: a session that was
    /// left open must not show all of it at once. There is no way to ask for the data of another account.
    pub async fn own_data(&self, who: &SignedIn) -> Result<Option<OwnData>> {
        if !session::is_recent_proof(self.now(), who.session.proved_at) {
            return Ok(None);
        }
        self.collect(who, SHOWN_LINES).await.map(Some)
    }

    /// Everything, with at most this many lines of the log.
    async fn collect(&self, who: &SignedIn, most: u32) -> Result<OwnData> {
        let (activity, left_out) = self.activity_data(who, most).await?;
        let groups = vec![
            (Group::Account, self.account_data(who).await?),
            (Group::Organisations, self.membership_data(who).await?),
            (Group::SecondFactor, self.factor_data(who).await?),
            (
                Group::LinkedAccounts,
                self.link_to_provider_data(who).await?,
            ),
            (Group::Sessions, self.session_data(who).await?),
            (Group::SignIns, self.sign_in_data(who).await?),
            (Group::Flows, self.flow_data(who).await?),
            (Group::Devices, self.device_data(who).await?),
            (Group::Supports, self.support_data(who).await?),
            (
                Group::PrivateProjects,
                self.private_project_data(who).await?,
            ),
            (Group::Registrations, self.registration_data(who).await?),
            (Group::Links, self.link_data(who).await?),
            (Group::Mails, self.mail_data(who).await?),
            (Group::Tries, self.tries_data(who).await?),
            (Group::Activity, activity),
            (Group::Others, self.deeds_data(who).await?),
        ];
        Ok(OwnData {
            at: self.now(),
            groups: Groups(groups),
            left_out,
        })
    }

    /// The same as a file. The download is logged, and the user is notified by mail.
    ///
    /// # Errors
    /// [`Error::ProofNeeded`] while the last proof is too old; `TooManyTries`,
    /// `SessionEnded`.
    pub async fn download_data(&self, who: &SignedIn, client: &Client) -> Result<Vec<u8>> {
        let (id, event) = (&who.account.id, EventKind::DataDownloaded);
        if !session::is_recent_proof(self.now(), who.session.proved_at) {
            return Err(Error::ProofNeeded);
        }
        self.take_try(&tries::downloads(id), DATA_PER_ACCOUNT)
            .await?;
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_own(who).await?;
        work.notify(&account, event, paths::ACTIVITY, Message::DataDownloaded)
            .await?;
        work.commit().await?;
        let now = SignedIn {
            account,
            session: who.session.clone(),
        };
        let data = self.collect(&now, u32::MAX).await?;
        let file = serde_json::to_vec_pretty(&data);
        Ok(file.expect("texts and numbers can always be written as JSON"))
    }
}
