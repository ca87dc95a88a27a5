//! Recovery codes: each opens the door once, and a new set replaces the old one.

use crate::support::{
    Manager, TestServer, Visitor, all_at_once, both, codes_of,
    words::{assert_refused, assert_says, language, text, too_many},
};
use app::paths;
use contract::{CodeProblem, Problem, ProofProblem};
use domain::{Clock as _, Duration, Locale, calendar};
use testkit::{Page, dump::count};

both! {
    codes_are_shown_until_they_are_saved,
    only_the_session_that_made_codes_shows_them,
    only_the_codes_that_were_shown_can_be_saved,
    a_file_of_the_codes_says_what_they_open,
    each_of_ten_codes_opens_the_door_once,
    a_code_may_be_typed_in_any_way,
    one_code_at_once_in_twenty_browsers_opens_one_session,
    a_code_of_somebody_else_is_worth_nothing,
    codes_are_limited_like_the_others,
    new_codes_replace_the_old_ones,
    new_codes_ask_for_a_proof,
}

/// Turns two-factor on and leaves the sheet of codes open.
async fn unsaved(server: &TestServer, manager: &mut Manager) -> Vec<String> {
    let phone = manager.scan(server).await;
    let page = manager.confirm(&phone.code()).await;
    server.mail_to(&manager.person.email).await;
    manager.person.phone = Some(phone);
    codes_of(&page)
}

/// Red when a reload, another language or a page of another tab takes the codes away.
async fn codes_are_shown_until_they_are_saved(server: &TestServer) {
    let mut manager = server.manager().await;
    let codes = unsaved(server, &mut manager).await;
    assert_eq!(codes.len(), 10);
    manager.open(paths::PROFILE).await;
    let page = manager.open(paths::SETTINGS).await;
    assert_says(&page, "two_factor", "codes_unsaved");
    server.clock.advance_secs(600);
    for path in [paths::TWO_FACTOR, "/fr/settings/two-factor"] {
        let page = manager.open(path).await;
        assert_eq!(codes_of(&page), codes, "{path}");
        // Without a script the browser prints and copies.
        let by_hand = text(language(&page), "two_factor", "codes_by_hand");
        assert!(page.html.contains(&by_hand), "{}", page.html);
        assert_eq!(page.headers["cache-control"], "no-store");
    }
    let sheet = manager.open(paths::TWO_FACTOR).await;
    let page = manager.save_codes(&sheet).await;
    assert_says(&page, "two_factor", "codes_saved");
    let page = manager.open(paths::TWO_FACTOR).await;
    assert!(codes.iter().all(|code| !page.html.contains(code)));
    assert!(page.text().contains("10 recovery codes left"));
    // Codes that are made again are shown again, and those of a factor that is off are gone.
    let password = manager.person.password.clone();
    let page = manager.prove("/api/renew_recovery_codes", &password).await;
    let new = codes_of(&page);
    assert!(new.len() == 10 && new != codes);
    let proof = [("proof", password.as_str()), ("locale", "en")];
    manager.post("/api/disable_two_factor", &proof).await;
    let page = manager.open(paths::TWO_FACTOR).await;
    assert!(codes_of(&page).is_empty(), "{}", page.text());
    server.ignore_mail_to(&manager.person.email).await;
}

async fn only_the_session_that_made_codes_shows_them(server: &TestServer) {
    let mut manager = server.manager().await;
    let codes = unsaved(server, &mut manager).await;
    server.clock.advance_secs(30);
    let mut elsewhere = server.visitor().sign_in(&manager.person).await;
    let page = elsewhere.open(paths::TWO_FACTOR).await;
    assert!(codes_of(&page).is_empty());
    let answer = elsewhere.post("/api/download_recovery_codes", &[]).await;
    assert_eq!(answer.header("location"), paths::TWO_FACTOR);
    // Another session cannot say that they are saved either.
    let sheet = manager.open(paths::TWO_FACTOR).await;
    elsewhere.save_codes(&sheet).await;
    assert_eq!(codes_of(&manager.open(paths::TWO_FACTOR).await), codes);
    // Nor does a stranger who finds the session open an hour later.
    server.clock.advance_secs(3600 - 31);
    assert_eq!(codes_of(&manager.open(paths::TWO_FACTOR).await), codes);
    server.clock.advance_secs(1);
    assert!(codes_of(&manager.open(paths::TWO_FACTOR).await).is_empty());
    // The session goes, and what it showed with it.
    assert_eq!(count(&server.database_url, "unsaved_codes").await, 1);
    let mut visitor = manager.sign_out().await;
    assert_eq!(count(&server.database_url, "unsaved_codes").await, 0);
    let answer = visitor.post("/api/download_recovery_codes", &[]).await;
    assert!(answer.header("location").starts_with(paths::SIGN_IN));
}

/// Red when the button beside codes that were replaced takes those away that replaced them.
async fn only_the_codes_that_were_shown_can_be_saved(server: &TestServer) {
    let mut manager = server.manager().await;
    unsaved(server, &mut manager).await;
    let old = manager.open(paths::TWO_FACTOR).await;
    server.clock.advance_secs(30);
    let password = manager.person.password.clone();
    let page = manager.prove("/api/renew_recovery_codes", &password).await;
    let new = codes_of(&page);
    let page = manager.save_codes(&old).await;
    assert_eq!(codes_of(&page), new, "they are shown as before");
    let page = manager.save_codes(&page).await;
    assert_says(&page, "two_factor", "codes_saved");
    server.ignore_mail_to(&manager.person.email).await;
}

async fn a_file_of_the_codes_says_what_they_open(server: &TestServer) {
    let mut manager = server.manager().await;
    let codes = unsaved(server, &mut manager).await;
    let answer = manager
        .post("/api/download_recovery_codes", &[("locale", "en")])
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    let email = manager.person.email.clone();
    let day = calendar::machine(server.clock.now());
    let day = day.split('T').next().unwrap();
    assert_eq!(
        answer.header("content-disposition"),
        format!("attachment; filename=\"recovery-codes-{email}-{day}.txt\"")
    );
    let text = answer.text();
    for wanted in codes.iter().chain([&email]) {
        assert!(text.contains(wanted.as_str()), "{wanted}: {text}");
    }
    assert!(text.contains("Bpart – http://"), "{text}");
    let made = calendar::day(server.clock.now(), Locale::En);
    assert!(text.contains(&made), "{made}: {text}");
}

async fn give(visitor: &mut Visitor, code: &str) -> Page {
    let page = visitor.open(paths::CODE).await;
    let form = page
        .form_with("/api/give_code", "form", "recovery")
        .fill("code", code);
    visitor.submit(form).await
}

async fn refused(server: &TestServer, manager: &Manager, code: &str) {
    let mut visitor = server.visitor();
    visitor.begin(&manager.person).await;
    assert_refused(
        &give(&mut visitor, code).await,
        &Problem::Code(CodeProblem::Rejected),
    );
    assert!(!visitor.is_in().await);
}

async fn accepted(server: &TestServer, manager: &Manager, code: &str) -> String {
    let mut visitor = server.visitor();
    visitor.begin(&manager.person).await;
    assert_eq!(give(&mut visitor, code).await.url, paths::BACK_OFFICE);
    assert!(visitor.is_in().await);
    let mail = server.mail_to(&manager.person.email).await;
    assert_eq!(mail.kind, "recovery_code_used");
    mail.text
}

async fn each_of_ten_codes_opens_the_door_once(server: &TestServer) {
    let mut manager = server.manager().await;
    let codes = manager.enable_two_factor(server).await;
    assert_eq!(codes.len(), 10);
    for (used, code) in codes.iter().enumerate() {
        let mail = accepted(server, &manager, code).await;
        let left = 9 - used;
        assert!(
            left == 0 || mail.contains(&left.to_string()),
            "{left} left: {mail}"
        );
        if used == 0 {
            refused(server, &manager, code).await;
        }
    }
    let page = manager.open(paths::TWO_FACTOR).await;
    assert_says(&page, "two_factor", "codes_left_none");
    // Without codes the second step does not offer them.
    let mut visitor = server.visitor();
    visitor.begin(&manager.person).await;
    let page = visitor.open(paths::CODE).await;
    assert_eq!(
        page.forms()
            .iter()
            .filter(|form| form.value("form") == Some("recovery"))
            .count(),
        0
    );
}

async fn a_code_may_be_typed_in_any_way(server: &TestServer) {
    let mut manager = server.manager().await;
    let codes = manager.enable_two_factor(server).await;
    accepted(server, &manager, &codes[0].to_lowercase().replace('-', " ")).await;
    accepted(server, &manager, &codes[1].replace('-', "")).await;
    // In the other field of the page it is understood as well.
    let mut visitor = server.visitor();
    visitor.begin(&manager.person).await;
    assert_eq!(visitor.give_code(&codes[2]).await.url, paths::BACK_OFFICE);
    server.mail_to(&manager.person.email).await;
}

/// Red when a code is looked up in one statement and used up in another.
async fn one_code_at_once_in_twenty_browsers_opens_one_session(server: &TestServer) {
    let mut manager = server.manager().await;
    let codes = manager.enable_two_factor(server).await;
    let mut posts = Vec::new();
    for _ in 0..4 {
        let mut visitor = server.visitor();
        visitor.begin(&manager.person).await;
        // Five windows of each browser: five refusals would close its sign-in.
        for _ in 0..4 {
            let (mut window, code) = (visitor.clone(), codes[3].clone());
            posts.push(async move {
                let fields = [
                    ("code", code.as_str()),
                    ("form", "recovery"),
                    ("locale", "en"),
                ];
                let answer = window.post("/api/give_code", &fields).await;
                assert_eq!(answer.status, 303);
                window.jar.get("back-office").is_some()
            });
        }
    }
    let opened = all_at_once(posts).await;
    assert_eq!(opened.iter().filter(|opened| **opened).count(), 1);
    // Those who came too late may be as many as somebody’s guesses, and are told of like them.
    let mails = server.every_mail().await;
    let used = mails
        .iter()
        .filter(|mail| mail.kind == "recovery_code_used");
    assert_eq!(used.count(), 1);
}

async fn a_code_of_somebody_else_is_worth_nothing(server: &TestServer) {
    let mut manager = server.manager().await;
    let codes = manager.enable_two_factor(server).await;
    let mut other = server.manager().await;
    other.enable_two_factor(server).await;
    refused(server, &other, &codes[0]).await;
    accepted(server, &manager, &codes[0]).await;
}

/// Red when recovery codes have no bucket: they are a way in like the six digits.
async fn codes_are_limited_like_the_others(server: &TestServer) {
    let mut manager = server.manager().await;
    let codes = manager.enable_two_factor(server).await;
    let wrong = "AAAA-BBBB-CCCC-DDDD";
    for round in 0..2 {
        let mut visitor = server.visitor();
        visitor.begin(&manager.person).await;
        for _ in 0..(4 - 3 * round) {
            assert_refused(
                &give(&mut visitor, wrong).await,
                &Problem::Code(CodeProblem::Rejected),
            );
        }
    }
    let mut visitor = server.visitor();
    visitor.begin(&manager.person).await;
    let page = give(&mut visitor, &codes[0]).await;
    assert_refused(&page, &too_many(Duration::from_mins(3)));
    assert_eq!(
        server.mail_to(&manager.person.email).await.kind,
        "second_factor_guess"
    );
    server.clock.advance_secs(180);
    accepted(server, &manager, &codes[0]).await;
}

async fn new_codes_replace_the_old_ones(server: &TestServer) {
    let mut manager = server.manager().await;
    let old = manager.enable_two_factor(server).await;
    let password = manager.person.password.clone();
    let page = manager.prove("/api/renew_recovery_codes", &password).await;
    assert_says(&page, "two_factor", "codes_new");
    let new = codes_of(&page);
    assert_eq!(new.len(), 10);
    assert!(new.iter().all(|code| !old.contains(code)));
    assert_eq!(
        server.mail_to(&manager.person.email).await.kind,
        "recovery_codes_made"
    );
    refused(server, &manager, &old[0]).await;
    accepted(server, &manager, &new[0]).await;
    assert!(manager.is_in().await, "new codes end no session");
}

async fn new_codes_ask_for_a_proof(server: &TestServer) {
    let mut manager = server.manager().await;
    let old = manager.enable_two_factor(server).await;
    for (proof, problem) in [
        (
            "five ships in a bottle",
            Problem::Proof(ProofProblem::Rejected),
        ),
        ("000000", Problem::Proof(ProofProblem::Rejected)),
        (
            "",
            Problem::Empty {
                field: contract::Field::Proof,
            },
        ),
    ] {
        assert_refused(
            &manager.prove("/api/renew_recovery_codes", proof).await,
            &problem,
        );
    }
    accepted(server, &manager, &old[0]).await;
}
