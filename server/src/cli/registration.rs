//! `bpart registration`: how far registrations come.

use super::{Language, say};
use anyhow::Context as _;
use app::{locale, words};
use clap::{Args, Subcommand};
use contract::{MailTrouble, Moment};
use domain::{
    Locale, calendar,
    funnel::{Step, Trouble},
};
use identity::Identity;
use std::{cmp::Reverse, collections::BTreeMap};
use store::Organisation;

#[derive(Debug, Subcommand)]
pub(super) enum Registration {
    /// Show how many registrations came to which step, by day, project and mail domain, and which mail domains refused our
    /// mails in the last 24 hours.
    Funnel(Funnel),
}

#[derive(Debug, Args)]
pub(super) struct Funnel {
    /// The slug of an organisation; all organisations when left out.
    #[arg(long)]
    organisation: Option<String>,
    /// So many days, today included (UTC).
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u64).range(1..=400))]
    days: u64,
    /// The language of the sentences.
    #[arg(long, value_enum, default_value = "en")]
    language: Language,
}

impl Registration {
    pub(super) async fn run(self, identity: &Identity) -> anyhow::Result<()> {
        let Self::Funnel(funnel) = self;
        let only = match funnel.organisation {
            Some(slug) => {
                let found = identity.store.organisation_by_slug(&slug).await?;
                Some(found.context("--organisation: there is none with this slug")?)
            }
            None => None,
        };
        let one = only.as_ref().map(|organisation| organisation.id.clone());
        let organisations = match only {
            Some(organisation) => vec![organisation],
            None => identity.store.organisations().await?,
        };
        identity.count_registrations().await?;
        let steps = Step::ALL.map(Step::as_str).join("\t");
        say(&format!("day\torganisation\tproject\tdomain\t{steps}"))?;
        for organisation in &organisations {
            show_counts(identity, organisation, funnel.days).await?;
        }
        let locale = funnel.language.into();
        for trouble in identity.mail_troubles(one.as_ref()).await? {
            say(&sentence(trouble, locale))?;
        }
        Ok(())
    }
}

/// A line for each day, project and mail domain of an organisation, the newest day first.
async fn show_counts(
    identity: &Identity,
    organisation: &Organisation,
    days: u64,
) -> anyhow::Result<()> {
    let mut lines: BTreeMap<_, BTreeMap<Step, u64>> = BTreeMap::new();
    for count in identity.funnel(&organisation.id, days).await? {
        let line = (Reverse(count.day), count.project, count.domain);
        let steps = lines.entry(line).or_default();
        steps.insert(count.step, count.count);
    }
    let slug = &organisation.slug;
    for ((day, project, domain), counts) in lines {
        let count = |step| counts.get(&step).copied().unwrap_or_default().to_string();
        let counts = Step::ALL.map(count).join("\t");
        let day = calendar::machine(day.0);
        let day = day.get(..10).unwrap_or(&day);
        say(&format!("{day}\t{slug}\t{project}\t{domain}\t{counts}"))?;
    }
    Ok(())
}

fn sentence(trouble: Trouble, locale: Locale) -> String {
    let trouble = MailTrouble {
        domain: trouble.domain,
        refused: trouble.refused,
        of: trouble.of,
        since: Moment {
            text: calendar::moment(trouble.since, locale),
            machine: calendar::machine(trouble.since),
        },
    };
    words::funnel::mail_trouble(locale::texts(locale), &trouble)
}
