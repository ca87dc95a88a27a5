//! How a page is drawn: who is asking, what the last form left, then the page, then its headers.

use super::{
    cookies::{self, Name},
    language::{self, Choice},
    request::RequestId,
    security,
};
use crate::{AppState, ports::Scope};
use app::{
    Facts, Page, Visit, locale,
    pages::problem,
    routes::{Access, Route, paths},
    shell,
};
use axum::{
    body::Body,
    extract::{RawPathParams, Request},
    response::{IntoResponse as _, Redirect, Response},
};
use contract::{Flash, Locale, Problem, Responder as _};
use data_encoding::BASE64URL_NOPAD;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use hydration_context::SsrSharedContext;
use leptos::prelude::{Owner, RenderHtml as _};
use std::sync::Arc;

/// Answers a request for a page.
pub async fn show(
    state: Arc<AppState>,
    route: &'static Route,
    params: RawPathParams,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let (locale, path) = locale::split(parts.uri.path());
    let choice = language::choose(
        &parts.headers,
        locale,
        &state.config.origin(),
        state.config.is_https(),
    );
    if choice == Choice::Lead {
        return lead_to_french(&parts, path);
    }
    let path = path.to_owned();
    let scope = match Scope::of_page(Arc::clone(&state), &parts, locale, &path).await {
        Ok(scope) => Arc::new(scope),
        Err(problem) => return plain_problem(state, &parts, locale, &problem),
    };
    if let Some(elsewhere) = guard(route, &scope, &path, &parts) {
        return elsewhere;
    }
    let params = params
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let visit = visit(&scope, &parts, path, params).await;
    let allowed = match route.access {
        Access::Agent if !visit.viewer.as_ref().is_some_and(|viewer| viewer.is_agent) => {
            Err(Problem::Forbidden)
        }
        Access::Rehearsal if !state.config.has_mailbox() => Err(Problem::NotFound),
        _ => Ok(()),
    };
    let loaded = match allowed {
        Ok(()) => (route.page)(visit.clone()).await,
        Err(problem) => Err(problem),
    };
    let mut response = match loaded {
        Ok(page) => draw(&visit, page),
        Err(Problem::SignInExpired) => back_to_sign_in(&scope).await,
        Err(Problem::SignInFirst) => sign_in_first(&scope, &visit.path, &parts),
        Err(refused) => draw(&visit, problem::page(visit.clone(), &refused, None)),
    };
    if choice == Choice::Remember {
        let cookie = cookies::set(&Name::Locale, locale.as_str(), state.config.is_https());
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    scope.apply_cookies(response.headers_mut());
    response
}

/// Answers a request for something that does not exist, in the language of its address.
pub async fn not_found(state: Arc<AppState>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let (locale, _) = locale::split(parts.uri.path());
    problem_page(state, &parts, locale, &Problem::NotFound, None).await
}

/// A page that shows nothing but a problem, for whoever is signed in.
pub async fn problem_page(
    state: Arc<AppState>,
    parts: &Parts,
    locale: Locale,
    refused: &Problem,
    retry: Option<String>,
) -> Response {
    let Ok(scope) = Scope::of_page(Arc::clone(&state), parts, locale, paths::HOME).await else {
        return plain_problem(state, parts, locale, refused);
    };
    let visit = facts(
        &Arc::new(scope),
        parts,
        paths::HOME.to_owned(),
        Vec::new(),
        Flash::default(),
    );
    draw(&visit, problem::page(visit.clone(), refused, retry))
}

/// The same when nothing works, the database least of all.
pub fn plain_problem(
    state: Arc<AppState>,
    parts: &Parts,
    locale: Locale,
    refused: &Problem,
) -> Response {
    let scope = Arc::new(Scope::anonymous(state, parts, locale));
    let visit = facts(
        &scope,
        parts,
        paths::HOME.to_owned(),
        Vec::new(),
        Flash::default(),
    );
    draw(&visit, problem::page(visit.clone(), refused, None))
}

/// Who may not see the page at all is led elsewhere before anything is loaded.
fn guard(route: &Route, scope: &Scope, path: &str, parts: &Parts) -> Option<Response> {
    let signed_in = scope.signed_in.is_some();
    match route.access {
        Access::BackOffice | Access::Own | Access::Agent if !signed_in => {
            Some(sign_in_first(scope, path, parts))
        }
        // Whoever is in has nothing to do at the first door.
        Access::Public if signed_in && path == scope.door().entrance(paths::SIGN_IN) => {
            let home = locale::href(scope.locale, &scope.door().home());
            Some(Redirect::to(&home).into_response())
        }
        _ => None,
    }
}

fn sign_in_first(scope: &Scope, path: &str, parts: &Parts) -> Response {
    // Of the query nothing is carried over: a path of ours is all that may be returned to.
    let wanted = if parts.method == Method::GET && path != scope.door().home() {
        format!("?next={}", shell::encode(path))
    } else {
        String::new()
    };
    let page = format!("{}{wanted}", scope.door().entrance(paths::SIGN_IN));
    Redirect::to(&locale::href(scope.locale, &page)).into_response()
}

async fn back_to_sign_in(scope: &Scope) -> Response {
    let flash = Flash {
        problem: Some(Problem::SignInExpired),
        form: Some("sign_in".to_owned()),
        ..Flash::default()
    };
    scope.keep(flash).await;
    let page = scope.door().entrance(paths::SIGN_IN);
    Redirect::to(&locale::href(scope.locale, &page)).into_response()
}

fn lead_to_french(parts: &Parts, path: &str) -> Response {
    let query = parts
        .uri
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    let mut response =
        Redirect::to(&format!("{}{query}", locale::href(Locale::Fr, path))).into_response();
    let vary = HeaderValue::from_static("accept-language, cookie, sec-fetch-site");
    response.headers_mut().insert(header::VARY, vary);
    response
}

/// Puts together what the page gets; takes the flash, unless the browser only fetches in advance.
async fn visit(
    scope: &Arc<Scope>,
    parts: &Parts,
    path: String,
    params: Vec<(String, String)>,
) -> Visit {
    let in_advance = ["sec-purpose", "purpose"].iter().any(|name| {
        parts
            .headers
            .get(*name)
            .is_some_and(|value| value.as_bytes().starts_with(b"prefetch"))
    });
    let flash = if parts.method == Method::GET && !in_advance {
        let flash = scope.take_flash(&parts.headers).await;
        if flash == Flash::default() {
            scope.take_draft(&parts.headers, &path).await
        } else {
            flash
        }
    } else {
        Flash::default()
    };
    facts(scope, parts, path, params, flash)
}

fn facts(
    scope: &Arc<Scope>,
    parts: &Parts,
    path: String,
    params: Vec<(String, String)>,
    flash: Flash,
) -> Visit {
    let query = parts.uri.query().unwrap_or_default();
    let query = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    Visit::from(Facts {
        locale: scope.locale,
        path,
        params,
        query,
        door: scope.door().clone(),
        viewer: scope.viewer(),
        flash,
        nonce: nonce(),
        site: Arc::clone(&scope.state.site),
        backend: Arc::<Scope>::clone(scope),
    })
}

/// 128 random bits for the policy of one response.
fn nonce() -> String {
    use domain::Entropy as _;
    let mut bytes = [0; 16];
    crate::system::SystemEntropy.fill(&mut bytes);
    BASE64URL_NOPAD.encode(&bytes)
}

/// Draws the document. Everything was loaded before, so nothing here waits.
fn draw(visit: &Visit, page: Page) -> Response {
    let status = StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let secret = page.secret_address;
    let nonce = page.islands.then(|| visit.nonce.clone());
    // Islands note their properties in this context while they are drawn.
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| shell::document(visit, page).to_html());
    drop(owner);
    // Leptos marks places with `<!>`, which browsers mend and validators refuse.
    let html = html.replace("<!>", "<!---->");
    let mut response = Response::new(Body::from(format!("<!DOCTYPE html>{html}")));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    page_headers(headers, visit, &security::page_policy(nonce.as_deref()));
    if secret {
        headers.insert(
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        );
    }
    let personal = secret
        || visit.viewer.is_some()
        || visit.flash != Flash::default()
        || status != StatusCode::OK;
    let keep = if personal {
        "no-store"
    } else {
        "private, no-cache"
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    response
}

fn page_headers(headers: &mut HeaderMap, visit: &Visit, policy: &str) {
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(
        header::CONTENT_LANGUAGE,
        HeaderValue::from_static(visit.locale.as_str()),
    );
    headers.insert(
        header::VARY,
        HeaderValue::from_static("accept-language, cookie, sec-fetch-site"),
    );
    if let Ok(policy) = HeaderValue::from_str(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// The page after a panic: the cause is in the log under the request's id.
pub fn broken(state: Arc<AppState>, parts: &Parts) -> Response {
    let (locale, _) = locale::split(parts.uri.path());
    let reference = parts
        .extensions
        .get::<RequestId>()
        .map(|id| id.0.clone())
        .unwrap_or_default();
    plain_problem(state, parts, locale, &Problem::Broken { reference })
}
