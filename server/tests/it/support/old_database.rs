//! A server on a database that an older version of the program filled.
//!
//! `server/tests/fixtures` holds what the program at commit e80143f left behind on each engine: a dump
//! of its database, its key, and the passwords, cookies and links that it had given to people. All of
//! it was made for these tests. Migrations and changed code must leave every one of them valid.

use super::{
    Engine, Person, Settings, TestServer, Visitor,
    providers::{Stage, start},
};
use contract::Door;
use domain::{Duration, Realm};
use serde_json::Value;
use std::{fs, ops::Deref, path::Path};
use testkit::{FixedClock, Phone};

/// The server, and what people hold since before its start.
pub struct OldDatabase {
    /// The server and the two providers.
    pub stage: Stage,
    /// What the fixture says of people, mails and lines of the log.
    pub secrets: Value,
}

/// A test for each engine on the stored database.
macro_rules! on_old_databases {
    ($($test:ident),+ $(,)?) => {
        $crate::support::tests!($crate::support::old_database::run, on_sqlite Sqlite: $($test),+);
        $crate::support::tests!($crate::support::old_database::run, on_postgres Postgres: $($test),+);
    };
}
pub(crate) use on_old_databases;

/// Runs a test on the stored database, at the time when it was left.
pub async fn run(engine: Engine, settings: &[Settings], test: impl AsyncFnOnce(&OldDatabase)) {
    let old = OldDatabase::start(engine, &settings.concat()).await;
    test(&old).await;
    old.stage.server.stop().await;
}

impl OldDatabase {
    /// Starts the program on a copy.
    pub async fn start(engine: Engine, settings: &[(&'static str, &'static str)]) -> Self {
        let [mut sql, secrets] = ["sql", "json"].map(|kind| read(engine, kind));
        let secrets: Value = serde_json::from_str(&secrets).unwrap();
        let key = secrets["key"].as_str().unwrap();
        let clock = FixedClock::default();
        let passed = secrets["seconds"].as_u64().unwrap();
        clock.advance(Duration::from_secs(passed));
        let (google, microsoft, own) = start(&clock).await;
        // The providers of this test listen elsewhere.
        for (number, provider) in [&google, &microsoft].into_iter().enumerate() {
            let before = secrets["issuers"][number].as_str().unwrap();
            sql = sql.replace(before, &format!("http://{}", provider.address()));
        }
        let own = [own, super::ONE_TENANT.to_vec(), settings.to_vec()].concat();
        let stage = Stage {
            server: TestServer::start_on((engine, &sql, key), &own, clock).await,
            google,
            microsoft,
        };
        Self { stage, secrets }
    }

    /// One of what somebody holds: a link, a code.
    pub fn text(&self, who: &str, what: &str) -> &str {
        let text = self.secrets["people"][who][what].as_str();
        text.unwrap_or_else(|| panic!("the fixture has no {what} of {who}"))
    }

    /// Somebody with an account.
    pub async fn person(&self, who: &str) -> Person {
        let is_participant = self.secrets["people"][who]["participant"] == true;
        let (door, realm) = if is_participant {
            let store = &self.identity().store;
            let found = store.organisation_by_slug("bellerive").await.unwrap();
            let realm = Realm::Organisation(found.unwrap().id);
            (self.platform("bellerive").await, realm)
        } else {
            (Door::BackOffice, Realm::BackOffice)
        };
        let email = self.text(who, "email");
        // A test reads what it causes itself.
        self.ignore_mail_to(email).await;
        let store = &self.identity().store;
        let account = store.account_by_email(&realm, email).await.unwrap();
        let secret = self.secrets["people"][who]["secret"].as_str();
        Person {
            id: account.unwrap_or_else(|| panic!("no account of {who}")).id,
            email: email.to_owned(),
            name: self.text(who, "name").to_owned(),
            password: self.text(who, "password").to_owned(),
            phone: secret.map(|secret| Phone::with_secret(secret, &self.clock)),
            door,
        }
    }

    /// The person's browser, with the cookies of this name in the fixture.
    pub async fn browser(&self, who: &str, cookies: &str) -> Visitor {
        let person = self.person(who).await;
        let mut visitor = self.visitor().through(&person.door);
        let jar = self.secrets["people"][who][cookies].as_object().unwrap();
        for (name, value) in jar {
            visitor.jar.plant(name, value.as_str().unwrap());
        }
        visitor
    }
}

impl Deref for OldDatabase {
    type Target = TestServer;

    fn deref(&self) -> &TestServer {
        &self.stage.server
    }
}

fn read(engine: Engine, kind: &str) -> String {
    let name = match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    fs::read_to_string(folder.join(format!("{name}.{kind}"))).unwrap()
}
