//! The language of a page: which texts, which addresses.

use crate::i18n;
use contract::Locale;

/// The generated texts of a language.
pub const fn texts(locale: Locale) -> i18n::Locale {
    match locale {
        Locale::En => i18n::Locale::en,
        Locale::Fr => i18n::Locale::fr,
    }
}

/// The address of a page in a language: English has no prefix, French has `/fr`.
pub fn href(locale: Locale, path: &str) -> String {
    match (locale, path) {
        (Locale::En, path) => path.to_owned(),
        (Locale::Fr, "/") => "/fr".to_owned(),
        (Locale::Fr, path) => format!("/fr{path}"),
    }
}

/// Takes an address apart: its language, and the path without the prefix.
pub fn split(path: &str) -> (Locale, &str) {
    match path.strip_prefix("/fr") {
        Some("") => (Locale::Fr, "/"),
        Some(rest) if rest.starts_with('/') => (Locale::Fr, rest),
        _ => (Locale::En, path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_comes_back_from_its_language() {
        for path in ["/", "/sign-in", "/help/article/a?b=c"] {
            for locale in [Locale::En, Locale::Fr] {
                assert_eq!(split(&href(locale, path)), (locale, path));
            }
        }
        assert_eq!(split("/french"), (Locale::En, "/french"));
    }
}
