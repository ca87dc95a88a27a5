//! Leaving: an account is deleted seven days after its owner asked for it, exactly once. That it can
//! be kept until then is told in `staying.rs`.

use crate::audit::bpart;
use crate::support::{
    Person, TestServer, all_at_once, both,
    leaving::{ask, due, follow, leave, press, run_job, week},
    words::{assert_refused, assert_says, language, text},
};
use app::paths;
use contract::{Field, LeavingProblem, Locale, Problem, ProofProblem};
use domain::{AccountId, DisplayName, Email, OrganisationId, Role, retention::COOLING_OFF};
use identity::{Client, Error, NewAccount, NewParticipant, SignedIn};
use std::{pin::pin, process::Output, sync::Arc, time::Duration};
use tokio::time::timeout;

both! {
    an_account_goes_after_seven_days_and_not_a_moment_before,
    asking_takes_a_proof_however_recent_the_last_one_is,
    asking_twice_changes_nothing,
    asking_ends_every_other_session,
    the_last_manager_cannot_leave,
    of_two_last_managers_one_stays,
    who_is_made_the_manager_meanwhile_stays,
    many_jobs_at_once_delete_once,
    the_command_line_shows_and_stops_a_deletion,
    staying_and_deleting_at_once_end_in_one_of_both,
}

/// Red when the time is compared with the wrong sign or with another one than that of asking; when
/// the address stays taken; when what stays is not vouched for.
async fn an_account_goes_after_seven_days_and_not_a_moment_before(server: &TestServer) {
    let neighbour = server.person().await;
    for (number, person) in (1..).zip(server.people().await) {
        let (_, mail) = leave(server, &person).await;
        let store = &server.identity().store;
        let asked = server.identity().clock.now();
        assert_eq!(due(server, &person).await, Some(asked.plus(COOLING_OFF)));
        server.clock.advance_secs(week() - 1);
        assert_eq!(run_job(server).await, 0);
        let mut again = server.visitor().sign_in(&person).await;
        assert!(again.is_in().await, "until then everything works");
        server.clock.advance_secs(1);
        assert_eq!(run_job(server).await, 1);
        assert!(store.account(&person.id).await.unwrap().is_none());
        assert!(!again.is_in().await);
        let last = server.mail_to(&person.email).await;
        assert_eq!(last.kind, "account_deleted");
        assert!(!last.text.contains("token="));
        let (_, page) = follow(server, &person, &mail.link(&server.origin())).await;
        assert_eq!(page.status, 410);
        let mut visitor = server.visitor().through(&person.door);
        let page = visitor.give_password(&person.email, &person.password).await;
        assert_says(&page, "errors", "bad_credentials");
        register_again(server, &person).await;

        let records = store.deletions(None, 9).await.unwrap();
        assert_eq!(records.len(), number);
        let record = records.iter().find(|record| record.account_id == person.id);
        let record = record.unwrap();
        assert_eq!((record.asked_at, record.lines > 2), (asked, true));
        let checked = server.identity().check_deletions().await.unwrap();
        assert_eq!((checked.records, checked.altered.len()), (number as u64, 0));
    }
    let account = server.account(&neighbour).await;
    let chain = server.identity().check_activity(&account).await.unwrap();
    assert!(chain.holds(), "{:?}", chain.faults);
    let forged = "update deletions set asked_at = asked_at - 1";
    testkit::tamper::tamper(&server.database_url, forged).await;
    let checked = server.identity().check_deletions().await.unwrap();
    assert_eq!(checked.altered.len(), 2);
}

/// The address is free: somebody opens a new account with it, which is empty.
async fn register_again(server: &TestServer, person: &Person) {
    let email = Email::parse(&person.email).unwrap();
    let name = DisplayName::parse("Somebody New").unwrap();
    let id = if person.door.is_back_office() {
        let new = NewAccount {
            email,
            name,
            locale: Locale::En,
            membership: None,
            platform_role: None,
        };
        let id = server.identity().create_account(new).await.unwrap().account;
        assert_eq!(server.mail_to(&person.email).await.kind, "account_setup");
        id
    } else {
        let store = &server.identity().store;
        let bellerive = store.organisation_by_slug("bellerive").await.unwrap();
        let new = NewParticipant {
            organisation: bellerive.unwrap().id,
            email,
            name,
            locale: Locale::Fr,
            password: "another herons walk at dawn",
            confirmed: true,
        };
        server.identity().plant_participant(new).await.unwrap()
    };
    assert_ne!(id, person.id);
    let lines = server.log_of(&id).await;
    assert_eq!(lines.len(), 1, "nothing of before is hers");
}

/// Red when a sign-in a moment ago is proof enough: a session that was left open would do.
async fn asking_takes_a_proof_however_recent_the_last_one_is(server: &TestServer) {
    for person in server.people().await {
        let mut manager = server.visitor().sign_in(&person).await;
        let page = ask(&mut manager, "").await;
        let field = Field::Proof;
        assert_refused(&page, &Problem::Empty { field });
        let page = ask(&mut manager, "not her password at all").await;
        assert_refused(&page, &Problem::Proof(ProofProblem::Rejected));
        assert_eq!(due(server, &person).await, None);
        // With the second factor on, its code is a proof too.
        manager.enable_two_factor(server).await;
        server.clock.advance_secs(60);
        let code = manager.person.code();
        ask(&mut manager, &code).await;
        assert!(due(server, &person).await.is_some());
        assert_eq!(server.mail_to(&person.email).await.kind, "deletion_asked");
    }
}

/// Red when the day is written though there is one: whoever asks again would put it off for ever.
async fn asking_twice_changes_nothing(server: &TestServer) {
    for person in server.people().await {
        let (mut manager, _) = leave(server, &person).await;
        let before = due(server, &person).await;
        server.clock.advance_secs(60);
        let door = person.door.tag();
        let fields = [
            ("proof", person.password.as_str()),
            ("door", door.as_str()),
            ("locale", "en"),
        ];
        let page = manager
            .post_and_follow("/api/delete_account", &fields)
            .await;
        assert_refused(&page, &Problem::Unchanged);
        assert_eq!(due(server, &person).await, before);
    }
}

/// Red when only the date is written.
async fn asking_ends_every_other_session(server: &TestServer) {
    for person in server.people().await {
        let mut elsewhere = server.visitor().sign_in(&person).await;
        let (mut manager, _) = leave(server, &person).await;
        assert!(manager.is_in().await);
        assert!(!elsewhere.is_in().await);
    }
}

/// A manager of an organisation, with a password.
async fn manager_of(server: &TestServer, organisation: &OrganisationId) -> Person {
    let person = server.person().await;
    join(server, &person.id, organisation).await;
    person
}

async fn join(server: &TestServer, account: &AccountId, organisation: &OrganisationId) {
    let identity = server.identity();
    let mut tx = identity.store.begin().await.unwrap();
    let (role, now) = (Role::OrganisationManager, identity.clock.now());
    tx.insert_membership(account, organisation, role, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn organisation(server: &TestServer) -> OrganisationId {
    server.platform("bellerive").await;
    let found = server
        .identity()
        .store
        .organisation_by_slug("bellerive")
        .await;
    found.unwrap().unwrap().id
}

/// Red when the form alone is left out, and its post is taken.
async fn the_last_manager_cannot_leave(server: &TestServer) {
    let bellerive = organisation(server).await;
    let first = manager_of(server, &bellerive).await;
    let mut manager = server.visitor().sign_in(&first).await;
    let page = manager.open(paths::DELETE).await;
    assert!(!page.has_form("/api/delete_account"));
    let name = "Town of bellerive".to_owned();
    let alone = text(Locale::En, "leaving", "alone").replace("{{ organisation }}", &name);
    assert!(page.text().contains(&alone), "{}", page.text());
    let fields = [("proof", first.password.as_str()), ("locale", "en")];
    let page = manager
        .post_and_follow("/api/delete_account", &fields)
        .await;
    assert_refused(
        &page,
        &Problem::Leaving(LeavingProblem::LastManager { organisation: name }),
    );
    assert_eq!(due(server, &first).await, None);
    // An invitation that was not followed takes nothing over.
    let (invited, _) = server.invited(Locale::En, None).await;
    join(server, &invited.id, &bellerive).await;
    let page = manager.open(paths::DELETE).await;
    assert!(!page.has_form("/api/delete_account"));
    let second = manager_of(server, &bellerive).await;
    ask(&mut manager, &first.password).await;
    assert!(due(server, &first).await.is_some());
    assert_eq!(server.mail_to(&first.email).await.kind, "deletion_asked");
    // Now the second one is the last.
    let mut manager = server.visitor().sign_in(&second).await;
    let page = manager.open(paths::DELETE).await;
    assert_says(&page, "leaving", "alone_title");
    assert_eq!(language(&page), Locale::En);
}

/// Red when the organisation is not held while its managers are looked at.
async fn of_two_last_managers_one_stays(server: &TestServer) {
    let bellerive = organisation(server).await;
    let mut posts = Vec::new();
    let mut both = Vec::new();
    for _ in 0..2 {
        let person = manager_of(server, &bellerive).await;
        let mut manager = server.visitor().sign_in(&person).await;
        both.push(person.clone());
        posts.push(async move {
            let fields = [("proof", person.password.as_str()), ("locale", "en")];
            manager.post("/api/delete_account", &fields).await.status
        });
    }
    all_at_once(posts).await;
    let mut leaving = 0;
    for person in &both {
        if due(server, person).await.is_some() {
            leaving += 1;
            assert_eq!(server.mail_to(&person.email).await.kind, "deletion_asked");
        }
    }
    assert_eq!(leaving, 1);
}

/// Red when the organisations are looked up before the account is held.
async fn who_is_made_the_manager_meanwhile_stays(server: &TestServer) {
    let bellerive = organisation(server).await;
    let manager = server.manager().await;
    let (identity, client) = (server.identity(), Client::default());
    let id = &manager.person.id;
    let who = SignedIn {
        account: server.account(&manager.person).await,
        session: identity.store.sessions_of(id).await.unwrap().remove(0),
    };
    let proof = identity
        .prove(&who, &manager.person.password, Client::none())
        .await;
    let mut tx = identity.store.begin().await.unwrap();
    tx.lock_account(id).await.unwrap();
    let mut asking = pin!(identity.ask_deletion(&who, proof.unwrap(), &client));
    let waits = timeout(Duration::from_millis(300), &mut asking).await;
    assert!(waits.is_err(), "somebody else holds the account");
    let (role, now) = (Role::OrganisationManager, identity.clock.now());
    tx.insert_membership(id, &bellerive, role, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let refused = asking.await;
    assert!(matches!(refused, Err(Error::LastManager(_))), "{refused:?}");
}

/// Red when a job deletes what it has only looked at: two last mails, or two records.
async fn many_jobs_at_once_delete_once(server: &TestServer) {
    let mut persons = Vec::new();
    for _ in 0..3 {
        let person = server.person().await;
        leave(server, &person).await;
        persons.push(person);
    }
    let another = server.another().await;
    server.clock.advance_secs(week());
    let jobs = (0..6).map(|number| {
        let state = if number % 2 == 0 {
            &server.state
        } else {
            &another.state
        };
        let identity = Arc::clone(&state.identity);
        async move { identity.delete_due_accounts().await.unwrap() }
    });
    let deleted: u64 = all_at_once(jobs).await.into_iter().sum();
    // The servers look for them too, now that a week has passed.
    assert!(deleted <= 3, "{deleted}");
    for person in &persons {
        // A second mail would be left over at the end of the test.
        assert_eq!(server.mail_to(&person.email).await.kind, "account_deleted");
    }
    let records = server.identity().store.deletions(None, 9).await.unwrap();
    assert_eq!(records.len(), 3);
    another.stop().await;
}

/// Red when the list leaves the time out, or the audit calls a deletion a fault.
async fn the_command_line_shows_and_stops_a_deletion(server: &TestServer) {
    let (stays, goes) = (server.person().await, server.person().await);
    let named = ["account", "keep", "--email", &stays.email];
    let said = |output: Output| String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(bpart(server, &named).status.code(), Some(1), "nobody asked");
    leave(server, &stays).await;
    leave(server, &goes).await;
    let list = said(bpart(server, &["account", "list"]));
    assert_eq!(
        list.matches("will be deleted on 2026-05-2").count(),
        2,
        "{list}"
    );
    assert_eq!(bpart(server, &named).status.code(), Some(0));
    assert_eq!(server.mail_to(&stays.email).await.kind, "deletion_stopped");
    let list = said(bpart(server, &["account", "list"]));
    assert_eq!(list.matches("will be deleted").count(), 1, "{list}");
    server.clock.advance_secs(week());
    assert_eq!(run_job(server).await, 1);
    assert_eq!(server.mail_to(&goes.email).await.kind, "account_deleted");
    let output = bpart(server, &["audit", "verify"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = said(output);
    assert!(text.contains("wish: 1 accounts"), "{text}");
    let forged = "update deletions set lines = lines + 1";
    testkit::tamper::tamper(&server.database_url, forged).await;
    assert_eq!(bpart(server, &["audit", "verify"]).status.code(), Some(1));
}

/// Whoever comes a moment too late finds no account; whoever comes in time keeps it whole. Red when a
/// link works at the moment at which the account is due.
async fn staying_and_deleting_at_once_end_in_one_of_both(server: &TestServer) {
    for _ in 0..4 {
        let person = server.person().await;
        let (_, mail) = leave(server, &person).await;
        server.clock.advance_secs(week() - 1);
        let (mut visitor, page) = follow(server, &person, &mail.link(&server.origin())).await;
        let form = page.form("/api/stop_deletion");
        server.clock.advance_secs(1);
        let pressed = press(server, &person.door, &mail.token()).await;
        assert_eq!(pressed.status, 410, "too late, though the job has not run");
        let identity = Arc::clone(&server.state.identity);
        let job = tokio::spawn(async move { identity.delete_due_accounts().await.unwrap() });
        let page = visitor.submit(form).await;
        let deleted = job.await.unwrap();
        assert_eq!((deleted, page.status.as_u16()), (1, 410));
        assert_eq!(server.mail_to(&person.email).await.kind, "account_deleted");
    }
}
