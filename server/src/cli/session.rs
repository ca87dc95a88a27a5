//! `bpart session`: where people are signed in.

use super::{Named, find, say};
use anyhow::Context as _;
use clap::{Args, Subcommand};
use domain::{Email, Realm};
use identity::{CommonError, Error, Identity};
use store::Account;

/// Accounts that are read at once.
const PART: u32 = 200;

#[derive(Debug, Subcommand)]
pub(super) enum Session {
    /// End sessions: of one account, or of everybody. Nobody is locked out, and everybody can sign in again.
    End(End),
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Whose {
    /// The address of one account.
    #[arg(long)]
    email: Option<String>,
    /// Every account, in the back office and at all organisations.
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Args)]
pub(super) struct End {
    #[command(flatten)]
    whose: Whose,
    /// The slug of the organisation whose participant the account is; without it, the account is one of the back office.
    #[arg(long, requires = "email", conflicts_with = "all")]
    participant_of: Option<String>,
}

impl Session {
    pub(super) async fn run(self, identity: &Identity) -> anyhow::Result<()> {
        let Self::End(End {
            whose,
            participant_of,
        }) = self;
        let ended = match whose.email {
            Some(email) => {
                let account = account(identity, email, participant_of).await?;
                identity.end_sessions_of(&account.id).await?
            }
            None => end_all(identity).await?,
        };
        say(&format!("{ended} sessions were ended."))
    }
}

async fn account(
    identity: &Identity,
    email: String,
    participant_of: Option<String>,
) -> anyhow::Result<Account> {
    let Some(slug) = participant_of else {
        return find(identity, &Named { email }).await;
    };
    let organisation = identity.store.organisation_by_slug(&slug).await?;
    let organisation = organisation.context("--participant-of: there is none with this slug")?;
    let email = Email::parse(&email).context("--email")?;
    let realm = Realm::Organisation(organisation.id);
    let key = email.key();
    let found = identity.store.account_by_email(&realm, &key);
    found.await?.context("there is no such account")
}

async fn end_all(identity: &Identity) -> anyhow::Result<u64> {
    let (mut ended, mut last) = (0, None);
    loop {
        let part = identity.store.every_account(last.as_ref(), PART).await?;
        for account in &part {
            if identity.store.sessions_of(&account.id).await?.is_empty() {
                continue;
            }
            match identity.end_sessions_of(&account.id).await {
                Ok(count) => ended += count,
                // It was deleted meanwhile.
                Err(Error::Common(CommonError::NoAccount)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        match part.into_iter().next_back() {
            Some(account) => last = Some(account.id),
            None => return Ok(ended),
        }
    }
}
