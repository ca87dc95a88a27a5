//! The home of the back office.

use super::RequestContext;
use async_trait::async_trait;
use contract::{AccountPort, Answer, Home, OrganisationCard};
use domain::{
    Role,
    permission::{Action, Target},
};
use identity::SignedIn;
use store::Membership;

#[async_trait]
impl AccountPort for RequestContext {
    async fn home(&self) -> Answer<Home> {
        let who = self.permit(Action::OpenBackOffice, Target::Site)?;
        Ok(Home {
            organisations: self.organisations(who).await?,
            doubted_email: who
                .account
                .email_doubted_at
                .map(|_| who.account.email.clone()),
            two_factor: who.account.second_factor,
            phone_missing: self
                .answer(self.state.identity.store.is_phone_missing(&who.account.id))
                .await?,
        })
    }
}

impl RequestContext {
    /// The organisations of an account, with their projects.
    pub(super) async fn organisations(&self, who: &SignedIn) -> Answer<Vec<OrganisationCard>> {
        let store = &self.state.identity.store;
        let memberships = self.answer(store.memberships(&who.account.id)).await?;
        let mut cards = Vec::new();
        for membership in memberships {
            cards.push(self.card(membership).await?);
        }
        Ok(cards)
    }

    async fn card(&self, membership: Membership) -> Answer<OrganisationCard> {
        let store = &self.state.identity.store;
        let projects = store.projects(&membership.organisation.id);
        let projects = self.answer(projects).await?;
        let links = projects
            .iter()
            .map(|project| self.project_link(&membership.organisation, project));
        Ok(OrganisationCard {
            projects: links.collect(),
            name: membership.organisation.name,
            manages_all: membership.role == Role::OrganisationManager,
        })
    }
}
