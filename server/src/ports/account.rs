//! One's own account and the home of the back office.

use super::RequestContext;
use async_trait::async_trait;
use contract::{AccountPort, Answer, Home, OrganisationCard, Profile};
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
            two_factor: who.account.second_factor,
        })
    }

    async fn profile(&self) -> Answer<Profile> {
        let who = self.who()?;
        let account = &who.account;
        let email = self.answer(self.state.identity.email_state(who)).await?;
        Ok(Profile {
            name: account.name.clone(),
            email: account.email.clone(),
            wanted_email: email.pending.map(|(address, _)| address),
            mail_language: account.locale,
            member_since: self.day(account.created_at),
            password_set: account.password_set_at.map(|at| self.day(at)),
            organisations: self.organisations(who).await?,
        })
    }
}

impl RequestContext {
    async fn organisations(&self, who: &SignedIn) -> Answer<Vec<OrganisationCard>> {
        let store = &self.state.identity.store;
        let memberships = self.answer(store.memberships(&who.account.id)).await?;
        let mut cards = Vec::new();
        for membership in memberships {
            cards.push(self.card(membership).await?);
        }
        Ok(cards)
    }

    async fn card(&self, membership: Membership) -> Answer<OrganisationCard> {
        let projects = self
            .answer(
                self.state
                    .identity
                    .store
                    .projects(&membership.organisation.id),
            )
            .await?;
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
