//! All articles of both languages, and their look-ups.

mod build;

use crate::embedded::Sources;
use crate::fault::LoadError;
use crate::render::Heading;
use crate::search::{Hit, Index};
use crate::{Date, Locale, Settings};

/// One article in one language.
#[derive(Debug, Clone)]
pub struct Article {
    /// The last part of its address, the same in both languages.
    pub slug: String,
    /// The language of this text.
    pub locale: Locale,
    /// The title, which the page shows as its heading of level one.
    pub title: String,
    /// One sentence for lists and search results.
    pub summary: String,
    /// The slug of its category.
    pub category: String,
    /// The body: safe HTML with headings of level 2 to 4.
    pub html: String,
    /// The headings of level 2 and 3, in order.
    pub contents: Vec<Heading>,
    /// The day on which this language's text last changed.
    pub updated: Date,
    /// Changes with every change of this language's text; votes are stored per version.
    pub version: String,
    /// The other languages in which it can be read.
    pub also_in: Vec<Locale>,
}

/// A group of articles in one language.
#[derive(Debug, Clone)]
pub struct Category {
    /// The last part of its address, the same in both languages.
    pub slug: String,
    /// The language of this text.
    pub locale: Locale,
    /// Its name.
    pub title: String,
    /// Its description.
    pub description: String,
    /// The slugs of its articles, in order.
    pub articles: Vec<String>,
}

/// The loaded help.
#[derive(Debug)]
pub struct Library {
    articles: Vec<Article>,
    categories: Vec<Category>,
    indexes: Vec<(Locale, Index)>,
}

impl Library {
    /// Loads the embedded articles.
    pub fn load(settings: &Settings) -> Result<Self, LoadError> {
        Self::from_sources(&Sources::embedded(), settings)
    }

    /// Loads articles from other sources.
    pub fn from_sources(sources: &Sources<'_>, settings: &Settings) -> Result<Self, LoadError> {
        build::build(sources, settings)
    }

    /// An article in a language; none when there is no such slug.
    pub fn article(&self, locale: Locale, slug: &str) -> Option<&Article> {
        self.articles
            .iter()
            .find(|article| article.locale == locale && article.slug == slug)
    }

    /// A category in a language; none when there is no such slug.
    pub fn category(&self, locale: Locale, slug: &str) -> Option<&Category> {
        self.categories(locale)
            .find(|category| category.slug == slug)
    }

    /// The categories of a language, by name.
    pub fn categories(&self, locale: Locale) -> impl Iterator<Item = &Category> {
        self.categories
            .iter()
            .filter(move |category| category.locale == locale)
    }

    /// The articles of a category, in order.
    pub fn articles_of<'a>(&'a self, category: &'a Category) -> impl Iterator<Item = &'a Article> {
        category
            .articles
            .iter()
            .filter_map(|slug| self.article(category.locale, slug))
    }

    /// All articles of both languages, for a site map or a test that visits each.
    pub fn articles(&self) -> impl Iterator<Item = &Article> {
        self.articles.iter()
    }

    /// The best results for a question, at most twenty, best first; none for an empty question.
    pub fn search(&self, locale: Locale, query: &str) -> Vec<Hit> {
        self.indexes
            .iter()
            .find(|(found, _)| *found == locale)
            .map(|(_, index)| index.search(query))
            .unwrap_or_default()
    }
}
