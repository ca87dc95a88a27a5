//! The support desk, as far as it exists: what readers say about articles.

use crate::{Answer, Locale, Moment};
use async_trait::async_trait;

/// What one reader said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoteRow {
    /// The article's slug.
    pub article: String,
    /// The language it was read in.
    pub locale: Locale,
    /// The version of the text.
    pub version: String,
    /// Whether it helped.
    pub helpful: bool,
    /// What the reader added.
    pub comment: Option<String>,
    /// When.
    pub at: Moment,
}

/// The votes on one article in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoteCount {
    /// The article's slug.
    pub article: String,
    /// The language.
    pub locale: Locale,
    /// How many it helped.
    pub helpful: u64,
    /// How many it did not.
    pub unhelpful: u64,
}

/// For support agents. Refuses others with [`crate::Problem::Forbidden`].
#[async_trait]
pub trait DeskPort: Send + Sync {
    /// The votes, counted.
    async fn vote_counts(&self) -> Answer<Vec<VoteCount>>;

    /// The latest votes.
    async fn votes(&self) -> Answer<Vec<VoteRow>>;
}
