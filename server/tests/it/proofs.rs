//! Every function that takes a proof gives the session a new token (ASVS 7.2.4).

use crate::support::{
    Manager, Person, Visitor,
    providers::{Stage, come_back, google_account, leads_to, with_providers},
    resets::NEW,
    secret_of,
    words::text,
};
use app::paths;
use contract::{Door, Locale};
use std::{collections::BTreeSet, fs, path::Path};
use testkit::{Phone, wire::Reply};

with_providers! {
    every_function_that_takes_a_proof_renews_the_token,
    each_form_says_whose_proof_it_wants_and_what_will_do,
}

/// The functions and what stands beside the proof, in an order in which each has something to do.
const TAKERS: [(&str, &[(&str, &str)]); 10] = [
    ("begin_two_factor", &[]),
    ("renew_recovery_codes", &[]),
    ("link_provider", &[("provider", "google")]),
    ("unlink_provider", &[("provider", "google")]),
    ("show_data", &[]),
    ("prove_for_sessions", &[]),
    ("ask_for_email", &[("email", "wanted@home.example")]),
    ("disable_two_factor", &[]),
    ("change_password", &[("password", NEW)]),
    ("delete_account", &[]),
];

/// The functions that have a field for a proof, read from the source: what is added tomorrow is
/// missed here tomorrow.
fn in_the_source() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src/api");
    let mut found = BTreeSet::new();
    for file in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        for function in text.split("pub async fn ").skip(1) {
            let (name, rest) = function.split_once('(').unwrap();
            let (fields, _) = rest.split_once(") ->").unwrap();
            if fields.contains("proof: String") || fields.contains("present: String") {
                found.insert(name.to_owned());
            }
        }
    }
    found
}

/// Whether a token opens anything in a fresh browser.
async fn opens(stage: &Stage, person: &Person, token: &str) -> bool {
    let mut browser: Visitor = stage.visitor().through(&person.door);
    browser.jar.plant("back-office", token);
    browser.is_in().await
}

/// Gives the password for a proof, as the form of this function does.
async fn give(manager: &mut Manager, taker: usize) -> Reply {
    let (name, beside) = TAKERS[taker];
    let (password, door) = (manager.person.password.clone(), Door::BackOffice.tag());
    let mut fields = vec![
        ("proof", password.as_str()),
        ("present", password.as_str()),
        ("door", door.as_str()),
        ("locale", "en"),
    ];
    fields.extend(beside);
    manager.post(&format!("/api/{name}"), &fields).await
}

/// Red when one of them leaves the token as it was: whoever has a copy of it gains the right that the
/// owner has just proved.
async fn every_function_that_takes_a_proof_renews_the_token(stage: &Stage) {
    let tried = TAKERS.iter().map(|(name, _)| (*name).to_owned());
    assert_eq!(tried.collect::<BTreeSet<_>>(), in_the_source());

    let mut manager = stage.manager().await;
    let email = manager.person.email.clone();
    stage
        .google
        .is(google_account("other@mail.example", "a-subject"));
    for (taker, (name, _)) in TAKERS.iter().enumerate() {
        // The last proof is too old.
        stage.clock.advance_secs(360);
        assert!(manager.is_in().await, "before {name}");
        let before = manager.jar.get("back-office").unwrap().to_owned();
        let reply = give(&mut manager, taker).await;
        let after = manager.jar.get("back-office").unwrap().to_owned();
        assert_ne!(before, after, "{name}: {}", reply.text());
        assert!(!opens(stage, &manager.person, &before).await, "{name}");
        assert!(opens(stage, &manager.person, &after).await, "{name}");
        if *name == "begin_two_factor" {
            let page = manager.open(paths::TWO_FACTOR).await;
            let phone = Phone::with_secret(&secret_of(&page), &stage.clock);
            manager.confirm(&phone.code()).await;
        }
        if *name == "link_provider" {
            let back = stage.google.consent(&leads_to(&reply));
            come_back(&mut manager, &back).await;
        }
        if *name == "change_password" {
            NEW.clone_into(&mut manager.person.password);
        }
    }
    stage.ignore_mail_to(&email).await;
    stage.ignore_mail_to("wanted@home.example").await;
}

/// Pages whose forms ask for a proof once the last one is too old.
const ASKING: [&str; 5] = [
    paths::TWO_FACTOR,
    paths::SESSIONS,
    paths::EMAIL,
    paths::OWN_DATA,
    paths::DELETE,
];

/// Red when a password manager is not told whose password it is to fill in; when somebody without a
/// second factor is asked for a code.
async fn each_form_says_whose_proof_it_wants_and_what_will_do(stage: &Stage) {
    for (person, label) in [
        (stage.person().await, "proof_password"),
        (stage.secured().await, "proof"),
    ] {
        let mut manager = stage.visitor().sign_in(&person).await;
        stage.clock.advance_secs(360);
        // Where there is no other session, there is none to end.
        stage.visitor().sign_in(&person).await;
        for path in ASKING {
            let page = manager.open(path).await;
            assert_eq!(page.url, path);
            let mut forms = page.forms();
            forms.retain(|form| form.names().contains(&"proof"));
            assert!(!forms.is_empty(), "{path}");
            for form in forms {
                assert_eq!(form.value("username"), Some(&*person.email), "{path}");
            }
            for input in page.all("input[name=username]") {
                let filled_in = input.attribute("autocomplete");
                assert_eq!(filled_in, Some("username"), "{path}");
                assert!(input.attribute("hidden").is_some(), "{path}");
            }
            // With a second factor, that page has words of its own.
            if path != paths::TWO_FACTOR || person.phone.is_none() {
                let words = text(Locale::En, "two_factor", label);
                assert_eq!(page.text_of("label[for=proof]"), words, "{path}");
            }
        }
    }
}
