//! The layers in their order, every address, and the pages of `app`'s table.

use crate::{
    AppState,
    http::{api, assets, health, pages, request, security},
};
use app::{
    locale,
    routes::{ROUTES, Route},
};
use axum::{
    Router,
    extract::{RawPathParams, Request, State},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::{MethodRouter, get, post},
};
use contract::Locale;
use futures_util::FutureExt as _;
use http::StatusCode;
use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tower_http::{CompressionLevel, compression::CompressionLayer, timeout::TimeoutLayer};

/// A request that is not answered by then is given up: a slow body ends here too.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The whole server.
pub fn build(state: Arc<AppState>) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        for language in [Locale::En, Locale::Fr] {
            router = router.route(&locale::href(language, route.path), page(route));
        }
    }
    router
        .route("/api/{function}", post(api::call))
        .route("/assets/{name}", get(assets::asset))
        .route("/mailbox-html/{id}", get(crate::ports::mailbox::as_html))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/.well-known/change-password", get(health::change_password))
        .route("/.well-known/security.txt", get(health::security_txt))
        .fallback(assets::fallback)
        // From here on the last layer is the outermost.
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(4)))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            REQUEST_TIMEOUT,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&state),
            catch_panic,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&state),
            security::headers,
        ))
        .layer(middleware::from_fn(request::observe))
        .with_state(state)
}

fn page(route: &'static Route) -> MethodRouter<Arc<AppState>> {
    get(
        move |State(state): State<Arc<AppState>>, params: RawPathParams, request: Request| {
            pages::show(state, route, params, request)
        },
    )
}

/// A panic is a fault of ours: it is logged where it happened, and answered with a page.
async fn catch_panic(State(state): State<Arc<AppState>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let seen = parts.clone();
    let run = AssertUnwindSafe(next.run(Request::from_parts(parts, body))).catch_unwind();
    if let Ok(response) = run.await {
        response
    } else {
        tracing::error!("A request ended in a panic");
        // Drawing the page could panic again, if what broke is common to all pages.
        let page = std::panic::catch_unwind(AssertUnwindSafe(|| pages::broken(state, &seen)));
        page.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
    }
}
