//! Lies of a provider about itself.

use super::{Tally, bring, through};
use crate::support::providers::{OTHER_TENANT, Stage};
use contract::{Provider, RefusedBecause as Why};
use serde_json::json;
use testkit::openid::Key;

/// What a provider publishes about itself.
pub async fn published(stage: &Stage, tally: &mut Tally, keys: &[Key]) {
    // Other keys under the same names, after ours were read.
    let [first, third] =
        ["first", "third"].map(|id| Key::rsa(&format!("other {id}")).called(Some(id)));
    stage
        .google
        .change_keys(vec![first, Key::curve("second"), third]);
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

    // A key of which nobody can say whom it signs for.
    stage.clock.advance_secs(3601);
    stage
        .microsoft
        .publish_value(|list| list["keys"][0]["issuer"] = json!(7));
    let start = "/auth/microsoft/start?locale=en";
    let seen = bring(stage.visitor(), Provider::Microsoft, start).await;
    tally
        .note(
            stage,
            "an issuer of a key that is no text",
            seen,
            Why::Unavailable,
        )
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
    nameless(stage, tally).await;
}

/// A provider publishes that it always says whose an answer is, and here is one that does not say it
/// (RFC 9207, section 2.4): with a code, and with an error.
async fn nameless(stage: &Stage, tally: &mut Tally) {
    const SAYS_IT: &str = "authorization_response_iss_parameter_supported";
    let (google, why) = (&stage.google, Why::NotTrusted);
    google.configure(SAYS_IT, json!(true));
    let mut visitor = stage.visitor();
    let back = stage.agree(&mut visitor, google).await;
    let seen = bring(visitor, Provider::Google, &back).await;
    assert_eq!(seen.page.url, "/back-office", "it says it");
    let mut visitor = stage.visitor();
    let back = stage.agree(&mut visitor, google).await;
    let exchanges = google.asked("/token");
    let seen = bring(visitor, Provider::Google, &back.replace("&iss=", "&ssi=")).await;
    tally.note(stage, "a code of nobody", seen, why).await;
    assert_eq!(google.asked("/token"), exchanges, "no code goes out");
    let mut visitor = stage.visitor();
    let location = stage.set_out(&mut visitor, google).await;
    let back = google.refuse(&location, "access_denied", "");
    let seen = bring(visitor, Provider::Google, &back).await;
    tally.note(stage, "an error of nobody", seen, why).await;
    google.repent();
    stage.clock.advance_secs(3601);
    // Where nothing is promised, nothing is missed.
    let mut visitor = stage.visitor();
    let back = stage.agree(&mut visitor, google).await;
    let seen = bring(visitor, Provider::Google, &back.replace("&iss=", "&ssi=")).await;
    assert_eq!(seen.page.url, "/back-office", "it never said it");
}
