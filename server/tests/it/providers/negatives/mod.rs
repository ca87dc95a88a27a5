//! Everything that a false provider could say, and that must not be believed (the negative tests of
//! the `OpenID` conformance suite for relying parties, and our own). Each is refused with its reason, a
//! page that a person understands, and one line in the log that an operator understands.
//!
//! Between the lies the same person comes in with the truth: a line of the table that would be refused
//! for another reason than its lie proves nothing.
//!
//! Red when a check of `providers::token` is left out: each has a line of its own.

mod brought;
mod published;
mod signed;
mod tokens;
mod truths;

use crate::support::{
    Visitor, log,
    providers::{
        Stage, TENANT, assert_turned_away, google_account, microsoft_account, once_with_providers,
    },
};
use brought::brought_back;
use contract::{Provider, RefusedBecause as Why};
use http::Method;
use published::published;
use serde_json::Value;
use testkit::{
    OpenId, Page,
    openid::{Key, Kind},
    wire::{Reply, Request},
};
use tokens::{Line, lies};

once_with_providers! {
    every_lie_is_refused,
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
        let text = lines[0].to_lowercase();
        for secret in ["@town.example", "object-1", "hers", "eyj"] {
            assert!(!text.contains(secret), "{what} tells {secret}: {text}");
        }
        let reason = line["refusal.reason"].as_str().unwrap();
        eprintln!(
            "{:>3} {:<12} {what}: {reason}",
            page.status.as_u16(),
            format!("{why:?}")
        );
        self.refused += 1;
        // The next one does not pay for this one.
        stage.clock.advance_secs(60);
    }
}

/// How a round trip ended.
struct Seen {
    page: Page,
    reply: Reply,
    browser: Visitor,
    provider: Provider,
}

fn name_of(provider: &OpenId) -> Provider {
    match provider.kind {
        Kind::Google => Provider::Google,
        Kind::Microsoft => Provider::Microsoft,
    }
}

/// Brings an address back, and looks at both the answer and the page.
async fn bring(mut browser: Visitor, provider: Provider, back: &str) -> Seen {
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
    eprintln!("refused {} of {}", tally.refused, tally.asked);
    assert_eq!(tally.refused, tally.asked);
}
