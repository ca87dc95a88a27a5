//! The home of the back office.

use crate::{Answer, ProjectLink};
use async_trait::async_trait;

/// What a manager sees after signing in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// The manager's organisations.
    pub organisations: Vec<OrganisationCard>,
    /// Whether two-factor is on; if not, the page recommends it.
    pub two_factor: bool,
    /// Whether a recovery code was used after the last code: the phone may be lost.
    pub phone_missing: bool,
    /// The manager's address, while it is doubted because its domain takes no mail.
    pub doubted_email: Option<String>,
}

/// An organisation with its projects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationCard {
    /// Its name.
    pub name: String,
    /// Whether the manager manages the whole organisation, or content only.
    pub manages_all: bool,
    /// Its projects, named in the page's language.
    pub projects: Vec<ProjectLink>,
}

/// What a manager starts from. Refuses with [`crate::Problem::SignInFirst`].
#[async_trait]
pub trait AccountPort: Send + Sync {
    /// The home of the back office; refused at any other door.
    async fn home(&self) -> Answer<Home>;
}
