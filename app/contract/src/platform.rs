//! The citizens' side: projects, which are public.

use crate::{Answer, Locale};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

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
    /// Whether the reader may read it: a private project has a list of addresses.
    pub is_readable: bool,
    /// What it is about, in the page's language: paragraphs of plain text; none when it has
    /// no description.
    pub description: Vec<String>,
    /// What it proposes, the oldest first.
    pub proposals: Vec<Proposal>,
    /// The other projects of the same organisation, by name.
    pub neighbours: Vec<ProjectLink>,
}

/// What an organisation wrote itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationText {
    /// Paragraphs of plain text.
    pub paragraphs: Vec<String>,
    /// Its language: the page's, or the other one where the organisation wrote none in the page's.
    pub locale: Locale,
}

/// A proposal of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its identifier, a part of its address.
    pub id: String,
    /// Its title in the page's language.
    pub title: String,
    /// What it says, in paragraphs.
    pub text: Vec<String>,
    /// How many support it.
    pub supports: u64,
    /// Whether the reader does.
    pub reader: Support,
}

/// Whether a reader supports a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// Not, or not in this browser.
    None,
    /// It is counted when the address is confirmed.
    Waits,
    /// It is counted.
    Counted,
}

/// What was done about taking part, told on the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParticipationDone {
    /// A support was counted.
    Supported,
    /// A support was taken back.
    Withdrawn,
    /// Nothing yet: a support needs an account first.
    AccountNeeded,
    /// A support waits until the address that was registered in this browser is confirmed.
    Waits,
    /// Nothing yet: the address that was registered in this browser must be confirmed first.
    ConfirmFirst,
}

/// Taking part.
#[async_trait]
pub trait ParticipationPort: Send + Sync {
    /// A proposal of this project.
    ///
    /// # Errors
    /// [`crate::Problem::NotFound`].
    async fn proposal(&self, id: &str) -> Answer<Proposal>;

    /// Supports a proposal of this project. Without a session the support waits for the confirmation of the address that
    /// was registered in this browser, or this browser supports it as soon as it is signed in.
    ///
    /// # Errors
    /// [`crate::Problem::SignInFirst`] when nothing was registered in this browser either.
    async fn support(&self, id: &str) -> Answer<ParticipationDone>;

    /// Takes a support back.
    async fn withdraw_support(&self, id: &str) -> Answer<()>;
}

/// Reading projects. Needs no account.
#[async_trait]
pub trait PlatformPort: Send + Sync {
    /// Every organisation with its projects.
    async fn organisations(&self) -> Answer<Vec<Organisation>>;

    /// What the organisation of this door says above the form for registering.
    async fn welcome(&self) -> Answer<Option<OrganisationText>>;

    /// The privacy notice of the organisation of this door; none when it wrote none.
    async fn privacy_notice(&self) -> Answer<Option<OrganisationText>>;

    /// The project of this door.
    ///
    /// # Errors
    /// [`crate::Problem::NotFound`] outside of a project's door.
    async fn project(&self) -> Answer<ProjectPage>;
}
