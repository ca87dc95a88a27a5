//! How a page is shown: the context of the request, the flash of the last form, the page, its headers.

use super::{
    access,
    document::{Drawn, nonce},
    page_cache::PageCache,
};
use crate::{
    AppState,
    edge::{assets, request_id::RequestId},
    header_text,
    request::{
        RequestContext,
        cookies::{self, Name},
        language::{self, Choice},
        own_path::own_path,
    },
};
use app::{
    ContextData, PageContext, Ports, locale,
    pages::{problem, sign_in::departure},
    paths,
    routes::{Access, Route},
};
use axum::{
    extract::{RawPathParams, Request, State},
    response::{IntoResponse as _, Redirect, Response},
};
use contract::{Answer, Flash, Locale, Problem, Provider, Responder as _, SignInProblem};
use domain::Realm;
use http::{HeaderValue, Method, StatusCode, Uri, header, request::Parts};
use std::sync::{Arc, atomic::Ordering};

/// How many sessions of participants are looked at for their own page.
const PARTICIPANTS: usize = 4;

/// What the sign-in page is told about a browser that keeps no cookie.
const NO_COOKIES: &str = "cookies=refused";

/// Answers a request for a page, from the cache of this route and language where possible. Without `params`, because
/// the address is not UTF-8, there is no such page.
pub async fn show(
    state: Arc<AppState>,
    route: &'static Route,
    cache: &PageCache,
    params: Option<RawPathParams>,
    request: Request,
) -> Response {
    let Some(params) = params else {
        return fallback(State(state), request).await;
    };
    let (parts, _) = request.into_parts();
    let (locale, path) = locale::split(parts.uri.path());
    let https = state.config.is_https();
    let choice = language::choose(&parts.headers, locale, &state.site.public_url);
    if choice == Choice::Lead {
        return lead_to_french(&parts, path);
    }
    let cache = is_anonymous(route, &parts, https).then_some(cache);
    let mut response = match cache.and_then(PageCache::get) {
        Some(cached) => {
            state.cached_pages.fetch_add(1, Ordering::Relaxed);
            cached
        }
        None => load(state, route, cache, params, &parts).await,
    };
    if choice == Choice::Remember {
        let cookie = cookies::set(&Name::Locale, locale.as_str(), https);
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Whether nothing in a request can make the page personal: no session, no flash, and an address that
/// is always the same. A page sees other cookies through its ports only, or in the language, which is
/// chosen by then.
fn is_anonymous(route: &Route, parts: &Parts, https: bool) -> bool {
    let brings = |name| cookies::read(&parts.headers, &name, https).is_some();
    route.access == Access::Public
        && !route.path.contains('{')
        && parts.method == Method::GET
        && parts.uri.query().is_none()
        && !brings(Name::flash(route.path))
        && !brings(Name::Session(Realm::BackOffice))
}

/// Loads the page for the user of the request, and draws it.
async fn load(
    state: Arc<AppState>,
    route: &'static Route,
    cache: Option<&PageCache>,
    params: RawPathParams,
    parts: &Parts,
) -> Response {
    let (locale, path) = locale::split(parts.uri.path());
    let context = match RequestContext::for_page(Arc::clone(&state), parts, locale, path).await {
        Ok(context) => Arc::new(context),
        Err(problem) => return plain_problem(state, parts, locale, &problem),
    };
    if let Some(page) = own_page_elsewhere(route, &context, parts, path).await {
        return Redirect::to(&locale::href(locale, &page)).into_response();
    }
    if let Some(elsewhere) = guard(route, &context, path, parts) {
        return elsewhere;
    }
    let params = params
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let page_context = page_context(&context, parts, path.to_owned(), params).await;
    let loaded = match admit(route, &context) {
        Ok(()) => (route.page)(page_context.clone()).await,
        Err(problem) => Err(problem),
    };
    let mut response = match loaded {
        Ok(page) => {
            let drawn = Drawn::new(&page_context, page);
            if let Some(cache) = cache {
                cache.put(&page_context, &drawn);
            }
            drawn.into_response()
        }
        Err(Problem::SignIn(SignInProblem::Expired)) => back_to_sign_in(&context, parts).await,
        Err(Problem::SignInFirst) => sign_in_first(&context, &page_context.path, parts),
        Err(refused) => Drawn::new(
            &page_context,
            problem::page(page_context.clone(), &refused, None),
        )
        .into_response(),
    };
    if context.is_personal() {
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    context.apply_cookies(response.headers_mut());
    response
}

/// Refuses a page that the signed-in user may not see, or that exists in a demo only.
fn admit(route: &Route, context: &RequestContext) -> Answer<()> {
    let (action, target) = access::needed(route.access);
    if route.access == Access::Demo && !context.is_demo() {
        Err(Problem::NotFound)
    } else if context.may(action, target) {
        Ok(())
    } else {
        context.log_refusal("forbidden");
        Err(Problem::Forbidden)
    }
}

/// Answers a request that no route knows: a file at the root, a page whose address was written with a slash at the end,
/// or a page that says that there is none.
pub async fn fallback(State(state): State<Arc<AppState>>, request: Request) -> Response {
    if let Some(file) = assets::root_file(request.uri().path(), request.headers()) {
        return file;
    }
    if let Some(page) = without_slash(request.uri()) {
        return Redirect::permanent(&page).into_response();
    }
    let (parts, _) = request.into_parts();
    let (locale, _) = locale::split(parts.uri.path());
    problem_page(state, &parts, locale, &Problem::NotFound, None).await
}

/// Our own page at the address without the slash at its end.
fn without_slash(uri: &Uri) -> Option<String> {
    let path = uri.path().strip_suffix('/')?;
    let (locale, _) = locale::split(path);
    let page = locale::href(locale, &own_path(path)?);
    Some(match uri.query() {
        Some(query) => format!("{page}?{query}"),
        None => page,
    })
}

/// Answers a request for an address that knows other methods: somebody opened the address of a form, or sent a form to a
/// page.
pub async fn wrong_method(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let (locale, _) = locale::split(parts.uri.path());
    let mut page = problem_page(state, &parts, locale, &Problem::NotFound, None).await;
    *page.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    page
}

/// A page that shows nothing but a problem, with the menu of the signed-in user.
pub async fn problem_page(
    state: Arc<AppState>,
    parts: &Parts,
    locale: Locale,
    refused: &Problem,
    retry: Option<String>,
) -> Response {
    let Ok(context) =
        RequestContext::for_page(Arc::clone(&state), parts, locale, paths::HOME).await
    else {
        return plain_problem(state, parts, locale, refused);
    };
    let page_context = page_context_of(
        &Arc::new(context),
        parts,
        paths::HOME.to_owned(),
        Vec::new(),
        Flash::default(),
    );
    Drawn::new(
        &page_context,
        problem::page(page_context.clone(), refused, retry),
    )
    .into_response()
}

/// The same without the database, for when it does not answer.
pub fn plain_problem(
    state: Arc<AppState>,
    parts: &Parts,
    locale: Locale,
    refused: &Problem,
) -> Response {
    let context = Arc::new(RequestContext::anonymous(state, parts, locale));
    let page_context = page_context_of(
        &context,
        parts,
        paths::HOME.to_owned(),
        Vec::new(),
        Flash::default(),
    );
    Drawn::new(
        &page_context,
        problem::page(page_context.clone(), refused, None),
    )
    .into_response()
}

/// The page of a participant's own account, for a participant who opens the managers' page of that name.
async fn own_page_elsewhere(
    route: &Route,
    context: &RequestContext,
    parts: &Parts,
    path: &str,
) -> Option<String> {
    // A manager whose session has ended is to sign in again.
    let is_known = context.session.is_some() || context.pending.is_some();
    if is_known || !context.door().is_back_office() || route.access != Access::Own {
        return None;
    }
    let identity = &context.state.identity;
    let https = context.state.config.is_https();
    for (id, token) in cookies::participants(&parts.headers, https, PARTICIPANTS) {
        let realm = Realm::Organisation(id.clone());
        let is_in = identity.signed_in(&realm, &token).await.ok().flatten();
        if is_in.is_some()
            && let Ok(Some(organisation)) = identity.store.organisation(&id).await
        {
            return Some(paths::of_organisation(&organisation.slug, path));
        }
    }
    None
}

/// Leads elsewhere before anything is loaded: a visitor to the sign-in page, and a signed-in user
/// from the sign-in page to the home.
fn guard(route: &Route, context: &RequestContext, path: &str, parts: &Parts) -> Option<Response> {
    let (action, target) = access::needed(route.access);
    if context.signed_in.is_none() {
        let may = context.may(action, target);
        (!may).then(|| sign_in_first(context, path, parts))
    } else if path == context.door().entrance(paths::SIGN_IN) {
        let home = locale::href(context.locale, &context.door().home());
        Some(Redirect::to(&home).into_response())
    } else {
        None
    }
}

fn sign_in_first(context: &RequestContext, path: &str, parts: &Parts) -> Response {
    // The query is dropped: only a path of ours may be returned to.
    let wanted = if parts.method == Method::GET && path != context.door().home() {
        format!("?next={}", paths::encode(path))
    } else {
        String::new()
    };
    let page = format!("{}{wanted}", context.door().entrance(paths::SIGN_IN));
    let page = match (refuses_cookies(context, parts), wanted.is_empty()) {
        (false, _) => page,
        (true, true) => format!("{page}?{NO_COOKIES}"),
        (true, false) => format!("{page}&{NO_COOKIES}"),
    };
    Redirect::to(&locale::href(context.locale, &page)).into_response()
}

/// Whether the form of the sign-in page led here, and its cookie did not come along. No link of that page leads to a
/// page that needs signing in.
fn refuses_cookies(context: &RequestContext, parts: &Parts) -> bool {
    let from = header_text::first(&parts.headers, &header::REFERER);
    let from = from
        .strip_prefix(&context.state.site.public_url)
        .map(|path| locale::split(path.split('?').next().unwrap_or_default()).1);
    !parts.headers.contains_key(header::COOKIE)
        && from.is_some_and(|path| path == context.door().entrance(paths::SIGN_IN))
}

async fn back_to_sign_in(context: &RequestContext, parts: &Parts) -> Response {
    if refuses_cookies(context, parts) {
        return sign_in_first(context, &context.door().home(), parts);
    }
    let flash = Flash {
        problem: Some(Problem::SignIn(SignInProblem::Expired)),
        form: Some("sign_in".to_owned()),
        ..Flash::default()
    };
    let page = context.door().entrance(paths::SIGN_IN);
    context.keep(&page, flash).await;
    Redirect::to(&locale::href(context.locale, &page)).into_response()
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

/// Makes what the page gets; takes the flash, unless the browser only prefetches.
async fn page_context(
    context: &Arc<RequestContext>,
    parts: &Parts,
    path: String,
    params: Vec<(String, String)>,
) -> PageContext {
    let is_prefetch = ["sec-purpose", "purpose"].iter().any(|name| {
        parts
            .headers
            .get(*name)
            .is_some_and(|value| value.as_bytes().starts_with(b"prefetch"))
    });
    let flash = if parts.method == Method::GET && !is_prefetch {
        let flash = context.take_flash(&parts.headers, &path).await;
        if flash == Flash::default() {
            context.take_draft(&parts.headers, &path).await
        } else {
            flash
        }
    } else {
        Flash::default()
    };
    page_context_of(context, parts, path, params, flash)
}

fn page_context_of(
    context: &Arc<RequestContext>,
    parts: &Parts,
    path: String,
    params: Vec<(String, String)>,
    flash: Flash,
) -> PageContext {
    let query = parts.uri.query().unwrap_or_default();
    let query = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    PageContext::from(ContextData {
        locale: context.locale,
        path,
        params,
        query,
        door: context.door().clone(),
        viewer: context.viewer(),
        is_visit: context.visitor.is_some(),
        knows_session: context.brought_session(),
        flash,
        nonce: nonce(),
        site: Arc::clone(&context.state.site),
        backend: Ports::new(Arc::<RequestContext>::clone(context)),
    })
}

/// The page after a panic: the cause is in the log under the request's id.
pub fn broken(state: Arc<AppState>, uri: Uri, id: RequestId) -> Response {
    let mut request = Request::new(());
    *request.uri_mut() = uri;
    request.extensions_mut().insert(id);
    let (parts, ()) = request.into_parts();
    let (locale, _) = locale::split(parts.uri.path());
    let reference = id.to_string();
    plain_problem(state, &parts, locale, &Problem::Broken { reference })
}

/// The page for an address that is too long to be read.
pub fn too_long(state: Arc<AppState>, uri: &Uri, id: RequestId) -> Response {
    let (locale, _) = locale::split(uri.path());
    let mut request = Request::new(());
    request.extensions_mut().insert(id);
    let (parts, ()) = request.into_parts();
    let mut page = plain_problem(state, &parts, locale, &Problem::NotFound);
    *page.status_mut() = StatusCode::URI_TOO_LONG;
    page
}

/// The page between a form of ours and a provider: a form may not be redirected to another site
/// (`form-action 'self'`), so the browser goes on from this page, by itself or by the link.
pub fn leading_to(
    context: &Arc<RequestContext>,
    parts: &Parts,
    provider: Provider,
    address: &str,
) -> Response {
    let path = paths::HOME.to_owned();
    let page_context = page_context_of(context, parts, path, Vec::new(), Flash::default());
    let page = departure::page(page_context.clone(), provider, address.to_owned());
    let mut response = Drawn::new(&page_context, page).into_response();
    if let Ok(refresh) = HeaderValue::from_str(&format!("0; url={address}")) {
        response.headers_mut().insert(header::REFRESH, refresh);
    }
    response
}
