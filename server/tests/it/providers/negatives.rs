//! Everything that a false provider could say, and that must not be believed (the negative tests of
//! the `OpenID` conformance suite for relying parties, and our own). Each is refused with its reason, a
//! page that a person understands, and one line in the log that an operator understands.
//!
//! Between the lies the same person comes in with the truth: a line of the table that would be refused
//! for another reason than its lie proves nothing.
//!
//! Red when a check of `providers::token` is left out: each has a line of its own.

use crate::support::{
    log,
    providers::{
        OTHER_TENANT, Stage, TENANT, assert_turned_away, google_account, microsoft_account,
        once_with_providers,
    },
};
use contract::{Provider, RefusedBecause as Why};
use http::Method;
use serde_json::{Value, json};
use testkit::{
    OpenId, Page,
    openid::{CLIENT_SECRET, Key, Kind, Signature, Token},
    wire::{Reply, Request},
};

once_with_providers! {
    every_lie_is_refused,
    new_keys_are_found_once_and_not_asked_for_without_end,
    what_is_true_in_another_way_is_believed,
}

type Lie = fn(&mut Token);

/// A lie in a token.
struct Line(&'static str, Kind, Lie, Why);

/// What is in a token, and how it is signed.
fn lies() -> Vec<Line> {
    let (google, microsoft, why) = (Kind::Google, Kind::Microsoft, Why::NotTrusted);
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
            "an extension that we must know",
            google,
            |t| {
                t.head.insert("crit".to_owned(), json!(["exp"]));
            },
            why,
        ),
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
        Line("no token at all", google, |t| t.head.clear(), why),
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

fn shift(token: &mut Token, name: &str, by: i64) {
    let at = token.claims[name].as_i64().unwrap();
    token.say(name, json!(at + by));
}

/// One line of what was seen.
struct Tally {
    asked: usize,
    refused: usize,
}

impl Tally {
    /// Looks at how a round trip ended.
    async fn note(&mut self, stage: &Stage, what: &str, seen: Seen, why: Why) {
        self.asked += 1;
        let Seen {
            page,
            reply,
            mut browser,
            provider,
        } = seen;
        assert_turned_away(&page, provider, why);
        assert_eq!(page.url, "/sign-in/provider", "{what}");
        assert!(!browser.is_in().await, "{what}: somebody came in");
        let id = reply.header("x-request-id");
        let lines = log::about(id);
        assert_eq!(lines.len(), 1, "{what}: {lines:?}");
        let line: Value = serde_json::from_str(&lines[0]).unwrap();
        assert_eq!(line["provider.name"], provider.name(), "{what}");
        assert_eq!(line["refusal.why"], format!("{why:?}"), "{what}");
        let told = lines[0].to_lowercase();
        for secret in ["@town.example", "object-1", "hers", "eyj"] {
            assert!(!told.contains(secret), "{what} tells {secret}: {told}");
        }
        let reason = line["refusal.reason"].as_str().unwrap();
        println!(
            "{:>3} {:<12} {what}: {reason}",
            page.status.as_u16(),
            format!("{why:?}")
        );
        self.refused += 1;
        // The next one does not pay for this one.
        stage.clock.advance_secs(10);
    }
}

/// How a round trip ended.
struct Seen {
    page: Page,
    reply: Reply,
    browser: crate::support::Visitor,
    provider: Provider,
}

fn name_of(provider: &OpenId) -> Provider {
    match provider.kind {
        Kind::Google => Provider::Google,
        Kind::Microsoft => Provider::Microsoft,
    }
}

/// Brings an address back, and looks at both the answer and the page.
async fn bring(mut browser: crate::support::Visitor, provider: Provider, back: &str) -> Seen {
    let request = Request::new(Method::GET, back).with("sec-fetch-site", "cross-site");
    let reply = browser.exchange(request).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    assert_eq!(reply.header("referrer-policy"), "no-referrer");
    let page = browser.open(reply.header("location")).await;
    Seen {
        page,
        reply,
        browser,
        provider,
    }
}

async fn through(stage: &Stage, provider: &OpenId) -> Seen {
    let mut visitor = stage.visitor();
    let back = stage.agree(&mut visitor, provider).await;
    bring(visitor, name_of(provider), &back).await
}

async fn every_lie_is_refused(stage: &Stage) {
    log::listen();
    let person = stage.person().await;
    let keys = vec![Key::rsa("first"), Key::curve("second"), Key::rsa("third")];
    stage.google.change_keys(keys.clone());
    stage.google.is(google_account(&person.email, "hers"));
    stage
        .microsoft
        .is(microsoft_account(TENANT, "object-1", &person.email));
    let mut manager = stage.visitor().sign_in(&person).await;
    for provider in [&stage.google, &stage.microsoft] {
        stage.link(&mut manager, provider).await;
        assert_eq!(stage.mail_to(&person.email).await.kind, "provider_linked");
    }
    let before = stage.accounts().await;
    let mut tally = Tally {
        asked: 0,
        refused: 0,
    };
    for Line(what, kind, lie, why) in lies() {
        let provider = if kind == Kind::Google {
            &stage.google
        } else {
            &stage.microsoft
        };
        provider.lie(lie);
        let seen = through(stage, provider).await;
        tally.note(stage, what, seen, why).await;
        provider.repent();
        // The truth opens.
        stage.in_through(&person, provider).await;
    }
    published(stage, &mut tally, &keys).await;
    brought_back(stage, &mut tally).await;
    stage.in_through(&person, &stage.google).await;
    stage.in_through(&person, &stage.microsoft).await;
    assert_eq!(stage.accounts().await, before);
    assert_eq!(stage.linked(&person).await.len(), 2);
    println!("refused {} of {}", tally.refused, tally.asked);
    assert_eq!(tally.refused, tally.asked);
}

/// What a provider publishes about itself.
async fn published(stage: &Stage, tally: &mut Tally, keys: &[Key]) {
    // Other keys under the same names, after ours were read.
    let swapped = vec![Key::rsa("first"), Key::curve("second"), Key::rsa("third")];
    stage.google.change_keys(swapped);
    let seen = through(stage, &stage.google).await;
    tally
        .note(stage, "the list of keys swapped", seen, Why::NotTrusted)
        .await;
    stage.google.change_keys(keys.to_vec());

    // A key that Microsoft publishes for one tenant signs for another.
    stage.clock.advance_secs(3601);
    stage.microsoft.publish_value(|list| {
        let issuer = format!("http://{}/{OTHER_TENANT}/v2.0", stage.microsoft.address());
        list["keys"][0]["issuer"] = json!(issuer);
    });
    let seen = through(stage, &stage.microsoft).await;
    tally
        .note(stage, "a key of another tenant", seen, Why::NotTrusted)
        .await;
    stage
        .microsoft
        .publish_value(|list| list["keys"][0]["issuer"] = json!(null));

    for (what, name, value) in [
        (
            "another issuer in the configuration",
            "issuer",
            json!("https://accounts.google.com"),
        ),
        (
            "an issuer with a slash more",
            "issuer",
            json!(format!("{}/", stage.google.setting())),
        ),
        ("no token endpoint", "token_endpoint", json!(null)),
        (
            "keys over plain http elsewhere",
            "jwks_uri",
            json!("http://keys.example/keys"),
        ),
        (
            "a page over plain http elsewhere",
            "authorization_endpoint",
            json!("http://in.example/"),
        ),
    ] {
        stage.clock.advance_secs(3601);
        stage.google.configure(name, value);
        let visitor = stage.visitor();
        let seen = bring(visitor, Provider::Google, "/auth/google/start?locale=en").await;
        tally.note(stage, what, seen, Why::Unavailable).await;
        stage.google.repent();
    }
    stage.clock.advance_secs(3601);
    let gap = format!("http://{}/common/v2.0", stage.microsoft.address());
    stage.microsoft.configure("issuer", json!(gap));
    let seen = bring(
        stage.visitor(),
        Provider::Microsoft,
        "/auth/microsoft/start?locale=en",
    )
    .await;
    tally
        .note(stage, "an authority for an issuer", seen, Why::Unavailable)
        .await;
    stage.microsoft.repent();
    stage
        .google
        .configure("token_endpoint", json!("http://token.example/token"));
    stage.clock.advance_secs(3601);
    let seen = through(stage, &stage.google).await;
    tally
        .note(
            stage,
            "a token endpoint over plain http",
            seen,
            Why::Unavailable,
        )
        .await;
    stage.google.repent();
    stage.clock.advance_secs(3601);
}

/// What a browser brings back.
async fn brought_back(stage: &Stage, tally: &mut Tally) {
    let (google, why) = (&stage.google, Why::Expired);
    // Twice.
    let mut visitor = stage.visitor();
    let back = stage.agree(&mut visitor, google).await;
    let first = bring(visitor.clone(), Provider::Google, &back).await;
    assert_eq!(first.page.url, "/back-office");
    let again = bring(visitor, Provider::Google, &back).await;
    tally
        .note(stage, "a callback for the second time", again, why)
        .await;

    // In another browser, which has a round trip of its own or none.
    let mut attacker = stage.visitor();
    let back = stage.agree(&mut attacker, google).await;
    let mut victim = stage.visitor();
    stage.agree(&mut victim, google).await;
    for (what, browser) in [("another's state", victim), ("no cookie", stage.visitor())] {
        let seen = bring(browser, Provider::Google, &back).await;
        tally.note(stage, what, seen, why).await;
    }

    // Without its parts, or with one of them twice.
    for (what, change) in CHANGES {
        let mut visitor = stage.visitor();
        let back = stage.agree(&mut visitor, google).await;
        let (back, why) = change(&back);
        let seen = bring(visitor, Provider::Google, &back).await;
        tally.note(stage, what, seen, why).await;
    }

    // At the other provider's address (mix-up), with and without a round trip there.
    for also in [false, true] {
        let mut visitor = stage.visitor();
        if also {
            stage.agree(&mut visitor, &stage.microsoft).await;
        }
        let back = stage.agree(&mut visitor, google).await;
        let mixed = back.replace("/auth/google/", "/auth/microsoft/");
        let seen = bring(visitor, Provider::Microsoft, &mixed).await;
        tally
            .note(stage, "mix-up: at the other address", seen, why)
            .await;
    }

    // The code of another round trip: the verifier does not fit (authentik CVE-2023-48228).
    let mut visitor = stage.visitor();
    let own = stage.agree(&mut visitor, google).await;
    let stolen = stage.agree(&mut stage.visitor(), google).await;
    let injected = own.replace(value_of(&own, "code"), value_of(&stolen, "code"));
    let seen = bring(visitor, Provider::Google, &injected).await;
    tally
        .note(stage, "the code of another round trip", seen, why)
        .await;

    // Too late.
    let mut visitor = stage.visitor();
    let back = stage.agree(&mut visitor, google).await;
    stage.clock.advance_secs(600);
    let seen = bring(visitor, Provider::Google, &back).await;
    tally.note(stage, "after ten minutes", seen, why).await;
}

type Change = fn(&str) -> (String, Why);

const CHANGES: [(&str, Change); 8] = [
    ("missing state", |back| {
        (back.replace("state=", "estate="), Why::Expired)
    }),
    ("empty state", |back| {
        (back.replace(value_of(back, "state"), ""), Why::Expired)
    }),
    ("state twice", |back| {
        (
            format!("{back}&state={}", value_of(back, "state")),
            Why::Expired,
        )
    }),
    ("foreign state", |back| {
        (back.replace(value_of(back, "state"), NOBODYS), Why::Expired)
    }),
    ("missing code", |back| {
        (back.replace("code=", "cod="), Why::NotTrusted)
    }),
    ("code twice", |back| {
        (format!("{back}&code=another"), Why::NotTrusted)
    }),
    ("a code and an error", |back| {
        (format!("{back}&error=access_denied"), Why::NotTrusted)
    }),
    ("mix-up: iss of another", |back| {
        (back.replace("iss=http", "iss=https"), Why::NotTrusted)
    }),
];

const NOBODYS: &str = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE";

fn value_of<'a>(back: &'a str, name: &str) -> &'a str {
    let start = back.find(&format!("{name}=")).unwrap() + name.len() + 1;
    back[start..].split('&').next().unwrap()
}

/// Red when a changed key locks everybody out for an hour, or when made-up keys make us ask again and
/// again.
async fn new_keys_are_found_once_and_not_asked_for_without_end(stage: &Stage) {
    let person = stage.person().await;
    let google = &stage.google;
    google.is(google_account(&person.email, "hers"));
    stage.in_through(&person, google).await;
    assert_eq!(stage.mail_to(&person.email).await.kind, "provider_linked");
    let asked = google.asked("/keys");
    // New keys: found by looking once.
    google.change_keys(vec![Key::rsa("new")]);
    stage.in_through(&person, google).await;
    assert_eq!(google.asked("/keys"), asked + 1);
    // Changed between setting out and signing.
    stage.clock.advance_secs(61);
    let mut visitor = stage.visitor();
    let back = stage.agree(&mut visitor, google).await;
    google.change_keys(vec![Key::curve("newer"), Key::rsa("spare")]);
    assert_eq!(visitor.open(&back).await.url, "/back-office");
    assert_eq!(google.asked("/keys"), asked + 2);
    // Keys that nobody publishes: looked for once a minute.
    google.lie(|token| token.sign_with(Key::curve("made up")));
    for _ in 0..5 {
        let page = stage.through(&mut stage.visitor(), google).await;
        assert_turned_away(&page, Provider::Google, Why::NotTrusted);
    }
    assert_eq!(
        google.asked("/keys"),
        asked + 2,
        "within a minute of the last look"
    );
    stage.clock.advance_secs(61);
    stage.through(&mut stage.visitor(), google).await;
    assert_eq!(google.asked("/keys"), asked + 3);
    google.repent();
    stage.in_through(&person, google).await;
}

/// Red when we are stricter than the standard.
async fn what_is_true_in_another_way_is_believed(stage: &Stage) {
    let person = stage.person().await;
    let google = &stage.google;
    google.is(google_account(&person.email, "hers"));
    stage.in_through(&person, google).await;
    assert_eq!(stage.mail_to(&person.email).await.kind, "provider_linked");
    let truths: [Lie; 6] = [
        |t| shift(t, "iat", 59),
        |t| shift(t, "exp", -3659),
        |t| t.leave_out("at_hash"),
        |t| {
            let ours = t.claims["aud"].clone();
            t.say("aud", json!([ours]));
            t.say("azp", ours);
        },
        |t| {
            // One key, so it needs no name.
            let key = t.keys[0].called(None);
            t.sign_with(key);
        },
        |t| t.say("something_new", json!({ "of": ["any", "kind"] })),
    ];
    for truth in truths {
        google.lie(truth);
        stage.in_through(&person, google).await;
    }
    google.repent();
    google.change_keys(vec![Key::curve("curve")]);
    stage.clock.advance_secs(61);
    stage.in_through(&person, google).await;
}
