//! The way to Google and Microsoft, and the way back.
//!
//! Signing in sets out from a plain link, linking and invitations from forms
//! ([`crate::ports`]); all of them come back here. What is written by a `GET` is one row that ends by
//! itself, limited by network, and what comes back is taken once, by the browser that set out, from
//! the provider that it set out to.
//!
//! An administrator who was asked to approve the site for an organisation comes back to the same address
//! without a flow of ours. A page says what was decided, and nothing else happens.

use super::pages;
use crate::{
    AppState,
    ports::Callback,
    request::{
        RequestContext,
        cookies::{self, Name},
    },
};
use app::paths;
use axum::{
    extract::{Path, Request, State, rejection::PathRejection},
    response::{IntoResponse as _, Response},
};
use contract::{Locale, Problem, Responder as _};
use domain::{provider::Provider, token::Secret};
use http::{HeaderValue, StatusCode, header, request::Parts};
use std::sync::Arc;

/// `GET /auth/{provider}/start`: off to the provider.
pub async fn start(
    State(state): State<Arc<AppState>>,
    name: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let name = name.map(|Path(name)| name).unwrap_or_default();
    let (parts, _) = request.into_parts();
    let query = Query::of(&parts);
    let locale = Locale::from_tag(&query.get("locale").unwrap_or_default());
    let context = match enter(state, &parts, locale, &name).await {
        Ok((context, provider)) => {
            let next = query.get("next").unwrap_or_default();
            context.set_out(provider, &next).await;
            context
        }
        Err(refusal) => return *refusal,
    };
    leave(&context)
}

/// `GET /auth/{provider}/callback`: back from there.
pub async fn callback(
    State(state): State<Arc<AppState>>,
    name: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let name = name.map(|Path(name)| name).unwrap_or_default();
    let (parts, _) = request.into_parts();
    let query = Query::of(&parts);
    let https = state.config.is_https();
    let context = match enter(state, &parts, Locale::En, &name).await {
        Ok((mut context, provider)) => {
            if let Some(page) = approval(provider, &query) {
                context.see_other(page);
            } else {
                let browser = cookies::token(&parts.headers, &Name::Provider(provider), https);
                context.come_back(provider, query.callback(browser)).await;
            }
            context
        }
        Err(refusal) => return *refusal,
    };
    leave(&context)
}

/// The page for an administrator who was asked to approve. The letter to the IT department leads
/// straight to Microsoft, so the callback has no state; each flow of ours has one.
///
/// Such an address can be typed by hand: it decides which of two pages is shown, and nothing else.
/// <https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>
fn approval(provider: Provider, query: &Query) -> Option<&'static str> {
    if provider != Provider::Microsoft || query.has("state") || query.has("code") {
        return None;
    }
    let approved = query.get("admin_consent").unwrap_or_default();
    if query.has("error") {
        Some(paths::NOT_APPROVED)
    } else {
        approved
            .eq_ignore_ascii_case("true")
            .then_some(paths::APPROVED)
    }
}

/// Who asks, and for which provider; a page when there is none of this name, and the way to the sign-in
/// page when it cannot be found out who asks.
async fn enter(
    state: Arc<AppState>,
    parts: &Parts,
    locale: Locale,
    name: &str,
) -> Result<(RequestContext, Provider), Box<Response>> {
    let provider = Provider::parse(name);
    let known = provider.filter(|provider| state.providers.get(*provider).is_some());
    let Some(provider) = known else {
        let page = pages::problem_page(state, parts, locale, &Problem::NotFound, None).await;
        return Err(Box::new(page));
    };
    let context = RequestContext::for_page(Arc::clone(&state), parts, locale, paths::SIGN_IN).await;
    match context {
        Ok(context) => Ok((context, provider)),
        // No page is shown here, since the address may hold a code. The page of the redirect says what
        // is wrong, even when no flash could be stored: it looks up the user as well.
        Err(problem) => {
            let context = RequestContext::anonymous(state, parts, locale);
            context.turn_away(problem).await;
            Err(Box::new(leave(&context)))
        }
    }
}

/// 303, with the cookies and without a referrer: the present address may hold a code.
fn leave(context: &RequestContext) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    let location = context.location().unwrap_or_else(|| "/".to_owned());
    if let Ok(location) = HeaderValue::from_str(&location) {
        headers.insert(header::LOCATION, location);
    }
    let silent = HeaderValue::from_static("no-referrer");
    headers.insert(header::REFERRER_POLICY, silent);
    context.apply_cookies(headers);
    response
}

/// What is read of an address that a provider sent the browser to.
const READ: [&str; 5] = ["state", "code", "error", "error_description", "iss"];

/// What stands behind the question mark.
struct Query(Vec<(String, String)>);

impl Query {
    fn of(parts: &Parts) -> Self {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        Self(pairs.into_owned().collect())
    }

    /// What a provider sends a browser back with, and what this one was given on the way out.
    fn callback(&self, browser: Option<Secret>) -> Callback {
        Callback {
            browser,
            state: self.get("state"),
            code: self.get("code"),
            error: self.get("error"),
            description: self.get("error_description"),
            iss: self.get("iss"),
            doubled: self.doubles(&READ),
        }
    }

    /// Whether there is any value of this name.
    fn has(&self, name: &str) -> bool {
        self.0
            .iter()
            .any(|(key, value)| key == name && !value.is_empty())
    }

    /// A value that is there once. One that is there twice is not believed: we and the provider might
    /// each read another one.
    fn get(&self, name: &str) -> Option<String> {
        let mut values = self.0.iter().filter(|(key, _)| key == name);
        let (_, value) = values.next()?;
        values.next().is_none().then(|| value.clone())
    }

    /// Whether one of these is there twice (which RFC 6749, 3.1, forbids).
    fn doubles(&self, names: &[&str]) -> bool {
        let count = |name| self.0.iter().filter(|(key, _)| key == name).count();
        names.iter().any(|name| count(*name) > 1)
    }
}
