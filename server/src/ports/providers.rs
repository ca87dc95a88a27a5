//! Accounts at Google and Microsoft: what is linked, what could be, and what ICT has to know.

use super::RequestContext;
use crate::providers::{OpenId, Published, SCOPES};
use app::paths;
use async_trait::async_trait;
use contract::{Answer, AskedProof, IctFacts, LinkedAccount, ProviderState, ProvidersPort};
use domain::{
    permission::{Action, Target},
    provider::Provider,
    session,
};
use identity::{BegunFlow, Error};
use std::sync::Arc;

#[async_trait]
impl ProvidersPort for RequestContext {
    async fn providers(&self) -> Answer<Vec<ProviderState>> {
        let who = self.who()?;
        if !self.may(Action::LinkProvider, Target::OwnAccount) {
            return Ok(Vec::new());
        }
        let identity = &self.state.identity;
        let linked = self
            .answer(identity.linked_accounts(&who.account.id))
            .await?;
        let has_password = who.account.password_hash.is_some();
        let recent = session::is_recent_proof(identity.clock.now(), who.session.proved_at);
        let needs_code = self.answer(identity.needs_code_to_link(who)).await?;
        let can_unlink = has_password || linked.len() > 1;
        let state = |provider| {
            let own = linked.iter().find(|own| own.subject.provider() == provider);
            let configured = self.state.providers.get(provider).is_some();
            (configured || own.is_some()).then(|| ProviderState {
                provider,
                linked: own.map(|own| LinkedAccount {
                    provider,
                    email: own.email.clone(),
                    since: self.day(own.linked_at),
                    last_used: own.last_used_at.map(|at| self.moment(at)),
                    can_unlink,
                }),
                configured,
                asks: match own {
                    None if needs_code => AskedProof::Code,
                    _ if recent => AskedProof::Nothing,
                    _ => AskedProof::Any,
                },
                has_password,
            })
        };
        Ok(Provider::ALL.into_iter().filter_map(state).collect())
    }

    async fn link_provider(&self, provider: Provider, proof: &str) -> Answer<()> {
        let who = self.permit(Action::LinkProvider, Target::OwnAccount)?;
        self.configured(provider)?;
        let identity = &self.state.identity;
        let allowed = self.answer(identity.allow_link(&self.client)).await?;
        // After the limit by network, and before the proof is consumed.
        let (openid, published) = self.published(provider).await?;
        let proof = self
            .answer(identity.prove_to_link(who, proof, &self.client))
            .await?;
        let place = (provider, self.locale);
        let begun = identity.begin_link(who, allowed, place, proof, &self.client);
        let begun = self.begun(provider, begun.await)?;
        self.renew_session().await;
        self.go(openid, &published, &begun);
        Ok(())
    }

    async fn unlink_provider(&self, provider: Provider, proof: &str) -> Answer<()> {
        let who = self.permit(Action::LinkProvider, Target::OwnAccount)?;
        let identity = &self.state.identity;
        let proof = self
            .answer(identity.prove_unless_recent(who, proof, &self.client))
            .await?;
        self.answer(identity.unlink(who, provider, proof, &self.client))
            .await?;
        self.renew_session().await;
        Ok(())
    }

    async fn accept_invitation_with(&self, provider: Provider, token: &str) -> Answer<()> {
        self.configured(provider)?;
        let (identity, locale) = (&self.state.identity, self.locale);
        let begun = identity.begin_invitation_flow(provider, token, locale, &self.client);
        let begun = self.answer(begun).await?;
        // After the limit by network, and nothing is consumed yet.
        let (openid, published) = self.published(provider).await?;
        self.go(openid, &published, &begun);
        Ok(())
    }

    fn ict_facts(&self, provider: Provider) -> Option<IctFacts> {
        let openid = self.state.providers.get(provider)?;
        Some(IctFacts {
            provider,
            client_id: openid.application.client_id.clone(),
            scopes: SCOPES.map(str::to_owned).to_vec(),
            consent_url: openid.consent_url(),
            back_office: format!("{}{}", self.state.config.origin(), paths::BACK_OFFICE),
            callback: openid.callback.clone(),
        })
    }
}

impl RequestContext {
    /// The provider and its documents.
    async fn published(&self, provider: Provider) -> Answer<(&OpenId, Arc<Published>)> {
        let openid = self.configured(provider)?;
        match openid.published().await {
            Ok(published) => Ok((openid, published)),
            Err(refused) => Err(self.refusal(provider, refused, None)),
        }
    }

    /// A round trip for linking, or why there is none.
    fn begun(&self, provider: Provider, begun: Result<BegunFlow, Error>) -> Answer<BegunFlow> {
        begun.map_err(|error| match error {
            Error::AnotherIsLinked => self.another_is_linked(provider),
            error => self.problem(error),
        })
    }

    /// A form may not be redirected to another site (`form-action 'self'`): the answer is a page that
    /// leads there.
    fn go(&self, openid: &OpenId, published: &Published, begun: &BegunFlow) {
        let address = self.address(openid, published, begun);
        let provider = openid.provider;
        self.response().elsewhere = Some((provider, address));
    }
}
