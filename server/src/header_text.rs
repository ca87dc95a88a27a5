//! Header values as text. Browsers and proxies send bytes above 127 (RFC 9110, section 5.5), so that one foreign
//! cookie or language must not hide the others of its line.

use http::{HeaderMap, HeaderName};
use std::borrow::Cow;

/// The lines of a header; bytes that are not UTF-8 become U+FFFD, which is in no value of ours.
pub fn lines<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = Cow<'a, str>> {
    let lines = headers.get_all(name).iter();
    lines.map(|value| String::from_utf8_lossy(value.as_bytes()))
}

/// The first line of a header; empty without one.
pub fn first<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Cow<'a, str> {
    lines(headers, name).next().unwrap_or_default()
}
