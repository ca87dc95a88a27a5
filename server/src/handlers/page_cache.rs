//! Public pages that are the same for every anonymous request, kept after they were drawn once.

use super::document::{About, Drawn, nonce, respond};
use app::PageContext;
use axum::response::Response;
use std::sync::OnceLock;

/// The cache of one page in one language: filled when the page was drawn for an anonymous request and
/// contained nothing personal. Each response gets a nonce of its own.
///
/// docs/decisions/0012-kept-pages.md says when that is so.
#[derive(Default)]
pub struct PageCache(OnceLock<CachedPage>);

/// The page is cut where its nonce stood.
struct CachedPage {
    pieces: Vec<String>,
    about: About,
}

impl PageCache {
    /// The cached page with a new nonce; `None` while nothing is cached.
    pub fn get(&self) -> Option<Response> {
        let cached = self.0.get()?;
        if let [html] = cached.pieces.as_slice() {
            return Some(respond(html.clone(), cached.about, None));
        }
        let nonce = nonce();
        Some(respond(
            cached.pieces.join(&nonce),
            cached.about,
            Some(&nonce),
        ))
    }

    /// Caches a page if nothing in it is personal.
    pub fn put(&self, page_context: &PageContext, drawn: &Drawn) {
        if drawn.about.personal || page_context.backend.were_used() {
            return;
        }
        let pieces = match &drawn.nonce {
            // The nonce is random: nothing else in the page can equal it.
            Some(nonce) => drawn
                .html
                .split(nonce.as_str())
                .map(str::to_owned)
                .collect(),
            None => vec![drawn.html.clone()],
        };
        let about = drawn.about;
        // A concurrent request already cached this page.
        let _ = self.0.set(CachedPage { pieces, about });
    }
}
