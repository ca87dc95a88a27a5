//! Paths that pages link to. It names no page, so that every page can use it.

pub use contract::paths::*;
use contract::{Locale, Provider};
use std::fmt::Write as _;

/// The start of a sign-in with a provider. It is no page, so its language is a parameter; `next` is
/// the page to return to, without the prefix of a language.
pub fn start(provider: Provider, locale: Locale, next: Option<&str>) -> String {
    let next = next
        .filter(|next| !next.is_empty())
        .map(|next| format!("&next={}", encode(next)))
        .unwrap_or_default();
    let (provider, locale) = (provider.as_str(), locale.as_str());
    format!("/auth/{provider}/start?locale={locale}{next}")
}

/// The letter to an organisation's IT department.
pub fn ict(provider: Provider) -> String {
    format!("/sign-in/ict/{}", provider.as_str())
}

/// The own account at a provider.
pub fn provider(provider: Provider) -> String {
    format!("/settings/provider/{}", provider.as_str())
}

/// A mail of the demo.
pub fn mail(id: &str) -> String {
    format!("/mailbox/{id}")
}

/// Percent-encodes a value of a query.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
