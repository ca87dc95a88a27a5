//! The home of the back office.

use crate::{Answer, ProjectLink};
use async_trait::async_trait;

/// What a manager finds when she has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Her organisations.
    pub organisations: Vec<OrganisationCard>,
    /// Whether two-factor is on; if not, the page recommends it.
    pub two_factor: bool,
}

/// An organisation with its projects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationCard {
    /// Its name.
    pub name: String,
    /// Whether she manages the whole organisation, or content only.
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
