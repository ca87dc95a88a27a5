//! A page as HTML, and the response that carries it.

use crate::edge::headers;
use app::{Page, PageContext, shell};
use axum::{body::Body, response::Response};
use contract::{Flash, Locale};
use data_encoding::BASE64URL_NOPAD;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use hydration_context::SsrSharedContext;
use leptos::prelude::{Owner, RenderHtml as _};
use leptos::tachys::view::Position;
use std::sync::Arc;

/// Most pages fit, so that the text is not copied while it grows.
const CAPACITY: usize = 16 * 1024;
/// A response has about as many headers as this.
const HEADERS: usize = 20;

/// A page that was drawn, and what its response says about it.
pub struct Drawn {
    pub(super) html: String,
    pub(super) about: About,
    pub(super) nonce: Option<String>,
}

#[derive(Clone, Copy)]
pub(super) struct About {
    status: StatusCode,
    locale: Locale,
    secret: bool,
    pub(super) personal: bool,
}

impl Drawn {
    /// Draws the document. Everything was loaded before, so nothing here waits.
    pub fn new(page_context: &PageContext, page: Page) -> Self {
        let status = StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let secret = page.secret_address;
        let personal = secret
            || page_context.viewer.is_some()
            || page_context.flash != Flash::default()
            || status != StatusCode::OK;
        Self {
            nonce: page.islands.then(|| page_context.nonce.clone()),
            html: html(page_context, page),
            about: About {
                status,
                locale: page_context.locale,
                secret,
                personal,
            },
        }
    }

    /// The response.
    pub fn into_response(self) -> Response {
        respond(self.html, self.about, self.nonce.as_deref())
    }
}

fn html(page_context: &PageContext, page: Page) -> String {
    // Islands note their properties in this context while they are drawn.
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let mut html = String::with_capacity(CAPACITY);
    owner.with(|| {
        let document = shell::document(page_context, page);
        document.to_html_with_buf(
            &mut html,
            &mut Position::FirstChild,
            true,
            false,
            Vec::new(),
        );
    });
    drop(owner);
    with_whole_marks(&html)
}

/// The document with its first line. Leptos writes markers as `<!>`, which browsers accept and
/// validators refuse: they become empty comments.
fn with_whole_marks(html: &str) -> String {
    let mut whole = String::with_capacity(html.len() + html.len() / 16);
    whole.push_str("<!DOCTYPE html>");
    let mut rest = html;
    // Exclamation marks are rare, so that this is much faster than looking for the whole mark.
    while let Some(at) = rest.find('!') {
        let (before, after) = rest.split_at(at + 1);
        whole.push_str(before);
        if before.ends_with("<!") && after.starts_with('>') {
            whole.push_str("----");
        }
        rest = after;
    }
    whole.push_str(rest);
    whole
}

pub(super) fn respond(html: String, about: About, nonce: Option<&str>) -> Response {
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = about.status;
    *response.headers_mut() = HeaderMap::with_capacity(HEADERS);
    let headers = response.headers_mut();
    let mut add = |name, value| headers.insert(name, HeaderValue::from_static(value));
    add(header::CONTENT_TYPE, "text/html; charset=utf-8");
    add(header::CONTENT_LANGUAGE, about.locale.as_str());
    add(header::VARY, "accept-language, cookie, sec-fetch-site");
    if about.secret {
        // Not `no-referrer`: with that, forms of the page say `Origin: null`, which is refused (Fetch, section 3.2).
        add(header::REFERRER_POLICY, "strict-origin");
    }
    let keep = if about.personal {
        "no-store"
    } else {
        "private, no-cache"
    };
    add(header::CACHE_CONTROL, keep);
    if let Ok(policy) = HeaderValue::try_from(headers::page_policy(nonce)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// 128 random bits for the policy of one response.
pub fn nonce() -> String {
    use domain::Entropy as _;
    let mut bytes = [0; 16];
    crate::system::SystemEntropy.fill(&mut bytes);
    BASE64URL_NOPAD.encode(&bytes)
}

#[cfg(test)]
mod tests {
    use super::with_whole_marks;

    #[test]
    fn marks_become_comments_and_nothing_else_changes() {
        assert_eq!(
            with_whole_marks("<p>Oh!<!>é<!><!---->! <!</p>!"),
            "<!DOCTYPE html><p>Oh!<!---->é<!----><!---->! <!</p>!"
        );
        assert_eq!(with_whole_marks("a"), "<!DOCTYPE html>a");
    }
}
