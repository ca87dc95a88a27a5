//! What is kept how long: the table of `domain::retention` against the database, against the job
//! that sweeps, and against the page of the docs.

use crate::support::{TestServer, both};
use domain::{
    Duration, FlowId, Locale, Provider, Realm, Timestamp,
    funnel::Step,
    guess::PASSWORDS,
    job::Priority,
    limit::PROOFS_CHECKED_PER_ACCOUNT,
    retention::{By, Rule, TABLE, Until},
    session::Lifetime,
    token::Purpose,
};
use server::sweep::sweep_once;
use std::{collections::BTreeSet, env, fmt::Write as _, fs, path::Path};
use store::{
    Deletion, DomainHealth, DueJobs, FlowFor, FlowKey, NewJob, Organisation, Project, Proposal,
    ProviderFlow, Registration, RegistrationCount, Store, Tx, UnsavedCodes, Vote,
};
use testkit::{dump, rows};

both! {
    every_table_has_a_rule,
    the_sweep_keeps_to_the_table,
}

/// Red when a table is added without a word on how long it is kept.
async fn every_table_has_a_rule(server: &TestServer) {
    let tables = dump::tables(&server.database_url).await;
    let known: Vec<&str> = TABLE.iter().map(|rule| rule.table).collect();
    assert_eq!(tables, known);
}

/// A reader’s word on an article.
async fn vote(tx: &mut Tx, at: Timestamp) {
    let vote = Vote {
        article: "2fa".to_owned(),
        locale: Locale::En,
        version: "1".to_owned(),
        helpful: true,
        comment: None,
        created_at: at,
    };
    tx.put_vote(&vote, &[7; 32]).await.unwrap();
}

/// A support that waits with a registration.
async fn wait_with_support(tx: &mut Tx, registration: &Registration, at: Timestamp) {
    let organisation = Organisation {
        id: "o".to_owned().into(),
        slug: "o".to_owned().into(),
        name: "O".to_owned(),
        accepts_provider_factor: false,
        takes_part_first: true,
        colour: None,
        logo: None,
        sender_name: None,
        reply_to: None,
        created_at: at,
    };
    let project = Project {
        id: "p".to_owned().into(),
        organisation_id: organisation.id.clone(),
        slug: "p".to_owned().into(),
        name_en: "P".to_owned(),
        name_fr: "P".to_owned(),
        description_en: String::new(),
        description_fr: String::new(),
        takes_registrations: true,
        takes_sign_ins: true,
        is_private: false,
    };
    let proposal = Proposal {
        id: "q".to_owned().into(),
        project_id: project.id.clone(),
        title_en: "Q".to_owned(),
        title_fr: "Q".to_owned(),
        text_en: String::new(),
        text_fr: String::new(),
        created_at: at,
    };
    tx.insert_organisation(&organisation).await.unwrap();
    tx.insert_project(&project).await.unwrap();
    tx.insert_proposal(&proposal).await.unwrap();
    tx.insert_waiting_support(&registration.id, &proposal.id, at)
        .await
        .unwrap();
}

/// Somebody who was sent to a provider and is not back.
async fn set_out(tx: &mut Tx, at: Timestamp) {
    let flow = ProviderFlow {
        id: FlowId::from("f".to_owned()),
        provider: Provider::Google,
        aim: FlowFor::SignIn,
        sealed: vec![1],
        locale: Locale::En,
        created_at: at,
    };
    let key = FlowKey {
        state: [7; 32],
        browser: [7; 32],
    };
    tx.insert_provider_flow(&flow, &key).await.unwrap();
}

/// One row in every table that the sweep looks after, all of this moment.
async fn furnish(server: &TestServer, at: Timestamp) {
    let person = server.person().await;
    let account = person.id.clone();
    let hash = [7; 32];
    let mut tx = server.identity().store.begin().await.unwrap();
    vote(&mut tx, at).await;
    let deletion = Deletion {
        account_id: "gone".to_owned().into(),
        realm: Realm::BackOffice,
        asked_at: at,
        deleted_at: at,
        lines: 1,
        tag: vec![1],
    };
    tx.insert_deletion(&deletion).await.unwrap();
    let device = rows::device("d", &account, at);
    tx.insert_device(&device, &hash).await.unwrap();
    let flash = at.plus(domain::retention::FLASHES);
    tx.put_flash(&hash, &[1], flash).await.unwrap();
    set_out(&mut tx, at).await;
    tx.register_attempt("address", &PASSWORDS, at)
        .await
        .unwrap()
        .unwrap();
    tx.take("code", PROOFS_CHECKED_PER_ACCOUNT, at)
        .await
        .unwrap()
        .unwrap();
    // It ended a moment ago, for want of use.
    let seen = at.minus(Lifetime::of(&Realm::BackOffice, false).idle);
    let session = rows::session("s", &account, seen);
    tx.insert_session(&session, &hash).await.unwrap();
    let draft = at.plus(domain::retention::DRAFTS);
    tx.put_draft(&session.id, "/settings/name", &[1], draft)
        .await
        .unwrap();
    tx.replace_recovery_codes(&account, "salt", &[vec![1; 32]], at)
        .await
        .unwrap();
    let unsaved = UnsavedCodes {
        sealed: vec![1],
        created_at: at,
    };
    tx.put_unsaved_codes(&account, &session.id, &unsaved)
        .await
        .unwrap();
    let sign_in = rows::sign_in("i", &account, at);
    tx.insert_sign_in(&sign_in, &hash).await.unwrap();
    let token = rows::token("t", Purpose::NotMe, &account, at);
    tx.insert_token(&token, &hash).await.unwrap();
    tx.add_refused_tries(&account, at, 1).await.unwrap();
    let registration = rows::registration("r", at);
    tx.insert_registration(&registration).await.unwrap();
    wait_with_support(&mut tx, &registration, at).await;
    let count = RegistrationCount {
        day: at,
        organisation_id: "o".to_owned().into(),
        project: "p".to_owned(),
        domain: "d.example".to_owned(),
        step: Step::Started,
        count: 1,
    };
    tx.raise_registration_count(&count).await.unwrap();
    let health = DomainHealth {
        domain: "d.example".to_owned(),
        bad_days: 1,
        looked_at: at,
    };
    tx.put_domain_health(&health).await.unwrap();
    let mail = rows::mail("m", Some(&account), at);
    tx.insert_mail(&mail).await.unwrap();
    tx.commit().await.unwrap();
    let store = &server.identity().store;
    store.mark_mail_sent(&mail.id, at).await.unwrap();
    give_up(store, at).await;
}

/// A job that was given up.
async fn give_up(store: &Store, at: Timestamp) {
    let job = NewJob {
        id: "j".to_owned().into(),
        kind: "unknown",
        payload: &[1],
        priority: Priority::Bulk,
        not_before: at,
        created_at: at,
        unique_key: None,
        lane: None,
        destination: None,
    };
    store.insert_job(&job).await.unwrap();
    let which = DueJobs {
        kind: "unknown",
        priority: Priority::Bulk,
        now: at,
        full: &[],
        limit: 1,
    };
    let due = store.due_jobs(which).await.unwrap();
    let leased = store.lease_jobs(&due, at, Duration::from_mins(1)).await;
    store
        .bury_job(&leased.unwrap()[0], "reason", at)
        .await
        .unwrap();
}

/// When the shortest period of a rule ends.
fn end(rule: &Rule, at: Timestamp) -> Timestamp {
    match rule.until {
        Until::After(periods) => {
            let shortest = periods.iter().map(|(period, _)| *period).min();
            at.plus(shortest.unwrap())
        }
        // A bucket of one try taken.
        Until::When(_) => at.plus(PROOFS_CHECKED_PER_ACCOUNT.period),
    }
}

/// Red when a table is not swept, is swept early, or by another period than the table says.
async fn the_sweep_keeps_to_the_table(server: &TestServer) {
    let at = Timestamp::from_seconds(2_000_000_000);
    furnish(server, at).await;
    let (store, url) = (&server.identity().store, &server.database_url);
    let rules: Vec<&Rule> = TABLE.iter().filter(|rule| rule.by == By::Sweep).collect();
    assert!(rules.len() > 8);
    let ends: BTreeSet<Timestamp> = rules.iter().map(|rule| end(rule, at)).collect();
    for moment in ends {
        let due: Vec<&str> = rules
            .iter()
            .filter(|rule| end(rule, at) == moment)
            .map(|rule| rule.table)
            .collect();
        let early = moment.minus(Duration::from_millis(1));
        sweep_once(store, early, false).await.unwrap();
        let mut before = Vec::new();
        for table in &due {
            before.push(dump::count(url, table).await);
        }
        let late = moment.plus(Duration::from_millis(1));
        sweep_once(store, late, false).await.unwrap();
        for (table, before) in due.iter().zip(before) {
            assert!(before > 0, "{table} is swept early");
            // What the test did not furnish may stay.
            let after = dump::count(url, table).await;
            assert!(after < before, "{table} is kept for too long");
        }
    }
}

fn span(period: Duration) -> String {
    let minutes = period.as_secs() / 60;
    match (minutes / 1440, minutes / 60, minutes) {
        (0, 0, minutes) => format!("{minutes} minutes"),
        (0, 1, _) => "1 hour".to_owned(),
        (days, hours, _) if days <= 1 => format!("{hours} hours"),
        (days, ..) => format!("{days} days"),
    }
}

/// The table of the docs, line by line.
fn written() -> String {
    let mut text = String::from(
        "| table | what it says about a person | kept until | why | removed by | goes with the account |\n|---|---|---|---|---|---|\n",
    );
    for rule in TABLE {
        let until = match rule.until {
            Until::When(words) => words.to_owned(),
            Until::After(periods) => {
                let words = periods
                    .iter()
                    .map(|(period, since)| format!("{} after {since}", span(*period)));
                words.collect::<Vec<_>>().join(", or ")
            }
        };
        let by = match rule.by {
            By::Sweep => "the sweep",
            By::Use => "what it is for",
            By::Deletion => "the deletion of accounts",
            By::Nobody => "–",
        };
        let goes = if rule.goes { "yes" } else { "no" };
        let Rule {
            table, holds, why, ..
        } = rule;
        let _ = writeln!(
            text,
            "| `{table}` | {holds} | {until} | {why} | {by} | {goes} |"
        );
    }
    text
}

/// Red when `docs/retention.md` says another thing than the program does. With `BPART_WRITE_DOCS` set
/// the page is written instead.
#[test]
fn the_docs_say_what_the_program_does() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/retention.md");
    let page = fs::read_to_string(&path).unwrap();
    let (head, rest) = page.split_once("<!-- the table -->\n").unwrap();
    let (table, tail) = rest.split_once("<!-- its end -->\n").unwrap();
    if env::var_os("BPART_WRITE_DOCS").is_some() {
        let page = format!(
            "{head}<!-- the table -->\n{}<!-- its end -->\n{tail}",
            written()
        );
        fs::write(path, page).unwrap();
    } else {
        assert_eq!(table, written());
    }
}
