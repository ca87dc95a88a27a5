//! Full-text search over the articles.
//!
//! An index in memory, one for each language, built once. Words are compared without case and accents (`words`) and
//! by their stem (`stem`); the last word of the question may be a prefix; a word without a match may have one
//! wrong letter. The title weighs most. It is made for some thousand articles, and has no query syntax.
//!
//! A hit carries the passage that answers best, with the ranges that the page wraps in `<mark>`: text, never HTML.

mod index;
mod rank;
mod snippet;
mod stem;
mod words;

pub use snippet::{Piece, Snippet};

pub(crate) use index::{Document, Index};

use crate::render::Heading;

/// One result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The slug of the article.
    pub slug: String,
    /// Its title.
    pub title: Snippet,
    /// The section that answers best; none when it is the beginning, or the article as a whole.
    pub section: Option<Heading>,
    /// The passage that answers best.
    pub passage: Snippet,
}

#[cfg(test)]
mod tests;
