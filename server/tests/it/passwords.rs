//! What a new password must be like: said while it is typed, and again when it is sent.

use crate::{
    permissions::join,
    support::{
        TestServer, Visitor, all_at_once, both, once,
        words::{self, assert_refused},
    },
};
use contract::{PasswordProblem, Problem, Verdict};
use domain::{Duration, Locale, Role, limit::JUDGEMENTS_PER_NETWORK};
use http::Method;
use testkit::{
    Page, dump,
    wire::{Reply, Request},
};

both! {
    a_common_password_is_refused_beside_the_field_in_both_languages,
    a_password_is_judged_for_whoever_it_will_belong_to,
    judging_is_limited_by_network,
    judging_leaves_nothing_behind,
    the_town_and_its_projects_are_words_that_others_know,
}

once! {
    a_script_hears_how_a_password_stands,
    the_answer_is_the_same_with_a_dead_link_and_without_one,
    what_is_too_large_is_refused_before_any_work,
    a_foreign_page_is_not_answered,
    a_form_is_not_what_judges,
    the_words_for_every_verdict_stand_ready_in_the_page,
}

const JUDGE: &str = "/api/judge_password";
const GOOD: &str = "a tram, a bell and a late bus";

async fn ask(visitor: &mut Visitor, password: &str, token: &str) -> Reply {
    let fields = [("password", password), ("token", token)];
    let request = Request::new(Method::POST, JUDGE).with_form(&fields);
    let request = request
        .with("accept", "application/json")
        .with("sec-fetch-site", "same-origin");
    visitor.exchange(request).await
}

async fn verdict(visitor: &mut Visitor, password: &str, token: &str) -> Verdict {
    let answer = ask(visitor, password, token).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.set_cookies().is_empty());
    serde_json::from_slice(&answer.body).unwrap()
}

fn token_of(link: &str) -> &str {
    link.rsplit_once('=').unwrap().1
}

async fn choose(visitor: &mut Visitor, link: &str, password: &str) -> Page {
    let page = visitor.open(link).await;
    let form = page.form("/api/accept_invitation");
    visitor.submit(form.fill("password", password)).await
}

/// Red when the list is only the business of the page's island.
async fn a_common_password_is_refused_beside_the_field_in_both_languages(server: &TestServer) {
    for (locale, common) in [
        (Locale::En, "passwordpassword"),
        (Locale::Fr, "Liberté Égalité Fraternité"),
        (Locale::Fr, "jetaimepourtoujours"),
    ] {
        let (_, link) = server.invited(locale, None).await;
        let mut visitor = server.visitor();
        let page = choose(&mut visitor, &link, common).await;
        assert_refused(&page, &Problem::Password(PasswordProblem::Common));
        let beside = page.text_of("#password-error");
        let wanted = words::of(
            words::language(&page),
            &Problem::Password(PasswordProblem::Common),
        );
        assert_eq!(beside, wanted);
        assert_eq!(
            page.form("/api/accept_invitation").value("password"),
            Some("")
        );
        let page = choose(&mut visitor, &link, GOOD).await;
        assert!(
            page.url.ends_with("/back-office"),
            "a refusal uses nothing up"
        );
    }
}

async fn a_script_hears_how_a_password_stands(server: &TestServer) {
    let mut visitor = server.visitor();
    for (password, wanted) in [
        ("", Verdict::TooShort),
        ("fourteen chars", Verdict::TooShort),
        ("éééééééééééééé", Verdict::TooShort),
        (&"x ".repeat(513), Verdict::TooLong),
        ("passwordpassword", Verdict::Common),
        ("liberte egalite fraternite", Verdict::Common),
        (
            "LIBERTE\u{301} E\u{301}GALITE\u{301} FRATERNITE\u{301}",
            Verdict::Common,
        ),
        ("ababababababababababab", Verdict::Guessable),
        ("bpart-bpart-bpart", Verdict::Personal),
        (GOOD, Verdict::Good),
        ("  spaces count, and so do signs \u{1f682}  ", Verdict::Good),
    ] {
        assert_eq!(
            verdict(&mut visitor, password, "").await,
            wanted,
            "{password}"
        );
    }
    let answer = ask(&mut visitor, GOOD, "").await;
    assert_eq!(answer.text(), "\"good\"", "what the island reads");
    assert_eq!(answer.header("cache-control"), "no-store");
}

/// Red when the page tells the server whose password it is, or nobody does.
async fn a_password_is_judged_for_whoever_it_will_belong_to(server: &TestServer) {
    let (person, link) = server.invited(Locale::En, None).await;
    let own = format!("{} {}", person.name, person.email);
    let mut stranger = server.visitor();
    assert_eq!(
        verdict(&mut stranger, &own, token_of(&link)).await,
        Verdict::Personal
    );
    assert_ne!(verdict(&mut stranger, &own, "").await, Verdict::Personal);
    let (_, other) = server.invited(Locale::En, None).await;
    assert_eq!(
        verdict(&mut stranger, GOOD, token_of(&other)).await,
        Verdict::Good
    );

    let secured = server.secured().await;
    let mut manager = server.visitor().sign_in(&secured).await;
    let own = format!("{} {}", secured.name, secured.email);
    let form = [("password", own.as_str())];
    let request = Request::new(Method::POST, JUDGE).with_form(&form);
    let answer = manager
        .exchange(request.with("accept", "application/json"))
        .await;
    assert_eq!(answer.text(), "\"personal\"");
    // With a second factor eight characters are enough.
    let form = [("password", "Kx9!vv#2")];
    let request = Request::new(Method::POST, JUDGE).with_form(&form);
    let answer = manager
        .exchange(request.with("accept", "application/json"))
        .await;
    assert_eq!(answer.text(), "\"good\"");
}

/// Red when a dead link is refused: then this would be a way to try links.
async fn the_answer_is_the_same_with_a_dead_link_and_without_one(server: &TestServer) {
    let (_, used) = server.invited(Locale::En, None).await;
    choose(&mut server.visitor(), &used, GOOD).await;
    let mut answers = Vec::new();
    for token in ["", "x", &"0".repeat(43), token_of(&used), "\u{0}", "'--"] {
        let answer = ask(&mut server.visitor(), "passwordpassword", token).await;
        answers.push((answer.status, answer.text()));
    }
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    assert_eq!(answers[0].1, "\"common\"");
}

async fn judging_is_limited_by_network(server: &TestServer) {
    let burst = usize::try_from(JUDGEMENTS_PER_NETWORK.burst).unwrap();
    let asked = (0..burst + 20).map(|_| {
        let mut visitor = server.visitor();
        async move { ask(&mut visitor, GOOD, "").await.status.as_u16() }
    });
    let answered = all_at_once(asked).await;
    let of = |status: u16| answered.iter().filter(|found| **found == status).count();
    assert_eq!((of(200), of(429)), (burst, 20), "{answered:?}");
    let answer = ask(&mut server.visitor(), GOOD, "").await;
    assert!(
        answer.text().contains("too_many_tries"),
        "{}",
        answer.text()
    );
    // The rules themselves are not limited by it: the password can be set without advice.
    let (_, link) = server.invited(Locale::En, None).await;
    let page = choose(&mut server.visitor(), &link, GOOD).await;
    assert!(page.url.ends_with("/back-office"), "{}", page.text());
    server.clock.advance(Duration::from_secs(1));
    assert_eq!(
        verdict(&mut server.visitor(), GOOD, "").await,
        Verdict::Good
    );
}

/// Red when a judgement is kept, as what was typed into a form is.
async fn judging_leaves_nothing_behind(server: &TestServer) {
    let typed = "four-unheard-words-of-somebody";
    let (_, link) = server.invited(Locale::En, None).await;
    let mut visitor = server.visitor();
    assert_eq!(
        verdict(&mut visitor, typed, token_of(&link)).await,
        Verdict::Good
    );
    assert!(visitor.jar.names().is_empty());
    let stored = dump::everything(&server.database_url).await;
    assert!(!stored.is_empty() && !dump::holds(&stored, typed.as_bytes()));
    let page = choose(&mut visitor, &link, typed).await;
    assert!(
        page.url.ends_with("/back-office"),
        "the link was not used up"
    );
}

/// Red when the size is looked at after the try is counted, or after the form is read.
async fn what_is_too_large_is_refused_before_any_work(server: &TestServer) {
    let mut visitor = server.visitor();
    let huge = "x".repeat(1_000_000);
    let answer = ask(&mut visitor, &huge, "").await;
    assert_eq!(answer.status, 413, "{}", answer.text());
    let long = "x".repeat(1025);
    for _ in 0..=JUDGEMENTS_PER_NETWORK.burst {
        assert_eq!(verdict(&mut visitor, &long, "").await, Verdict::TooLong);
    }
    assert_eq!(
        verdict(&mut visitor, &GOOD.repeat(20), "").await,
        Verdict::Good
    );
}

async fn a_foreign_page_is_not_answered(server: &TestServer) {
    let request = Request::new(Method::POST, JUDGE).with_form(&[("password", GOOD)]);
    let request = request
        .with("accept", "application/json")
        .with("sec-fetch-site", "cross-site");
    let answer = server.visitor().exchange(request).await;
    assert_eq!(answer.status, 403);
}

async fn a_form_is_not_what_judges(server: &TestServer) {
    let answer = server.visitor().post(JUDGE, &[("password", GOOD)]).await;
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("<h1"), "a person gets a page");
    assert!(!answer.text().contains(GOOD));
}

/// The island has no words of its own.
async fn the_words_for_every_verdict_stand_ready_in_the_page(server: &TestServer) {
    for locale in [Locale::En, Locale::Fr] {
        let (_, link) = server.invited(locale, None).await;
        let page = server.visitor().open(&link).await;
        let language = words::language(&page);
        let kept = page.first("[data-field=password]");
        assert_eq!(kept.attribute("data-minimum"), Some("15"));
        for (name, problem) in [
            ("data-common", Problem::Password(PasswordProblem::Common)),
            (
                "data-guessable",
                Problem::Password(PasswordProblem::Guessable),
            ),
            (
                "data-personal",
                Problem::Password(PasswordProblem::Personal),
            ),
            ("data-too-long", Problem::Password(PasswordProblem::TooLong)),
        ] {
            assert_eq!(
                kept.attribute(name),
                Some(words::of(language, &problem).as_str())
            );
        }
        for (name, key) in [
            ("data-good", "good"),
            ("data-later", "later"),
            ("data-short-one", "short_one"),
            ("data-short-many", "short_many"),
        ] {
            let text = words::text(language, "strength", key).replace("{{ count }}", "#");
            assert_eq!(kept.attribute(name), Some(text.as_str()), "{name}");
        }
        let hint = words::text(language, "strength", "hint").replace("{{ minimum }}", "15");
        assert!(
            page.text().contains(&hint),
            "without a script there is the hint"
        );
    }
}

/// Red when a password may be made of the town's name, or of a project's.
async fn the_town_and_its_projects_are_words_that_others_know(server: &TestServer) {
    let citizen = server.participant("bellerive").await;
    let mut citizen = server.visitor().sign_in(&citizen).await.outside();
    let manager = server.person().await;
    join(server, &manager.id, Role::ContentManager).await;
    let mut manager = server.visitor().sign_in(&manager).await.outside();
    let door = citizen.door.tag();
    for (password, expected) in [
        ("Town-of-Bellerive", true),
        ("Bellerive-The-quay-1", true),
        ("lamp post a kettle", false),
    ] {
        let fields = [("password", password), ("door", door.as_str())];
        let request = Request::new(Method::POST, JUDGE).with_form(&fields);
        let request = request
            .with("accept", "application/json")
            .with("sec-fetch-site", "same-origin");
        let answer = citizen.exchange(request).await;
        let verdict: Verdict = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(
            verdict == Verdict::Personal,
            expected,
            "{password}: {verdict:?}"
        );
    }
    let verdict = verdict(&mut manager, "Town-of-Bellerive-1", "").await;
    assert_eq!(verdict, Verdict::Personal);
}
