//! The layers around every address, the addresses, and the pages of `app`'s table.

use crate::{
    AppState,
    edge::{
        accept, assets, headers, health,
        request_id::{self, RequestId},
    },
    handlers::{api, logos, page_cache::PageCache, pages, providers, waiting},
};
use app::{
    locale,
    routes::{ROUTES, Route},
};
use axum::{
    BoxError, Router,
    extract::{RawPathParams, Request, State, rejection::RawPathParamsRejection},
    middleware,
    response::{IntoResponse as _, Response},
    routing::{MethodRouter, get, post},
};
use contract::Locale;
use futures_util::FutureExt as _;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use hyper::body::{Body, Incoming};
use std::{convert::Infallible, panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::time::timeout;
use tower::{Layer as _, Service, service_fn};
use tower_http::{CompressionLevel, compression::CompressionLayer};

/// A request that is not answered by then is given up, also when its body is slow.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The longest address that is read, in bytes: every server should take as many (RFC 9110, section 4.1), and no page or
/// link of ours is near it.
const LONGEST_ADDRESS: usize = 8000;

/// The largest header that is answered, in bytes, as [`accept::MAX_HEADER`] bounds what is read of it.
fn is_too_large(headers: &HeaderMap) -> bool {
    let size = |(name, value): (&HeaderName, &HeaderValue)| name.as_str().len() + value.len();
    headers.iter().map(size).sum::<usize>() > accept::MAX_HEADER
}

/// The layers around all addresses: [`answer`], and compression around that. A layer of axum's router
/// would cost every request a copy of all that is below it.
pub fn around(
    state: Arc<AppState>,
    router: Router,
) -> impl Service<
    http::Request<Incoming>,
    Response = http::Response<impl Body<Data: Send, Error: Into<BoxError>> + Send>,
    Error = Infallible,
    Future: Send,
> + Clone
+ Send {
    let answer = service_fn(move |request| {
        answer(Arc::clone(&state), router.clone(), request).map(Ok::<_, Infallible>)
    });
    CompressionLayer::new()
        .quality(CompressionLevel::Precise(4))
        .layer(answer)
}

/// Every address of the site.
pub fn build(state: Arc<AppState>) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        for language in [Locale::En, Locale::Fr] {
            router = router.route(&locale::href(language, route.path), page(route));
        }
    }
    let router = router
        .route("/api/{function}", post(api::call))
        .route("/auth/{provider}/start", get(providers::start))
        .route("/auth/{provider}/callback", get(providers::callback))
        .route(
            "/p/{organisation}/{project}/waiting/live",
            get(waiting::events),
        )
        .route("/assets/{name}", get(assets::asset))
        .route("/logos/{name}", get(logos::logo))
        .route("/mailbox-html/{id}", get(crate::ports::mailbox::as_html))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/.well-known/change-password", get(health::change_password))
        .route("/.well-known/security.txt", get(health::security_txt))
        .method_not_allowed_fallback(pages::wrong_method)
        .fallback(pages::fallback);
    // The layer is added only when the access log needs it.
    let router = if request_id::is_access_log_enabled() {
        router.layer(middleware::from_fn(request_id::keep_route))
    } else {
        router
    };
    router.with_state(state)
}

/// The one address of the listener for monitoring.
pub fn for_monitoring(state: Arc<AppState>) -> Router {
    Router::new()
        .route("/metrics", get(health::metrics))
        .with_state(state)
}

fn page(route: &'static Route) -> MethodRouter<Arc<AppState>> {
    let cache = Arc::new(PageCache::default());
    get(
        async move |State(state): State<Arc<AppState>>,
                    params: Result<RawPathParams, RawPathParamsRejection>,
                    request: Request| {
            pages::show(state, route, &cache, params.ok(), request).await
        },
    )
}

/// Answers one request: gives it an id and a time limit, turns a panic into a response, and adds the
/// headers that every response carries.
async fn answer(
    state: Arc<AppState>,
    mut router: Router,
    mut request: http::Request<Incoming>,
) -> Response {
    let id = RequestId::next();
    request.extensions_mut().insert(id);
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let https = state.config.is_https();
    let counted = Arc::clone(&state);
    let too_large = is_too_large(request.headers());
    let within = async move {
        if too_large {
            return StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response();
        }
        if uri.path().len() + uri.query().map_or(0, str::len) > LONGEST_ADDRESS {
            return pages::too_long(state, &uri, id);
        }
        let answer = AssertUnwindSafe(router.call(request)).catch_unwind();
        match timeout(REQUEST_TIMEOUT, answer).await {
            Ok(Ok(Ok(response))) => response,
            Ok(Err(_panic)) => after_panic(state, uri, id),
            Err(_elapsed) => StatusCode::REQUEST_TIMEOUT.into_response(),
        }
    };
    let mut response = request_id::observe(id, method, within).await;
    counted.metrics.answer(response.status());
    headers::protect(response.headers_mut(), https);
    response
}

/// The response after a panic, which the panic hook has logged.
fn after_panic(state: Arc<AppState>, uri: Uri, id: RequestId) -> Response {
    tracing::error!("A request ended in a panic");
    // Drawing the page could panic again, if the fault is common to all pages.
    let page = std::panic::catch_unwind(AssertUnwindSafe(|| pages::broken(state, uri, id)));
    page.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}
