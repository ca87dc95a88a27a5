//! Forms are taken from our own pages only.
//!
//! The rule is the one of Go 1.25's `CrossOriginProtection`: methods that change nothing pass;
//! otherwise `Sec-Fetch-Site` decides, or `Origin` for older browsers. A request with neither does not
//! come from a browser and carries no cookie that was not set on purpose. Signing in is protected
//! too, so that no user is signed in to the account of an attacker.
//!
//! docs/decisions/0015-kept-by-hand.md says what `tower_http::csrf` does less.

use http::{HeaderMap, Method, header::ORIGIN};

/// Whether a request may change something. `ours` is the public origin.
pub fn is_ours(method: &Method, headers: &HeaderMap, ours: &str) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let text = |name: &str| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or("rubbish"))
    };
    match (text("sec-fetch-site"), text(ORIGIN.as_str())) {
        (Some("same-origin" | "none"), _) | (None, None) => true,
        (Some(_), _) => false,
        (None, Some(origin)) => origin == ours,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(sent: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.insert(*name, http::HeaderValue::from_static(value));
        }
        is_ours(&Method::POST, &headers, "https://door.example.org")
    }

    #[test]
    fn a_foreign_page_cannot_post() {
        assert!(!post(&[("sec-fetch-site", "cross-site")]));
        assert!(!post(&[("sec-fetch-site", "same-site")]));
        assert!(!post(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://door.example.org")
        ]));
        assert!(!post(&[("origin", "https://evil.example")]));
        assert!(!post(&[("origin", "null")]));
        assert!(!post(&[("origin", "http://door.example.org")]));
    }

    #[test]
    fn our_own_pages_and_plain_tools_can() {
        assert!(post(&[("sec-fetch-site", "same-origin")]));
        assert!(post(&[("origin", "https://door.example.org")]));
        assert!(post(&[]));
    }
}
