//! A light stemmer: enough that `codes` finds `code` and `activer` finds `activez`.
//!
//! A full stemmer would be a thousand lines and its mistakes harder to find. An article lists synonyms in its
//! `keywords`.

use crate::Locale;

/// Endings, longest first, and the letters that must stay in front of them.
const ENGLISH: [(&str, usize); 9] = [
    ("ations", 4),
    ("ation", 4),
    ("ings", 4),
    ("ing", 4),
    ("ies", 3),
    ("ed", 4),
    ("es", 3),
    ("s", 3),
    ("e", 3),
];
const FRENCH: [(&str, usize); 14] = [
    ("ations", 4),
    ("ation", 4),
    ("ements", 4),
    ("ement", 4),
    ("ees", 3),
    ("ent", 4),
    ("ee", 3),
    ("er", 3),
    ("ez", 3),
    ("es", 3),
    ("ir", 4),
    ("s", 3),
    ("x", 3),
    ("e", 3),
];

/// The stem of a folded word. A word with a digit (`2fa`) is its own stem.
pub(super) fn stem(locale: Locale, word: &str) -> &str {
    if !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return word;
    }
    let endings: &[(&str, usize)] = match locale {
        Locale::En => &ENGLISH,
        Locale::Fr => &FRENCH,
    };
    let short = endings
        .iter()
        .find_map(|(ending, keep)| word.strip_suffix(ending).filter(|rest| rest.len() >= *keep));
    // `-ies` comes from `-y`, which is taken off too: `identities` and `identity` meet.
    let short = short.unwrap_or(word);
    short
        .strip_suffix('y')
        .filter(|rest| locale == Locale::En && rest.len() >= 3)
        .unwrap_or(short)
}

/// Stop words, folded.
pub(super) fn says_nothing(locale: Locale, word: &str) -> bool {
    let list: &[&str] = match locale {
        Locale::En => &[
            "a", "an", "and", "are", "as", "at", "be", "but", "by", "can", "cannot", "could", "d",
            "did", "do", "does", "don", "for", "from", "has", "have", "how", "i", "if", "in",
            "into", "is", "it", "its", "ll", "m", "me", "my", "no", "not", "of", "on", "or", "re",
            "s", "should", "so", "t", "that", "the", "their", "there", "this", "to", "ve", "was",
            "we", "what", "when", "where", "which", "who", "why", "will", "with", "would", "you",
            "your",
        ],
        Locale::Fr => &[
            "a", "ai", "au", "aux", "avec", "c", "ce", "ces", "cette", "comment", "d", "dans",
            "de", "des", "dois", "du", "elle", "en", "est", "et", "etre", "fais", "faire", "faut",
            "il", "ils", "j", "je", "l", "la", "le", "les", "leur", "m", "ma", "mais", "me", "mes",
            "mon", "n", "ne", "nos", "notre", "nous", "on", "ou", "par", "pas", "peut", "peux",
            "plus", "pour", "pourquoi", "qu", "quand", "que", "quel", "quelle", "qui", "quoi", "s",
            "sa", "se", "ses", "si", "son", "sont", "sur", "t", "un", "une", "votre", "vos",
            "vous", "y",
        ],
    };
    list.contains(&word)
}
