//! `bpart registration`: how far registrations come.

use super::say;
use anyhow::Context as _;
use clap::{Args, Subcommand};
use domain::{Locale, calendar, funnel::Step};
use identity::Identity;
use std::collections::BTreeMap;

#[derive(Debug, Subcommand)]
pub(super) enum Registration {
    /// Show how many registrations of an organisation came to which step, by day, project and mail domain, and which mail
    /// domains refuse our mails.
    Funnel(Funnel),
}

#[derive(Debug, Args)]
pub(super) struct Funnel {
    /// The organisation's slug.
    #[arg(long)]
    organisation: String,
    /// So many days, today included (UTC).
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u64).range(1..=400))]
    days: u64,
}

impl Registration {
    pub(super) async fn run(self, identity: &Identity) -> anyhow::Result<()> {
        let Self::Funnel(Funnel { organisation, days }) = self;
        let found = identity.store.organisation_by_slug(&organisation).await?;
        let found = found.context("--organisation: there is none with this slug")?;
        identity.count_registrations().await?;
        let mut lines: BTreeMap<_, BTreeMap<Step, u64>> = BTreeMap::new();
        for count in identity.funnel(&found.id, days).await? {
            let line = (std::cmp::Reverse(count.day), count.project, count.domain);
            lines
                .entry(line)
                .or_default()
                .insert(count.step, count.count);
        }
        let steps = Step::ALL.map(Step::as_str);
        say(&format!("day\tproject\tdomain\t{}", steps.join("\t")))?;
        for ((day, project, domain), counts) in lines {
            let counts = Step::ALL.map(|step| counts.get(&step).copied().unwrap_or_default());
            let counts = counts.map(|count| count.to_string());
            let day = calendar::machine(day.0);
            let day = day.get(..10).unwrap_or(&day);
            say(&format!(
                "{day}\t{project}\t{domain}\t{}",
                counts.join("\t")
            ))?;
        }
        for trouble in identity.mail_troubles(Some(&found.id)).await? {
            let since = calendar::moment(trouble.since, Locale::En);
            let (refused, of, domain) = (trouble.refused, trouble.of, &trouble.domain);
            say(&format!(
                "{refused} of {of} mails to {domain} were refused since {since}."
            ))?;
        }
        Ok(())
    }
}
