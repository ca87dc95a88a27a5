//! The activity log: what happened, written in the transaction of the change itself.

use crate::{Result, UnitOfWork, chain::NAMED_ACTOR};
use domain::{AccountId, ActivityId, Actor, EventKind, OrganisationId, Subject};
use serde_json::{Map, Value};
use store::{ActivityActor, ActivityEntry};

/// A changed field with its old and new value, for the details of an entry.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// The field: `name`, `mail_language`, `email`, `linked_google`, `linked_microsoft`; of an
    /// organisation `accepts_provider_factor`.
    pub field: &'static str,
    /// The old value.
    pub old: &'a str,
    /// The new value.
    pub new: &'a str,
}

/// What happened to an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrganisationEvent {
    /// It was created.
    Created,
    /// One of its policies was changed.
    PolicyChanged,
    /// A project of it was created.
    ProjectCreated,
    /// What one of its projects lets people do was changed, or who may read it.
    ProjectChanged,
}

impl OrganisationEvent {
    /// The event as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "organisation_created",
            Self::PolicyChanged => "policy_changed",
            Self::ProjectCreated => "project_created",
            Self::ProjectChanged => "project_changed",
        }
    }
}

impl UnitOfWork<'_> {
    /// Adds an entry about an account, by the actor of this transaction.
    ///
    /// It locks the account's row until the transaction ends. A transaction that changes other rows of
    /// the account first calls [`UnitOfWork::lock_account`] before.
    ///
    /// # Errors
    /// [`crate::Error::NoAccount`], [`crate::Error::Store`].
    pub async fn log(&mut self, account: &AccountId, event: EventKind) -> Result<()> {
        self.add(Subject::Account(account.clone()), event.as_str(), None)
            .await
    }

    /// Adds an entry about a changed field of an account, with both values.
    ///
    /// # Errors
    /// As [`UnitOfWork::log`].
    pub async fn log_change(
        &mut self,
        account: &AccountId,
        event: EventKind,
        change: Change<'_>,
    ) -> Result<()> {
        let subject = Subject::Account(account.clone());
        self.add(subject, event.as_str(), Some(change)).await
    }

    /// Adds an entry about an organisation, by the actor of this transaction. It locks the row of the
    /// organisation until the transaction ends.
    ///
    /// # Errors
    /// [`crate::Error::NoOrganisation`], [`crate::Error::Store`].
    pub async fn log_organisation(
        &mut self,
        organisation: &OrganisationId,
        event: OrganisationEvent,
        change: Option<Change<'_>>,
    ) -> Result<()> {
        let subject = Subject::Organisation(organisation.clone());
        self.add(subject, event.as_str(), change).await
    }

    async fn add(
        &mut self,
        subject: Subject,
        kind: &str,
        change: Option<Change<'_>>,
    ) -> Result<()> {
        let (services, client) = (self.services, self.client);
        let mut details = Map::new();
        if let Some(Change { field, old, new }) = change {
            for (name, value) in [("field", field), ("old", old), ("new", new)] {
                details.insert(name.to_owned(), value.into());
            }
        }
        // The account of the actor may be deleted later, which empties the column.
        if let Actor::Account { id, .. } = &self.actor {
            details.insert(NAMED_ACTOR.to_owned(), id.as_str().into());
        }
        let entry = ActivityEntry {
            id: ActivityId::new(&*services.clock, &*services.entropy),
            actor: stored(&self.actor, &subject),
            subject,
            kind: kind.to_owned(),
            at: services.now(),
            network: client.network.clone(),
            user_agent: client.device.clone(),
            details: Value::Object(details).to_string(),
            link: None,
        };
        self.append(entry).await
    }
}

/// The actor as it is stored in a line about `subject`.
fn stored(actor: &Actor, subject: &Subject) -> ActivityActor {
    let kind = Some(actor.kind().to_owned());
    let (account_id, role, organisation_id) = match (actor, subject) {
        (Actor::Owner, Subject::Account(owner)) => (Some(owner.clone()), None, None),
        (
            Actor::Account {
                id,
                role,
                organisation,
            },
            _,
        ) => (
            Some(id.clone()),
            Some(role.as_str().to_owned()),
            organisation.clone(),
        ),
        _ => (None, None, None),
    };
    ActivityActor {
        kind,
        account_id,
        role,
        organisation_id,
    }
}
