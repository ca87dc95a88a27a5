//! `bpart project`: the projects of an organisation, what people may do there, and who reads the private ones.

use super::say;
use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use domain::{DisplayName, Email, Slug};
use identity::{Identity, NewProject};
use std::{fs, path::PathBuf};
use store::{Organisation, Project as Found};

#[derive(Debug, Subcommand)]
pub(super) enum Project {
    /// Create a project. It takes registrations and sign-ins, and everybody can read it.
    Create(Create),
    /// List the projects of an organisation.
    List(Of),
    /// Decide what people may do in a project.
    Set(Set),
    /// Put addresses on the list of those who may read a private project.
    Allow(Readers),
    /// Take addresses off that list.
    Disallow(Readers),
}

#[derive(Debug, Args)]
pub(super) struct Of {
    /// The organisation's slug.
    #[arg(long)]
    organisation: String,
}

#[derive(Debug, Args)]
pub(super) struct Named {
    #[command(flatten)]
    of: Of,
    /// The project's slug.
    #[arg(long)]
    slug: String,
}

#[derive(Debug, Args)]
pub(super) struct Create {
    #[command(flatten)]
    named: Named,
    /// Its name in English.
    #[arg(long)]
    name_en: String,
    /// Its name in French.
    #[arg(long)]
    name_fr: String,
    /// A file of plain text that describes it in English; an empty line ends a paragraph.
    #[arg(long)]
    description_en: Option<PathBuf>,
    /// The same in French.
    #[arg(long)]
    description_fr: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Set {
    #[command(flatten)]
    named: Named,
    /// Whether people can register there.
    #[arg(long, value_enum, required_unless_present_any = ["sign_in", "private"])]
    registration: Option<Switch>,
    /// Whether people can sign in there. Those who are signed in stay so.
    #[arg(long, value_enum)]
    sign_in: Option<Switch>,
    /// Whether only the addresses of its list can read it.
    #[arg(long, value_enum)]
    private: Option<Choice>,
}

#[derive(Debug, Args)]
pub(super) struct Readers {
    #[command(flatten)]
    named: Named,
    /// An address; may be given several times.
    #[arg(long, required = true)]
    email: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Switch {
    On,
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    Yes,
    No,
}

impl Project {
    pub(super) async fn run(self, identity: &Identity) -> anyhow::Result<()> {
        match self {
            Self::Create(new) => create(identity, new).await,
            Self::List(of) => list(identity, &of).await,
            Self::Set(set) => decide(identity, set).await,
            Self::Allow(readers) => change_list(identity, readers, true).await,
            Self::Disallow(readers) => change_list(identity, readers, false).await,
        }
    }
}

async fn organisation(identity: &Identity, of: &Of) -> anyhow::Result<Organisation> {
    let found = identity.store.organisation_by_slug(&of.organisation);
    let found = found.await?;
    found.context("--organisation: there is none with this slug")
}

async fn project(identity: &Identity, named: &Named) -> anyhow::Result<Found> {
    let organisation = organisation(identity, &named.of).await?;
    let projects = identity.store.projects(&organisation.id).await?;
    let found = projects
        .into_iter()
        .find(|project| *project.slug == *named.slug);
    found.context("--slug: the organisation has no project with this slug")
}

async fn create(identity: &Identity, new: Create) -> anyhow::Result<()> {
    let organisation = organisation(identity, &new.named.of).await?;
    let slug = Slug::parse(&new.named.slug).context("--slug")?;
    let text = |path: Option<PathBuf>| {
        path.map_or(Ok(String::new()), |path| {
            fs::read_to_string(&path).with_context(|| path.display().to_string())
        })
    };
    let new = NewProject {
        slug,
        names: [
            DisplayName::parse(&new.name_en).context("--name-en")?,
            DisplayName::parse(&new.name_fr).context("--name-fr")?,
        ],
        descriptions: [text(new.description_en)?, text(new.description_fr)?],
    };
    identity
        .create_project(&organisation.id, new)
        .await
        .context("the project cannot be created")?;
    say("The project is created.")
}

async fn list(identity: &Identity, of: &Of) -> anyhow::Result<()> {
    let organisation = organisation(identity, of).await?;
    for project in identity.store.projects(&organisation.id).await? {
        say(&describe(&project))?;
    }
    Ok(())
}

fn describe(project: &Found) -> String {
    let on = |is_on| if is_on { "on" } else { "off" };
    format!(
        "{}\tregistration {}\tsign-in {}\t{}\t{}",
        project.slug,
        on(project.takes_registrations),
        on(project.takes_sign_ins),
        if project.is_private {
            "private"
        } else {
            "public"
        },
        project.name_en
    )
}

async fn decide(identity: &Identity, set: Set) -> anyhow::Result<()> {
    let mut project = project(identity, &set.named).await?;
    if let Some(switch) = set.registration {
        project.takes_registrations = switch == Switch::On;
    }
    if let Some(switch) = set.sign_in {
        project.takes_sign_ins = switch == Switch::On;
    }
    if let Some(choice) = set.private {
        project.is_private = choice == Choice::Yes;
    }
    if !identity.set_project_access(&project).await? {
        return say("It is so already.");
    }
    say(&describe(&project))
}

async fn change_list(identity: &Identity, readers: Readers, allow: bool) -> anyhow::Result<()> {
    let project = project(identity, &readers.named).await?;
    let parsed = readers.email.iter().map(|text| {
        Email::parse(text).with_context(|| format!("--email {text}: this is no address"))
    });
    let addresses = parsed.collect::<anyhow::Result<Vec<_>>>()?;
    let changed = identity.change_project_readers(&project, &addresses, allow);
    let changed = changed.await?;
    say(&if allow {
        format!("{changed} addresses were put on the list.")
    } else {
        format!("{changed} addresses were taken off the list.")
    })?;
    if allow && !project.is_private {
        say("Everybody can read this project: see `bpart project set --private yes`.")?;
    }
    Ok(())
}
