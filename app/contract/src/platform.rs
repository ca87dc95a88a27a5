//! The citizens' side: projects, which are public.

use crate::Answer;
use async_trait::async_trait;

/// An organisation and its projects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
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

/// What a project's own page shows beside its name, which the door knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectPage {
    /// What it is about, in the page's language: paragraphs of plain text; none when it has
    /// no description.
    pub description: Vec<String>,
    /// The other projects of the same organisation, by name.
    pub neighbours: Vec<ProjectLink>,
}

/// Reading projects. Needs no account.
#[async_trait]
pub trait PlatformPort: Send + Sync {
    /// Every organisation with its projects.
    async fn organisations(&self) -> Answer<Vec<Organisation>>;

    /// The project of this door.
    ///
    /// # Errors
    /// [`crate::Problem::NotFound`] outside of a project's door.
    async fn project(&self) -> Answer<ProjectPage>;
}
