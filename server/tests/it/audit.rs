//! The activity log is a chain: who changes it behind the program's back cannot hide it.

use crate::support::{Engine, Manager, TestServer, all_at_once, both, once};
use app::{locale::texts, pages::settings::activity_words as say, paths};
use contract::{Locale, LogFault};
use data_encoding::BASE64;
use identity::{Chain, Fault};
use std::{
    fs,
    process::{Command, Output},
};
use testkit::{Page, tamper};

both! {
    a_long_log_is_checked_at_its_newest_lines,
    what_was_touched_is_found_and_shown,
    a_chain_that_was_taken_off_is_missed,
    lines_that_are_written_at_once_make_one_chain,
    signing_out_never_waits_for_a_change_of_factors_in_circles,
    the_command_line_checks_every_log,
    the_log_of_an_organisation_is_a_chain_of_its_own,
    a_line_cannot_trade_its_actor,
}

once! {
    a_new_key_vouches_for_new_lines_and_the_old_one_for_old_lines,
}

/// What was done to the log of an account, as SQL over `{a}`, and what a check finds.
type Case = (&'static str, &'static str, Vec<Fault>);

fn cases() -> Vec<Case> {
    let missing = |from, to| Fault::Missing { from, to };
    let changed = |line| Fault::Changed { line };
    vec![
        ("nothing", "select 1", vec![]),
        (
            "a network",
            "update activity set network = '203.0.113.9' where account_id = {a} and line = 2",
            vec![changed(2)],
        ),
        (
            "a kind",
            "update activity set kind = 'signed_out' where account_id = {a} and line = 3",
            vec![changed(3)],
        ),
        (
            "a time",
            "update activity set happened_at = happened_at + 1 where account_id = {a} and line = 4",
            vec![changed(4)],
        ),
        (
            "who it was",
            "update activity set actor_id = null where account_id = {a} and line = 3",
            vec![changed(3)],
        ),
        (
            "a line in the middle",
            "delete from activity where account_id = {a} and line = 2",
            vec![missing(2, 2)],
        ),
        (
            "the first lines",
            "delete from activity where account_id = {a} and line <= 2",
            vec![missing(1, 2)],
        ),
        (
            "the last line",
            "delete from activity where account_id = {a} and line = 4",
            vec![missing(4, 4)],
        ),
        (
            "the last line, and its count",
            "delete from activity where account_id = {a} and line = 4;
            update accounts set activity_lines = 3, activity_tag = (
                select tag from activity where account_id = {a} and line = 3
            ) where id = {a}",
            vec![Fault::End],
        ),
        (
            "the order",
            "update activity set line = 99 where account_id = {a} and line = 2;
            update activity set line = 2 where account_id = {a} and line = 3;
            update activity set line = 3 where account_id = {a} and line = 99",
            vec![changed(2), changed(3), changed(4)],
        ),
        (
            "a line more",
            "insert into activity (id, account_id, actor_id, kind, happened_at, network, user_agent,
                details, line, tag)
            select 'more-' || id, account_id, actor_id, kind, happened_at, network, user_agent,
                details, 5, tag
            from activity where account_id = {a} and line = 4;
            update accounts set activity_lines = 5 where id = {a}",
            vec![changed(5), Fault::End],
        ),
        (
            "a number",
            "update activity set line = null, tag = null where account_id = {a} and line = 4",
            vec![missing(4, 4), Fault::Unnumbered],
        ),
        (
            "a tag",
            "update activity set tag = null where account_id = {a} and line = 4",
            vec![changed(4)],
        ),
    ]
}

/// Somebody with four lines, of which the last is a little younger.
async fn four_lines(server: &TestServer) -> Manager {
    let person = server.person().await;
    let first = server.visitor().sign_in(&person).await;
    server.clock.advance_secs(1);
    // A known device, or its news would be a fifth line.
    let mut again = server.visitor();
    let device = first.jar.get("device").unwrap();
    again.jar.plant("device", device);
    let manager = again.sign_in(&person).await;
    assert_eq!(check(server, &manager).await.lines, 4);
    manager
}

async fn check(server: &TestServer, manager: &Manager) -> Chain {
    let account = server.account(&manager.person).await;
    server.identity().check_activity(&account).await.unwrap()
}

async fn touch(server: &TestServer, manager: &Manager, statements: &str) {
    let id = format!("'{}'", manager.person.id);
    tamper(&server.database_url, &statements.replace("{a}", &id)).await;
}

/// Red when a field is left out of `chain::line_text`; when the end is not checked, or stored as
/// the tag of the last line; when `Walk::take` does not look at the numbers.
async fn what_was_touched_is_found_and_shown(server: &TestServer) {
    for (what, statements, faults) in cases() {
        let mut manager = four_lines(server).await;
        touch(server, &manager, statements).await;
        let chain = check(server, &manager).await;
        assert_eq!(chain.faults, faults, "{what}");
        let page = manager.open(paths::ACTIVITY).await;
        let notice = page.text_of("[class^=notice]");
        for fault in &faults {
            let words = say::fault(texts(Locale::En), shown(*fault));
            assert!(notice.contains(&words), "{what}: “{words}” in “{notice}”");
        }
        let holds = crate::support::words::text(Locale::En, "activity", "holds_title");
        assert_eq!(
            notice.contains(&holds),
            faults.is_empty(),
            "{what}: {notice}"
        );
        let marks = page.text().matches("Changed afterwards").count();
        let changed = |fault: &&Fault| matches!(fault, Fault::Changed { .. });
        assert_eq!(marks, faults.iter().filter(changed).count(), "{what}");
    }
}

/// Red when the page reads the whole log each time it is opened, or leaves the newest lines unchecked.
async fn a_long_log_is_checked_at_its_newest_lines(server: &TestServer) {
    let person = four_lines(server).await.person.clone();
    let account = server.account(&person).await;
    for _ in 0..101 {
        for locked in [true, false] {
            server
                .identity()
                .set_locked(&account, locked)
                .await
                .unwrap();
        }
    }
    let mut manager = server.visitor().sign_in(&person).await;
    let lines = check(server, &manager).await.lines;
    let newest = server.identity().check_newest_activity(&account);
    let newest = newest.await.unwrap();
    assert_eq!((newest.lines, newest.earlier), (200, lines - 200));
    assert!(newest.holds(), "{newest:?}");
    let change = "update activity set network = 'x' where account_id = {a} and line = ";
    touch(server, &manager, &format!("{change}2")).await;
    let page = manager.open(paths::ACTIVITY).await;
    let says = |page: &Page| {
        let words = crate::support::words::text(Locale::En, "activity", "holds_title");
        page.text().contains(&words)
    };
    assert!(says(&page), "{}", page.text());
    let earlier = (lines - 200).to_string();
    assert!(page.text_of("[class^=notice]").contains(&earlier));
    assert!(
        !check(server, &manager).await.holds(),
        "the operator sees it"
    );
    touch(server, &manager, &format!("{change}{}", lines - 5)).await;
    assert!(!says(&manager.open(paths::ACTIVITY).await));
}

const fn shown(fault: Fault) -> LogFault {
    match fault {
        Fault::Changed { line } => LogFault::Changed { line },
        Fault::Missing { from, to } => LogFault::Missing { from, to },
        Fault::End => LogFault::End,
        Fault::UnknownKey { line } => LogFault::UnknownKey { line },
        Fault::OlderKey { line } => LogFault::OlderKey { line },
        Fault::RetiredKey => LogFault::RetiredKey,
        Fault::Unnumbered => LogFault::Unnumbered,
        Fault::NoChain => LogFault::NoChain,
    }
}

/// Red when an account without a chain is believed whatever its age.
async fn a_chain_that_was_taken_off_is_missed(server: &TestServer) {
    const TAKE_OFF: &str = "update activity set line = null, tag = null where account_id = {a};
        update accounts set activity_lines = 0, activity_tag = null where id = {a}";
    let oldest = four_lines(server).await;
    server.clock.advance_secs(1);
    let newer = four_lines(server).await;
    touch(server, &newer, TAKE_OFF).await;
    assert_eq!(check(server, &newer).await.faults, [Fault::NoChain]);
    // Of the oldest account of all nobody can say whether it is older than the chain.
    touch(
        server,
        &newer,
        "delete from activity where account_id = {a}",
    )
    .await;
    assert_eq!(check(server, &newer).await.faults, [Fault::NoChain]);
    touch(server, &oldest, TAKE_OFF).await;
    let chain = check(server, &oldest).await;
    assert_eq!((chain.holds(), chain.lines, chain.older), (true, 0, 4));
}

/// Red when two transactions read one end of the chain.
async fn lines_that_are_written_at_once_make_one_chain(server: &TestServer) {
    let other = server.another().await;
    let person = server.person().await;
    let doors = [server.visitor(), other.visitor()];
    let comers = (0..8).map(|number| {
        let (visitor, person) = (doors[number % 2].clone(), person.clone());
        async move { visitor.sign_in(&person).await }
    });
    let managers = all_at_once(comers).await;
    let chain = check(server, &managers[0]).await;
    // Two of the account, eight sign-ins, and seven devices that were new after the first.
    assert_eq!((chain.lines, chain.faults), (17, vec![]));
    other.stop().await;
}

/// Red on PostgreSQL when `sign_out` takes the session's row before the account's.
async fn signing_out_never_waits_for_a_change_of_factors_in_circles(server: &TestServer) {
    let person = server.person().await;
    for _ in 0..3 {
        let mut others = Vec::new();
        for _ in 0..4 {
            others.push(server.visitor().sign_in(&person).await);
        }
        let mut own = server.visitor().sign_in(&person).await;
        let phone = own.scan(server).await;
        let code = phone.code();
        let leaving = others.into_iter().map(|mut manager| async move {
            manager
                .post("/api/sign_out", &[("locale", "en")])
                .await
                .status
        });
        let changing = async move {
            let fields = [("code", code.as_str()), ("locale", "en")];
            let status = own.post("/api/enable_two_factor", &fields).await.status;
            (own, status)
        };
        let (gone, (mut own, status)) = tokio::join!(all_at_once(leaving), changing);
        assert_eq!(status, 303);
        assert!(gone.iter().all(|status| *status == 303), "{gone:?}");
        server.mail_to(&person.email).await;
        own.person.phone = Some(phone);
        // The sheet of recovery codes is shown first, once.
        own.open(paths::TWO_FACTOR).await;
        server.clock.advance_secs(60);
        let code = own.person.code();
        own.prove("/api/disable_two_factor", &code).await;
        server.mail_to(&person.email).await;
        assert!(check(server, &own).await.holds());
    }
}

/// Runs the program on the database of a test server.
pub fn bpart(server: &TestServer, arguments: &[&str]) -> Output {
    let config = &server.state.config;
    Command::new(env!("CARGO_BIN_EXE_bpart"))
        .args(arguments)
        .env_clear()
        .env("BPART_DATABASE_URL", &server.database_url)
        .env("BPART_SECRET_KEY_FILE", &config.secret_key_file)
        // Where nobody listens: a rotation of the keys looks whether the server answers.
        .env("BPART_LISTEN", "127.0.0.1:1")
        .output()
        .unwrap()
}

/// Red when the exit code does not tell, or a check makes itself a new key.
async fn the_command_line_checks_every_log(server: &TestServer) {
    let (ada, bea) = (four_lines(server).await, four_lines(server).await);
    let participant = server.participant("bellerive").await;
    let all = ["audit", "verify"];
    let text = |output: &Output| String::from_utf8_lossy(&output.stdout).into_owned();
    let output = bpart(server, &all);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(
        text(&output).contains("3 accounts, 9 lines"),
        "{}",
        text(&output)
    );

    touch(
        server,
        &ada,
        "delete from activity where account_id = {a} and line = 3",
    )
    .await;
    let hers = format!(
        "update activity set network = 'x' where account_id = '{}'",
        participant.id
    );
    tamper(&server.database_url, &hers).await;
    let output = bpart(server, &all);
    assert_eq!(output.status.code(), Some(1));
    for line in [
        format!(
            "{} (back office): lines 3 to 3 are missing.",
            ada.person.email
        ),
        format!(
            "{} (bellerive): line 1 was changed or moved after it was written.",
            participant.email
        ),
    ] {
        assert!(text(&output).lines().any(|said| said == line), "{output:?}");
    }
    assert!(!text(&output).contains(&bea.person.email));
    for (manager, code) in [(&ada, 1), (&bea, 0)] {
        let one = ["audit", "verify", "--email", &manager.person.email];
        assert_eq!(bpart(server, &one).status.code(), Some(code));
    }
    fs::remove_file(&server.state.config.secret_key_file).unwrap();
    let output = bpart(server, &all);
    assert_eq!(output.status.code(), Some(1));
    assert!(!server.state.config.secret_key_file.exists());
    assert!(text(&output).is_empty(), "nothing is said of any log");
}

/// Red when a tag is checked with the newest key instead of its own.
async fn a_new_key_vouches_for_new_lines_and_the_old_one_for_old_lines(server: &TestServer) {
    let manager = four_lines(server).await;
    let file = &server.state.config.secret_key_file;
    let first = fs::read_to_string(file).unwrap();
    let second = format!("2 {}\n", BASE64.encode(&[9; 32]));
    fs::write(file, format!("{first}{second}")).unwrap();
    let rotated = server.another().await;
    rotated.visitor().sign_in(&manager.person).await;
    let chain = check(&rotated, &manager).await;
    // The sign-in, and the news of its device.
    assert_eq!((chain.lines, chain.faults), (6, vec![]));

    fs::write(file, second).unwrap();
    let forgetful = server.another().await;
    let unknown: Vec<Fault> = check(&forgetful, &manager).await.faults;
    assert_eq!(unknown[0], Fault::UnknownKey { line: 1 });
    forgetful.stop().await;
    rotated.stop().await;
}

/// Red when the command line changes an organisation without a line, or its chain is not checked.
async fn the_log_of_an_organisation_is_a_chain_of_its_own(server: &TestServer) {
    let person = server.person().await;
    let run = |arguments: &[&str]| {
        let output = bpart(server, arguments);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), text)
    };
    let named = ["--slug", "montclair"];
    let create = [
        "organisation",
        "create",
        named[0],
        named[1],
        "--name",
        "Montclair",
    ];
    assert_eq!(run(&create).0, Some(0));
    let policy = |accepts| {
        let choice = ["--accept-provider-factor", accepts];
        run(&[
            "organisation",
            "policy",
            named[0],
            named[1],
            choice[0],
            choice[1],
        ])
        .0
    };
    assert_eq!([policy("yes"), policy("yes"), policy("no")], [Some(0); 3]);
    let (code, text) = run(&["audit", "verify"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("organisations, 3 lines."), "{text}");
    let account = server.account(&person).await;
    let mine = server.identity().check_activity(&account);
    assert!(mine.await.unwrap().holds());

    let of_it = "organisation_id = (select id from organisations where slug = 'montclair')";
    for (statement, fault) in [
        (
            "update activity set actor_kind = 'system' where line = 2 and",
            "line 2 was changed",
        ),
        (
            "delete from activity where line = 3 and",
            "lines 3 to 3 are missing",
        ),
    ] {
        tamper(&server.database_url, &format!("{statement} {of_it}")).await;
        let (code, text) = run(&["audit", "verify"]);
        assert_eq!(code, Some(1), "{text}");
        let said = format!("montclair (organisation): {fault}");
        assert!(text.contains(&said), "{text}");
    }
}

/// Red when a new line passes for a former one, or its kind of actor, role or organisation is not covered
/// by its tag.
async fn a_line_cannot_trade_its_actor(server: &TestServer) {
    for column in [
        "actor_kind = null",
        "actor_kind = 'unknown', actor_id = null",
        "actor_role = 'administrator'",
        "actor_organisation_id = 'o'",
    ] {
        let manager = four_lines(server).await;
        let statement =
            format!("update activity set {column} where account_id = {{a}} and line = 3");
        touch(server, &manager, &statement).await;
        let faults = check(server, &manager).await.faults;
        assert_eq!(faults, [Fault::Changed { line: 3 }], "{column}");
    }
}

/// Red when who keeps the data in PostgreSQL is not told how copies are made there, or believes to have one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_postgresql_is_left_to_its_own_program() {
    let server = TestServer::start(Engine::Postgres, &[]).await;
    let file = server
        .state
        .config
        .secret_key_file
        .with_file_name("copy.dump");
    let name = file.to_str().unwrap();
    let output = bpart(&server, &["backup", name]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr);
    let told = format!("pg_dump --format=custom --file={name} ");
    assert!(said.contains(&told), "{said}");
    assert!(!file.exists());
    server.close().await;
}
