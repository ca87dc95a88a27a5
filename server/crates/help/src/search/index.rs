//! The index of one language: which word occurs in which article, with which weight.

use std::collections::{BTreeMap, HashMap};

use super::stem::stem;
use super::words::words;
use crate::Locale;
use crate::render::Section;

/// An article in the index.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) slug: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) keywords: String,
    pub(crate) sections: Vec<Section>,
}

/// A word in an article.
#[derive(Debug, Clone, Copy)]
pub(super) struct Posting {
    pub(super) document: usize,
    pub(super) weight: u32,
}

/// The index of one language.
#[derive(Debug)]
pub(crate) struct Index {
    pub(super) locale: Locale,
    pub(super) documents: Vec<Document>,
    /// By folded word; ordered, so that the words with one prefix are adjacent.
    pub(super) postings: BTreeMap<String, Vec<Posting>>,
    /// From a stem to the folded words that have it.
    pub(super) stems: HashMap<String, Vec<String>>,
}

const TITLE: u32 = 16;
const KEYWORD: u32 = 10;
const HEADING: u32 = 6;
const SUMMARY: u32 = 5;
const BODY: u32 = 1;
/// How often a word of the body counts at most.
const BODY_AT_MOST: u32 = 4;

impl Index {
    /// Reads the articles of one language.
    pub(crate) fn new(locale: Locale, documents: Vec<Document>) -> Self {
        let mut postings: BTreeMap<String, Vec<Posting>> = BTreeMap::new();
        for (number, document) in documents.iter().enumerate() {
            for (word, weight) in weights(document) {
                let posting = Posting {
                    document: number,
                    weight,
                };
                postings.entry(word).or_default().push(posting);
            }
        }
        let mut stems: HashMap<String, Vec<String>> = HashMap::new();
        for word in postings.keys() {
            let words = stems.entry(stem(locale, word).to_owned()).or_default();
            words.push(word.clone());
        }
        Self {
            locale,
            documents,
            postings,
            stems,
        }
    }
}

/// The weight of each word of an article.
fn weights(document: &Document) -> HashMap<String, u32> {
    let mut body: HashMap<String, u32> = HashMap::new();
    for section in &document.sections {
        for word in words(&section.text) {
            let weight = body.entry(word.folded).or_default();
            *weight = (*weight + BODY).min(BODY_AT_MOST);
        }
    }
    let headings = document.sections.iter().filter_map(|s| s.heading.as_ref());
    let mut fields: Vec<(&str, u32)> = headings.map(|h| (h.text.as_str(), HEADING)).collect();
    fields.push((&document.title, TITLE));
    fields.push((&document.keywords, KEYWORD));
    fields.push((&document.summary, SUMMARY));
    let mut strongest: HashMap<String, u32> = HashMap::new();
    for (text, field) in fields {
        for word in words(text) {
            let weight = strongest.entry(word.folded).or_default();
            *weight = (*weight).max(field);
        }
    }
    for (word, weight) in strongest {
        *body.entry(word).or_default() += weight;
    }
    body
}
