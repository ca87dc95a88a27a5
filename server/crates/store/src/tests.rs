//! What only the inside of the crate can test: its statements and its migrations.

mod plans;

use crate::{
    DueJobs, NewAccount, Store, TotpFactor, Tx, accounts, activity,
    conn::{Conn, execute},
    deletions, devices, dialect, domain_health, drafts, factors, flashes, guesses, jobs, limits,
    linked_accounts, migrations, organisation_pages, organisations, outbox, own_data, proposals,
    provider_flows, recovery, refused_tries, registration_counts, registrations, reseal, sessions,
    sign_ins, sweep, tokens, votes,
};
use domain::{
    AccountId, DisplayName, Duration, Email, Locale, Realm, Timestamp,
    job::Priority,
    session::{FirstStep, Method, SecondStep},
    sign_in::FirstStepProof,
};
use sqlx::{
    Executor as _, SqlSafeStr as _,
    migrate::{Migration, Migrator},
};
use std::path::Path;

/// The list of every file that has statements; the next test counts them against the source.
const FILES: &[(&str, &[(&str, &str)])] = &[
    ("accounts", accounts::STATEMENTS),
    ("activity", activity::STATEMENTS),
    ("deletions", deletions::STATEMENTS),
    ("devices", devices::STATEMENTS),
    ("domain_health", domain_health::STATEMENTS),
    ("drafts", drafts::STATEMENTS),
    ("factors", factors::STATEMENTS),
    ("flashes", flashes::STATEMENTS),
    ("guesses", guesses::STATEMENTS),
    ("jobs", jobs::STATEMENTS),
    ("limits", limits::STATEMENTS),
    ("linked_accounts", linked_accounts::STATEMENTS),
    ("organisation_pages", organisation_pages::STATEMENTS),
    ("organisations", organisations::STATEMENTS),
    ("outbox", outbox::STATEMENTS),
    ("own_data", own_data::STATEMENTS),
    ("proposals", proposals::STATEMENTS),
    ("provider_flows", provider_flows::STATEMENTS),
    ("recovery", recovery::STATEMENTS),
    ("refused_tries", refused_tries::STATEMENTS),
    ("registration_counts", registration_counts::STATEMENTS),
    ("registrations", registrations::STATEMENTS),
    ("reseal", reseal::STATEMENTS),
    ("sessions", sessions::STATEMENTS),
    ("sign_ins", sign_ins::STATEMENTS),
    ("sweep", sweep::STATEMENTS),
    ("tokens", tokens::STATEMENTS),
    ("votes", votes::STATEMENTS),
];

async fn prepare_everything(url: &str) {
    let store = Store::connect(url).await.expect("the database opens");
    store.migrate().await.expect("the migrations run");
    let mut tx = store.begin().await.expect("a transaction begins");
    for (file, statements) in FILES {
        for (name, sql) in *statements {
            prepare(tx.conn(), &format!("{file}::{name}"), sql).await;
        }
    }
    for dialects in dialect::STATEMENTS {
        let sql = dialects.of(&tx.conn());
        prepare(tx.conn(), dialects.name, sql).await;
    }
    if matches!(tx.conn(), Conn::Postgres(_)) {
        for (name, sql) in dialect::OF_POSTGRES {
            prepare(tx.conn(), name, sql).await;
        }
    }
}

async fn prepare(conn: Conn<'_>, name: &str, sql: &'static str) {
    let error = match conn {
        Conn::Sqlite(conn) => conn.prepare(sql.into_sql_str()).await.err(),
        Conn::Postgres(conn) => conn.prepare(sql.into_sql_str()).await.err(),
    };
    assert!(error.is_none(), "{name}: {error:?}");
}

#[tokio::test]
async fn sqlite_understands_every_statement() {
    prepare_everything("sqlite::memory:").await;
}

#[tokio::test]
async fn postgres_understands_every_statement() {
    prepare_everything(&testkit::postgres::database().await).await;
}

#[test]
fn no_file_with_statements_is_forgotten() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("the source is there")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.is_file())
        .filter(|path| {
            let source = std::fs::read_to_string(path).expect("a text");
            source.lines().any(|line| line == "statements! {")
        })
        .map(|path| {
            path.file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    files.sort();
    let listed: Vec<&str> = FILES.iter().map(|(file, _)| *file).collect();
    assert_eq!(files, listed);
}

/// Red when a file is left out of the list in `migrations.rs`.
#[test]
fn both_engines_have_the_migrations_of_their_folders() {
    let listed = |migrator: &Migrator| -> Vec<String> {
        let name = |step: &Migration| format!("{:04} {}.sql", step.version, step.description);
        migrator.iter().map(name).collect()
    };
    for (migrator, folder) in [
        (&migrations::SQLITE, "migrations/sqlite"),
        (&migrations::POSTGRES, "migrations/postgres"),
    ] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .expect("a folder")
            .map(|file| {
                file.expect("a file")
                    .file_name()
                    .into_string()
                    .expect("a name")
            })
            .map(|name| name.replace('_', " "))
            .collect();
        files.sort();
        assert_eq!(listed(migrator), files);
    }
    assert_eq!(listed(&migrations::SQLITE), listed(&migrations::POSTGRES));
}

/// Passwords that were chosen before 0006 came: how long those are that a manager chose beside a
/// second factor, nobody knows any more.
async fn old_passwords_are_marked(url: &str) {
    let store = Store::connect(url).await.expect("the database opens");
    store.migrate().await.expect("the migrations run");
    let mut tx = store.begin().await.expect("a transaction begins");
    let organisation = Realm::Organisation("town".to_owned().into());
    // Whose the password is, when it was chosen, whether a second factor was set up at 5, and
    // whether it stands alone.
    let people = [
        ("before", Realm::BackOffice, 4, true, true),
        ("beside", Realm::BackOffice, 6, true, false),
        ("alone", Realm::BackOffice, 6, false, true),
        ("participant", organisation, 6, true, true),
    ];
    for (name, realm, chosen, factor, _) in &people {
        insert_person(&mut tx, name, realm, *chosen, *factor).await;
    }
    let steps = steps(&mut tx);
    let (_, whole) = steps.iter().find(|step| step.0 == 6).expect("a migration");
    let begin = whole.find("update accounts").expect("an update");
    run(&mut tx, &whole[begin..]).await;
    for (name, _, _, _, stands_alone) in people {
        let found = tx.account(&AccountId::from(name.to_owned())).await;
        let account = found.expect("a query").expect("an account");
        assert_eq!(account.password_stands_alone, stands_alone, "{name}");
    }
}

/// The migrations of this engine: number and text.
fn steps(tx: &mut Tx) -> Vec<(i64, String)> {
    let migrator = match tx.conn() {
        Conn::Sqlite(_) => &migrations::SQLITE,
        Conn::Postgres(_) => &migrations::POSTGRES,
    };
    let text = |step: &Migration| (step.version, step.sql.as_str().to_owned());
    migrator.iter().map(text).collect()
}

async fn run(tx: &mut Tx, sql: &str) {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    let done = match tx.conn() {
        Conn::Sqlite(conn) => conn.execute(sql).await.map(drop),
        Conn::Postgres(conn) => conn.execute(sql).await.map(drop),
    };
    done.expect("the statements run");
}

/// Sessions and begun sign-ins from before 0007: their one method becomes two steps.
async fn old_methods_become_steps(url: &str) {
    const SESSION: &str = "insert into sessions (id, realm, account_id, token_hash, method,
            created_at, proved_at, last_seen_at, network, user_agent)
        values ($1, 'back_office', 'ada', $2, $3, 1, 1, 1, '', '')";
    const SIGN_IN: &str = "insert into sign_ins (id, realm, account_id, token_hash,
            password_set_at, wrong_codes, created_at)
        values ('begun', 'back_office', 'ada', $1, 77, 1, 2)";
    let store = Store::connect(url).await.expect("the database opens");
    let mut tx = store.begin().await.expect("a transaction begins");
    let steps = steps(&mut tx);
    for (_, sql) in steps.iter().filter(|step| step.0 < 7) {
        run(&mut tx, sql).await;
    }
    insert_person(&mut tx, "ada", &Realm::BackOffice, 1, false).await;
    let methods = [
        ("password", None),
        ("password_totp", Some(SecondStep::Code)),
        ("password_recovery_code", Some(SecondStep::RecoveryCode)),
        ("password_device", Some(SecondStep::RememberedDevice)),
    ];
    for (number, (method, _)) in (1_u8..).zip(methods) {
        let hash = [number; 32];
        let done = execute!(tx.conn(), SESSION, method, hash.as_slice(), method);
        done.expect("a session");
    }
    let hash = [9; 32];
    execute!(tx.conn(), SIGN_IN, hash.as_slice()).expect("a sign-in");
    let (_, sql) = steps.iter().find(|step| step.0 == 7).expect("a migration");
    run(&mut tx, sql).await;
    let ada = AccountId::from("ada".to_owned());
    let sessions = tx.sessions_of(&ada).await.expect("a query");
    let first = FirstStep::Password;
    for (id, second) in methods {
        let found = sessions.iter().find(|session| session.id.as_str() == id);
        let method = found.expect("it is still there").method;
        assert_eq!(method, Method { first, second }, "{id}");
    }
    let found = tx.sign_in_by_token(&Realm::BackOffice, &hash).await;
    let begun = found.expect("a query").expect("it is still there");
    let since = Timestamp::from_millis(77);
    assert_eq!(begun.proof, FirstStepProof { first, since });
}

#[tokio::test]
async fn sqlite_keeps_how_old_sessions_were_opened() {
    old_methods_become_steps("sqlite::memory:").await;
}

#[tokio::test]
async fn postgres_keeps_how_old_sessions_were_opened() {
    old_methods_become_steps(&testkit::postgres::database().await).await;
}

/// Mails and password reset requests that waited when 0010 came are jobs afterwards.
async fn what_waited_becomes_a_job(url: &str) {
    const MAIL: &str = "insert into outbox (id, recipient, locale, kind, sealed, state, attempts,
            not_before, created_at)
        values ($1, 'Ada@Town.example', 'en', $1, $2, $3, 2, 30, 20)";
    const REQUEST: &str =
        "insert into reset_requests (id, sealed, created_at) values ('request', $1, 10)";
    let store = Store::connect(url).await.expect("the database opens");
    let mut tx = store.begin().await.expect("a transaction begins");
    let steps = steps(&mut tx);
    for (_, sql) in steps.iter().filter(|step| step.0 < 10) {
        run(&mut tx, sql).await;
    }
    let sealed: &[u8] = &[7];
    for (id, state) in [
        ("new_device", "queued"),
        ("password_reset", "queued"),
        ("sent", "sent"),
    ] {
        let done = execute!(tx.conn(), MAIL, id, sealed, state);
        done.expect("a mail");
    }
    execute!(tx.conn(), REQUEST, sealed).expect("a request");
    // And all later ones: what is read below is read by the statements of today.
    for (_, sql) in steps.iter().filter(|step| step.0 >= 10) {
        run(&mut tx, sql).await;
    }
    tx.commit().await.expect("a commit");
    for (id, kind, priority, payload) in [
        (
            "new_device",
            "send_mail",
            Priority::Notice,
            &b"new_device"[..],
        ),
        (
            "password_reset",
            "send_mail",
            Priority::Waiting,
            b"password_reset",
        ),
        ("request", "answer_reset_request", Priority::Waiting, sealed),
    ] {
        let now = Timestamp::from_millis(30);
        let which = DueJobs {
            kind,
            priority,
            now,
            full: &[],
            limit: 9,
        };
        let due = store.due_jobs(which).await.expect("a query");
        assert_eq!((due.len(), due[0].id.as_str()), (1, id));
        let leased = store.lease_jobs(&due, now, Duration::from_mins(1)).await;
        assert_eq!(leased.expect("a lease")[0].payload, payload);
    }
    let mails = store.mailbox(9).await.expect("a query");
    assert_eq!(mails.len(), 3, "they can still be read");
}

#[tokio::test]
async fn sqlite_keeps_what_waited() {
    what_waited_becomes_a_job("sqlite::memory:").await;
}

#[tokio::test]
async fn postgres_keeps_what_waited() {
    what_waited_becomes_a_job(&testkit::postgres::database().await).await;
}

async fn insert_person(tx: &mut Tx, name: &str, realm: &Realm, chosen: i64, factor: bool) {
    let id = AccountId::from(name.to_owned());
    let at = Timestamp::from_seconds;
    let email = Email::parse(&format!("{name}@town.example")).expect("an address");
    tx.insert_account(&NewAccount {
        id: id.clone(),
        realm: realm.clone(),
        email: &email,
        name: &DisplayName::parse(name).expect("a name"),
        locale: Locale::En,
        platform_role: None,
        created_at: at(1),
    })
    .await
    .expect("an account");
    // The schema is an old one: the statements of today may name columns that it has not.
    let sql = "update accounts set password_hash = 'hash', password_set_at = $2,
            email_confirmed_at = $2 where id = $1";
    let set = execute!(tx.conn(), sql, id.as_str(), at(chosen).as_millis());
    set.expect("a password");
    if factor {
        let factor = TotpFactor {
            account_id: id,
            secret_sealed: vec![1],
            confirmed_at: at(5),
            last_step: 0,
            last_used_at: at(5),
        };
        tx.insert_totp_factor(&factor).await.expect("a factor");
    }
}

#[tokio::test]
async fn sqlite_marks_old_passwords() {
    old_passwords_are_marked("sqlite::memory:").await;
}

#[tokio::test]
async fn postgres_marks_old_passwords() {
    old_passwords_are_marked(&testkit::postgres::database().await).await;
}
