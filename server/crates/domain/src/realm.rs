//! Realms: the tenants that accounts, sessions and sign-ins belong to.

use crate::OrganisationId;
use std::fmt;

/// The tenant of an account. No account, session or link of one realm is valid in another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Realm {
    /// Managers, support agents and administrators: one account for all their organisations.
    BackOffice,
    /// The participants of one organisation.
    Organisation(OrganisationId),
}

impl Realm {
    /// Parses what [`fmt::Display`] wrote.
    pub fn from_stored(stored: String) -> Self {
        if stored == "back_office" {
            Self::BackOffice
        } else {
            Self::Organisation(OrganisationId::from(stored))
        }
    }
}

impl fmt::Display for Realm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BackOffice => f.write_str("back_office"),
            Self::Organisation(id) => f.write_str(id.as_str()),
        }
    }
}
