//! Where forms are posted to: server functions of `app`, with the ports of this request in their
//! context.

use super::pages;
use crate::{
    AppState,
    edge::origin,
    request::{Attachment, RequestContext},
};
use app::locale;
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    response::{IntoResponse as _, Response},
};
use contract::{Backend, Locale, Problem};
use http::{HeaderValue, StatusCode, header, request::Parts};
use leptos::{prelude::provide_context, server_fn::axum::get_server_fn_service};
use std::sync::Arc;

/// The largest form: a password of 1 024 bytes, percent-encoded threefold, and a comment.
const MAX_FORM: usize = 64 * 1024;

/// `POST /api/{function}`.
pub async fn call(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_FORM).await else {
        return refuse(state, &parts, Locale::En, StatusCode::PAYLOAD_TOO_LARGE).await;
    };
    let locale = language(&body, &parts);
    if !origin::is_ours(&parts.method, &parts.headers, &state.config.origin()) {
        state.metrics.refuse("foreign_form");
        tracing::warn!("A form of a foreign page was refused");
        return refuse(state, &parts, locale, StatusCode::FORBIDDEN).await;
    }
    let door = field(&body, "door").unwrap_or_default();
    let context = match RequestContext::for_form(Arc::clone(&state), &parts, locale, &door).await {
        Ok(context) => Arc::new(context),
        Err(problem) => return pages::plain_problem(state, &parts, locale, &problem),
    };
    let backend: Arc<dyn Backend> = Arc::<RequestContext>::clone(&context);
    let provide = move || provide_context(Arc::clone(&backend));
    let request = Request::from_parts(parts.clone(), Body::from(body));
    let answer = leptos_axum::handle_server_fns_with_context(provide, request)
        .await
        .into_response();
    finish(state, &context, &parts, answer).await
}

/// Turns what the function asked for into a response: 303, 503, or its data.
async fn finish(
    state: Arc<AppState>,
    context: &Arc<RequestContext>,
    parts: &Parts,
    answer: Response,
) -> Response {
    let mut response = if let Some(file) = context.take_attachment() {
        attachment(file)
    } else if let Some((wait_s, path)) = context.overload() {
        let busy = Problem::Busy { wait_s };
        let mut page = pages::problem_page(state, parts, context.locale, &busy, Some(path)).await;
        page.headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(wait_s));
        page
    } else if let Some((provider, address)) = context.elsewhere() {
        pages::leading_to(context, parts, provider, &address)
    } else if let Some(location) = context.location() {
        let mut response = StatusCode::SEE_OTHER.into_response();
        if let Ok(location) = HeaderValue::from_str(&location) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    } else if context.wants_html {
        // What Leptos would do here, going back with the error in the address, is what must not happen.
        return refuse(state, parts, context.locale, never_ran(parts)).await;
    } else {
        let mut data = answer;
        let asked = context
            .status()
            .and_then(|status| StatusCode::from_u16(status).ok());
        let status = match asked {
            Some(status) => status,
            None if data.status().is_success() => data.status(),
            None => never_ran(parts),
        };
        *data.status_mut() = status;
        data
    };
    context.apply_cookies(response.headers_mut());
    response
}

/// The status where the function never ran: there is none, or the form is not one of its own.
fn never_ran(parts: &Parts) -> StatusCode {
    match get_server_fn_service(parts.uri.path(), parts.method.clone()) {
        Some(_) => StatusCode::BAD_REQUEST,
        None => StatusCode::NOT_FOUND,
    }
}

/// A file that the browser keeps: it stays on its page.
fn attachment(file: Attachment) -> Response {
    let mut response = Response::new(Body::from(file.content));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let disposition = format!("attachment; filename=\"{}\"", file.name);
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

/// A page that says that the form was not taken, with the status that says why to machines.
async fn refuse(
    state: Arc<AppState>,
    parts: &Parts,
    locale: Locale,
    status: StatusCode,
) -> Response {
    let mut page = pages::problem_page(state, parts, locale, &Problem::BadRequest, None).await;
    *page.status_mut() = status;
    page
}

/// The language of the page that the form stands on: the form says it.
fn language(body: &[u8], parts: &Parts) -> Locale {
    match field(body, "locale") {
        Some(tag) => Locale::from_tag(&tag),
        None => locale::split(parts.uri.path()).0,
    }
}

/// A field of the form.
fn field(body: &[u8], name: &str) -> Option<String> {
    let mut fields = url::form_urlencoded::parse(body);
    fields
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}
