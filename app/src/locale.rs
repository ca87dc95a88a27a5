//! The language of a page: which texts, which addresses.

use crate::i18n;
use contract::Locale;
pub use contract::paths::{localized as href, split};

/// The generated texts of a language.
pub const fn texts(locale: Locale) -> i18n::Locale {
    match locale {
        Locale::En => i18n::Locale::en,
        Locale::Fr => i18n::Locale::fr,
    }
}
