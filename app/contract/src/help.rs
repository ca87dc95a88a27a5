//! The help centre.

use crate::{Answer, Locale};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// An article in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleCard {
    /// Part of its address.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// One sentence about it.
    pub summary: String,
}

/// A category with its articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryPage {
    /// Part of its address.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// One sentence about it.
    pub description: String,
    /// Its articles in reading order.
    pub articles: Vec<ArticleCard>,
}

/// An entry of the table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentsEntry {
    /// The heading's id.
    pub id: String,
    /// The heading's words.
    pub text: String,
    /// Whether it stands below another one.
    pub sub: bool,
}

/// A whole article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticlePage {
    /// Part of its address.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// One sentence about it.
    pub summary: String,
    /// The category's slug and title.
    pub category: (String, String),
    /// The text as safe HTML.
    pub html: String,
    /// Its headings.
    pub contents: Vec<ContentsEntry>,
    /// The date of the last change to this language's text, as shown.
    pub updated: String,
    /// The same for machines.
    pub updated_machine: String,
    /// A fingerprint of the text: votes belong to a version.
    pub version: String,
    /// The other languages it exists in.
    pub also_in: Vec<Locale>,
}

/// A piece of a snippet, marked when it is what was searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The words.
    pub text: String,
    /// Whether they were searched for.
    pub hit: bool,
}

/// A search result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchHit {
    /// The article.
    pub article: ArticleCard,
    /// Where the words stand.
    pub snippet: Vec<Snippet>,
}

/// "Was this article helpful?"
pub struct VoteForm {
    /// The article's slug.
    pub article: String,
    /// The language it was read in.
    pub locale: Locale,
    /// `yes` or `no`.
    pub helpful: String,
    /// The comment; `None` for a vote without one.
    pub comment: Option<String>,
}

/// What was done about an article, told on its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HelpDone {
    /// A vote was stored; a comment may follow.
    Voted,
    /// A comment was stored.
    CommentSent,
}

/// Reading, searching and rating articles: public.
#[async_trait]
pub trait HelpPort: Send + Sync {
    /// All categories.
    fn categories(&self, locale: Locale) -> Vec<CategoryPage>;

    /// One category.
    fn category(&self, locale: Locale, slug: &str) -> Option<CategoryPage>;

    /// One article.
    fn article(&self, locale: Locale, slug: &str) -> Option<ArticlePage>;

    /// Articles that fit what was typed, best first.
    fn search(&self, locale: Locale, query: &str) -> Vec<SearchHit>;

    /// Stores a vote, once per reader and version.
    async fn vote(&self, form: VoteForm) -> Answer<()>;
}
