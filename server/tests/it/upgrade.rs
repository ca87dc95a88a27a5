//! A database that an older version filled still serves everybody who had something from it.

use crate::{
    audit::bpart,
    support::{
        Engine, drafts, leaving,
        old_database::{OldDatabase, on_old_databases},
        providers::{TENANT, come_back, google_account, leaked, microsoft_account},
        resets::{self, NEW},
        words::assert_says,
    },
};
use app::paths;
use domain::Timestamp;
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};
use testkit::{OpenId, Page, smtp::Sink};

on_old_databases! {
    every_log_is_whole,
    every_session_is_still_open,
    a_begun_second_step_is_finished,
    devices_are_known_and_remembered,
    second_factors_and_recovery_codes_still_count,
    what_waits_for_its_page_is_shown_there,
    an_invitation_is_accepted,
    a_forgotten_password_is_replaced_by_link_and_by_code,
    a_notice_still_makes_the_account_safe,
    a_deletion_is_stopped_or_done,
    a_change_of_address_is_confirmed_or_undone,
    round_trips_to_providers_come_to_their_end,
}

/// Red when a line is read, signed or counted in another way than it was written.
async fn every_log_is_whole(old: &OldDatabase) {
    // The request that waited is answered, which adds one line to those of the older version.
    let asking = old.text("asking", "email");
    assert_eq!(old.mail_to(asking).await.kind, "account_setup");
    assert_eq!(old.mail_to(asking).await.kind, "password_reset");
    let output = bpart(old, &["audit", "verify"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let before = old.secrets["audit"].as_str().unwrap();
    assert!(said.contains(before), "not {before}: {said}");
    let deletions = old.identity().check_deletions().await.unwrap();
    assert_eq!((deletions.records, deletions.altered.len()), (1, 0));
    // The owner reads all of it, lines from before the chain included.
    let mut owner = old.browser("plain", "cookies").await;
    let page = owner.open(paths::ACTIVITY).await;
    assert!(page.text().contains("Renée O’Hara"), "{}", page.text());
    assert_eq!(page.status, 200);
}

/// Red when a cookie has another name, or its hash another form.
async fn every_session_is_still_open(old: &OldDatabase) {
    let signed_in = [
        "plain",
        "administrator",
        "participant",
        "secured",
        "enabled",
        "enrolling",
        "leaving",
        "moving",
        "linking",
    ];
    for who in signed_in {
        let mut browser = old.browser(who, "cookies").await;
        assert!(browser.is_in().await, "{who}");
    }
    let mut administrator = old.browser("administrator", "cookies").await;
    assert_eq!(administrator.open(paths::BACK_OFFICE).await.status, 200);
}

async fn a_begun_second_step_is_finished(old: &OldDatabase) {
    // One of them used a code to link an account: the next code is another one.
    old.clock.advance_secs(30);
    for (who, cookies) in [("half", "cookies"), ("linked", "half")] {
        let person = old.person(who).await;
        let mut browser = old.browser(who, cookies).await;
        let page = browser.give_code(&person.code()).await;
        assert_eq!(page.url, paths::BACK_OFFICE, "{who}: {}", page.text());
    }
}

/// Red when a remembered device is asked for a code, or a known one causes a "new device" mail.
async fn devices_are_known_and_remembered(old: &OldDatabase) {
    for who in ["remembered", "known"] {
        let person = old.person(who).await;
        let mut browser = old.browser(who, "cookies").await;
        let page = browser.give_password(&person.email, &person.password).await;
        let (_, path) = app::locale::split(&page.url);
        assert_eq!(path, person.door.home(), "{who}: {}", page.text());
        assert_eq!(old.new_device_mails(&person.email).await.len(), 0, "{who}");
    }
}

async fn second_factors_and_recovery_codes_still_count(old: &OldDatabase) {
    let secured = old.person("secured").await;
    old.visitor().sign_in(&secured).await;

    let enabled = old.person("enabled").await;
    let mut visitor = old.visitor();
    visitor.begin(&enabled).await;
    let page = visitor.open(paths::CODE).await;
    let form = page.form_with("/api/give_code", "form", "recovery");
    let page = visitor
        .submit(form.fill("code", old.text("enabled", "recovery")))
        .await;
    assert_eq!(page.url, paths::BACK_OFFICE, "{}", page.text());

    let enrolling = old.person("enrolling").await;
    let mut manager = old.browser("enrolling", "cookies").await.inside(&enrolling);
    let page = manager.confirm(&enrolling.code()).await;
    assert_says(&page, "two_factor", "done");
}

/// Red when a draft cannot be unsealed. A message for the next page lives for minutes: one that names
/// a problem as the older version did is dropped, and its page works without it.
async fn what_waits_for_its_page_is_shown_there(old: &OldDatabase) {
    let person = old.person("drafting").await;
    let mut browser = old.browser("drafting", "cookies").await;
    browser.give_password(&person.email, &person.password).await;
    let page = browser.open(paths::NAME).await;
    assert_eq!(drafts::name_in(&page), old.text("drafting", "draft"));

    let mut browser = old.browser("refused", "cookies").await;
    let page = browser.open(paths::SIGN_IN).await;
    assert_eq!(page.status, 200);
    page.form("/api/sign_in");
}

async fn an_invitation_is_accepted(old: &OldDatabase) {
    let mut person = old.person("invited").await;
    let mut visitor = old.visitor();
    let page = visitor.open(old.text("invited", "link")).await;
    let form = page.form("/api/accept_invitation").fill("password", NEW);
    visitor.submit(form).await;
    NEW.clone_into(&mut person.password);
    old.visitor().sign_in(&person).await;
}

async fn a_forgotten_password_is_replaced_by_link_and_by_code(old: &OldDatabase) {
    let mut person = old.person("forgetful").await;
    let mut visitor = old.visitor();
    let page = visitor.open(old.text("forgetful", "link")).await;
    let form = page
        .form("/api/reset_password")
        .fill("password", NEW)
        .fill("code", &person.code());
    let page = visitor.submit(form).await;
    chosen(old, &page, &person.email).await;
    old.clock.advance_secs(30);
    NEW.clone_into(&mut person.password);
    old.visitor().sign_in(&person).await;

    let mut person = old.person("coded").await;
    let mut visitor = old.browser("coded", "cookies").await;
    let page = visitor.open(&person.door.entrance(paths::RESET_SENT)).await;
    let form = page.form("/api/give_reset_code");
    let page = visitor
        .submit(form.fill("code", old.text("coded", "code")))
        .await;
    let form = page.form("/api/reset_password").fill("password", NEW);
    let page = visitor.submit(form).await;
    chosen(old, &page, &person.email).await;
    NEW.clone_into(&mut person.password);
    visitor.sign_in(&person).await;
}

async fn chosen(old: &OldDatabase, page: &Page, email: &str) {
    assert_says(page, "password", "reset_done");
    assert_eq!(old.mail_to(email).await.kind, "password_changed");
}

async fn a_notice_still_makes_the_account_safe(old: &OldDatabase) {
    let person = old.person("stolen").await;
    let (mut owner, page) = leaving::follow(old, &person, old.text("stolen", "link")).await;
    let page = owner.submit(page.form("/api/say_not_me")).await;
    assert_says(&page, "password", "safe_title");
    let mail = old.mail_to(&person.email).await;
    assert_eq!(mail.kind, "account_safe");
    // The thief has chosen the other one.
    let own = "chosen by the owner alone";
    let page = resets::choose(&mut owner, &mail.link(&old.origin()), own).await;
    chosen(old, &page, &person.email).await;
}

async fn a_deletion_is_stopped_or_done(old: &OldDatabase) {
    let staying = old.person("leaving").await;
    let due = old.person("due").await;
    let (mut visitor, page) = leaving::follow(old, &staying, old.text("leaving", "link")).await;
    visitor.submit(page.form("/api/stop_deletion")).await;
    assert_eq!(leaving::due(old, &staying).await, None::<Timestamp>);
    old.clock.advance_secs(leaving::week() + 1);
    assert_eq!(leaving::run_job(old).await, 1);
    assert_eq!(old.identity().store.account(&due.id).await.unwrap(), None);
    let deletions = old.identity().check_deletions().await.unwrap();
    assert_eq!((deletions.records, deletions.altered.len()), (2, 0));
}

async fn a_change_of_address_is_confirmed_or_undone(old: &OldDatabase) {
    let person = old.person("moving").await;
    let mut browser = old.browser("moving", "cookies").await;
    let page = browser.open(old.text("moving", "link")).await;
    browser.submit(page.form("/api/confirm_email")).await;
    assert_eq!(old.account(&person).await.email, "moving@new.example");

    let person = old.person("moved").await;
    let (mut visitor, page) = leaving::follow(old, &person, old.text("moved", "link")).await;
    visitor.submit(page.form("/api/undo_email")).await;
    assert_eq!(
        old.account(&person).await.email,
        old.text("moved", "before")
    );
}

/// Red when a round trip, its purpose or a link cannot be read, or an organisation’s policy is lost.
async fn round_trips_to_providers_come_to_their_end(old: &OldDatabase) {
    let stage = &old.stage;
    let mut account = microsoft_account(TENANT, "object-1", "a@b.example");
    account["amr"] = json!(["pwd", "mfa"]);
    stage.microsoft.is(account);
    let page = ended(old, "linked", &stage.microsoft).await;
    assert_eq!(page.url, paths::BACK_OFFICE, "{}", page.text());

    for who in ["linking", "guest"] {
        stage
            .google
            .is(google_account(&format!("{who}@mail.example"), who));
        let person = old.person(who).await;
        let page = ended(old, who, &stage.google).await;
        let linked = stage.linked(&person).await;
        assert_eq!(linked.len(), 1, "{who} at {}: {}", page.url, page.text());
    }
}

/// Completes the round trip to a provider.
async fn ended(old: &OldDatabase, who: &str, provider: &OpenId) -> Page {
    let mut browser = old.browser(who, "cookies").await;
    let (_, rest) = old.text(who, "location").split_once("/authorize").unwrap();
    let location = format!("http://{}/authorize{rest}", provider.address());
    come_back(&mut browser, &provider.consent(&location)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_queued_is_delivered_on_sqlite() {
    what_was_queued_is_delivered(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_queued_is_delivered_on_postgres() {
    what_was_queued_is_delivered(Engine::Postgres).await;
}

/// Red when a mail that waited, or a request for a new password, is lost or sent twice.
async fn what_was_queued_is_delivered(engine: Engine) {
    let sink = Sink::start().await;
    let smtp = ("BPART_SMTP_URL", leaked(sink.url()));
    let old = OldDatabase::start(engine, &[smtp]).await;
    let mut expected: BTreeMap<&str, usize> = BTreeMap::new();
    let queued = old.secrets["queued"].as_array().unwrap().iter();
    for recipient in queued.map(Value::as_str).map(Option::unwrap) {
        *expected.entry(recipient).or_default() += 1;
    }
    *expected.entry(old.text("asking", "email")).or_default() += 1;
    let all: usize = expected.values().sum();
    for _ in 0..1500 {
        if sink.mails().len() >= all {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let recipients = sink.recipients();
    let mut sent: BTreeMap<&str, usize> = BTreeMap::new();
    for recipient in &recipients {
        *sent.entry(recipient).or_default() += 1;
    }
    assert_eq!(sent, expected);
    old.stage.server.stop().await;
}
