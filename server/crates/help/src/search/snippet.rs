//! Chooses the passage that a search result shows, and the words in it that are marked.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Hit;
use super::index::Document;
use super::words::{Word, words};
use crate::render::Section;

/// How long a passage may be, in bytes; it is cut between words.
const LENGTH: usize = 200;
/// How much of what comes before the first word found is shown when the sentence begins further off.
const LEAD: usize = 60;

/// A piece of text with words in it to be marked. Not HTML: the page escapes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippet {
    /// The text.
    pub text: String,
    /// What to mark: byte ranges of the text, in order, not overlapping.
    pub marks: Vec<Range<usize>>,
}

/// A part of a [`Snippet`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The words.
    pub text: &'a str,
    /// Whether they are wrapped in `<mark>`.
    pub marked: bool,
}

impl Snippet {
    /// The text split at its marks, for writing one element after the other.
    pub fn pieces(&self) -> Vec<Piece<'_>> {
        let mut pieces = Vec::new();
        let mut from = 0;
        for mark in &self.marks {
            pieces.push((from..mark.start, false));
            pieces.push((mark.clone(), true));
            from = mark.end;
        }
        pieces.push((from..self.text.len(), false));
        pieces
            .into_iter()
            .filter(|(range, _)| !range.is_empty())
            .map(|(range, marked)| Piece {
                text: &self.text[range],
                marked,
            })
            .collect()
    }
}

/// The forms of each word of the question in a text.
type Fitting<'a> = [BTreeSet<&'a str>];

/// The result for one article.
pub(super) fn hit(document: &Document, fitting: &Fitting<'_>) -> Hit {
    let best = document
        .sections
        .iter()
        .map(|section| (answers(section, fitting), section))
        .filter(|((found, _), section)| *found > 0 && !section.text.is_empty())
        // The first of several equally good sections: `max_by_key` would take the last.
        .reduce(|best, next| if next.0 > best.0 { next } else { best });
    let (section, passage) = match best {
        Some((_, section)) => (section.heading.clone(), passage(&section.text, fitting)),
        None => (None, passage(&document.summary, fitting)),
    };
    Hit {
        slug: document.slug.clone(),
        title: mark(&document.title, fitting),
        section,
        passage,
    }
}

/// How many words of the question a section contains with its heading, and how many the heading alone.
fn answers(section: &Section, fitting: &Fitting<'_>) -> (usize, usize) {
    let heading = section.heading.as_ref().map_or("", |h| h.text.as_str());
    let heading = words(heading);
    let text = words(&section.text);
    let everywhere = distinct(heading.iter().chain(&text), fitting);
    (everywhere, distinct(heading.iter(), fitting))
}

/// How many different words of the question are among some words.
fn distinct<'a>(words: impl Iterator<Item = &'a Word>, fitting: &Fitting<'_>) -> usize {
    let found: BTreeSet<usize> = words.flat_map(|word| terms_of(word, fitting)).collect();
    found.len()
}

/// The words of the question, by number, that a word fits.
fn terms_of(word: &Word, fitting: &Fitting<'_>) -> impl Iterator<Item = usize> {
    let terms = fitting.iter().enumerate();
    terms
        .filter(|(_, term)| term.contains(word.folded.as_str()))
        .map(|(number, _)| number)
}

fn mark(text: &str, fitting: &Fitting<'_>) -> Snippet {
    Snippet {
        text: text.to_owned(),
        marks: marks(&words(text), fitting),
    }
}

/// The ranges of the words found; of overlapping ones (a hyphenated word and its parts) the first, which is longest.
fn marks(words: &[Word], fitting: &Fitting<'_>) -> Vec<Range<usize>> {
    let mut marks: Vec<Range<usize>> = Vec::new();
    for word in words {
        let wanted = terms_of(word, fitting).next().is_some();
        let free = marks.last().is_none_or(|last| last.end <= word.range.start);
        if wanted && free {
            marks.push(word.range.clone());
        }
    }
    marks
}

/// The part of a text with the most words of the question in it, cut at a sentence or between words.
fn passage(text: &str, fitting: &Fitting<'_>) -> Snippet {
    let all = words(text);
    let found = marks(&all, fitting);
    let density = |from: usize| {
        let near = all
            .iter()
            .filter(|word| word.range.start >= from && word.range.end <= from + LENGTH);
        distinct(near, fitting)
    };
    let centre = found
        .iter()
        .map(|mark| (density(mark.start), mark.start))
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map_or(0, |(_, start)| start);
    let start = beginning(text, centre, &all);
    let end = ending(text, start, &all);
    let (lead, tail) = (
        if is_sentence_start(text, start) {
            ""
        } else {
            "… "
        },
        if end < text.len() { " …" } else { "" },
    );
    let inside = found
        .into_iter()
        .filter(|mark| mark.start >= start && mark.end <= end);
    Snippet {
        marks: inside
            .map(|mark| mark.start - start + lead.len()..mark.end - start + lead.len())
            .collect(),
        text: format!("{lead}{}{tail}", text[start..end].trim_end()),
    }
}

/// The start of the sentence, or of a word not too far before the centre.
fn beginning(text: &str, centre: usize, words: &[Word]) -> usize {
    let before = words
        .iter()
        .map(|word| word.range.start)
        .filter(|start| *start <= centre)
        // `mail` of `e-mail` and `adresse` of `l’adresse` belong to what precedes them.
        .filter(|start| !text[..*start].ends_with(['-', '\u{2010}', '\u{2011}', '’', '\'']));
    let near = before.filter(|start| centre - start <= LEAD);
    let candidates: Vec<usize> = near.collect();
    let sentence = candidates
        .iter()
        .rev()
        .find(|start| is_sentence_start(text, **start));
    let start = *sentence.or(candidates.first()).unwrap_or(&centre);
    // An opening quotation mark or bracket belongs to the word behind it.
    text[..start]
        .trim_end_matches(['\u{a0}', '«', '“', '('])
        .len()
}

/// The end of the text, or of the last word that fits.
fn ending(text: &str, start: usize, words: &[Word]) -> usize {
    if text.len() - start <= LENGTH {
        return text.len();
    }
    let ends = words.iter().map(|word| word.range.end);
    // `l’` is no end: the word that it belongs to follows.
    let ends = ends.filter(|end| !text[*end..].starts_with(['’', '\'']));
    ends.filter(|end| *end > start && *end - start <= LENGTH)
        .max()
        .unwrap_or(text.len())
}

fn is_sentence_start(text: &str, position: usize) -> bool {
    let before = text[..position].trim_end_matches([' ', '\u{a0}', '«', '“', '(']);
    before.is_empty() || before.ends_with(['.', '?', '!', '…', ':'])
}
