//! The two languages, and how one is chosen for a visitor.

use serde::{Deserialize, Serialize};

/// A language that every page and every mail exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English: addresses without a prefix.
    #[default]
    En,
    /// French: addresses under `/fr`.
    Fr,
}

impl Locale {
    /// Both languages, English first.
    pub const ALL: [Self; 2] = [Self::En, Self::Fr];

    /// The language tag (BCP 47), as in `lang` attributes and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    /// Reads a stored or posted language tag; an unknown one is no language.
    pub fn parse(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.as_str() == tag)
    }

    /// Reads the hidden field of a form; anything unknown is English.
    pub fn from_tag(tag: &str) -> Self {
        Self::parse(tag).unwrap_or_default()
    }

    /// The other language.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::En => Self::Fr,
            Self::Fr => Self::En,
        }
    }

    /// The supported language that an `Accept-Language` header prefers (RFC 9110, 12.5.4).
    ///
    /// Quality values are honoured, region subtags ignored, and malformed ranges skipped.
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let preference = |range: &str| {
            let mut parts = range.split(';');
            let tag = parts.next()?.trim().to_ascii_lowercase();
            let quality = parts
                .find_map(|part| part.trim().strip_prefix("q=")?.parse::<f32>().ok())
                .unwrap_or(1.0);
            let locale = Self::parse(tag.split('-').next()?)?;
            (quality > 0.0).then_some((locale, quality))
        };
        header
            .split(',')
            .filter_map(preference)
            // `max_by` keeps the last of equals; the header's order must win.
            .fold(None, |best: Option<(Self, f32)>, next| match best {
                Some(best) if best.1 >= next.1 => Some(best),
                _ => Some(next),
            })
            .map(|(locale, _)| locale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red when a stored or posted name of a language changes.
    #[test]
    fn stored_names_stay() {
        assert_eq!(Locale::ALL.map(Locale::as_str), ["en", "fr"]);
        assert_eq!(Locale::from_tag("fr"), Locale::Fr);
        assert_eq!(Locale::from_tag("nl"), Locale::En);
    }

    #[test]
    fn the_best_quality_wins_and_order_breaks_ties() {
        let choose = Locale::from_accept_language;
        assert_eq!(choose("fr-BE,fr;q=0.9,en;q=0.8"), Some(Locale::Fr));
        assert_eq!(choose("nl, en;q=0.5, fr;q=0.4"), Some(Locale::En));
        assert_eq!(choose("en;q=0.3, fr;q=0.7"), Some(Locale::Fr));
        assert_eq!(choose("en, fr"), Some(Locale::En));
        assert_eq!(choose("fr;q=0, nl"), None);
        assert_eq!(choose(";;,q=,*"), None);
    }
}
