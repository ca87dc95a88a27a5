//! The list of one's own sessions: what it says, and that it ends what it lists and nothing else.

use crate::support::{
    Manager, TestServer, both,
    words::{assert_refused, assert_says, text},
};
use app::paths;
use contract::{Locale, Problem, ProofProblem};
use testkit::Page;

both! {
    every_session_is_listed_with_its_circumstances,
    one_session_is_ended,
    all_others_are_ended,
    ended_and_dead_sessions_are_not_listed,
    nobody_ends_the_session_of_somebody_else,
    the_settings_lead_to_the_sessions,
    the_pages_below_the_settings_lead_back,
    ending_is_written_down,
    ending_asks_for_a_recent_proof,
}

async fn sessions(manager: &mut Manager) -> Page {
    let path = manager.own(paths::SESSIONS);
    let page = manager.open(&path).await;
    assert_eq!(page.url, path);
    page
}

/// How many of them can be ended one by one.
fn others(page: &Page) -> usize {
    let forms = page.forms();
    let named = forms.iter().filter(|form| form.names().contains(&"id"));
    named.count()
}

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 20_0) AppleWebKit/605 Safari/604.1";

async fn every_session_is_listed_with_its_circumstances(server: &TestServer) {
    for person in server.people().await {
        let mut first = server.visitor().sign_in(&person).await;
        server.clock.advance_secs(60);
        let phone = server.visitor().saying("user-agent", PHONE);
        let mut second = phone.sign_in(&person).await;
        let page = sessions(&mut second).await;
        let seen = page.text();
        for wanted in [
            "Safari, iPhone",
            "Firefox, Linux",
            "127.0.0.1",
            "21 May 2026 at",
        ] {
            assert!(seen.contains(wanted), "{wanted}: {seen}");
        }
        assert_eq!(
            seen.matches("The quay").count() >= 2,
            !person.door.is_back_office()
        );
        assert_says(&page, "sessions", "method_password");
        assert_eq!(others(&page), 1, "this one is marked, not ended");
        assert_says(&page, "sessions", "this_one");
        let end = text(Locale::En, "sessions", "end").replace("{{ device }}", "Firefox, Linux");
        // The device is only heard, in an element of its own.
        let end = end.replace(": ", " : ");
        assert!(seen.contains(&end), "{seen}");
        // In French, with French times; the other browser sees itself marked.
        let path = format!("/fr{}", first.own(paths::SESSIONS));
        let page = first.open(&path).await;
        assert!(page.text().contains("21 mai 2026 à"), "{}", page.text());
        let end = text(Locale::Fr, "sessions", "end").replace("{{ device }}", "Safari, iPhone");
        let end = end.replace('\u{a0}', " ");
        assert!(page.text().contains(&end), "{}", page.text());
    }
}

async fn one_session_is_ended(server: &TestServer) {
    for person in server.people().await {
        let mut here = server.visitor().sign_in(&person).await;
        let mut there = server.visitor().sign_in(&person).await;
        let page = sessions(&mut here).await;
        let page = here.submit(page.form("/api/end_session")).await;
        assert_says(&page, "sessions", "ended");
        assert_eq!(others(&page), 0);
        assert!(here.is_in().await && !there.is_in().await);
    }
}

/// Red when the one in use ends too, or begun sign-ins stay open.
async fn all_others_are_ended(server: &TestServer) {
    for person in server.people().await {
        let person = server.secure(person).await;
        let mut here = server.visitor().sign_in(&person).await;
        let mut elsewhere = Vec::new();
        for _ in 0..2 {
            server.clock.advance_secs(30);
            elsewhere.push(server.visitor().sign_in(&person).await);
        }
        let mut half = server.visitor();
        half.begin(&person).await;
        let mut bystander = server.manager().await;
        let page = sessions(&mut here).await;
        let page = here.submit(page.form("/api/end_other_sessions")).await;
        assert_says(&page, "sessions", "others_ended");
        assert!(!page.has_form("/api/end_other_sessions"), "none is left");
        assert!(here.is_in().await && bystander.is_in().await);
        for mut other in elsewhere {
            assert!(!other.is_in().await);
        }
        let page = half.open(&person.door.entrance(paths::CODE)).await;
        assert_eq!(page.url, person.door.entrance(paths::SIGN_IN));
    }
}

async fn ended_and_dead_sessions_are_not_listed(server: &TestServer) {
    let person = server.person().await;
    server.visitor().sign_in(&person).await.sign_out().await;
    server.visitor().sign_in(&person).await;
    server.clock.advance_secs(3600);
    let mut manager = server.visitor().sign_in(&person).await;
    assert_eq!(others(&sessions(&mut manager).await), 0);
}

/// Red when a session is ended by its id alone (insecure direct object reference).
async fn nobody_ends_the_session_of_somebody_else(server: &TestServer) {
    let [manager, participant] = server.people().await;
    let neighbour = server.participant("bellerive").await;
    for (victim, thief) in [
        (&manager, server.person().await),
        (&participant, neighbour),
        (&participant, manager.clone()),
    ] {
        let mut victims = server.visitor().sign_in(victim).await;
        let store = &server.identity().store;
        let id = store.sessions_of(&victim.id).await.unwrap()[0].id.clone();
        let mut thief = server.visitor().sign_in(&thief).await;
        let door = thief.person.door.tag();
        let fields = [("id", id.as_str()), ("locale", "en"), ("door", &door)];
        thief.post("/api/end_session", &fields).await;
        assert_refused(&sessions(&mut thief).await, &Problem::Unchanged);
        assert!(victims.is_in().await);
        assert!(!sessions(&mut thief).await.html.contains(id.as_str()));
    }
}

async fn the_settings_lead_to_the_sessions(server: &TestServer) {
    for person in server.people().await {
        let mut manager = server.visitor().sign_in(&person).await;
        let path = manager.own(paths::SETTINGS);
        let page = manager.open(&path).await;
        let words = text(Locale::En, "sessions", "row_action");
        let page = manager.follow(&page, &words).await;
        assert_eq!(page.url, manager.own(paths::SESSIONS));
    }
}

async fn ending_is_written_down(server: &TestServer) {
    let person = server.person().await;
    let mut here = server.visitor().sign_in(&person).await;
    for _ in 0..3 {
        server.visitor().sign_in(&person).await;
    }
    let page = sessions(&mut here).await;
    let page = here.submit(page.form("/api/end_session")).await;
    here.submit(page.form("/api/end_other_sessions")).await;
    // Nothing is left to end: nothing is written.
    let fields = [("locale", "en")];
    here.post("/api/end_other_sessions", &fields).await;
    let lines = server.log_of(&person.id).await;
    let count = |kind: &str| lines.iter().filter(|line| line.kind == kind).count();
    assert_eq!(
        (count("session_ended"), count("other_sessions_ended")),
        (1, 1)
    );
}

/// Red when a stranger at an open session locks its owner out elsewhere.
async fn ending_asks_for_a_recent_proof(server: &TestServer) {
    for person in server.people().await {
        let mut here = server.visitor().sign_in(&person).await;
        let mut there = server.visitor().sign_in(&person).await;
        let id = sessions(&mut here).await.form("/api/end_session");
        let id = id.value("id").unwrap().to_owned();
        server.clock.advance_secs(300);
        let page = sessions(&mut here).await;
        assert_eq!(others(&page), 0, "no button");
        assert!(!page.has_form("/api/end_other_sessions"));
        let tag = person.door.tag();
        for action in ["/api/end_session", "/api/end_other_sessions"] {
            let fields = [("id", id.as_str()), ("door", &tag), ("locale", "en")];
            here.post(action, &fields).await;
            let page = sessions(&mut here).await;
            assert_refused(&page, &Problem::Proof(ProofProblem::Needed));
        }
        assert!(there.is_in().await);
        let form = page.form("/api/prove_for_sessions");
        let page = here
            .submit(form.clone().fill("proof", "a wrong guess"))
            .await;
        assert_refused(&page, &Problem::Proof(ProofProblem::Rejected));
        let page = here.submit(form.fill("proof", &person.password)).await;
        assert_eq!(others(&page), 1);
        here.submit(page.form("/api/end_other_sessions")).await;
        assert!(here.is_in().await && !there.is_in().await);
    }
}

/// Red when one of these pages does not lead back to the settings.
async fn the_pages_below_the_settings_lead_back(server: &TestServer) {
    for mut manager in server.signed_in_people().await {
        let settings = manager.own(paths::SETTINGS);
        for path in [paths::SESSIONS, paths::ACTIVITY, paths::OWN_DATA] {
            let path = manager.own(path);
            let page = manager.open(&path).await;
            let back = page.first("nav.crumbs a");
            let words = text(Locale::En, "account", "settings_title");
            assert_eq!(back.text, words, "{path}");
            assert_eq!(back.attribute("href"), Some(&*settings), "{path}");
        }
    }
}
