//! The citizens' side: projects that anybody may read.

use crate::{Answer, Problem};
use async_trait::async_trait;

/// An organisation and what it asks its citizens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Town {
    /// Its name.
    pub name: String,
    /// Its projects, by name.
    pub projects: Vec<ProjectLink>,
}

/// A way to a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectLink {
    /// Its name in the page's language.
    pub name: String,
    /// Its address, without the language's prefix.
    pub path: String,
}

/// Reading projects. Needs no account.
#[async_trait]
pub trait PlatformPort: Send + Sync {
    /// Every organisation with its projects.
    async fn towns(&self) -> Answer<Vec<Town>>;

    /// The other projects of the organisation of this door.
    ///
    /// # Errors
    /// [`Problem::NotFound`] outside of an organisation's door.
    async fn neighbours(&self) -> Result<Vec<ProjectLink>, Problem>;
}
