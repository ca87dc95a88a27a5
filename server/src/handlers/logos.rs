//! Logos of organisations: named after their content, cached by browsers for ever.

use crate::AppState;
use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::{IntoResponse as _, Response},
};
use domain::Logo;
use http::{HeaderValue, StatusCode, header};
use std::sync::Arc;

/// `GET /logos/{name}`, like `0123456789abcdef-120x40.png`.
pub async fn logo(
    State(state): State<Arc<AppState>>,
    name: Result<Path<String>, PathRejection>,
) -> Response {
    let name = name.ok().and_then(|Path(name)| parse(&name));
    let Some(name) = name else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let content = match state.identity.store.logo(&name.to_string()).await {
        Ok(Some(content)) => content,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "A logo was not read");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let mut response = content.into_response();
    let forever = "public, max-age=31536000, immutable";
    for (name, value) in [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, forever),
    ] {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}

fn parse(name: &str) -> Option<Logo> {
    Logo::parse(name.strip_suffix(".png")?)
}
