//! Which language a visitor reads: the address, then the cookie, then `Accept-Language`, then
//! English.
//!
//! French addresses say what they are. English ones have no prefix, so they are also what people
//! type and what old links hold: a visitor who arrives there from outside is redirected to the
//! preferred language. Links on our own pages keep the language, so a link from one of our pages to
//! the other language is a choice: it is obeyed and remembered.

use super::cookies;
use crate::header_text;
use contract::Locale;
use http::{
    HeaderMap, HeaderName,
    header::{ACCEPT_LANGUAGE, REFERER},
};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What to do with a request for a page of `address`'s language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Show it.
    Stay,
    /// Show it, and remember that the language was chosen by hand.
    Remember,
    /// Lead to the same page in French.
    Lead,
}

/// Judges a request.
pub fn choose(headers: &HeaderMap, address: Locale, origin: &str) -> Choice {
    let accepted = || Locale::from_accept_language(&header_text::first(headers, &ACCEPT_LANGUAGE));
    let preferred = cookies::language(headers)
        .or_else(accepted)
        .unwrap_or_default();
    if is_from_our_page(headers, origin) {
        if preferred == address {
            Choice::Stay
        } else {
            Choice::Remember
        }
    } else if address == Locale::En && preferred == Locale::Fr {
        Choice::Lead
    } else {
        Choice::Stay
    }
}

fn is_from_our_page(headers: &HeaderMap, origin: &str) -> bool {
    let site = header_text::lines(headers, &SEC_FETCH_SITE).next();
    if let Some(site) = site {
        return site == "same-origin";
    }
    // Older browsers say it less clearly.
    header_text::first(headers, &REFERER)
        .strip_prefix(origin)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: &str = "http://localhost:3000";

    fn judge(address: Locale, sent: &[(&'static str, &'static str)]) -> Choice {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.extend(
                http::HeaderValue::from_bytes(value.as_bytes())
                    .map(|value| (HeaderName::from_static(name), value)),
            );
        }
        choose(&headers, address, ORIGIN)
    }

    #[test]
    fn the_french_address_is_french_for_everybody() {
        assert_eq!(
            judge(Locale::Fr, &[("accept-language", "en")]),
            Choice::Stay
        );
        assert_eq!(judge(Locale::Fr, &[("cookie", "locale=en")]), Choice::Stay);
    }

    #[test]
    fn the_cookie_comes_before_the_browser() {
        assert_eq!(
            judge(Locale::En, &[("accept-language", "fr-BE, en")]),
            Choice::Lead
        );
        assert_eq!(
            judge(Locale::En, &[("accept-language", "x-é, fr")]),
            Choice::Lead
        );
        assert_eq!(
            judge(
                Locale::En,
                &[("accept-language", "fr"), ("cookie", "locale=en")]
            ),
            Choice::Stay
        );
        assert_eq!(
            judge(
                Locale::En,
                &[("accept-language", "en"), ("cookie", "locale=fr")]
            ),
            Choice::Lead
        );
        assert_eq!(
            judge(Locale::En, &[("accept-language", "nl")]),
            Choice::Stay
        );
        assert_eq!(judge(Locale::En, &[]), Choice::Stay);
    }

    #[test]
    fn a_language_link_is_obeyed_and_remembered() {
        let same = ("sec-fetch-site", "same-origin");
        assert_eq!(
            judge(Locale::En, &[same, ("accept-language", "fr")]),
            Choice::Remember
        );
        assert_eq!(
            judge(Locale::Fr, &[same, ("accept-language", "en")]),
            Choice::Remember
        );
        assert_eq!(
            judge(Locale::Fr, &[same, ("accept-language", "fr")]),
            Choice::Stay
        );
        let old = ("referer", "http://localhost:3000/fr/sign-in");
        assert_eq!(
            judge(Locale::En, &[old, ("accept-language", "fr")]),
            Choice::Remember
        );
        let foreign = ("referer", "http://localhost:3000.evil.example/");
        assert_eq!(
            judge(Locale::En, &[foreign, ("accept-language", "fr")]),
            Choice::Lead
        );
    }
}
