//! What a browser brings back that it should not.

use super::{Tally, bring};
use crate::support::providers::Stage;
use contract::{Provider, RefusedBecause as Why};

/// What a browser brings back.
pub async fn brought_back(stage: &Stage, tally: &mut Tally) {
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

const CHANGES: [(&str, Change); 10] = [
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
        (format!("{back}&code=another"), Why::Expired)
    }),
    // Red when what is there twice counts as what is not there: without an iss nobody is mixed up.
    ("iss twice", |back| {
        (format!("{back}&iss=https://other.example"), Why::Expired)
    }),
    ("an error twice", |back| {
        let errors = "error=access_denied&error=";
        (back.replace("code=", errors), Why::Expired)
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
