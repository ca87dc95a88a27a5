//! The activity log: what happened, written in the transaction of the change itself.

use crate::{Result, UnitOfWork, chain::NAMED_ACTOR};
use domain::{AccountId, ActivityId, Actor, OrganisationId, Subject};
use serde_json::{Map, Value};
use store::{ActivityActor, ActivityEntry};

/// What an event is about, for a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Signing in and out.
    SignIns,
    /// What protects the account.
    Security,
    /// The account itself.
    Account,
}

macro_rules! events {
    ($($(#[$doc:meta])* $event:ident: $group:ident = $text:literal,)+) => {
        /// What happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Event {
            $($(#[$doc])* $event,)+
        }

        impl Event {
            /// Every event that this version knows.
            pub const ALL: &[Self] = &[$(Self::$event),+];

            /// The event as it is stored.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$event => $text,)+
                }
            }

            /// What it is about.
            pub const fn group(self) -> Group {
                match self {
                    $(Self::$event => Group::$group,)+
                }
            }
        }
    };
}

events! {
    /// The account was created by an administrator.
    AccountCreated: Account = "account_created",
    /// The first password was chosen through the set-up link.
    AccountSetUp: Account = "account_set_up",
    /// A mail to choose a new password was requested.
    ResetAsked: Security = "reset_asked",
    /// A new password was chosen through a mailed link or code.
    PasswordReset: Security = "password_reset",
    /// The password was changed with the current one.
    PasswordChanged: Security = "password_changed",
    /// The password was removed: it was too short without the second factor that an administrator removed.
    PasswordTaken: Security = "password_taken",
    /// The owner answered a notice with "this was not me": every session ended, the password was removed.
    NotMe: Security = "not_me",
    /// A session was opened.
    SignedIn: SignIns = "signed_in",
    /// The owner signed out.
    SignedOut: SignIns = "signed_out",
    /// A session was opened in a browser that the account did not know.
    NewDevice: SignIns = "new_device",
    /// The owner ended a session from another one.
    SessionEnded: SignIns = "session_ended",
    /// The owner ended all sessions but the current one.
    OtherSessionsEnded: SignIns = "other_sessions_ended",
    /// A device was remembered: no code is asked there for a while.
    DeviceRemembered: Security = "device_remembered",
    /// A remembered device was removed.
    DeviceForgotten: Security = "device_forgotten",
    /// Five wrong codes followed a right password.
    CodesGuessed: SignIns = "codes_guessed",
    /// Two-factor authentication was enabled.
    TwoFactorEnabled: Security = "two_factor_enabled",
    /// Two-factor authentication was disabled by the owner, in the settings or from a mail.
    TwoFactorDisabled: Security = "two_factor_disabled",
    /// Two-factor authentication was disabled by an administrator.
    TwoFactorReset: Security = "two_factor_reset",
    /// New recovery codes were made.
    RecoveryCodesMade: Security = "recovery_codes_made",
    /// A recovery code was used to sign in.
    RecoveryCodeUsed: SignIns = "recovery_code_used",
    /// The account was locked by an administrator.
    Locked: Account = "locked",
    /// The account was unlocked by an administrator.
    Unlocked: Account = "unlocked",
    /// The name was changed.
    NameChanged: Account = "name_changed",
    /// The language of the mails was changed.
    LanguageChanged: Account = "language_changed",
    /// Another address was requested; it is not confirmed yet.
    EmailAsked: Security = "email_asked",
    /// The requested address was withdrawn.
    EmailWithdrawn: Security = "email_withdrawn",
    /// The new address was confirmed.
    EmailChanged: Security = "email_changed",
    /// The change was undone from the previous address.
    EmailChangeUndone: Security = "email_change_undone",
    /// An account at a provider was linked.
    ProviderLinked: Security = "provider_linked",
    /// An account at a provider was unlinked.
    ProviderUnlinked: Security = "provider_unlinked",
    /// The owner downloaded all stored data.
    DataDownloaded: Security = "data_downloaded",
    /// The owner requested the deletion of the account.
    DeletionAsked: Account = "deletion_asked",
    /// The deletion was cancelled.
    DeletionStopped: Account = "deletion_stopped",
}

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

impl Event {
    /// Reads a stored event; `None` for one of a newer version.
    pub fn parse(stored: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|event| event.as_str() == stored)
    }
}

/// What happened to an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrganisationEvent {
    /// It was created.
    Created,
    /// One of its policies was changed.
    PolicyChanged,
}

impl OrganisationEvent {
    /// The event as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "organisation_created",
            Self::PolicyChanged => "policy_changed",
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
    pub async fn log(&mut self, account: &AccountId, event: Event) -> Result<()> {
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
        event: Event,
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
