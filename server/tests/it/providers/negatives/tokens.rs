//! Lies in a token: about who says it, of whom, when, and for which organisation.

use super::signed::signed;
use crate::support::providers::{OTHER_TENANT, TENANT};
use contract::RefusedBecause as Why;
use serde_json::json;
use testkit::openid::{Kind, Token};

/// What becomes of a token before it goes out.
pub type Lie = fn(&mut Token);

/// A lie in a token: its name, who tells it, and why it is refused.
pub struct Line(pub &'static str, pub Kind, pub Lie, pub Why);

/// What is in a token, and how it is signed.
pub fn lies() -> impl Iterator<Item = Line> {
    signed().chain(parties()).chain(times()).chain(tenants())
}

/// Who says it, of whom, for whom.
fn parties() -> Vec<Line> {
    let (google, why) = (Kind::Google, Why::NotTrusted);
    vec![
        Line(
            "wrong iss",
            google,
            |t| t.say("iss", json!("https://accounts.google.com")),
            why,
        ),
        Line(
            "iss with a slash more",
            google,
            |t| {
                let iss = format!("{}/", t.claims["iss"].as_str().unwrap());
                t.say("iss", json!(iss));
            },
            why,
        ),
        Line("missing iss", google, |t| t.leave_out("iss"), why),
        Line(
            "wrong aud",
            google,
            |t| t.say("aud", json!("somebody-else")),
            why,
        ),
        Line(
            "aud an address",
            google,
            |t| {
                let email = t.claims["email"].clone();
                t.say("aud", email);
            },
            why,
        ),
        Line(
            "aud with somebody beside us",
            google,
            |t| {
                let ours = t.claims["aud"].clone();
                t.say("aud", json!([ours, "somebody-else"]));
            },
            why,
        ),
        Line("missing aud", google, |t| t.leave_out("aud"), why),
        Line(
            "azp of somebody else",
            google,
            |t| t.say("azp", json!("somebody-else")),
            why,
        ),
        Line("missing sub", google, |t| t.leave_out("sub"), why),
        Line("null sub", google, |t| t.say("sub", json!(null)), why),
        Line("empty sub", google, |t| t.say("sub", json!("")), why),
        Line("sub a number", google, |t| t.say("sub", json!(7)), why),
        Line(
            "sub of 256 characters",
            google,
            |t| t.say("sub", json!("s".repeat(256))),
            why,
        ),
    ]
}

/// When, in which round trip, and of which types.
fn times() -> Vec<Line> {
    let (google, why) = (Kind::Google, Why::NotTrusted);
    vec![
        Line("missing iat", google, |t| t.leave_out("iat"), why),
        Line("iat in the future", google, |t| shift(t, "iat", 61), why),
        Line("missing exp", google, |t| t.leave_out("exp"), why),
        Line(
            "exp more than a minute ago",
            google,
            |t| shift(t, "exp", -3661),
            why,
        ),
        Line(
            "nbf in the future",
            google,
            |t| {
                let iat = t.claims["iat"].clone();
                t.say("nbf", iat);
                shift(t, "nbf", 61);
            },
            why,
        ),
        Line(
            "wrong nonce",
            google,
            |t| t.say("nonce", json!("another")),
            why,
        ),
        Line("missing nonce", google, |t| t.leave_out("nonce"), why),
        Line(
            "wrong at_hash",
            google,
            |t| t.say("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
            why,
        ),
        Line(
            "at_hash of another access token",
            google,
            |t| {
                "another".clone_into(&mut t.access_token);
            },
            why,
        ),
        Line(
            "wrong c_hash",
            google,
            |t| t.say("c_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
            why,
        ),
        Line(
            "several keys and no kid",
            google,
            |t| {
                let key = t.keys[0].called(None);
                t.sign_with(key);
            },
            why,
        ),
        Line(
            "email_verified as a text",
            google,
            |t| t.say("email_verified", json!("true")),
            why,
        ),
        Line(
            "email as a list",
            google,
            |t| {
                let email = t.claims["email"].clone();
                t.say("email", json!([email, "somebody@else.example"]));
            },
            why,
        ),
        Line(
            "a name for an address, as if it were verified",
            google,
            |t| {
                let email = t.claims["email"].clone();
                t.leave_out("email");
                t.say("preferred_username", email);
                t.say("sub", json!("somebody"));
            },
            Why::AddressNotVouchedFor,
        ),
        Line("no token at all", google, |t| t.head.clear(), why),
    ]
}

/// Whose organisation it is.
fn tenants() -> Vec<Line> {
    let (microsoft, why) = (Kind::Microsoft, Why::NotTrusted);
    vec![
        Line(
            "tid ≠ iss",
            microsoft,
            |t| t.say("tid", json!(OTHER_TENANT)),
            why,
        ),
        Line(
            "iss of another tenant",
            microsoft,
            |t| {
                let iss = t.claims["iss"]
                    .as_str()
                    .unwrap()
                    .replace(TENANT, OTHER_TENANT);
                t.say("iss", json!(iss));
            },
            why,
        ),
        Line(
            "iss with the gap",
            microsoft,
            |t| {
                let iss = t.claims["iss"]
                    .as_str()
                    .unwrap()
                    .replace(TENANT, "{tenantid}");
                t.say("iss", json!(iss));
                t.say("tid", json!("{tenantid}"));
            },
            why,
        ),
        Line("missing tid", microsoft, |t| t.leave_out("tid"), why),
        Line("null oid", microsoft, |t| t.say("oid", json!(null)), why),
        Line("empty oid", microsoft, |t| t.say("oid", json!("")), why),
        Line(
            "nOAuth: the address of a manager",
            microsoft,
            |t| {
                t.say("oid", json!("nobody's"));
                t.say("email_verified", json!(true));
            },
            Why::NotLinked,
        ),
    ]
}

/// Moves a time.
pub fn shift(token: &mut Token, name: &str, by: i64) {
    let at = token.claims[name].as_i64().unwrap();
    token.say(name, json!(at + by));
}
