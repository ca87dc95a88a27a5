//! What is true, and must be believed.

use super::tokens::{Lie, shift};
use crate::support::providers::{Stage, assert_turned_away, google_account, once_with_providers};
use contract::{Provider, RefusedBecause as Why};
use serde_json::json;
use testkit::openid::Key;

once_with_providers! {
    new_keys_are_found_once_and_not_asked_for_without_end,
    what_is_true_in_another_way_is_believed,
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
