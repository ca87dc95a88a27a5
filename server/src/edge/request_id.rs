//! One id per request: in the log, in the response, and as the reference that a user can quote.

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue, Method};
use std::{
    fmt,
    future::Future,
    hash::{BuildHasher as _, RandomState},
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};
use tracing::{Instrument as _, Level};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of the running request: sixteen hexadecimal digits.
///
/// It need not be a secret: requests are counted, and the count is hashed under a random key of the
/// process. Random numbers of the system for each request would cost more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(u64);

impl RequestId {
    /// The next one.
    pub fn next() -> Self {
        static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        static COUNT: AtomicU64 = AtomicU64::new(0);
        Self(KEY.hash_one(COUNT.fetch_add(1, Ordering::Relaxed)))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}", self.0)
    }
}

/// Adds the id to the log and to the response, and writes one line about the request when it is
/// answered: method, route, status and time. The route's pattern is logged, never the address:
/// addresses hold tokens.
pub async fn observe(
    id: RequestId,
    method: Method,
    answer: impl Future<Output = Response>,
) -> Response {
    let span = tracing::info_span!("request", request.id = %id);
    let began = Instant::now();
    let mut response = answer.instrument(span.clone()).await;
    span.in_scope(|| {
        tracing::debug!(http.method = %method, http.route = route(&response), http.status = response.status().as_u16(), duration.ms = millis(began), "Request answered");
    });
    if let Ok(value) = HeaderValue::try_from(id.to_string()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

fn route(response: &Response) -> &str {
    let route = response.extensions().get::<MatchedPath>();
    route.map_or("unmatched", MatchedPath::as_str)
}

fn millis(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Whether [`observe`] writes its line, which needs [`keep_route`].
pub fn is_access_log_enabled() -> bool {
    tracing::enabled!(Level::DEBUG)
}

/// Copies the matched route to the response: axum has it only inside the router.
pub async fn keep_route(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::RequestId;
    use std::collections::HashSet;

    #[test]
    fn no_two_requests_have_the_same_id() {
        let ids: HashSet<String> = (0..1000).map(|_| RequestId::next().to_string()).collect();
        assert_eq!(ids.len(), 1000);
        assert!(ids.iter().all(|id| id.len() == 16));
    }
}
