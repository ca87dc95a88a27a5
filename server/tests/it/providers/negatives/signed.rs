//! Lies about who signed a token: without a signature, with a broken one, with a key that is not the
//! provider's.

use super::tokens::Line;
use contract::RefusedBecause as Why;
use serde_json::json;
use testkit::openid::{CLIENT_SECRET, Key, Kind, Signature};

/// How a token is signed, and with which key.
pub fn signed() -> impl Iterator<Item = Line> {
    signatures().into_iter().chain(keys())
}

/// How it is signed.
fn signatures() -> Vec<Line> {
    let (google, why) = (Kind::Google, Why::NotTrusted);
    vec![
        Line(
            "alg none, no signature",
            google,
            |t| t.sign_as("none", Signature::None),
            why,
        ),
        Line(
            "alg none, a signature",
            google,
            |t| {
                let key = t.keys[0].clone();
                t.sign_as("none", Signature::By(key));
            },
            why,
        ),
        Line(
            "alg RS256, no signature",
            google,
            |t| t.sign_as("RS256", Signature::None),
            why,
        ),
        Line(
            "bad RS256 signature",
            google,
            |t| {
                let key = t.keys[0].clone();
                t.sign_as("RS256", Signature::Broken(key));
            },
            why,
        ),
        Line(
            "bad ES256 signature",
            google,
            |t| {
                let key = t.keys[1].clone();
                t.sign_with(key.clone());
                t.signature = Signature::Broken(key);
            },
            why,
        ),
        Line(
            "HS256 with our secret",
            google,
            |t| {
                t.sign_as("HS256", Signature::Hmac(CLIENT_SECRET.into()));
            },
            why,
        ),
        Line(
            "HS256 with the public key",
            google,
            |t| {
                let public = t.keys[0].public();
                t.sign_as("HS256", Signature::Hmac(public));
            },
            why,
        ),
    ]
}

/// With which key.
fn keys() -> Vec<Line> {
    let (google, why) = (Kind::Google, Why::NotTrusted);
    vec![
        Line(
            "RS256 by the name of another key",
            google,
            |t| {
                t.head.insert("kid".to_owned(), json!("second"));
            },
            why,
        ),
        Line(
            "a key that is not published",
            google,
            |t| {
                let stranger = Key::curve("stranger");
                t.sign_with(stranger);
            },
            why,
        ),
        Line(
            "another key under a published name",
            google,
            |t| {
                let stranger = Key::curve("second");
                t.sign_with(stranger);
            },
            why,
        ),
        Line(
            "a key brought along in the head",
            google,
            |t| {
                let stranger = Key::curve("stranger");
                t.sign_with(stranger);
                t.head
                    .insert("jku".to_owned(), json!("http://127.0.0.1:1/keys"));
                t.head
                    .insert("jwk".to_owned(), json!({ "kty": "oct", "k": "AAAA" }));
            },
            why,
        ),
        Line(
            "a type that is an address",
            google,
            |t| {
                let email = t.claims["email"].clone();
                t.head.insert("typ".to_owned(), email);
            },
            why,
        ),
        Line(
            "an extension that we must know",
            google,
            |t| {
                t.head.insert("crit".to_owned(), json!(["exp"]));
            },
            why,
        ),
    ]
}
