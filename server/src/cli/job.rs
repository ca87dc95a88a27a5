//! `bpart job`: what waits to be done, and what was given up.

use super::say;
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use domain::{JobId, calendar, job::Priority};
use identity::Identity;
use store::{ListedJob, Store};

/// Jobs that are read at once.
const PART: u32 = 200;

#[derive(Debug, Subcommand)]
pub(super) enum Job {
    /// List the jobs that wait, run or were given up, one a line.
    List(List),
    /// Do a job once more that was given up.
    Retry(Retry),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only those that were given up.
    #[arg(long)]
    dead: bool,
}

#[derive(Debug, Args)]
pub(super) struct Retry {
    /// The job, as `bpart job list` names it.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    id: Option<String>,
    /// Every job that was given up.
    #[arg(long)]
    all: bool,
}

impl Job {
    pub(super) async fn run(self, identity: &Identity) -> anyhow::Result<()> {
        match self {
            Self::List(List { dead: true }) => list_dead(&identity.store).await,
            Self::List(List { dead: false }) => list(&identity.store).await,
            Self::Retry(Retry { id: Some(id), .. }) => retry(identity, &id).await,
            Self::Retry(Retry { id: None, .. }) => retry_all(identity).await,
        }
    }
}

async fn list(store: &Store) -> anyhow::Result<()> {
    let mut last = None;
    loop {
        let part = store.jobs(last.as_ref(), PART).await?;
        for job in &part {
            say(&line(job))?;
        }
        match part.into_iter().next_back() {
            Some(job) => last = Some(job.id),
            None => return Ok(()),
        }
    }
}

async fn list_dead(store: &Store) -> anyhow::Result<()> {
    let mut last: Option<ListedJob> = None;
    loop {
        let part = store.dead_jobs(last.as_ref(), PART).await?;
        for job in &part {
            say(&line(job))?;
        }
        match part.into_iter().next_back() {
            Some(job) => last = Some(job),
            None => return Ok(()),
        }
    }
}

async fn retry(identity: &Identity, id: &str) -> anyhow::Result<()> {
    let id = JobId::presented(id).context("this is no job’s identifier")?;
    if !identity.store.retry_job(&id, identity.clock.now()).await? {
        bail!("no job with this identifier was given up, or its mail was removed since");
    }
    say("The job waits to be done again.")
}

/// Those that were given up before now: some may be given up again while the others are read.
async fn retry_all(identity: &Identity) -> anyhow::Result<()> {
    let (store, began) = (&identity.store, identity.clock.now());
    let (mut last, mut retried) = (None, 0);
    loop {
        let mut part = store.dead_jobs(last.as_ref(), PART).await?;
        part.retain(|job| job.not_before < began);
        for job in &part {
            retried += u64::from(store.retry_job(&job.id, identity.clock.now()).await?);
        }
        match part.into_iter().next_back() {
            Some(job) => last = Some(job),
            None => return say(&format!("{retried} jobs wait to be done again.")),
        }
    }
}

/// Identifier, kind, state, priority, attempts, destination and the last error.
fn line(job: &ListedJob) -> String {
    let at = calendar::machine(job.not_before);
    let state = match (job.is_dead, job.leased_until) {
        (true, _) => format!("given up at {at}"),
        (false, Some(_)) => format!("leased until {at}"),
        (false, None) => format!("waits until {at}"),
    };
    let priority = match job.priority {
        Priority::Waiting => "waiting",
        Priority::Notice => "notice",
        Priority::Bulk => "bulk",
    };
    let (id, kind, attempts) = (&job.id, &job.kind, job.attempts);
    let to = job.destination.as_deref().unwrap_or("-");
    let error = job.last_error.as_deref().unwrap_or("-");
    format!("{id}\t{kind}\t{state}\t{priority}\t{attempts} attempts\t{to}\t{error}")
}
