//! `bpart organisation`: organisations, and their policies.

use super::{Language, say};
use anyhow::{Context as _, ensure};
use clap::{Args, Subcommand, ValueEnum};
use domain::{
    DisplayName, Email, Slug,
    colour::Colour,
    organisation_text::{OwnText, TextKind},
};
use identity::{DrawnLogo, Identity};
use std::{fs, io, path::PathBuf};

#[derive(Debug, Subcommand)]
pub(super) enum Organisation {
    /// Create an organisation.
    Create(Create),
    /// Decide what an organisation accepts.
    Policy(Policy),
    /// Set the logo and the colour of its pages, and whom its mails are from.
    Look(Look),
    /// Set what it writes itself on its pages.
    Text(Text),
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

#[derive(Debug, Args)]
pub(super) struct Look {
    /// The organisation's slug.
    #[arg(long)]
    slug: String,
    /// The colour of links and buttons on its pages, like `#0b5c63`; empty for the platform's.
    #[arg(long, required_unless_present_any = ["logo", "sender_name", "reply_to"])]
    colour: Option<String>,
    /// The logo in the head of its pages: a PNG file of at most 256 KiB; empty for the platform's mark. In dark pages it
    /// stands on white.
    #[arg(long, value_name = "FILE")]
    logo: Option<PathBuf>,
    /// Take the nearest readable shade of the colour.
    #[arg(long)]
    nearest: bool,
    /// The name that its mails come from; empty for the platform's.
    #[arg(long)]
    sender_name: Option<String>,
    /// The address that answers to its mails go to; empty for the support of the platform.
    #[arg(long)]
    reply_to: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Text {
    /// The organisation's slug.
    #[arg(long)]
    slug: String,
    /// What the text is for.
    #[arg(long, value_enum)]
    kind: Kind,
    /// Its language. In the other one the page shows it too, as long as there is none of its own.
    #[arg(long, value_enum)]
    language: Language,
    /// A file with plain text, paragraphs separated by empty lines; `-` for the standard input. An empty one removes it.
    file: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Above the form for registering.
    Welcome,
    /// The privacy notice.
    Privacy,
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
            Self::Look(look) => set_look(identity, look).await,
            Self::Text(text) => set_text(identity, text).await,
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

async fn set_look(identity: &Identity, look: Look) -> anyhow::Result<()> {
    let found = identity.store.organisation_by_slug(&look.slug).await?;
    let mut organisation = found.context("--slug: there is none with this slug")?;
    if let Some(text) = look.colour {
        organisation.colour = optional(&text, |text| colour(text, look.nearest))?;
    }
    if let Some(text) = look.sender_name {
        let name = |text: &str| DisplayName::parse(text).context("--sender-name");
        organisation.sender_name = optional(&text, |text| Ok(name(text)?.as_str().to_owned()))?;
    }
    if let Some(text) = look.reply_to {
        let address = |text: &str| Email::parse(text).context("--reply-to");
        organisation.reply_to = optional(&text, |text| Ok(address(text)?.as_str().to_owned()))?;
    }
    let mut changed = identity.set_organisation_look(&organisation).await?;
    if let Some(path) = look.logo {
        let empty = path.as_os_str().is_empty();
        let file = (!empty).then(|| fs::read(&path)).transpose();
        let file = file.with_context(|| format!("--logo: {}", path.display()))?;
        let logo = file.map(|file| DrawnLogo::of_png(&file)).transpose();
        let logo = logo.context("--logo")?;
        changed |= identity.set_logo(&organisation.id, logo.as_ref()).await?;
    }
    let name = &organisation.name;
    say(&if changed {
        format!("{name}: it is set.")
    } else {
        format!("{name}: it is so already.")
    })
}

async fn set_text(identity: &Identity, text: Text) -> anyhow::Result<()> {
    let found = identity.store.organisation_by_slug(&text.slug).await?;
    let organisation = found.context("--slug: there is none with this slug")?;
    let words = if text.file.as_os_str() == "-" {
        io::read_to_string(io::stdin())
    } else {
        fs::read_to_string(&text.file)
    };
    let words = words.with_context(|| text.file.display().to_string())?;
    let kind = match text.kind {
        Kind::Welcome => TextKind::Welcome,
        Kind::Privacy => TextKind::Privacy,
    };
    let words = OwnText::parse(kind, &words)?;
    identity
        .set_organisation_text(&organisation.id, text.language.into(), &words)
        .await?;
    say(&format!("{}: it is set.", organisation.name))
}

/// A value, or none where nothing is written.
fn optional(
    text: &str,
    parse: impl FnOnce(&str) -> anyhow::Result<String>,
) -> anyhow::Result<Option<String>> {
    (!text.is_empty()).then(|| parse(text)).transpose()
}

/// A colour that can be read, or the shade of it that can.
fn colour(text: &str, nearest: bool) -> anyhow::Result<String> {
    let colour = Colour::parse(text).context("--colour: expected six digits, like #0b5c63")?;
    let shade = colour.nearest_readable();
    ensure!(
        nearest || colour.is_readable(),
        "--colour: {colour} cannot be read on our pages. The nearest readable shade is {shade}: take it with --nearest"
    );
    Ok(shade.to_string())
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
