//! Addresses for machines.

use crate::{AppState, metrics};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use domain::calendar;
use http::{StatusCode, header};
use std::{sync::Arc, time::Duration};

/// `GET /healthz`: the process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers and its tables are those of this program.
pub async fn ready(State(state): State<Arc<AppState>>) -> Response {
    let store = &state.identity.store;
    let ready = store.ping().await.is_ok()
        && store
            .pending_migrations()
            .await
            .is_ok_and(|pending| !pending);
    if ready {
        "ready\n".into_response()
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::RETRY_AFTER, "5")],
            "not ready\n",
        )
            .into_response()
    }
}

/// Mail domains that the metrics name.
const MOST_DOMAINS: usize = 20;

/// `GET /metrics`, on the listener for monitoring.
pub async fn metrics(State(state): State<Arc<AppState>>) -> Response {
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    let mut text = state.metrics.text();
    match state.identity.step_counts(MOST_DOMAINS).await {
        Ok(counts) => text.push_str(&metrics::registrations(&counts)),
        Err(error) => tracing::warn!(%error, "The registrations of the last day are not counted"),
    }
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// `GET /.well-known/change-password`: where password managers send people (W3C).
pub async fn change_password() -> Redirect {
    Redirect::to(app::paths::PASSWORD)
}

/// `GET /.well-known/security.txt` (RFC 9116). It expires within a year by rule; being made on
/// the fly, it never goes stale.
pub async fn security_txt(State(state): State<Arc<AppState>>) -> Response {
    let expires = state.identity.clock.now().plus(Duration::from_hours(4320));
    let text = format!(
        "Contact: mailto:{}\nExpires: {}\nPreferred-Languages: en, fr\nCanonical: {}/.well-known/security.txt\n",
        state.config.support_email,
        calendar::machine(expires),
        state.config.origin(),
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
