//! Who acts on what, as the activity log records it.

use crate::{AccountId, OrganisationId, PlatformRole, Role};

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The owner of the account that the entry is about.
    Owner,
    /// The owner of another account.
    Account {
        /// That account.
        id: AccountId,
        /// The role in which it was done.
        role: ActorRole,
        /// The organisation that the role belongs to; none for a role of the platform.
        organisation: Option<OrganisationId>,
    },
    /// An operator, with the command line.
    CommandLine,
    /// The server itself: a job.
    System,
    /// A request without a session.
    Unknown,
}

impl Actor {
    /// The kind of actor as it is stored.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Account { .. } => "account",
            Self::CommandLine => "command_line",
            Self::System => "system",
            Self::Unknown => "unknown",
        }
    }
}

/// The role in which the owner of an account acts for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorRole {
    /// A role of the platform.
    Platform(PlatformRole),
    /// A role in an organisation.
    Organisation(Role),
}

impl ActorRole {
    /// The role as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Platform(role) => role.as_str(),
            Self::Organisation(role) => role.as_str(),
        }
    }
}

/// What an activity log is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An account: what its owner and others did to it.
    Account(AccountId),
    /// An organisation: its policies, roles and projects.
    Organisation(OrganisationId),
}

impl Subject {
    /// The kind of subject, as the chain covers it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Account(_) => "account",
            Self::Organisation(_) => "organisation",
        }
    }

    /// Its identifier.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Account(id) => id.as_str(),
            Self::Organisation(id) => id.as_str(),
        }
    }
}
