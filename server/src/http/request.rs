//! One id per request: in the log, in the answer, and as the reference that a person can quote.

use axum::{extract::Request, middleware::Next, response::Response};
use data_encoding::HEXLOWER;
use http::{HeaderName, HeaderValue};
use std::time::Instant;
use tracing::Instrument as _;

/// The id of the running request.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Names the request and writes one line about it when it is answered: method, route, status
/// and time. The route's pattern is logged, never the address: addresses hold tokens.
pub async fn observe(mut request: Request, next: Next) -> Response {
    let id = new_id();
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let route = request.extensions().get::<axum::extract::MatchedPath>();
    let route = route
        .map_or("unmatched", axum::extract::MatchedPath::as_str)
        .to_owned();
    let began = Instant::now();
    let span = tracing::info_span!("request", request.id = %id);
    let mut response = next.run(request).instrument(span.clone()).await;
    let millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    span.in_scope(|| {
        tracing::debug!(http.method = %method, http.route = route, http.status = status, duration.ms = millis, "Request answered");
    });
    if let Ok(value) = HeaderValue::from_str(&id) {
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}

fn new_id() -> String {
    let mut bytes = [0; 8];
    // An id that is not random is still an id; secrets are drawn elsewhere.
    let _ = getrandom::fill(&mut bytes);
    HEXLOWER.encode(&bytes)
}
