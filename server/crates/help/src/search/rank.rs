//! Runs a query: looks its words up, ranks the articles, chooses the passages.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::index::Index;
use super::stem::{says_nothing, stem};
use super::words::{Word, words};
use super::{Hit, snippet};

/// The number of results at most.
const HITS_AT_MOST: usize = 20;

/// How much of a question is read, in characters, and how many different words of it: the cost of an answer grows
/// with both, and anybody may ask.
const QUESTION_AT_MOST: usize = 200;
const WORDS_AT_MOST: usize = 16;

/// How well a word of the index fits a word of the question.
const SAME: u32 = 4;
const SAME_STEM: u32 = 3;
const SAME_BEGINNING: u32 = 2;
const ONE_LETTER_OFF: u32 = 1;

/// A word of the question, as the words of the index that fit it.
type Term<'a> = HashMap<&'a str, u32>;

/// The score of an article: first how many words of the question it contains, then their weight.
type Score = (usize, u32);

impl Index {
    /// The best results. Of a long question only the beginning is read.
    pub(crate) fn search(&self, query: &str) -> Vec<Hit> {
        let end = query.char_indices().nth(QUESTION_AT_MOST);
        let terms = self.terms(&query[..end.map_or(query.len(), |(end, _)| end)]);
        let mut scores: HashMap<usize, Score> = HashMap::new();
        for term in &terms {
            for (document, value) in self.values(term) {
                let score = scores.entry(document).or_default();
                *score = (score.0 + 1, score.1 + value);
            }
        }
        let enough = terms.len().div_ceil(2);
        let mut ranked: Vec<_> = scores
            .into_iter()
            .filter(|(_, (matched, _))| *matched >= enough)
            .collect();
        ranked.sort_by_key(|(document, score)| (Reverse(*score), *document));
        let fitting: Vec<BTreeSet<&str>> = terms
            .iter()
            .map(|term| term.keys().copied().collect())
            .collect();
        ranked
            .into_iter()
            .take(HITS_AT_MOST)
            .map(|(document, _)| snippet::hit(&self.documents[document], &fitting))
            .collect()
    }

    /// The words of a question without stop words, each with the words of the index that fit it.
    fn terms(&self, query: &str) -> Vec<Term<'_>> {
        let typed = words(query);
        let single: Vec<&Word> = typed
            .iter()
            .filter(|word| !is_whole(word, &typed))
            .collect();
        let mut telling: Vec<&Word> = single
            .iter()
            .copied()
            .filter(|word| !says_nothing(self.locale, &word.folded))
            .collect();
        if telling.is_empty() {
            telling = single;
        }
        let mut seen = HashSet::new();
        telling.retain(|word| seen.insert(word.folded.as_str()));
        telling.truncate(WORDS_AT_MOST);
        let half_typed = typed.last().map(|word| word.range.end);
        telling
            .into_iter()
            .map(|word| self.fitting(&word.folded, half_typed == Some(word.range.end)))
            .collect()
    }

    fn fitting(&self, word: &str, half_typed: bool) -> Term<'_> {
        let mut term = Term::new();
        if half_typed && word.chars().count() >= 2 {
            let range = self.postings.range(word.to_owned()..);
            let beginning = range.map(|(known, _)| known.as_str());
            for known in beginning.take_while(|known| known.starts_with(word)) {
                term.insert(known, SAME_BEGINNING);
            }
        }
        for known in self
            .stems
            .get(stem(self.locale, word))
            .into_iter()
            .flatten()
        {
            term.insert(known, SAME_STEM);
        }
        if let Some((known, _)) = self.postings.get_key_value(word) {
            term.insert(known, SAME);
        }
        if term.is_empty() && word.chars().count() >= 5 {
            let close = self
                .postings
                .keys()
                .filter(|known| one_letter_off(known, word));
            term.extend(close.map(|known| (known.as_str(), ONE_LETTER_OFF)));
        }
        term
    }

    /// The weight of one word of the question in each article: its best fit, more when it is rare.
    fn values(&self, term: &Term<'_>) -> HashMap<usize, u32> {
        let mut values: HashMap<usize, u32> = HashMap::new();
        for (word, fit) in term {
            for posting in self.postings.get(*word).into_iter().flatten() {
                let value = values.entry(posting.document).or_default();
                *value = (*value).max(posting.weight * fit);
            }
        }
        let rarity = (self.documents.len() / values.len().max(1)).max(1).ilog2() + 1;
        for value in values.values_mut() {
            *value *= rarity;
        }
        values
    }
}

/// The hyphenated word that `words` adds to its parts; a question needs only the parts.
fn is_whole(word: &Word, all: &[Word]) -> bool {
    all.iter().any(|part| {
        part != word && part.range.start == word.range.start && part.range.end < word.range.end
    })
}

/// Whether two words differ by one letter too many, too few, wrong, or by two neighbours in the wrong order.
fn one_letter_off(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let same_start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[same_start..], &other[same_start..]);
    match (one, other) {
        ([], []) => true,
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([a, b, rest_one @ ..], [c, d, rest_other @ ..])
            if (a, b) == (d, c) && rest_one == rest_other =>
        {
            true
        }
        ([_, rest @ ..], other) if rest == other => true,
        (one, [_, rest @ ..]) if one == rest => true,
        _ => false,
    }
}
