//! Headers that every response carries, and the policy of a page.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// The policy of everything that is not a page: nothing is allowed.
const NOTHING: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The content security policy of a page. Without islands not even our own script may run.
pub fn page_policy(nonce: Option<&str>) -> String {
    let scripts = match nonce {
        Some(nonce) => format!(
            "script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; connect-src 'self'"
        ),
        None => "script-src 'none'".to_owned(),
    };
    format!(
        "default-src 'none'; {scripts}; style-src 'self'; font-src 'self'; img-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// The policy of a mail shown as a mail program would: styles of its own, nothing else.
pub const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-popups allow-top-navigation-by-user-activation";

/// What every response carries unless it says something else itself.
const ALWAYS: [(HeaderName, &str); 8] = [
    (header::CONTENT_SECURITY_POLICY, NOTHING),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
    ),
    (header::CACHE_CONTROL, "no-store"),
];

/// Adds the headers that a response does not have yet.
pub fn protect(headers: &mut HeaderMap, https: bool) {
    // Otherwise the table grows, and is made anew, twice.
    headers.reserve(ALWAYS.len() + 4);
    for (name, value) in ALWAYS {
        let missing = headers.entry(name);
        missing.or_insert_with(|| HeaderValue::from_static(value));
    }
    if https {
        let stay = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        let missing = headers.entry(header::STRICT_TRANSPORT_SECURITY);
        missing.or_insert(stay);
    }
}

#[cfg(test)]
mod tests {
    use super::page_policy;

    #[test]
    fn the_policy_never_allows_inline_code_or_strangers() {
        for policy in [page_policy(None), page_policy(Some("abc"))] {
            assert!(
                !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
                "{policy}"
            );
            assert!(
                !policy.contains("http") && !policy.contains('*'),
                "{policy}"
            );
            assert!(policy.starts_with("default-src 'none'"), "{policy}");
        }
    }
}
