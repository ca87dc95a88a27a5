//! `bpart organisation`: organisations, and their policies.

use super::say;
use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use domain::{DisplayName, Slug};
use identity::Identity;

#[derive(Debug, Subcommand)]
pub(super) enum Organisation {
    /// Create an organisation.
    Create(Create),
    /// Decide what an organisation accepts.
    Policy(Policy),
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// Part of its addresses: small letters, digits and hyphens.
    #[arg(long)]
    slug: String,
    /// Its name.
    #[arg(long)]
    name: String,
}

#[derive(Debug, Args)]
pub(super) struct Policy {
    /// The organisation's slug.
    #[arg(long)]
    slug: String,
    /// Whether a manager who signs in with Microsoft, and whom Microsoft asked for a second factor,
    /// is not asked for another one here. Every organisation of the manager must accept that.
    #[arg(long, value_enum, required_unless_present = "take_part_first")]
    accept_provider_factor: Option<Choice>,
    /// Whether a citizen may take part before the address is confirmed. What was done waits for that, and goes after 14
    /// days without it.
    #[arg(long, value_enum)]
    take_part_first: Option<Choice>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    Yes,
    No,
}

impl Organisation {
    pub(super) async fn run(self, identity: &Identity) -> anyhow::Result<()> {
        match self {
            Self::Create(new) => create(identity, new).await,
            Self::Policy(policy) => decide(identity, policy).await,
        }
    }
}

async fn create(identity: &Identity, new: Create) -> anyhow::Result<()> {
    let slug = Slug::parse(&new.slug).context("--slug")?;
    let name = DisplayName::parse(&new.name).context("--name")?;
    identity
        .create_organisation(slug, &name)
        .await
        .context("the organisation cannot be created")?;
    say("The organisation is created.")
}

async fn decide(identity: &Identity, policy: Policy) -> anyhow::Result<()> {
    let found = identity.store.organisation_by_slug(&policy.slug).await?;
    let found = found.context("--slug: there is none with this slug")?;
    let name = &found.name;
    if let Some(choice) = policy.take_part_first {
        let first = choice == Choice::Yes;
        let changed = identity.set_takes_part_first(&found.id, first).await?;
        say(&match (changed, first) {
            (false, _) => format!("{name}: it is so already."),
            (true, true) => format!("{name}: citizens take part first, and confirm afterwards."),
            (true, false) => format!("{name}: citizens confirm their address first."),
        })?;
    }
    let Some(choice) = policy.accept_provider_factor else {
        return Ok(());
    };
    let accepts = choice == Choice::Yes;
    let changed = identity.set_accepts_provider_factor(&found.id, accepts);
    say(&match (changed.await?, accepts) {
        (false, _) => format!("{name}: it is so already."),
        (true, true) => format!("{name}: a second factor of Microsoft’s is enough from now on."),
        (true, false) => format!("{name}: a second factor of ours is asked for from now on."),
    })
}
