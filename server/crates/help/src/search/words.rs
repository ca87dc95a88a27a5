//! Splits a text into words and folds each: lower case, no accents, `œ` as `oe`.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A word of a text: its position and its folded form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) range: Range<usize>,
    pub(super) folded: String,
}

/// The words of a text.
///
/// An apostrophe ends a word, so `l’adresse` is found by `adresse`. A word with hyphens counts three times: its
/// parts and the whole without hyphens, so `e-mail` is found by `email` and `mail`.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut chain: Vec<Word> = Vec::new();
    let mut start = None;
    for (position, letter) in text.char_indices().chain([(text.len(), '\n')]) {
        let belongs = letter.is_alphanumeric() || is_combining_mark(letter);
        match (start, belongs) {
            (None, true) => start = Some(position),
            (Some(begin), false) => {
                let folded = fold(&text[begin..position]);
                let range = begin..position;
                chain.push(Word { range, folded });
                start = None;
            }
            _ => {}
        }
        if !belongs && !matches!(letter, '-' | '\u{2010}' | '\u{2011}') {
            close(&mut chain, &mut words);
        }
    }
    words
}

fn close(chain: &mut Vec<Word>, words: &mut Vec<Word>) {
    if let [first, .., last] = chain.as_slice() {
        words.push(Word {
            range: first.range.start..last.range.end,
            folded: chain.iter().map(|word| word.folded.as_str()).collect(),
        });
    }
    words.append(chain);
}

/// The form in which words are compared.
pub(super) fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(word.len());
    for letter in word.nfd().filter(|letter| !is_combining_mark(*letter)) {
        for lower in letter.to_lowercase() {
            match lower {
                'œ' => folded.push_str("oe"),
                'æ' => folded.push_str("ae"),
                'ß' => folded.push_str("ss"),
                other => folded.push(other),
            }
        }
    }
    folded
}
