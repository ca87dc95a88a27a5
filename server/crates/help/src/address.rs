//! Addresses that an article links to, in the reader's language.

use crate::Locale;

/// Where managers and support agents sign in.
pub(crate) const SIGN_IN: &str = "/sign-in";

/// English has no prefix, French has `/fr`.
pub(crate) fn localised(locale: Locale, path: &str) -> String {
    match locale {
        Locale::En => path.to_owned(),
        Locale::Fr => format!("/fr{path}"),
    }
}

/// The address of an article in a language.
pub fn article(locale: Locale, slug: &str) -> String {
    localised(locale, &format!("/help/article/{slug}"))
}

/// The address of a category in a language.
pub fn category(locale: Locale, slug: &str) -> String {
    localised(locale, &format!("/help/category/{slug}"))
}
