//! The events of the page that waits for a mail (server-sent events, HTML Living Standard, section 9.2).

use crate::{AppState, request::RequestContext};
use app::{locale, paths};
use axum::{
    extract::{Request, State},
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use http::StatusCode;
use std::{convert::Infallible, sync::Arc, time::Duration};

/// A page that waits for longer asks again by itself.
const LIFETIME: Duration = Duration::from_mins(10);
/// A line that keeps the connection from being taken for a dead one.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// `GET /p/{organisation}/{project}/waiting/live`: the version of the state that the page shows, now and after each
/// change. Without anything to wait for, 204: then the browser does not ask again.
pub async fn events(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let (language, path) = locale::split(parts.uri.path());
    let page = path.strip_suffix(paths::LIVE).unwrap_or(path);
    let context = RequestContext::for_page(Arc::clone(&state), &parts, language, page).await;
    let Ok(context) = context else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let nothing = StatusCode::NO_CONTENT.into_response();
    let Some(browser) = &context.registration else {
        return nothing;
    };
    let found = state.identity.waiting(&context.tenant.realm, browser).await;
    let found = match found {
        Ok(Some(found)) => found,
        Ok(None) => return nothing,
        // The page asks again.
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    let Some(receiver) = state.live.watch(&found.id) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let first = Event::default().data(found.version.clone());
    let later = stream::unfold((receiver, found.version), async |(mut receiver, told)| {
        loop {
            receiver.changed().await.ok()?;
            let version = receiver.borrow_and_update().clone();
            if version != told {
                let event = Event::default().data(version.clone());
                return Some((event, (receiver, version)));
            }
        }
    });
    let later = futures_util::StreamExt::take_until(later, Box::pin(tokio::time::sleep(LIFETIME)));
    let events = futures_util::StreamExt::chain(stream::once(async { first }), later);
    let events = futures_util::StreamExt::map(events, Ok::<_, Infallible>);
    let keep = KeepAlive::new().interval(KEEP_ALIVE);
    let mut response = Sse::new(events).keep_alive(keep).into_response();
    // Some proxies collect an answer before they pass it on.
    let headers = response.headers_mut();
    headers.insert("x-accel-buffering", http::HeaderValue::from_static("no"));
    response
}
