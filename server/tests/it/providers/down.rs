//! A provider that does not answer, or answers nonsense: a page in time, and a password that works.

use crate::support::{
    log,
    providers::{Stage, assert_turned_away, google_account, leads_to, once_with_providers},
};
use contract::{Provider, RefusedBecause};
use http::Method;
use std::time::{Duration, Instant};
use testkit::{openid::Mood, wire::Request};

once_with_providers! {
    whoever_sets_out_is_told_in_time,
    whoever_comes_back_is_told_in_time,
    a_provider_that_recovers_is_believed_again,
    a_provider_that_fails_is_left_alone_for_a_moment,
    without_the_database_the_way_back_leaves_its_address,
}

/// The longest that anybody waits for a page.
const PATIENCE: Duration = Duration::from_secs(6);
const MOODS: [(Mood, &str); 4] = [
    (Mood::Not, "stopped"),
    (Mood::Nonsense, "answering rubbish"),
    (Mood::Elsewhere, "redirecting"),
    (Mood::Slowly, "slow (30 s)"),
];

/// Signs in with a password while the provider is as it is.
async fn password_works(stage: &Stage) -> Duration {
    let person = stage.person().await;
    let began = Instant::now();
    let mut manager = stage.visitor().sign_in(&person).await;
    assert!(manager.is_in().await);
    began.elapsed()
}

/// Red when a page waits for a provider without end; when redirects are followed.
async fn whoever_sets_out_is_told_in_time(stage: &Stage) {
    log::listen();
    for (mood, name) in MOODS {
        stage.google.mood(mood);
        let mut visitor = stage.visitor();
        let setting_out = async {
            let began = Instant::now();
            let page = visitor.open("/auth/google/start?locale=en").await;
            (page, began.elapsed())
        };
        let ((page, took), password) = tokio::join!(setting_out, password_works(stage));
        assert_turned_away(&page, Provider::Google, RefusedBecause::Unavailable);
        assert_eq!(page.url, "/sign-in/provider");
        eprintln!(
            "{name}, setting out: the page after {took:.1?}, password sign-in in {password:.1?}"
        );
        assert!(took < PATIENCE, "{name}: {took:?}");
        assert!(password < PATIENCE, "{name}: {password:?}");
        stage.clock.advance_secs(5);
    }
    // Linking is told the same, before the proof is used up.
    let mut manager = stage.manager().await;
    stage.google.mood(Mood::Not);
    let reply = stage.begin_link(&mut manager, &stage.google, "").await;
    assert_eq!(reply.status, 303, "{}", reply.text());
}

/// Red when a code is waited for without end.
async fn whoever_comes_back_is_told_in_time(stage: &Stage) {
    let person = stage.person().await;
    stage.google.is(google_account(&person.email, "hers"));
    for (mood, name) in MOODS {
        stage.google.repent();
        let mut visitor = stage.visitor();
        let back = stage.agree(&mut visitor, &stage.google).await;
        stage.google.mood(mood);
        let coming_back = async {
            let began = Instant::now();
            let page = visitor.open(&back).await;
            (page, began.elapsed())
        };
        let ((page, took), password) = tokio::join!(coming_back, password_works(stage));
        assert_turned_away(&page, Provider::Google, RefusedBecause::Unavailable);
        eprintln!(
            "{name}, coming back: the page after {took:.1?}, password sign-in in {password:.1?}"
        );
        assert!(took < PATIENCE, "{name}: {took:?}");
        assert!(password < PATIENCE, "{name}: {password:?}");
    }
    assert!(stage.linked(&person).await.is_empty());
}

/// Red when a failure is kept for longer than it lasts.
async fn a_provider_that_recovers_is_believed_again(stage: &Stage) {
    let person = stage.person().await;
    stage.google.is(google_account(&person.email, "hers"));
    stage.google.mood(Mood::Nonsense);
    let page = stage.visitor().open("/auth/google/start").await;
    assert_turned_away(&page, Provider::Google, RefusedBecause::Unavailable);
    stage.google.repent();
    stage.clock.advance_secs(5);
    stage.in_through(&person, &stage.google).await;
    assert_eq!(stage.mail_to(&person.email).await.kind, "provider_linked");
    let read = |path: &str| stage.google.asked(path);
    let (configuration, keys) = (read("/.well-known/openid-configuration"), read("/keys"));
    // Kept for an hour.
    stage.in_through(&person, &stage.google).await;
    assert_eq!(read("/.well-known/openid-configuration"), configuration);
    assert_eq!(read("/keys"), keys);
    stage.clock.advance_secs(3601);
    stage.in_through(&person, &stage.google).await;
    assert_eq!(read("/keys"), keys + 1);
}

/// Red when strangers can make us ask a provider that fails again and again, without a limit.
async fn a_provider_that_fails_is_left_alone_for_a_moment(stage: &Stage) {
    const CONFIGURATION: &str = "/.well-known/openid-configuration";
    stage.google.mood(Mood::Nonsense);
    for rest in [4, 1, 0] {
        let page = stage.visitor().open("/auth/google/start").await;
        assert_turned_away(&page, Provider::Google, RefusedBecause::Unavailable);
        let asked = if rest == 0 { 2 } else { 1 };
        assert_eq!(stage.google.asked(CONFIGURATION), asked);
        stage.clock.advance_secs(rest);
    }
    // The other one is another one.
    let mut visitor = stage.visitor();
    stage.set_out(&mut visitor, &stage.microsoft).await;
}

/// Red when a page is drawn at the address that holds the code: it would be shown, kept in the history,
/// and sent again with the page.
async fn without_the_database_the_way_back_leaves_its_address(stage: &Stage) {
    let mut visitor = stage.visitor();
    let signing_in = stage.agree(&mut visitor, &stage.google).await;
    let mut manager = stage.manager().await;
    let reply = stage.begin_link(&mut manager, &stage.google, "").await;
    let linking = stage.google.consent(&leads_to(&reply));
    let mut manager = manager.outside();
    stage.identity().store.close().await;
    for (browser, back) in [(&mut visitor, signing_in), (&mut manager, linking)] {
        let request = Request::new(Method::GET, &back).with("sec-fetch-site", "cross-site");
        let reply = browser.exchange(request).await;
        assert_eq!(reply.status, 303, "{}", reply.text());
        assert_eq!(reply.header("location"), "/sign-in");
        assert_eq!(reply.header("referrer-policy"), "no-referrer");
    }
    // Whoever brings a session is looked for there as well, and told.
    assert_eq!(manager.open("/sign-in").await.status, 503);
}
