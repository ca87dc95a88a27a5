//! What the provider answers over the wire.

use super::{CLIENT_ID, CLIENT_SECRET, Inner, Mood, Script, token::Token};
use axum::{
    Form, Json, Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use data_encoding::BASE64URL_NOPAD;
use http::StatusCode;
use ring::digest;
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::net::TcpListener;

/// Longer than anybody waits.
const SLOWLY: Duration = Duration::from_secs(30);

pub(super) async fn serve(listener: TcpListener, inner: Arc<Inner>) {
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(configuration))
        .route(
            "/common/v2.0/.well-known/openid-configuration",
            get(configuration),
        )
        .route("/keys", get(keys))
        .route("/token", post(token))
        .layer(middleware::from_fn_with_state(Arc::clone(&inner), moody))
        .with_state(inner);
    // Ends when the test drops the provider.
    drop(axum::serve(listener, router).await);
}

async fn moody(State(inner): State<Arc<Inner>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mood = {
        let mut script = inner.script();
        *script.asked.entry(path).or_default() += 1;
        script.mood
    };
    match mood {
        Mood::Well => next.run(request).await,
        Mood::Nonsense => "<h1>Please pay for the airport’s network</h1>".into_response(),
        Mood::Slowly => {
            tokio::time::sleep(SLOWLY).await;
            next.run(request).await
        }
        // The connection ends without an answer.
        Mood::Not => panic!("the provider hangs up, as the test wants"),
        Mood::Elsewhere => Redirect::temporary("http://127.0.0.1:1/").into_response(),
    }
}

async fn configuration(State(inner): State<Arc<Inner>>) -> Json<Value> {
    let script = inner.script();
    Json(inner.configuration(&script))
}

async fn keys(State(inner): State<Arc<Inner>>) -> Json<Value> {
    Json(inner.script().published.clone())
}

async fn token(
    State(inner): State<Arc<Inner>>,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    let mut script = inner.script();
    match exchange(&inner, &mut script, &form) {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => {
            let body = Json(json!({ "error": error }));
            (StatusCode::BAD_REQUEST, body).into_response()
        }
    }
}

fn exchange(
    inner: &Inner,
    script: &mut Script,
    form: &BTreeMap<String, String>,
) -> Result<Value, &'static str> {
    let given = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    if given("client_id") != CLIENT_ID || given("client_secret") != CLIENT_SECRET {
        return Err("invalid_client");
    }
    let code = script.codes.remove(given("code")).ok_or("invalid_grant")?;
    let hash = digest::digest(&digest::SHA256, given("code_verifier").as_bytes());
    let fits = given("grant_type") == "authorization_code"
        && given("redirect_uri") == code.callback
        && BASE64URL_NOPAD.encode(hash.as_ref()) == code.challenge;
    if !fits {
        return Err("invalid_grant");
    }
    let claims = inner.claims(script, &code.nonce);
    let mut token = Token::new(script.keys.clone(), claims, "an access token");
    if let Some(lie) = &script.lie {
        lie(&mut token);
    }
    Ok(json!({
        "access_token": token.access_token,
        "id_token": token.text(),
        "token_type": "Bearer",
        "expires_in": 3600,
    }))
}
