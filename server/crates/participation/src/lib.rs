//! The use cases of taking part: supporting proposals, one voice a person.
//!
//! A support of somebody whose address is not confirmed waits with the registration
//! ([`Participation::wait`]); `identity` counts it in the transaction that confirms the address.

use domain::{
    AccountId, ProjectId, ProposalId, Realm, RegistrationId, limit::SUPPORTS_PER_ACCOUNT,
};
use std::sync::Arc;
use store::{Account, Organisation, Project, Proposal, ShownProposal};
use unit_of_work::{Actor, Client, Error, Result, Services, SignedIn, UnitOfWork, supports_bucket};

/// The use cases of taking part.
pub struct Participation {
    services: Arc<Services>,
}

impl Participation {
    /// The use cases over these services.
    pub const fn new(services: Arc<Services>) -> Self {
        Self { services }
    }

    /// The proposals of a project, as this account and this registration see them.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn proposals(
        &self,
        project: &ProjectId,
        account: Option<&AccountId>,
        registration: Option<&RegistrationId>,
    ) -> Result<Vec<ShownProposal>> {
        let store = &self.services.store;
        Ok(store.proposals(project, account, registration).await?)
    }

    /// Whether an account may read a project: one that is not private, or whose list has the address.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn may_read(&self, project: &Project, account: Option<&Account>) -> Result<bool> {
        if !project.is_private {
            return Ok(true);
        }
        let Some(account) = account else {
            return Ok(false);
        };
        let store = &self.services.store;
        Ok(store
            .is_project_reader(&project.id, &account.email_key())
            .await?)
    }

    /// Counts the support of the user for a proposal of the organisation of the account; a second time does nothing.
    ///
    /// # Errors
    /// [`Error::NoProposal`], [`Error::TooManyTries`], [`Error::SessionEnded`].
    pub async fn support(
        &self,
        who: &SignedIn,
        proposal: &ProposalId,
        client: &Client,
    ) -> Result<()> {
        let mut work = self.services.begin(Actor::Owner, client).await?;
        let account = work.lock_own(who).await?;
        self.count(&mut work, &account, proposal).await?;
        work.commit().await
    }

    /// The same for an account that has just been signed in to, in the browser in which the support was asked for.
    ///
    /// # Errors
    /// As [`Participation::support`].
    pub async fn support_after_sign_in(
        &self,
        account: &AccountId,
        proposal: &ProposalId,
        client: &Client,
    ) -> Result<()> {
        let mut work = self.services.begin(Actor::Owner, client).await?;
        let account = work.lock_account(account).await?;
        let account = account.ok_or(Error::NoAccount)?;
        self.count(&mut work, &account, proposal).await?;
        work.commit().await
    }

    /// Takes the support of the user back.
    ///
    /// # Errors
    /// As [`Participation::support`].
    pub async fn withdraw(
        &self,
        who: &SignedIn,
        proposal: &ProposalId,
        client: &Client,
    ) -> Result<()> {
        let mut work = self.services.begin(Actor::Owner, client).await?;
        let account = work.lock_own(who).await?;
        self.take_try(&mut work, &account).await?;
        work.delete_support(proposal, &account.id).await?;
        work.commit().await
    }

    /// Keeps a support until the address of a registration is confirmed, where the organisation lets people take part
    /// first. Says whether it waits.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn wait(
        &self,
        registration: &RegistrationId,
        organisation: &Organisation,
        proposal: &ProposalId,
    ) -> Result<bool> {
        if !organisation.takes_part_first {
            return Ok(false);
        }
        let mut tx = self.services.store.begin().await?;
        let Some(proposal) = tx.proposal(proposal).await? else {
            return Ok(false);
        };
        let projects = tx.projects(&organisation.id).await?;
        if project_of(&projects, &proposal).is_none_or(|project| project.is_private) {
            return Ok(false);
        }
        let now = self.services.now();
        tx.insert_waiting_support(registration, &proposal.id, now)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn count(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        proposal: &ProposalId,
    ) -> Result<()> {
        let Realm::Organisation(organisation) = &account.realm else {
            return Err(Error::NoProposal);
        };
        let found = work.proposal(proposal).await?.ok_or(Error::NoProposal)?;
        let projects = work.projects(organisation).await?;
        let project = project_of(&projects, &found).ok_or(Error::NoProposal)?;
        let key = account.email_key();
        if project.is_private && !work.is_project_reader(&project.id, &key).await? {
            return Err(Error::NoProposal);
        }
        self.take_try(work, account).await?;
        let now = self.services.now();
        work.insert_support(proposal, &account.id, now).await?;
        Ok(())
    }

    async fn take_try(&self, work: &mut UnitOfWork<'_>, account: &Account) -> Result<()> {
        let (bucket, now) = (supports_bucket(&account.id), self.services.now());
        let granted = work.take(&bucket, SUPPORTS_PER_ACCOUNT, now).await?;
        granted.map_err(|wait| Error::TooManyTries { wait })
    }
}

/// The project of a proposal, if it is one of these: an account of one town takes part in no other.
fn project_of<'a>(projects: &'a [Project], proposal: &Proposal) -> Option<&'a Project> {
    projects
        .iter()
        .find(|project| project.id == proposal.project_id)
}
