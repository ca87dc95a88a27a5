//! What only the inside of the crate can test: its statements and its migrations.

use crate::{
    NewAccount, SetPassword, Store, TotpFactor, Tx, accounts, activity, conn::Conn, deletions,
    devices, dialect, drafts, factors, flashes, guesses, limits, linked_accounts, migrations,
    organisations, outbox, own_data, provider_flows, recovery, reset_requests, sessions, sign_ins,
    tokens, votes,
};
use domain::{AccountId, DisplayName, Email, Locale, Realm, Timestamp};
use sqlx::{Executor as _, SqlSafeStr as _};

/// The list of every file that has statements; the next test counts them against the source.
const FILES: &[(&str, &[(&str, &str)])] = &[
    ("accounts", accounts::STATEMENTS),
    ("activity", activity::STATEMENTS),
    ("deletions", deletions::STATEMENTS),
    ("devices", devices::STATEMENTS),
    ("drafts", drafts::STATEMENTS),
    ("factors", factors::STATEMENTS),
    ("flashes", flashes::STATEMENTS),
    ("guesses", guesses::STATEMENTS),
    ("limits", limits::STATEMENTS),
    ("linked_accounts", linked_accounts::STATEMENTS),
    ("organisations", organisations::STATEMENTS),
    ("outbox", outbox::STATEMENTS),
    ("own_data", own_data::STATEMENTS),
    ("provider_flows", provider_flows::STATEMENTS),
    ("recovery", recovery::STATEMENTS),
    ("reset_requests", reset_requests::STATEMENTS),
    ("sessions", sessions::STATEMENTS),
    ("sign_ins", sign_ins::STATEMENTS),
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

#[test]
fn both_engines_have_the_same_migrations() {
    let list = |migrator: &sqlx::migrate::Migrator| -> Vec<(i64, String)> {
        migrator
            .iter()
            .map(|step| (step.version, step.description.to_string()))
            .collect()
    };
    assert!(!list(&migrations::SQLITE).is_empty());
    assert_eq!(list(&migrations::SQLITE), list(&migrations::POSTGRES));
}

/// Passwords that were chosen before 0006 came: how long those are that a manager chose beside a
/// second factor, nobody knows any more.
async fn old_passwords_are_marked(url: &str) {
    let store = Store::connect(url).await.expect("the database opens");
    store.migrate().await.expect("the migrations run");
    let mut tx = store.begin().await.expect("a transaction begins");
    let town = Realm::Organisation("town".to_owned().into());
    // Whose the password is, when it was chosen, whether a second factor was set up at 5, and
    // whether it stands alone.
    let people = [
        ("before", Realm::BackOffice, 4, true, true),
        ("beside", Realm::BackOffice, 6, true, false),
        ("alone", Realm::BackOffice, 6, false, true),
        ("participant", town, 6, true, true),
    ];
    for (name, realm, chosen, factor, _) in &people {
        insert_person(&mut tx, name, realm, *chosen, *factor).await;
    }
    let migrator = match tx.conn() {
        Conn::Sqlite(_) => &migrations::SQLITE,
        Conn::Postgres(_) => &migrations::POSTGRES,
    };
    let step = migrator.iter().find(|step| step.version == 6);
    let whole = step.expect("a migration").sql.as_str().to_owned();
    let begin = whole.find("update accounts").expect("an update");
    let update = sqlx::AssertSqlSafe(whole[begin..].to_owned());
    let done = match tx.conn() {
        Conn::Sqlite(conn) => conn.execute(update).await.map(drop),
        Conn::Postgres(conn) => conn.execute(update).await.map(drop),
    };
    done.expect("the update runs");
    for (name, _, _, _, stands_alone) in people {
        let found = tx.account(&AccountId::from(name.to_owned())).await;
        let account = found.expect("a query").expect("an account");
        assert_eq!(account.password_stands_alone, stands_alone, "{name}");
    }
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
    let password = SetPassword {
        hash: "hash",
        at: at(chosen),
        stands_alone: true,
        confirms_email: true,
    };
    tx.set_password(&id, &password).await.expect("a password");
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
