//! The citizens' side: projects, which are public.

use super::RequestContext;
use crate::request::{cookies::Name, tenant};
use async_trait::async_trait;
use contract::{
    Answer, Door, OrganisationText, ParticipationDone, ParticipationPort, PlatformDoor,
    PlatformPort, Problem, ProjectLink, ProjectPage, Proposal, Support,
};
use domain::{
    AccountId, ProjectId, ProposalId, RegistrationId,
    organisation_text::TextKind,
    permission::{Action, Target},
};
use store::{Membership, Organisation, Project};

#[async_trait]
impl PlatformPort for RequestContext {
    async fn organisations(&self) -> Answer<Vec<contract::Organisation>> {
        let store = &self.state.identity.store;
        let organisations = self.answer(store.organisations()).await?;
        let projects = self.answer(store.all_projects()).await?;
        let with_projects = |organisation: Organisation| {
            let own = projects.iter().filter(|project| {
                project.organisation_id == organisation.id && !project.is_private
            });
            contract::Organisation {
                projects: own
                    .map(|project| self.project_link(&organisation, project))
                    .collect(),
                name: organisation.name,
            }
        };
        Ok(organisations.into_iter().map(with_projects).collect())
    }

    async fn welcome(&self) -> Answer<Option<OrganisationText>> {
        self.own_text(TextKind::Welcome).await
    }

    async fn privacy_notice(&self) -> Answer<Option<OrganisationText>> {
        self.own_text(TextKind::Privacy).await
    }

    async fn project(&self) -> Answer<ProjectPage> {
        let tenant = self.tenant.project.as_ref().ok_or(Problem::NotFound)?;
        let (organisation, here) = &**tenant;
        let projects = self
            .answer(self.state.identity.store.projects(&organisation.id))
            .await?;
        let mut neighbours = Vec::new();
        for project in projects.iter().filter(|project| project.id != here.id) {
            if self.may_read(project).await? {
                neighbours.push(self.project_link(organisation, project));
            }
        }
        let is_readable = self.may_read(here).await?;
        let (description, proposals) = if is_readable {
            let proposals = self.proposals(&here.id).await?;
            (paragraphs(here.description(self.locale)), proposals)
        } else {
            (Vec::new(), Vec::new())
        };
        Ok(ProjectPage {
            is_readable,
            description,
            proposals,
            neighbours,
        })
    }
}

#[async_trait]
impl ParticipationPort for RequestContext {
    async fn proposal(&self, id: &str) -> Answer<Proposal> {
        let tenant = self.tenant.project.as_ref().ok_or(Problem::NotFound)?;
        if !self.may_read(&tenant.1).await? {
            self.who()?;
            return Err(Problem::NotFound);
        }
        let proposals = self.proposals(&tenant.1.id).await?;
        let found = proposals.into_iter().find(|proposal| proposal.id == id);
        found.ok_or(Problem::NotFound)
    }

    async fn support(&self, id: &str) -> Answer<ParticipationDone> {
        let who = match self.permit(Action::TakePart, Target::OwnAccount) {
            Ok(who) => who,
            Err(Problem::SignInFirst) => return self.support_later(id).await,
            Err(problem) => return Err(problem),
        };
        let proposal = self.presented(id).await?;
        let participation = &self.state.participation;
        self.answer(participation.support(who, &proposal, &self.client))
            .await?;
        Ok(ParticipationDone::Supported)
    }

    async fn withdraw_support(&self, id: &str) -> Answer<()> {
        let who = self.permit(Action::TakePart, Target::OwnAccount)?;
        let proposal = self.presented(id).await?;
        let participation = &self.state.participation;
        self.answer(participation.withdraw(who, &proposal, &self.client))
            .await
    }
}

impl RequestContext {
    /// What the organisation of this request wrote for a purpose: in the language of the page, or else in the other one.
    async fn own_text(&self, kind: TextKind) -> Answer<Option<OrganisationText>> {
        let tenant = self.tenant.project.as_ref().ok_or(Problem::NotFound)?;
        let store = &self.state.identity.store;
        let texts = self.answer(store.organisation_texts(&tenant.0.id, kind));
        let texts = texts.await?;
        let own = texts.iter().find(|text| text.locale == self.locale);
        let found = own.or(texts.first());
        Ok(found.map(|found| OrganisationText {
            paragraphs: paragraphs(&found.text),
            locale: found.locale,
        }))
    }

    /// The identifier of a proposal of the project of this request.
    async fn presented(&self, id: &str) -> Answer<ProposalId> {
        let found = self.proposal(id).await?;
        Ok(ProposalId::from(found.id))
    }

    /// Whether the reader may read a project. A manager of the organisation reads the private ones too.
    pub(super) async fn may_read(&self, project: &Project) -> Answer<bool> {
        let account = self.signed_in.as_ref().map(|who| &who.account);
        let participation = &self.state.participation;
        if self
            .answer(participation.may_read(project, account))
            .await?
        {
            return Ok(true);
        }
        let Some(manager) = &self.visitor else {
            return Ok(false);
        };
        let memberships = self.answer(self.state.identity.store.memberships(manager));
        let own = |membership: &Membership| membership.organisation.id == project.organisation_id;
        Ok(memberships.await?.iter().any(own))
    }

    /// Keeps a support of somebody who is not signed in: with the registration of this browser, or in a cookie.
    async fn support_later(&self, id: &str) -> Answer<ParticipationDone> {
        let proposal = self.presented(id).await;
        let proposal = proposal.map_err(|_| Problem::SignInFirst)?;
        let (registration, tenant) = (self.open_registration().await?, &self.tenant.project);
        let (Some(registration), Some(tenant)) = (registration, tenant) else {
            self.set_support_cookie(&proposal);
            return Err(Problem::SignInFirst);
        };
        let participation = &self.state.participation;
        let waits = participation.wait(&registration, &tenant.0, &proposal);
        if self.answer(waits).await? {
            return Ok(ParticipationDone::Waits);
        }
        self.set_support_cookie(&proposal);
        Ok(ParticipationDone::ConfirmFirst)
    }

    /// The registration of this browser whose address is not confirmed.
    async fn open_registration(&self) -> Answer<Option<RegistrationId>> {
        let Some(browser) = &self.registration else {
            return Ok(None);
        };
        let found = self.state.identity.waiting(&self.tenant.realm, browser);
        let found = self.answer(found).await?.filter(|found| !found.confirmed);
        Ok(found.map(|found| found.id))
    }

    async fn proposals(&self, project: &ProjectId) -> Answer<Vec<Proposal>> {
        let account = self.signed_in.as_ref().map(|who| &who.account.id);
        let registration = match account {
            None => self.open_registration().await?,
            Some(_) => None,
        };
        let participation = &self.state.participation;
        let found = participation.proposals(project, account, registration.as_ref());
        let found = self.answer(found).await?;
        let proposals = found.into_iter().map(|found| Proposal {
            id: found.proposal.id.to_string(),
            title: found.proposal.title(self.locale).to_owned(),
            text: paragraphs(found.proposal.text(self.locale)),
            supports: found.supports,
            reader: match (found.supported, found.waits) {
                (true, _) => Support::Counted,
                (false, true) => Support::Waits,
                (false, false) => Support::None,
            },
        });
        Ok(proposals.collect())
    }

    /// Does what this browser wanted before it was signed in. The sign-in succeeded: if that fails, the user can press the
    /// button again.
    pub(super) async fn support_now(&self, account: &AccountId) {
        let Some(proposal) = &self.support else {
            return;
        };
        self.clear_cookie(&Name::Support(self.tenant.realm.clone()));
        let done = self
            .state
            .participation
            .support_after_sign_in(account, proposal, &self.client);
        if let Err(error) = done.await {
            tracing::warn!(%error, "A support was not counted after a sign-in");
        }
    }

    /// Keeps what this browser wanted with its registration, where the organisation lets people take part first.
    pub(super) async fn wait_with_support(&self, registration: &RegistrationId) {
        let (Some(proposal), Some(tenant)) = (&self.support, &self.tenant.project) else {
            return;
        };
        let kept = self
            .state
            .participation
            .wait(registration, &tenant.0, proposal);
        match kept.await {
            Ok(true) => self.clear_cookie(&Name::Support(self.tenant.realm.clone())),
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(%error, "A support does not wait with its registration");
            }
        }
    }
}

/// Plain text, taken apart where a line is empty.
fn paragraphs(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let pieces = lines.split(|line| line.is_empty());
    let pieces = pieces.map(|piece| piece.join(" "));
    pieces.filter(|piece| !piece.is_empty()).collect()
}

impl RequestContext {
    /// A project, as a page leads to it.
    pub(super) fn project_link(
        &self,
        organisation: &Organisation,
        project: &Project,
    ) -> ProjectLink {
        let name = tenant::name(project, self.locale);
        let door = Door::Platform(PlatformDoor {
            organisation: organisation.slug.to_string(),
            organisation_name: organisation.name.clone(),
            project: project.slug.to_string(),
            project_name: name.clone(),
            takes_registrations: project.takes_registrations,
            takes_sign_ins: project.takes_sign_ins,
            logo: tenant::logo(organisation),
            colour: organisation.colour.clone(),
        });
        ProjectLink {
            name,
            path: door.home(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::paragraphs;

    #[test]
    fn empty_lines_set_paragraphs_apart() {
        assert_eq!(paragraphs(" \n"), Vec::<String>::new());
        assert_eq!(
            paragraphs("One\r\n line.\r\n \r\n\r\nTwo."),
            ["One line.", "Two."]
        );
    }
}
