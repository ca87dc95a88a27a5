//! `bpart audit`: whether the activity logs are as they were written.

use super::{find, say};
use crate::cli::Named;
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use domain::Realm;
use identity::{CommonError, Identity};
use store::{Account, Organisation};

/// Accounts that are read at once.
const PART: u32 = 200;

#[derive(Debug, Subcommand)]
pub(super) enum Audit {
    /// Check the activity log of every account and organisation: order, gaps, each line and the end.
    /// The exit code is 1 when something is wrong.
    Verify(Verify),
}

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The address of one account of the back office; all accounts when left out.
    #[arg(long)]
    email: Option<String>,
}

/// What was seen on the way.
#[derive(Default)]
struct Tally {
    accounts: u64,
    organisations: u64,
    lines: u64,
    organisation_lines: u64,
    older: u64,
    broken: u64,
    broken_organisations: u64,
    deletions: u64,
    forged: u64,
}

impl Audit {
    pub(super) async fn run(self, identity: &Identity) -> anyhow::Result<()> {
        let Self::Verify(Verify { email }) = self;
        let mut tally = Tally::default();
        if let Some(email) = email {
            let account = find(identity, &Named { email }).await?;
            tally.check(identity, &account).await?;
        } else {
            tally.check_all(identity).await?;
        }
        tally.conclude()
    }
}

impl Tally {
    async fn check_all(&mut self, identity: &Identity) -> anyhow::Result<()> {
        let mut last = None;
        loop {
            let part = identity.store.every_account(last.as_ref(), PART).await?;
            for account in &part {
                self.check(identity, account).await?;
            }
            match part.into_iter().next_back() {
                Some(account) => last = Some(account.id),
                None => break,
            }
        }
        for organisation in identity.store.organisations().await? {
            self.check_organisation(identity, &organisation).await?;
        }
        self.check_deletions(identity).await
    }

    async fn check_organisation(
        &mut self,
        identity: &Identity,
        organisation: &Organisation,
    ) -> anyhow::Result<()> {
        let chain = match identity.check_organisation_activity(organisation).await {
            // It was deleted while the others were checked.
            Err(CommonError::NoOrganisation) => return Ok(()),
            chain => chain.with_context(|| organisation.id.to_string())?,
        };
        self.organisations += 1;
        self.organisation_lines += chain.lines;
        self.older += chain.older;
        self.broken_organisations += u64::from(!chain.holds());
        for fault in &chain.faults {
            let slug = &organisation.slug;
            say(&format!("{slug} (organisation): {fault}."))?;
        }
        Ok(())
    }

    /// The deletion of an account left a record, which is signed like a line.
    async fn check_deletions(&mut self, identity: &Identity) -> anyhow::Result<()> {
        let found = identity.check_deletions().await?;
        self.deletions = found.records;
        self.forged = found.altered.len() as u64;
        for account in &found.altered {
            say(&format!(
                "{account} (deleted): the record is not as it was written."
            ))?;
        }
        Ok(())
    }

    async fn check(&mut self, identity: &Identity, account: &Account) -> anyhow::Result<()> {
        let chain = match identity.check_activity(account).await {
            // It was removed while the others were checked.
            Err(CommonError::NoAccount) => return Ok(()),
            chain => chain.with_context(|| account.id.to_string())?,
        };
        self.accounts += 1;
        self.lines += chain.lines;
        self.older += chain.older;
        self.broken += u64::from(!chain.holds());
        for fault in &chain.faults {
            let place = place(identity, account).await?;
            say(&format!("{} ({place}): {fault}.", account.email))?;
        }
        Ok(())
    }

    fn conclude(&self) -> anyhow::Result<()> {
        let Self {
            accounts,
            organisations,
            lines,
            organisation_lines,
            older,
            broken,
            broken_organisations,
            deletions,
            forged,
        } = self;
        say(&format!("Checked: {accounts} accounts, {lines} lines."))?;
        if *organisation_lines > 0 || *broken_organisations > 0 {
            say(&format!(
                "Checked: {organisations} organisations, {organisation_lines} lines."
            ))?;
        }
        if *older > 0 {
            say(&format!(
                "Not checked: {older} lines that are older than the chain."
            ))?;
        }
        if *deletions > 0 {
            say(&format!(
                "Deleted at their owners’ wish: {deletions} accounts."
            ))?;
        }
        if *forged > 0 {
            bail!("the records of {forged} deletions are not as they were written");
        }
        if *broken > 0 {
            bail!("the activity log of {broken} accounts is not as it was written");
        }
        if *broken_organisations > 0 {
            bail!(
                "the activity log of {broken_organisations} organisations is not as it was written"
            );
        }
        say("Every line is as it was written, and none is missing.")
    }
}

/// Where an account is at home.
async fn place(identity: &Identity, account: &Account) -> anyhow::Result<String> {
    let Realm::Organisation(id) = &account.realm else {
        return Ok("back office".to_owned());
    };
    let found = identity.store.organisation(id).await?;
    Ok(found.map_or_else(
        || id.to_string(),
        |organisation| organisation.slug.to_string(),
    ))
}
