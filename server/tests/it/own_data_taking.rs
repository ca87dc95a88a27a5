//! Taking one's own data along: with a proof, not too often, and never in silence.

use crate::support::{
    Manager, TestServer, both,
    own_data::{see, take},
    words::{assert_refused, assert_says, text, too_many},
};
use app::paths;
use contract::{CodeProblem, Locale, Problem, ProofProblem};
use domain::{ActivityId, Duration, Subject, Timestamp};
use http::Method;
use std::collections::BTreeSet;
use store::{ActivityActor, ActivityEntry};
use testkit::wire::Request;

both! {
    the_file_is_a_file_and_nothing_keeps_it,
    it_takes_a_proof_unless_one_was_just_given,
    a_code_is_a_proof_for_it_once,
    taking_it_is_written_down_and_told,
    it_is_taken_three_times_and_then_every_twenty_minutes,
    the_page_ends_at_a_hundred_lines_and_the_file_has_all,
}

async fn the_file_is_a_file_and_nothing_keeps_it(server: &TestServer) {
    for person in server.people().await {
        let mut manager = server.visitor().sign_in(&person).await;
        let (answer, _) = take(server, &mut manager).await;
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(
            answer.header("content-disposition"),
            "attachment; filename=\"bpart-2026-05-21.json\""
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(manager.is_in().await, "the session goes on");
        // There is no address that a link, a prefetch or a history could open.
        let request = Request::new(Method::GET, "/api/download_data");
        assert_ne!(manager.exchange(request).await.status, 200);
        let door = person.door.tag();
        let fields = [("door", door.as_str()), ("locale", "en")];
        let request = Request::new(Method::POST, "/api/download_data").with_form(&fields);
        let answer = server.visitor().exchange(request).await;
        assert_eq!(answer.status, 303, "a stranger is led to the door");
    }
}

/// Red when a session that was left open is enough, for the page or for the file.
async fn it_takes_a_proof_unless_one_was_just_given(server: &TestServer) {
    for person in server.people().await {
        let mut manager = server.visitor().sign_in(&person).await;
        let path = manager.own(paths::OWN_DATA);
        let open = manager.open(&path).await;
        server.clock.advance_secs(5 * 60);
        let page = manager.open(&path).await;
        let title = text(Locale::En, "data", "group_activity");
        assert!(open.text().contains(&title) && !page.text().contains(&title));
        assert!(!page.has_form("/api/download_data"));
        // The page that was left open sends its form in vain.
        let page = manager.submit(open.form("/api/download_data")).await;
        assert_refused(&page, &Problem::Proof(ProofProblem::Needed));
        let give = async |manager: &mut Manager, proof: &str| {
            let page = manager.open(&path).await;
            let form = page.form("/api/show_data").fill("proof", proof);
            manager.submit(form).await
        };
        let page = give(&mut manager, "").await;
        assert_refused(&page, &Problem::Proof(ProofProblem::Needed));
        let page = give(&mut manager, "not hers").await;
        assert_refused(&page, &Problem::Proof(ProofProblem::Rejected));
        assert!(!page.text().contains(&title));
        let page = give(&mut manager, &person.password).await;
        assert_eq!(page.url, path);
        assert!(page.text().contains(&title), "{}", page.text());
        take(server, &mut manager).await;
    }
}

/// Red when the code that was given stays good for a second time.
async fn a_code_is_a_proof_for_it_once(server: &TestServer) {
    let person = server.secured().await;
    let mut manager = server.visitor().sign_in(&person).await;
    let token = manager.jar.get("back-office").unwrap().to_owned();
    server.clock.advance_secs(5 * 60);
    let code = person.code();
    let give = async |manager: &mut Manager| {
        let page = manager.open(paths::OWN_DATA).await;
        let form = page.form("/api/show_data").fill("proof", &code);
        manager.submit(form).await
    };
    let page = give(&mut manager).await;
    assert!(page.has_form("/api/download_data"), "{}", page.text());
    assert_ne!(manager.jar.get("back-office"), Some(token.as_str()));
    let mut elsewhere = server.visitor();
    elsewhere.begin(&person).await;
    let page = elsewhere.give_code(&code).await;
    assert_refused(&page, &Problem::Code(CodeProblem::Rejected));
}

async fn taking_it_is_written_down_and_told(server: &TestServer) {
    for person in server.people().await {
        let mut manager = server.visitor().sign_in(&person).await;
        let path = manager.own(paths::OWN_DATA);
        manager.open(&path).await;
        let taken = async || {
            let lines = server.log_of(&person.id).await;
            lines
                .iter()
                .filter(|line| line.kind == "data_downloaded")
                .count()
        };
        assert_eq!(taken().await, 0, "reading is not taking");
        let (_, json) = take(server, &mut manager).await;
        assert_eq!(taken().await, 1);
        assert_eq!(json["activity"][0]["event"], "data_downloaded");
        let path = manager.own(paths::ACTIVITY);
        let page = manager.open(&path).await;
        assert_says(&page, "activity", "data_downloaded");
    }
}

/// Red when the file has no limit of its own: each one reads the whole log, writes a line of it and
/// a mail.
async fn it_is_taken_three_times_and_then_every_twenty_minutes(server: &TestServer) {
    for person in server.people().await {
        let mut manager = server.visitor().sign_in(&person).await;
        let refused = async |manager: &mut Manager| {
            let page = see(manager).await;
            manager.submit(page.form("/api/download_data")).await
        };
        for _ in 0..3 {
            take(server, &mut manager).await;
        }
        let page = refused(&mut manager).await;
        assert_refused(&page, &too_many(Duration::from_mins(20)));
        assert_says(&page, "data", "limit_data_files");
        server.clock.advance(Duration::from_secs(20 * 60 - 1));
        let page = refused(&mut manager).await;
        assert_refused(&page, &too_many(Duration::from_secs(1)));
        server.clock.advance_secs(1);
        take(server, &mut manager).await;
        let lines = server.log_of(&person.id).await;
        let taken = lines.iter().filter(|line| line.kind == "data_downloaded");
        assert_eq!(taken.count(), 4, "what was refused is not written down");
    }
}

/// Red when the page reads all of a long log, or the file leaves out or repeats a line where one of its parts ends.
async fn the_page_ends_at_a_hundred_lines_and_the_file_has_all(server: &TestServer) {
    // More than the file reads at once.
    const OLD: u32 = 510;
    for person in server.people().await {
        let mut manager = server.visitor().sign_in(&person).await;
        let all = server.log_of(&person.id).await.len() + OLD as usize;
        let mut tx = server.identity().store.begin().await.unwrap();
        for age in 0..OLD {
            let old = ActivityEntry {
                id: ActivityId::from(format!("old-{age}-{}", person.id)),
                subject: Subject::Account(person.id.clone()),
                actor: ActivityActor::default(),
                kind: "signed_in".to_owned(),
                at: Timestamp::from_seconds(1_700_000_000 - i64::from(age)),
                network: format!("network {age}"),
                user_agent: String::new(),
                details: "{}".to_owned(),
                link: None,
            };
            tx.insert_activity(&old).await.unwrap();
        }
        tx.commit().await.unwrap();
        let page = see(&mut manager).await;
        assert_eq!(page.all("#activity tbody tr").len(), 100);
        let more = text(Locale::En, "data", "more");
        let more = more.replace("{{ count }}", &(all - 100).to_string());
        assert!(page.text().contains(&more), "{more}: {}", page.text());
        let (_, json) = take(server, &mut manager).await;
        let lines = json["activity"].as_array().unwrap();
        assert_eq!(lines.len(), all + 1, "and the download");
        let networks = lines.iter().filter_map(|line| line["network"].as_str());
        let networks: BTreeSet<&str> = networks.collect();
        for age in 0..OLD {
            let network = format!("network {age}");
            assert!(networks.contains(network.as_str()), "{network}");
        }
    }
}
