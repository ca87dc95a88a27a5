//! The demo: two towns, their projects, an account in every state, and a registration in every state.
//!
//! Everything here is invented and public: passwords stand on the sign-in page. So the demo
//! refuses a database that it did not fill itself, and a listener that others could reach.

mod citizens;
mod clock;
mod fill;
mod towns;

use crate::{
    AppState, Config, serve,
    state::{Outside, open_identity},
};
use anyhow::{Context as _, bail};
use citizens::CITIZENS;
use clock::DemoClock;
use contract::{DemoAccount, DemoState};
use data_encoding::BASE32_NOPAD;
use domain::Locale;
use identity::Identity;
use std::{fmt::Write as _, io::Write as _, sync::Arc};

/// Somebody of the demo.
pub struct Person {
    /// The address; `example` domains belong to nobody (RFC 2606).
    pub email: &'static str,
    /// The name.
    pub name: &'static str,
    /// The town whose participant she is; none for people of the back office.
    pub participant_of: Option<&'static str>,
    /// The password, or none yet.
    pub password: Option<&'static str>,
    /// The language of mails.
    pub locale: Locale,
    /// What is special about the account.
    pub state: DemoState,
    /// The TOTP secret, when two-factor is on.
    pub totp_secret: Option<&'static [u8; 20]>,
}

/// The people.
pub const PEOPLE: [Person; 10] = [
    Person {
        email: "manager@bellerive.example",
        name: "Odile Marchal",
        participant_of: None,
        password: Some("quiet harbour seven lanterns"),
        locale: Locale::En,
        state: DemoState::Plain,
        totp_secret: None,
    },
    Person {
        email: "secure@bellerive.example",
        name: "Tomas Verhaegen",
        participant_of: None,
        password: Some("copper bridge under the rain"),
        locale: Locale::En,
        state: DemoState::TwoFactor,
        totp_secret: Some(b"demo-secret-number-1"),
    },
    Person {
        email: "contenu@montclair.example",
        name: "Hélène Dufour",
        participant_of: None,
        password: Some("trois moulins dans la brume"),
        locale: Locale::Fr,
        state: DemoState::French,
        totp_secret: None,
    },
    Person {
        email: "invited@bellerive.example",
        name: "Ingrid Peeters",
        participant_of: None,
        password: None,
        locale: Locale::En,
        state: DemoState::Invited,
        totp_secret: None,
    },
    Person {
        email: "locked@montclair.example",
        name: "Lucas Renard",
        participant_of: None,
        password: Some("grey pigeons on the roof"),
        locale: Locale::Fr,
        state: DemoState::Locked,
        totp_secret: None,
    },
    Person {
        email: "leaving@montclair.example",
        name: "Rosa Lindqvist",
        participant_of: None,
        password: Some("the last tram leaves at noon"),
        locale: Locale::En,
        state: DemoState::Leaving,
        totp_secret: None,
    },
    Person {
        email: "agent@support.example",
        name: "Amina Colson",
        participant_of: None,
        password: Some("patient answers every morning"),
        locale: Locale::En,
        state: DemoState::Agent,
        totp_secret: None,
    },
    Person {
        email: "claire@citizens.example",
        name: "Claire Dumont",
        participant_of: Some("bellerive"),
        password: Some("le marché du samedi matin"),
        locale: Locale::Fr,
        state: DemoState::Participant,
        totp_secret: None,
    },
    Person {
        email: "newcomer@citizens.example",
        name: "Noah Lefèvre",
        participant_of: Some("bellerive"),
        password: Some("seventeen herons by the lock"),
        locale: Locale::En,
        state: DemoState::Unconfirmed,
        totp_secret: None,
    },
    // The same address as in the other town, and nothing else in common.
    Person {
        email: "claire@citizens.example",
        name: "Claire Dumont",
        participant_of: Some("montclair"),
        password: Some("un vélo rouge sous le pont"),
        locale: Locale::Fr,
        state: DemoState::Participant,
        totp_secret: None,
    },
];

/// Fills an empty database, prints who can sign in, and serves.
pub async fn run(config: Config) -> anyhow::Result<()> {
    if !config.listen.ip().is_loopback() {
        bail!("the demo serves on loopback only: its passwords are public");
    }
    config.ready_to_serve()?;
    let (clock, outside) = outside(Outside::default());
    let identity = open_identity(&config, outside).await?;
    prepare(&identity, &clock).await?;
    let origin = config.origin();
    let state = AppState::new(config, identity, accounts())?;
    serve::run(state, serve::signal()?, |address| {
        announce(&origin, address);
    })
    .await
}

/// The same, with a clock that can be set back.
fn outside(outside: Outside) -> (Arc<DemoClock>, Outside) {
    let clock = Arc::new(DemoClock::new(outside.clock));
    let outside = Outside {
        clock: Arc::<DemoClock>::clone(&clock),
        ..outside
    };
    (clock, outside)
}

/// Fills the database when it is empty; goes on with it when it is the demo's own.
async fn prepare(identity: &Identity, clock: &DemoClock) -> anyhow::Result<()> {
    let (store, realm) = (&identity.store, &domain::Realm::BackOffice);
    if store.accounts(realm, None, 1).await?.is_empty() {
        fill::town(identity, clock)
            .await
            .map(drop)
            .context("the demo town cannot be built")
    } else if store
        .account_by_email(realm, &domain::email_key(PEOPLE[0].email))
        .await?
        .is_some()
    {
        Ok(())
    } else {
        bail!(
            "this database holds accounts that are not the demo's: choose another BPART_DATABASE_URL"
        )
    }
}

/// The people as the sign-in page lists them.
pub fn accounts() -> Vec<DemoAccount> {
    let account = |person: &Person| DemoAccount {
        email: person.email.to_owned(),
        organisation: person.participant_of.map(str::to_owned),
        password: person.password.map(str::to_owned),
        state: person.state,
        totp_secret: person.totp_secret.map(|secret| BASE32_NOPAD.encode(secret)),
    };
    PEOPLE.iter().map(account).collect()
}

/// Prints addresses and accounts for the person at the terminal.
fn announce(origin: &str, address: std::net::SocketAddr) {
    let mut text = format!(
        "\nThe demo town is open at {origin} (listening on {address})\n\n\
         \x20 Sign in      {origin}/sign-in      French: {origin}/fr/sign-in\n\
         \x20 A project    {origin}/p/bellerive/quay\n\
         \x20 Help         {origin}/help\n\
         \x20 Mailbox      {origin}/mailbox      everything that was mailed\n\
         \x20 Components   {origin}/components\n\nWho can sign in:\n\n"
    );
    for person in &PEOPLE {
        let password = person.password.unwrap_or("(link in the mailbox)");
        let state = match person.state {
            DemoState::Plain => "manager, no second factor",
            DemoState::TwoFactor => "manager of both towns, two-factor on",
            DemoState::French => "content manager, reads French",
            DemoState::Invited => "invited, no password yet",
            DemoState::Locked => "locked",
            DemoState::Leaving => "will be deleted in seven days",
            DemoState::Agent => "support agent",
            DemoState::Participant => "participant",
            DemoState::Unconfirmed => "participant, address not confirmed",
        };
        let town = person
            .participant_of
            .map(|town| format!(" of {town}"))
            .unwrap_or_default();
        let _ = writeln!(text, "  {:<28} {password:<32} {state}{town}", person.email);
        if let Some(secret) = person.totp_secret {
            let secret = BASE32_NOPAD.encode(secret);
            let _ = writeln!(text, "  {:<28} code: oathtool --totp -b {secret}", "");
        }
    }
    let _ = writeln!(
        text,
        "\nWho registered in Bellerive of late (password: {}):\n",
        citizens::PASSWORD
    );
    for citizen in &CITIZENS {
        let _ = writeln!(text, "  {:<28} {}", citizen.email, citizen.state);
    }
    text.push_str("\nCtrl-C stops it.\n");
    let _ = std::io::stdout().write_all(text.as_bytes());
}
