//! Name and language of mails: changed by their owner at either door, and written down.

use crate::support::{
    Manager, TestServer, both,
    words::{assert_refused, assert_says, text, too_many},
};
use app::paths;
use contract::{DetailsProblem, Field, Locale, Problem};
use domain::limit::DETAILS_PER_ACCOUNT;
use serde_json::{Value, json};
use testkit::Page;

both! {
    a_name_is_changed_at_both_doors,
    a_name_that_cannot_be_is_refused_and_kept_in_the_form,
    a_hostile_name_is_text_everywhere,
    mails_come_in_the_language_that_was_chosen,
    a_language_of_nobody_is_refused,
    the_settings_lead_to_each_change,
    changes_of_the_name_have_a_limit,
    changes_of_the_language_have_a_limit,
}

async fn rename(person: &mut Manager, name: &str) -> Page {
    let path = person.own(paths::NAME);
    let page = person.open(&path).await;
    let form = page.form("/api/change_name").fill("name", name);
    person.submit(form).await
}

async fn choose_language(person: &mut Manager, language: &str) -> Page {
    let path = person.own(paths::MAIL_LANGUAGE);
    let page = person.open(&path).await;
    let door = page.form("/api/change_mail_language");
    let fields = [
        ("mail_language", language),
        ("locale", "en"),
        ("door", door.value("door").unwrap_or_default()),
    ];
    let answer = person.post("/api/change_mail_language", &fields).await;
    let location = answer.header("location").to_owned();
    person.open(&location).await
}

/// The details of the newest line of this kind, and how many there are.
async fn lines(server: &TestServer, person: &Manager, kind: &str) -> (usize, Option<Value>) {
    let entries = server.log_of(&person.person.id).await;
    let mut of_kind = entries.iter().filter(|entry| entry.kind == kind);
    let newest = of_kind.next();
    let details = newest.map(|entry| serde_json::from_str(&entry.details).unwrap());
    (of_kind.count() + usize::from(newest.is_some()), details)
}

async fn a_name_is_changed_at_both_doors(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        let old = person.person.name.clone();
        let page = rename(&mut person, "  Zoe\u{308}  O’Neill ").await;
        assert_eq!(page.url, person.own(paths::SETTINGS));
        assert_says(&page, "details", "name_done");
        assert_eq!(server.account(&person.person).await.name, "Zoë O’Neill");
        let change = json!({ "field": "name", "old": old, "new": "Zoë O’Neill" });
        assert_eq!(
            lines(server, &person, "name_changed").await,
            (1, Some(change))
        );
        // The same again is no change.
        rename(&mut person, "Zoë O’Neill").await;
        assert_eq!(lines(server, &person, "name_changed").await.0, 1);
    }
}

async fn a_name_that_cannot_be_is_refused_and_kept_in_the_form(server: &TestServer) {
    let long = "x".repeat(101);
    let field = Field::Name;
    for mut person in server.signed_in_people().await {
        for (name, problem) in [
            (" ", Problem::Empty { field }),
            (long.as_str(), Problem::TooLong { field, limit: 100 }),
            (
                "Ada\u{202e}nimda",
                Problem::Details(DetailsProblem::NotAName),
            ),
        ] {
            let page = rename(&mut person, name).await;
            assert_refused(&page, &problem);
            let kept = page.form("/api/change_name");
            assert_eq!(kept.value("name"), Some(name), "what was typed is kept");
        }
        assert_eq!(
            server.account(&person.person).await.name,
            person.person.name
        );
    }
}

/// A name is what a stranger chose (Decidim CVE-2026-23891).
async fn a_hostile_name_is_text_everywhere(server: &TestServer) {
    let hostile = "<script>alert(1)</script>\"'><img src=x onerror=y>";
    for mut person in server.signed_in_people().await {
        rename(&mut person, hostile).await;
        let home = person.person.door.home();
        let own = [paths::SETTINGS, paths::PROFILE, paths::NAME].map(|path| person.own(path));
        for path in own.into_iter().chain([home]) {
            let page = person.open(&path).await;
            assert!(!page.html.contains("<script>alert"), "{path}");
            assert!(!page.html.contains("<img src=x"), "{path}");
        }
        person.enable_two_factor(server).await;
        server.clock.advance_secs(60);
        let password = person.person.password.clone();
        person.prove("/api/disable_two_factor", &password).await;
        let mail = server.mail_to(&person.person.email).await;
        assert!(!mail.html.contains("<script>alert") && !mail.html.contains("<img src=x"));
    }
}

/// Red when mails follow the language of the page.
async fn mails_come_in_the_language_that_was_chosen(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        let before = server.account(&person.person).await.locale;
        let wanted = before.other();
        let page = choose_language(&mut person, wanted.as_str()).await;
        assert_eq!(page.url, person.own(paths::SETTINGS));
        assert_says(&page, "details", "language_done");
        assert_eq!(server.account(&person.person).await.locale, wanted);
        let change = json!({
            "field": "mail_language", "old": before.as_str(), "new": wanted.as_str(),
        });
        assert_eq!(
            lines(server, &person, "language_changed").await,
            (1, Some(change))
        );
        let code = person.scan(server).await.code();
        person.confirm(&code).await;
        let mail = server.mail_to(&person.person.email).await;
        assert_eq!(
            (mail.kind.as_str(), mail.locale),
            ("two_factor_enabled", wanted)
        );
    }
}

async fn a_language_of_nobody_is_refused(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        let before = server.account(&person.person).await.locale;
        for language in ["", "nl", "en-GB", "EN"] {
            let page = choose_language(&mut person, language).await;
            assert_refused(&page, &Problem::BadRequest);
        }
        assert_eq!(server.account(&person.person).await.locale, before);
    }
}

async fn the_settings_lead_to_each_change(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        for (key, path) in [
            ("change_name", paths::NAME),
            ("change_language", paths::MAIL_LANGUAGE),
            ("change_email", paths::EMAIL),
        ] {
            let settings = person.own(paths::SETTINGS);
            let page = person.open(&settings).await;
            assert!(page.text().contains(&person.person.email));
            let page = person
                .follow(&page, &text(Locale::En, "details", key))
                .await;
            assert_eq!(page.url, person.own(path));
        }
    }
}

/// Red when an account can make its own log grow without end: every look at it reads all of it.
async fn changes_of_the_name_have_a_limit(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        for number in 0..DETAILS_PER_ACCOUNT.burst {
            let page = rename(&mut person, &format!("Ada Number {number}")).await;
            assert!(page.errors().is_empty(), "{number}: {}", page.text());
        }
        let page = rename(&mut person, "Ada Once More").await;
        assert_refused(&page, &too_many(DETAILS_PER_ACCOUNT.period));
    }
}

/// Red when the language of mails may be changed to and fro without end: each change is a line of the log.
async fn changes_of_the_language_have_a_limit(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        let mut language = server.account(&person.person).await.locale;
        for number in 0..DETAILS_PER_ACCOUNT.burst {
            language = language.other();
            let page = choose_language(&mut person, language.as_str()).await;
            assert!(page.errors().is_empty(), "{number}: {}", page.text());
        }
        let page = choose_language(&mut person, language.other().as_str()).await;
        assert_refused(&page, &too_many(DETAILS_PER_ACCOUNT.period));
        assert_eq!(server.account(&person.person).await.locale, language);
    }
}
