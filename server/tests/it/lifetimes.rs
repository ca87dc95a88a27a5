//! How long a session lasts at each door, with and without the choice to stay; what is said of one
//! that has ended; and what signing out takes out of the browser.

use crate::support::{
    Manager, Person, TestServer, both, once,
    words::{assert_refused, assert_says, text},
};
use app::paths;
use contract::{Locale, Problem, SignInProblem};
use domain::{Clock as _, Duration};
use http::Method;
use server::sweep::sweep_once;
use testkit::{Page, dump, wire::Request};

both! {
    a_session_ends_unused_and_of_age,
    the_choice_makes_both_limits_longer,
    the_choice_survives_mistakes_and_the_second_step,
    a_remembered_device_does_not_stay_signed_in,
    staying_is_not_being_remembered,
    last_seen_is_written_once_a_minute,
    a_session_that_ended_says_why_and_leads_back,
    the_reason_is_the_limit_that_came_first,
    a_session_ended_from_elsewhere_says_so,
    who_signed_out_or_is_locked_is_told_nothing,
    ended_sessions_are_swept_after_a_week,
    a_session_that_somebody_ended_is_swept_a_week_after_that,
    the_list_says_until_when,
    keeping_a_session_tells_what_is_left,
    signing_out_leaves_the_other_doors_alone,
}

once! {
    the_cookie_goes_with_the_window_unless_asked_otherwise with HTTPS,
    a_page_with_a_script_knows_when_the_session_ends,
}

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// Somebody of each door, with the limits of her sessions in seconds: unused, at most; the same for
/// who asked to stay.
async fn people(server: &TestServer) -> [(Person, [u64; 2], [u64; 2]); 2] {
    [
        (
            server.person().await,
            [HOUR, 12 * HOUR],
            [3 * DAY, 14 * DAY],
        ),
        (
            server.participant("bellerive").await,
            [2 * HOUR, DAY],
            [14 * DAY, 30 * DAY],
        ),
    ]
}

/// Sees a session through to both of its ends.
async fn assert_lasts(server: &TestServer, person: &Person, stay: bool, [idle, age]: [u64; 2]) {
    let visitor = || {
        let visitor = server.visitor();
        if stay { visitor.staying() } else { visitor }
    };
    let mut unused = visitor().sign_in(person).await;
    server.clock.advance_secs(idle - 1);
    assert!(unused.is_in().await, "the visit begins the time anew");
    server.clock.advance_secs(idle - 1);
    assert!(unused.is_in().await);
    server.clock.advance_secs(idle);
    assert!(!unused.is_in().await);

    let mut used = visitor().sign_in(person).await;
    let step = (idle - 60).min(age / 4);
    let visits = (age - 1) / step;
    for visit in 1..=visits {
        server.clock.advance_secs(step);
        assert!(used.is_in().await, "visit {visit}");
    }
    server.clock.advance_secs(age - 1 - visits * step);
    assert!(used.is_in().await);
    server.clock.advance_secs(1);
    assert!(!used.is_in().await);
}

/// Red when the cookie's age is the only limit; when a visit does not begin the idle time anew, or
/// begins the absolute one anew.
async fn a_session_ends_unused_and_of_age(server: &TestServer) {
    for (person, limits, _) in people(server).await {
        assert_lasts(server, &person, false, limits).await;
    }
}

/// Red when the choice is not looked at, or the idle time is counted from the beginning.
async fn the_choice_makes_both_limits_longer(server: &TestServer) {
    for (person, _, limits) in people(server).await {
        assert_lasts(server, &person, true, limits).await;
    }
}

async fn stays(server: &TestServer, person: &Person) -> bool {
    let sessions = server
        .identity()
        .store
        .sessions_of(&person.id)
        .await
        .unwrap();
    sessions[0].stay
}

/// Red when the begun sign-in does not keep the choice, or the form forgets it with the password.
async fn the_choice_survives_mistakes_and_the_second_step(server: &TestServer) {
    for (person, ..) in people(server).await {
        let person = server.secure(person).await;
        let mut visitor = server.visitor().through(&person.door).staying();
        let page = visitor
            .give_password(&person.email, "not her password")
            .await;
        assert_refused(&page, &Problem::SignIn(SignInProblem::BadCredentials));
        assert_eq!(page.form("/api/sign_in").value("stay"), Some("true"));
        let form = page.form("/api/sign_in");
        visitor
            .submit(form.fill("password", &person.password))
            .await;
        visitor.give_code("000000").await;
        visitor.give_code(&person.code()).await;
        assert!(visitor.is_in().await);
        assert!(stays(server, &person).await);
    }
    let page = server.visitor().open(paths::SIGN_IN).await;
    assert_eq!(
        page.form("/api/sign_in").value("stay"),
        None,
        "off at first"
    );
}

/// Red when a browser that is not asked for codes gets the longer session with it.
async fn a_remembered_device_does_not_stay_signed_in(server: &TestServer) {
    for (person, [idle, _], _) in people(server).await {
        let person = server.secure(person).await;
        let mut visitor = server.visitor();
        visitor.begin(&person).await;
        visitor.give_code_to_be_remembered(&person.code()).await;
        assert!(!stays(server, &person).await);
        server.clock.advance_secs(idle);
        assert!(!visitor.is_in().await);
        let page = visitor.give_password(&person.email, &person.password).await;
        assert_eq!(page.url, person.door.home(), "no code is asked for");
        assert!(!stays(server, &person).await);
        server.clock.advance_secs(idle);
        assert!(!visitor.is_in().await);
    }
}

/// Nor the other way round: whoever stays is asked for a code when she comes back.
/// Red when the choice to stay has the browser remembered as well.
async fn staying_is_not_being_remembered(server: &TestServer) {
    let person = server.secured().await;
    let manager = server.visitor().staying().sign_in(&person).await;
    server.clock.advance_secs(14 * DAY);
    manager.outside().begin(&person).await;
}

/// Red when the minute is over only after one more second, or no minute is waited for.
async fn last_seen_is_written_once_a_minute(server: &TestServer) {
    let mut manager = server.manager().await;
    let store = &server.identity().store;
    let began = server.clock.now();
    for (wait, seen) in [(59, 0), (1, 60), (30, 60), (30, 120)] {
        server.clock.advance_secs(wait);
        manager.open(paths::PROFILE).await;
        let sessions = store.sessions_of(&manager.person.id).await.unwrap();
        assert_eq!(
            sessions[0].last_seen_at,
            began.plus(Duration::from_secs(seen))
        );
    }
}

/// What the sign-in page says, with the length of time in words.
fn assert_says_ended(page: &Page, locale: Locale, key: &str, span: &str) {
    let wanted = text(locale, "sign_in", key).replace("{{ span }}", span);
    let wanted = wanted.replace(['\u{a0}', '\u{202f}'], " ");
    let seen = page.text().replace(['\u{a0}', '\u{202f}'], " ");
    assert!(seen.contains(&wanted), "“{wanted}” in {seen}");
}

/// Red when the page names another limit than the one that ended the session.
async fn a_session_that_ended_says_why_and_leads_back(server: &TestServer) {
    for (person, [idle, _], _) in people(server).await {
        let (hours_en, hours_fr) = if person.door.is_back_office() {
            ("1 hour", "1 heure")
        } else {
            ("2 hours", "2 heures")
        };
        let manager = server.visitor().sign_in(&person).await;
        server.clock.advance_secs(idle);
        let mut visitor = manager.outside();
        let wanted = person.door.own(paths::NAME);
        let page = visitor.open(&wanted).await;
        assert_says_ended(&page, Locale::En, "ended_idle", hours_en);
        assert!(!page.text().contains(&text(Locale::En, "sign_in", "kept")));
        let french = visitor.clone().open(&format!("/fr{wanted}")).await;
        assert_says_ended(&french, Locale::Fr, "ended_idle", hours_fr);
        // It is said until she is in again, and she is where she was.
        let form = page.form("/api/sign_in");
        assert_eq!(form.value("email"), Some(&*person.email));
        let page = visitor
            .submit(form.clone().fill("password", "a guess"))
            .await;
        assert_says_ended(&page, Locale::En, "ended_idle", hours_en);
        let page = visitor
            .submit(form.fill("password", &person.password))
            .await;
        assert_eq!(page.url, wanted);
    }
}

/// Red when the page names another limit than the one that ended the session.
async fn the_reason_is_the_limit_that_came_first(server: &TestServer) {
    let mut manager = server.manager().await;
    for _ in 0..12 {
        server.clock.advance_secs(HOUR - 60);
        assert!(manager.is_in().await);
    }
    server.clock.advance_secs(HOUR);
    let page = manager.outside().open(paths::BACK_OFFICE).await;
    assert_says_ended(&page, Locale::En, "ended_age", "12 hours");
    let person = server.person().await;
    let stayed = server.visitor().staying().sign_in(&person).await;
    server.clock.advance_secs(3 * DAY);
    let page = stayed.outside().open(paths::SIGN_IN).await;
    assert_says_ended(&page, Locale::En, "ended_idle", "3 days");
}

/// Red when only the clock is asked why a session is over.
async fn a_session_ended_from_elsewhere_says_so(server: &TestServer) {
    for (person, [idle, _], _) in people(server).await {
        let there = server.visitor().sign_in(&person).await;
        let mut here = server.visitor().sign_in(&person).await;
        let path = here.own(paths::SESSIONS);
        let page = here.open(&path).await;
        here.submit(page.form("/api/end_session")).await;
        let mut visitor = there.outside();
        for wait in [0, idle] {
            server.clock.advance_secs(wait);
            let page = visitor.open(&person.door.entrance(paths::SIGN_IN)).await;
            assert_says(&page, "sign_in", "ended_elsewhere");
            // The user whose session was ended may not be the owner.
            assert_eq!(page.form("/api/sign_in").value("email"), Some(""));
        }
    }
}

/// Red when a locked account is told apart; when signing out looks like an end that happened.
async fn who_signed_out_or_is_locked_is_told_nothing(server: &TestServer) {
    let silent = |page: &Page| {
        let seen = page.text();
        ["ended_idle", "ended_age", "ended_elsewhere"]
            .iter()
            .all(|key| {
                let words = text(Locale::En, "sign_in", key);
                !seen.contains(words.split("{{").next().unwrap())
            })
    };
    let mut left = server.manager().await.sign_out().await;
    assert!(silent(&left.open(paths::SIGN_IN).await));
    let manager = server.manager().await;
    let account = server.account(&manager.person).await;
    server.identity().set_locked(&account, true).await.unwrap();
    assert!(silent(&manager.outside().open(paths::SIGN_IN).await));
    let mut planted = server.visitor();
    planted.jar.plant("back-office", &"A".repeat(43));
    assert!(silent(&planted.open(paths::SIGN_IN).await));
}

/// Red when a session is swept as soon as it has ended.
async fn ended_sessions_are_swept_after_a_week(server: &TestServer) {
    for (person, [idle, _], [idle_staying, _]) in people(server).await {
        for (stay, idle) in [(false, idle), (true, idle_staying)] {
            let visitor = server.visitor();
            let visitor = if stay { visitor.staying() } else { visitor };
            let _session = visitor.sign_in(&person).await;
            let count = async || {
                let store = &server.identity().store;
                sweep_once(store, server.clock.now(), true).await.unwrap();
                store.sessions_of(&person.id).await.unwrap().len()
            };
            server.clock.advance_secs(idle + 7 * DAY);
            assert_eq!(count().await, 1, "stay: {stay}");
            server.clock.advance_secs(1);
            assert_eq!(count().await, 0, "stay: {stay}");
        }
    }
}

/// Red when a session is kept for a week after it would have ended by itself: that of somebody who
/// stays signed in, and whose telephone was stolen, would lie there for weeks.
async fn a_session_that_somebody_ended_is_swept_a_week_after_that(server: &TestServer) {
    for (person, ..) in people(server).await {
        let there = server.visitor().staying().sign_in(&person).await;
        let mut here = server.visitor().staying().sign_in(&person).await;
        let path = here.own(paths::SESSIONS);
        let page = here.open(&path).await;
        here.submit(page.form("/api/end_session")).await;
        let mut visitor = there.outside();
        assert!(!visitor.is_in().await);
        let count = async || {
            let store = &server.identity().store;
            sweep_once(store, server.clock.now(), true).await.unwrap();
            dump::count(&server.database_url, "sessions").await
        };
        let before = count().await;
        server.clock.advance_secs(7 * DAY);
        assert_eq!(count().await, before, "it is still known why it ended");
        server.clock.advance_secs(1);
        assert_eq!(count().await, before - 1);
        server.clock.advance_secs(40 * DAY);
        assert_eq!(count().await, 0);
    }
}

/// Red when the list looks at the door alone, and not at the choice.
async fn the_list_says_until_when(server: &TestServer) {
    for (person, ..) in people(server).await {
        let (plain, stays) = if person.door.is_back_office() {
            ("22 May 2026 at 02:00", "4 June 2026 at 14:00")
        } else {
            ("22 May 2026 at 14:00", "20 June 2026 at 14:00")
        };
        let (hours, days) = if person.door.is_back_office() {
            ("1 hour", "3 days")
        } else {
            ("2 hours", "14 days")
        };
        server.visitor().sign_in(&person).await;
        let mut here = server.visitor().staying().sign_in(&person).await;
        let path = here.own(paths::SESSIONS);
        let page = here.open(&path).await;
        for (key, until, span) in [("plain_end", plain, hours), ("stays", stays, days)] {
            let wanted = text(Locale::En, "sessions", key)
                .replace("{{ until }}", until)
                .replace("{{ span }}", span);
            assert!(page.text().contains(&wanted), "{wanted}: {}", page.text());
        }
    }
}

async fn left(manager: &mut Manager) -> (u16, String) {
    let door = manager.person.door.tag();
    let request = Request::new(Method::POST, "/api/keep_session");
    let request = request.with_form(&[("door", &door)]);
    let answer = manager
        .exchange(request.with("accept", "application/json"))
        .await;
    (answer.status.as_u16(), answer.text())
}

/// Red when it is told how long the session lasts and not made longer; when its age is counted anew.
async fn keeping_a_session_tells_what_is_left(server: &TestServer) {
    for (person, [idle, age], _) in people(server).await {
        let mut manager = server.visitor().sign_in(&person).await;
        server.clock.advance_secs(idle - 30);
        let wanted = format!(
            r#"{{"idle_s":{idle},"age_s":{},"warning_s":600}}"#,
            age - (idle - 30)
        );
        assert_eq!(left(&mut manager).await, (200, wanted));
        server.clock.advance_secs(idle - 30);
        assert!(manager.is_in().await);
        server.clock.advance_secs(idle);
        let (status, problem) = left(&mut manager).await;
        assert_eq!(status, 401);
        assert!(problem.contains("sign_in_first"), "{problem}");
    }
}

/// Red when `"cookies"` is asked for, which takes those of every door and of known devices; when
/// the header is not sent.
async fn signing_out_leaves_the_other_doors_alone(server: &TestServer) {
    let (person, citizen) = (
        server.secured().await,
        server.participant("bellerive").await,
    );
    let mut visitor = server.visitor();
    visitor.begin(&person).await;
    visitor.give_code_to_be_remembered(&person.code()).await;
    let mut both = visitor.sign_in(&citizen).await;
    let path = both.own(paths::PROFILE);
    let page = both.open(&path).await;
    let answer = both.send(page.form("/api/sign_out")).await;
    assert_eq!(answer.header("clear-site-data"), r#""cache", "storage""#);
    let mut visitor = both.outside();
    assert!(!visitor.is_in().await);
    visitor.door = person.door.clone();
    assert!(visitor.is_in().await, "the manager has not signed out");
    let page = visitor.open(paths::PROFILE).await;
    assert!(!page.headers.contains_key("clear-site-data"));
    visitor.submit(page.form("/api/sign_out")).await;
    let page = visitor.give_password(&person.email, &person.password).await;
    assert_eq!(page.url, paths::BACK_OFFICE, "the device is still known");
}

/// Red when the cookie of who stays goes at the moment at which her session ends.
async fn the_cookie_goes_with_the_window_unless_asked_otherwise(server: &TestServer) {
    let attributes = |answer: &testkit::wire::Reply| {
        let cookies = answer.set_cookies();
        let mut ours = cookies
            .iter()
            .filter(|cookie| cookie.starts_with("__Host-back-office="));
        let (_, attributes) = ours.next().unwrap().split_once("; ").unwrap();
        attributes.to_owned()
    };
    let person = server.person().await;
    let fields = [
        ("email", person.email.as_str()),
        ("password", &person.password),
        ("stay", "true"),
        ("locale", "en"),
    ];
    let plain = server.visitor().post("/api/sign_in", &fields[..2]).await;
    let shared = "Path=/; HttpOnly; SameSite=Lax";
    assert_eq!(attributes(&plain), format!("{shared}; Secure"));
    let mut visitor = server.visitor();
    let staying = visitor.post("/api/sign_in", &fields).await;
    // Longer than the session by the time for which it is known why it ended: a cookie that went
    // at the same moment would take with it what was being typed.
    let wanted = format!("{shared}; Max-Age={}; Secure", 21 * DAY);
    assert_eq!(attributes(&staying), wanted);
    // A new token does not make the session longer.
    server.clock.advance_secs(DAY);
    let fields = [
        ("present", person.password.as_str()),
        ("password", "a tram, a bell and a late bus"),
        ("locale", "en"),
    ];
    let renewed = visitor.post("/api/change_password", &fields).await;
    let wanted = format!("{shared}; Max-Age={}; Secure", 20 * DAY);
    assert_eq!(attributes(&renewed), wanted);
    server.ignore_mail_to(&person.email).await;
}

/// Red when every page of somebody who is signed in loads a script for it.
async fn a_page_with_a_script_knows_when_the_session_ends(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let mut citizen = server.visitor().sign_in(&person).await;
    server.clock.advance_secs(1800);
    let page = citizen.open("/p/bellerive/settings/name").await;
    let watch = page.first("[data-warning]");
    let said = ["data-idle", "data-age", "data-warning", "data-door"];
    let said = said.map(|name| watch.attribute(name).unwrap_or_default());
    assert_eq!(said, ["7200", "84600", "600", "bellerive/quay"]);
    let page = citizen.open("/p/bellerive/settings").await;
    assert!(!page.html.contains("data-warning") && !page.html.contains("<script"));
    let page = server.visitor().open(paths::SIGN_IN).await;
    assert!(!page.html.contains("data-warning"));
    assert!(citizen.is_in().await);
}
