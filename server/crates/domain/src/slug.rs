//! The parts of addresses that name organisations and projects.

use std::{fmt, ops::Deref};

/// The longest, in characters.
pub const LONGEST: usize = 60;

/// Names that pages have at these places of an address, or may get; and those that would pass for somebody else's.
const RESERVED: [&str; 37] = [
    "activity",
    "api",
    "assets",
    "auth",
    "back-office",
    "bpart",
    "brand",
    "chat",
    "colleagues",
    "confirm-address",
    "data",
    "desk",
    "en",
    "forgot-password",
    "fr",
    "help",
    "invitation",
    "logo",
    "managers",
    "new",
    "not-me",
    "participants",
    "platform",
    "privacy",
    "profile",
    "projects",
    "proposals",
    "register",
    "requests",
    "reset-password",
    "settings",
    "sign-in",
    "sign-out",
    "support",
    "undo",
    "waiting",
    "www",
];

/// A part of addresses: small letters, digits and single hyphens between them, and no reserved name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slug(String);

/// Why a text is no [`Slug`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SlugError {
    /// It has other characters, none, or too many.
    #[error("small letters, digits and hyphens between them, at most {LONGEST}")]
    Malformed,
    /// A page has this name.
    #[error("the name is reserved")]
    Reserved,
}

impl Slug {
    /// Parses what somebody chose.
    ///
    /// # Errors
    /// [`SlugError`].
    pub fn parse(text: &str) -> Result<Self, SlugError> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let words = |mut words: std::str::Split<'_, char>| {
            words.all(|word| !word.is_empty() && word.chars().all(fits))
        };
        if text.len() > LONGEST || !words(text.split('-')) {
            return Err(SlugError::Malformed);
        }
        if RESERVED.contains(&text) {
            return Err(SlugError::Reserved);
        }
        Ok(Self(text.to_owned()))
    }
}

/// As it is stored: what was accepted once stays, also when a name is reserved later.
impl From<String> for Slug {
    fn from(stored: String) -> Self {
        Self(stored)
    }
}

impl Deref for Slug {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_readable_and_no_page_of_ours() {
        for good in ["a", "quay", "rue-de-l-ecole", "2026", "fr-2", "settings-2"] {
            assert!(Slug::parse(good).is_ok(), "{good}");
        }
        let long = "a".repeat(61);
        for odd in [
            "", "-", "a-", "-a", "a--b", "A", "é", "a b", "a/b", "a.b", "a_b", &long,
        ] {
            assert_eq!(Slug::parse(odd), Err(SlugError::Malformed), "{odd}");
        }
        assert_eq!(Slug::parse("settings"), Err(SlugError::Reserved));
        assert!(RESERVED.is_sorted());
    }
}
