//! The account itself: how it begins, and how it ends.

use super::notice::{Notice, is_a_notice};
use crate::plain;
use serde::{Deserialize, Serialize};

/// The invitation to choose a first password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSetup {
    /// The recipient's name.
    pub name: String,
    /// The organisation that the account is for, if there is one.
    pub organisation: Option<String>,
    /// The page with the one-use token, in the recipient's language.
    pub link: String,
    /// Until when the link works.
    pub expires: String,
    /// Who opened the account, if it was a person.
    pub inviter: Option<String>,
    /// The role in the organisation, as it is stored; a mail that an earlier release queued has none.
    #[serde(default)]
    pub role: Option<String>,
}

impl AccountSetup {
    /// Whether the recipient manages the organisation, and not only the content of projects.
    pub fn is_organisation_manager(&self) -> bool {
        self.role.as_deref() == Some(domain::Role::OrganisationManager.as_str())
    }
}

/// The account will be deleted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionAsked {
    /// When it was asked for, and from where.
    #[serde(flatten)]
    pub notice: Notice,
    /// When it will be deleted.
    pub due: String,
    /// The page with the one-use token that keeps it, in the recipient's language.
    pub stop: String,
    /// Whether this goes to an address that the account had before: "this was not me" is not for
    /// its reader.
    pub previous: bool,
}

/// The account is gone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountDeleted {
    /// The recipient's name.
    pub name: String,
    /// The organisation of the participant; none for the back office.
    pub organisation: Option<String>,
    /// When it was asked for.
    pub asked: String,
    /// For how many days the record of it is kept.
    pub days: u64,
    /// The help centre.
    pub link: String,
}

impl AccountSetup {
    pub(super) fn sanitized(self) -> Self {
        Self {
            name: plain::sanitize(&self.name),
            organisation: self.organisation.as_deref().map(plain::sanitize),
            expires: plain::one_line(&self.expires),
            inviter: self.inviter.as_deref().map(plain::sanitize),
            ..self
        }
    }
}

impl DeletionAsked {
    pub(super) fn sanitized(self) -> Self {
        Self {
            notice: self.notice.sanitized(),
            due: plain::one_line(&self.due),
            ..self
        }
    }
}

impl AccountDeleted {
    pub(super) fn sanitized(self) -> Self {
        Self {
            name: plain::sanitize(&self.name),
            organisation: self.organisation.as_deref().map(plain::sanitize),
            asked: plain::one_line(&self.asked),
            ..self
        }
    }
}

is_a_notice!(DeletionAsked);
