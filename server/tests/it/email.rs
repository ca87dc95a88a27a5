//! Asking for another address for one's own account: with a proof, told to the present address, and
//! with the same answer for every wanted one.

use crate::support::{
    Person, TestServer, both,
    email::{ask, ask_and_confirm, asked, confirm},
    words::{assert_refused, assert_says, too_many},
};
use app::paths;
use contract::{CodeProblem, DetailsProblem, Field, Problem, ProofProblem};
use domain::{Duration, Email, Locale, guess::PROOFS, token::Secret};
use identity::Client;
use serde_json::{Value, json};

both! {
    an_address_is_changed_from_its_own_mailbox,
    both_values_are_written_down,
    without_a_recent_proof_one_is_asked_for,
    a_wrong_proof_asks_for_nothing,
    wrong_proofs_have_an_end,
    wrong_proofs_are_written_down,
    a_code_is_a_proof_once,
    what_is_no_address_is_refused,
    the_same_address_in_other_letters_is_a_change,
    asking_for_a_taken_address_looks_like_asking_for_a_free_one,
    an_ended_session_asks_for_nothing_more,
    mails_to_one_address_are_limited,
    wishes_of_one_account_are_limited,
    a_wait_is_told_in_minutes,
    mails_come_in_the_language_of_the_account,
}

const NEW: &str = "New.Address@home.example";

/// Whether somebody can sign in with this address.
async fn opens(server: &TestServer, person: &Person, email: &str) -> bool {
    let mut visitor = server.visitor().through(&person.door);
    let page = visitor.give_password(email, &person.password).await;
    page.url == person.door.home()
}

async fn an_address_is_changed_from_its_own_mailbox(server: &TestServer) {
    for (number, mut person) in server.signed_in_people().await.into_iter().enumerate() {
        let (old, new) = (
            person.person.email.clone(),
            format!("New{number}@home.example"),
        );
        let page = ask(&mut person, &new, "").await;
        assert_eq!(page.url, person.own(paths::EMAIL));
        assert!(page.text().contains(&new), "{}", page.text());
        assert_eq!(server.account(&person.person).await.email, old, "not yet");
        let notice = server.mail_to(&old).await;
        assert_eq!(notice.kind, "email_asked");
        assert!(notice.text.contains(&new) && notice.text.contains("/not-me?token="));
        let mail = server.mail_to(&new).await;
        assert_eq!(mail.kind, "email_confirm");

        let page = confirm(server, &mut person, &mail).await;
        assert_eq!(page.url, person.own(paths::SETTINGS));
        assert_says(&page, "details", "confirm_done");
        assert!(page.text().contains(&new), "{}", page.text());
        let account = server.account(&person.person).await;
        assert_eq!(account.email, new, "as it was written");
        assert_eq!(
            account.email_confirmed_at,
            Some(server.identity().clock.now())
        );
        let left = server.mail_to(&old).await;
        assert_eq!(left.kind, "email_changed");
        assert!(left.text.contains(&new) && !left.text.contains("/not-me?"));
        assert_eq!(server.mail_to(&new).await.kind, "email_new");
        assert!(!opens(server, &person.person, &old).await);
        assert!(opens(server, &person.person, &new.to_uppercase()).await);
    }
}

async fn both_values_are_written_down(server: &TestServer) {
    let mut manager = server.manager().await;
    let old = manager.person.email.clone();
    ask_and_confirm(server, &mut manager, NEW).await;
    let entries = server.log_of(&manager.person.id).await;
    for kind in ["email_asked", "email_changed"] {
        let entry = entries.iter().find(|entry| entry.kind == kind).unwrap();
        let details: Value = serde_json::from_str(&entry.details).unwrap();
        assert_eq!(details, json!({ "field": "email", "old": old, "new": NEW }));
        assert_eq!(entry.actor.account_id.as_ref(), Some(&manager.person.id));
        assert_eq!(entry.user_agent, "Firefox, Linux");
    }
}

/// Red when the proof is asked for by the page only.
async fn without_a_recent_proof_one_is_asked_for(server: &TestServer) {
    for person in server.signed_in_people().await {
        // The clock has moved for the one before.
        let mut person = server.visitor().sign_in(&person.person).await;
        let path = person.own(paths::EMAIL);
        let page = person.open(&path).await;
        let form = page.form("/api/ask_for_email").fill("email", NEW);
        assert!(
            !form.names().contains(&"proof"),
            "a minute after signing in"
        );
        // The form stays open for six minutes.
        server.clock.advance_secs(360);
        let page = person.submit(form).await;
        assert_refused(&page, &Problem::Proof(ProofProblem::Needed));
        let form = page.form("/api/ask_for_email");
        assert_eq!(form.value("email"), Some(NEW), "what was typed is kept");
        let password = person.person.password.clone();
        person.submit(form.fill("proof", &password)).await;
        let (old, door) = (person.person.email.clone(), person.person.door.clone());
        assert_eq!(server.mail_to(&old).await.kind, "email_asked");
        assert_eq!(server.mail_to(NEW).await.kind, "email_confirm", "{door:?}");
        // The proof counts for the next five minutes.
        let page = person.open(&path).await;
        assert!(!page.form("/api/ask_for_email").names().contains(&"proof"));
    }
}

/// Red when a refused proof ends the request without a word.
async fn a_wrong_proof_asks_for_nothing(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        server.clock.advance_secs(300);
        for _ in 0..5 {
            let page = ask(&mut person, NEW, "five ships in a bottle").await;
            assert_refused(&page, &Problem::Proof(ProofProblem::Rejected));
            let form = page.form("/api/ask_for_email");
            assert_eq!(form.value("email"), Some(NEW));
            assert_eq!(form.value("proof"), Some(""));
        }
        let mail = server.mail_to(&person.person.email).await;
        assert_eq!(mail.kind, "proof_guess");
        let password = person.person.password.clone();
        let page = ask(&mut person, NEW, &password).await;
        assert_refused(&page, &too_many(Duration::from_mins(1)));
        let settings = person.own(paths::EMAIL);
        assert!(!person.open(&settings).await.has_form("/api/withdraw_email"));
    }
}

/// Red when guesses in a session have no end, when the owner does not hear of it, or when a new password leaves the count.
async fn wrong_proofs_have_an_end(server: &TestServer) {
    const WRONG: &str = "five ships in a bottle";
    let mut person = server.manager().await;
    server.clock.advance_secs(300);
    ask(&mut person, NEW, WRONG).await;
    let last_but_one = format!(
        "update guesses set wrong = {} where key = 'proof:account:{}'",
        PROOFS.most - 1,
        person.person.id
    );
    testkit::tamper(&server.database_url, &last_but_one).await;
    let rejected = Problem::Proof(ProofProblem::Rejected);
    assert_refused(&ask(&mut person, NEW, WRONG).await, &rejected);
    // The first is of a step that was reached before, as after a request that was aborted.
    for _ in 0..2 {
        let mail = server.mail_to(&person.person.email).await;
        assert_eq!(mail.kind, "proof_guess");
    }
    let password = person.person.password.clone();
    let closed = Problem::Proof(ProofProblem::Closed);
    assert_refused(&ask(&mut person, NEW, &password).await, &closed);
    server
        .choose_new_password(&mut person.person, "a tram, a bell and a late bus")
        .await;
    let mut person = server.visitor().sign_in(&person.person).await;
    server.clock.advance_secs(300);
    assert_refused(&ask(&mut person, NEW, WRONG).await, &rejected);
    server.ignore_mail_to(&person.person.email).await;
}

async fn a_code_is_a_proof_once(server: &TestServer) {
    let person = server.secured().await;
    let mut manager = server.visitor().sign_in(&person).await;
    server.clock.advance_secs(300);
    let code = person.code();
    ask(&mut manager, NEW, &code).await;
    asked(server, &person.email, NEW).await;
    let mut other = server.visitor();
    other.begin(&person).await;
    let page = other.give_code(&code).await;
    assert_refused(&page, &Problem::Code(CodeProblem::Rejected));
}

/// Red when the domain’s narrow rule takes letters of every script (Auth.js GHSA-7rqj-j65f-68wh).
async fn what_is_no_address_is_refused(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        let field = Field::Email;
        assert_refused(&ask(&mut person, "  ", "").await, &Problem::Empty { field });
        for typed in [
            "nobody",
            "a\u{ff20}home.example",
            "a@h\u{f6}me.example",
            "a@home.example,b@home.example",
            "a@home.example\u{200b}",
            "\u{430}da@home.example",
        ] {
            let page = ask(&mut person, typed, "").await;
            assert_refused(&page, &Problem::NotAnAddress);
            let form = page.form("/api/ask_for_email");
            assert_eq!(form.value("email"), Some(typed));
        }
        let own = person.person.email.clone();
        assert_refused(
            &ask(&mut person, &own, "").await,
            &Problem::Details(DetailsProblem::SameAddress),
        );
    }
}

async fn the_same_address_in_other_letters_is_a_change(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        let other = person.person.email.to_uppercase();
        ask_and_confirm(server, &mut person, &other).await;
        assert_eq!(server.account(&person.person).await.email, other);
        assert!(opens(server, &person.person, &person.person.email).await);
    }
}

/// Red when nothing waits for a taken address, or the page or the notice differs; when the mail goes to
/// what was typed instead of what is stored (Django CVE-2019-19844).
async fn asking_for_a_taken_address_looks_like_asking_for_a_free_one(server: &TestServer) {
    let neighbour = server.participant("bellerive").await;
    let colleague = server.person().await;
    for (mut person, taken) in server
        .signed_in_people()
        .await
        .into_iter()
        .zip([colleague, neighbour])
    {
        let old = person.person.email.clone();
        // Of the same length, so that the pages can be compared as they are.
        let free = taken.email.replacen(char::is_alphabetic, "x", 1);
        let typed = taken.email.to_uppercase();
        let mut seen = Vec::new();
        for email in [free.clone(), typed] {
            let page = ask(&mut person, &email, "").await;
            let notice = server.mail_to(&old).await;
            assert_eq!(notice.kind, "email_asked");
            let calm = |text: String| text.to_lowercase().replace(&taken.email, &free);
            let notice = notice
                .text
                .split("/not-me?token=")
                .next()
                .unwrap()
                .to_owned();
            seen.push((
                page.status,
                page.url.clone(),
                calm(page.text()),
                calm(notice),
            ));
        }
        assert_eq!(seen[0], seen[1]);
        assert_eq!(server.mail_to(&free).await.kind, "email_confirm");
        let notice = server.mail_to(&taken.email).await;
        assert_eq!(notice.kind, "email_taken");
        assert!(!notice.text.contains(&old), "who asked is not told");
        assert!(!notice.text.contains("token="));
        let kept = server.account(&taken).await;
        assert_eq!(kept.email, taken.email);
    }
}

/// Red when a request that was let in a moment before its session was ended goes on: it would ask
/// for an address after everything was put right.
async fn an_ended_session_asks_for_nothing_more(server: &TestServer) {
    let manager = server.manager().await;
    let identity = server.identity();
    let token = Secret::present(manager.jar.get("back-office").unwrap()).unwrap();
    let realm = domain::Realm::BackOffice;
    let who = identity.signed_in(&realm, &token).await.unwrap().unwrap();
    let client = Client::default();
    identity.sign_out(&who, &client).await.unwrap();
    let wanted = Email::parse(NEW).unwrap();
    let asked = identity.ask_for_email(&who, &wanted, "", &client).await;
    assert!(
        matches!(
            asked,
            Err(identity::Error::Common(identity::CommonError::SessionEnded))
        ),
        "{asked:?}"
    );
}

/// Red when the owner of an address can be buried in mails, or when a full bucket tells whether
/// there is one.
async fn mails_to_one_address_are_limited(server: &TestServer) {
    let taken = server.participant("bellerive").await;
    for wanted in [taken.email.as_str(), NEW] {
        for _ in 0..2 {
            let person = server.participant("bellerive").await;
            let mut participant = server.visitor().sign_in(&person).await;
            ask(&mut participant, wanted, "").await;
            server.mail_to(&person.email).await;
            server.mail_to(wanted).await;
            let person = server.participant("bellerive").await;
            let mut participant = server.visitor().sign_in(&person).await;
            let page = ask(&mut participant, wanted, "").await;
            assert_refused(&page, &too_many(Duration::from_hours(1)));
            assert!(!page.has_form("/api/withdraw_email"), "nothing waits");
            server.clock.advance(Duration::from_hours(1));
        }
    }
    // Its owner is told of what happens to her account nevertheless.
    let mut owner = server.visitor().sign_in(&taken).await;
    ask_and_confirm(server, &mut owner, "elsewhere@home.example").await;
}

async fn wishes_of_one_account_are_limited(server: &TestServer) {
    let mut manager = server.manager().await;
    for number in 0..5 {
        let wanted = format!("wanted{number}@home.example");
        ask(&mut manager, &wanted, "").await;
        asked(server, &manager.person.email, &wanted).await;
    }
    let page = ask(&mut manager, "wanted5@home.example", "").await;
    assert_refused(&page, &too_many(Duration::from_mins(10)));
}

async fn mails_come_in_the_language_of_the_account(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let mut participant = server.visitor().sign_in(&person).await;
    ask(&mut participant, NEW, "").await;
    let notice = server.mail_to(&person.email).await;
    let mail = server.mail_to(NEW).await;
    let link = mail.link(&server.origin());
    assert!(
        link.starts_with("/fr/p/bellerive/settings/email/confirm?token="),
        "{link}"
    );
    let page = participant.open(&link).await;
    let page = participant.submit(page.form("/api/confirm_email")).await;
    assert_eq!(page.url, "/fr/p/bellerive/settings");
    for locale in [
        notice.locale,
        mail.locale,
        server.mail_to(&person.email).await.locale,
        server.mail_to(NEW).await.locale,
    ] {
        assert_eq!(locale, Locale::Fr);
    }
}

/// Red when a wait is told in seconds, in either language.
async fn a_wait_is_told_in_minutes(server: &TestServer) {
    let mut manager = server.manager().await;
    for number in 0..5 {
        let wanted = format!("wanted{number}@home.example");
        ask(&mut manager, &wanted, "").await;
        asked(server, &manager.person.email, &wanted).await;
    }
    for (locale, said) in [
        ("en", "You can try again in 10 minutes."),
        ("fr", "Vous pourrez réessayer dans 10 minutes."),
    ] {
        let fields = [("email", "wanted5@home.example"), ("locale", locale)];
        let page = manager.post_and_follow("/api/ask_for_email", &fields).await;
        let errors = page.errors();
        assert_eq!(errors.len(), 1, "{}", page.text());
        assert!(errors[0].ends_with(said), "{errors:?}");
    }
}

/// Red when the owner is mailed about guesses in a session, and the log of the account says nothing of them.
async fn wrong_proofs_are_written_down(server: &TestServer) {
    for mut person in server.signed_in_people().await {
        server.clock.advance_secs(300);
        for _ in 0..5 {
            ask(&mut person, NEW, "five ships in a bottle").await;
        }
        let mail = server.mail_to(&person.person.email).await;
        assert_eq!(mail.kind, "proof_guess");
        let lines = server.log_of(&person.person.id).await;
        let mut guessed = lines.iter().filter(|line| line.kind == "proofs_guessed");
        let line = guessed.next().unwrap();
        assert_eq!(line.user_agent, "Firefox, Linux");
        assert!(guessed.next().is_none(), "once");
        let path = person.own(paths::ACTIVITY);
        let page = person.open(&path).await;
        assert_says(&page, "activity", "proofs_guessed");
    }
}
