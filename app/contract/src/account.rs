//! One's own account and the home of the back office.

use crate::{Answer, Moment, ProjectLink};
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

/// The account as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// What she is called.
    pub name: String,
    /// The address she signs in with.
    pub email: String,
    /// The address that is to replace it, once it is confirmed.
    pub wanted_email: Option<String>,
    /// The language of her mails: its tag.
    pub mail_language: crate::Locale,
    /// When the account was made.
    pub member_since: Moment,
    /// When the password was set.
    pub password_set: Option<Moment>,
    /// Her organisations; a participant's account belongs to the one of its door.
    pub organisations: Vec<OrganisationCard>,
}

/// Looking at one's own account. Refuses with [`crate::Problem::SignInFirst`].
#[async_trait]
pub trait AccountPort: Send + Sync {
    /// The home of the back office; refused at any other door.
    async fn home(&self) -> Answer<Home>;

    /// One's own account.
    async fn profile(&self) -> Answer<Profile>;
}
