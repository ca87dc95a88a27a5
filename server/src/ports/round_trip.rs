//! Setting out to a provider and coming back.
//!
//! Every callback ends in a redirect to one of our pages. What the user is told is one of
//! [`RefusedBecause`]; what the operator is told is one line in the log, with the reference that the
//! page shows.

use super::RequestContext;
use crate::{
    providers::{BroughtCode, OpenId, Published, Refused},
    request::{cookies::Name, own_path::own_path},
};
use app::{locale, paths};
use contract::{
    Answer, Done, Flash, Problem, ProviderDone, ProviderProblem, RefusedBecause, Responder as _,
    SignInStep,
};
use domain::{
    provider::{Claims, Provider},
    token::Secret,
};
use identity::{BegunFlow, Error, Flow, FlowAim, NewFlow, SignedIn};

/// What the browser brings back.
pub struct Callback {
    /// The cookie that it was given on the way out.
    pub browser: Option<Secret>,
    /// Which round trip it was.
    pub state: Option<String>,
    /// To be changed for an ID token.
    pub code: Option<String>,
    /// In place of a code.
    pub error: Option<String>,
    /// What Microsoft says about the error.
    pub description: Option<String>,
    /// Who sent the browser (RFC 9207).
    pub iss: Option<String>,
    /// Whether one of them was there twice: it is believed in neither form.
    pub doubled: bool,
}

/// How a round trip ended.
enum Ended {
    In(SignInStep, Option<Done>),
    Linked,
}

impl RequestContext {
    /// Leads the browser to the provider to sign in there.
    pub async fn set_out(&self, provider: Provider, next: &str) {
        match self.try_to_set_out(provider, next).await {
            Ok(address) => self.see_other(&address),
            Err(problem) => self.turn_away(problem).await,
        }
    }

    async fn try_to_set_out(&self, provider: Provider, next: &str) -> Answer<String> {
        let openid = self.configured(provider)?;
        let new = NewFlow {
            provider,
            next: own_path(next),
            locale: self.locale,
        };
        let begun = self
            .answer(self.state.identity.begin_flow(new, &self.client))
            .await?;
        // After the limit by network: this request to a provider needs no account.
        let published = openid.published().await;
        let published = published.map_err(|refused| self.refusal(provider, refused, None))?;
        Ok(self.address(openid, &published, &begun))
    }

    /// The provider, when the operator has set it up.
    pub(super) fn configured(&self, provider: Provider) -> Answer<&OpenId> {
        self.state.providers.get(provider).ok_or(Problem::NotFound)
    }

    /// Where the browser goes, with a cookie by which it is known when it is back.
    pub(super) fn address(
        &self,
        openid: &OpenId,
        published: &Published,
        begun: &BegunFlow,
    ) -> String {
        self.set_cookie(&Name::Provider(openid.provider), &begun.browser);
        let locale = self.locale.as_str();
        let address = openid.address(
            published,
            &begun.state,
            &begun.nonce,
            &begun.verifier,
            locale,
        );
        address.into()
    }

    /// Takes what the browser brings back, and leads it on.
    pub async fn come_back(&mut self, provider: Provider, callback: Callback) {
        self.clear_cookie(&Name::Provider(provider));
        let flow = match self.take(provider, &callback).await {
            Ok(flow) => flow,
            Err(problem) => return self.turn_away(problem).await,
        };
        self.locale = flow.locale;
        match self.act(provider, &flow, &callback).await {
            Ok(ended) => self.lead_on(provider, ended).await,
            Err(problem) => match flow.aim {
                FlowAim::Link { .. } if self.signed_in.is_some() => {
                    self.tell(paths::PROFILE, None, problem).await;
                }
                _ => self.turn_away(problem).await,
            },
        }
    }

    async fn take(&self, provider: Provider, callback: &Callback) -> Answer<Flow> {
        // Left out instead, an `iss` that is there twice would be one that is not sent.
        if callback.doubled {
            return Err(self.expired(provider, "a parameter is there twice"));
        }
        let (Some(browser), Some(state)) = (&callback.browser, &callback.state) else {
            return Err(self.expired(provider, "the browser brings no state or no cookie"));
        };
        let identity = &self.state.identity;
        match identity.take_flow(provider, state, browser).await {
            Ok(flow) => Ok(flow),
            Err(Error::NoFlow) => {
                Err(self.expired(provider, "the round trip is over, or another browser's"))
            }
            Err(error) => Err(self.problem(error)),
        }
    }

    async fn act(&self, provider: Provider, flow: &Flow, callback: &Callback) -> Answer<Ended> {
        let asks = self.who_asks(provider, &flow.aim)?;
        let claims = self.claims(provider, flow, callback).await;
        let claims = claims.map_err(|refused| self.refusal(provider, refused, None))?;
        let identity = &self.state.identity;
        let done = match (&flow.aim, asks) {
            (FlowAim::SignIn { next }, _) => {
                let progress = identity.sign_in_with(&claims, next.clone(), &self.client);
                progress.await.map(|progress| Some((progress, None)))
            }
            (FlowAim::Invitation { token }, _) => {
                let progress = identity.set_up_with(token, &claims, &self.client).await;
                let linked = ProviderDone::Linked(provider).into();
                progress.map(|progress| Some((progress, Some(linked))))
            }
            (FlowAim::Link { .. }, Some(who)) => {
                let linked = identity.link(who, flow, &claims, &self.client).await;
                linked.map(|()| None)
            }
            (FlowAim::Link { .. }, None) => Err(Error::NoFlow),
        };
        match done {
            Ok(Some((progress, done))) => Ok(Ended::In(self.go_on(progress).await, done)),
            Ok(None) => Ok(Ended::Linked),
            Err(error) => Err(self.provider_problem(provider, &claims, error)),
        }
    }

    /// Linking must end in the session that began it (Zitadel CVE-2026-105207).
    fn who_asks(&self, provider: Provider, aim: &FlowAim) -> Answer<Option<&SignedIn>> {
        let FlowAim::Link { session, account } = aim else {
            return Ok(None);
        };
        let same = |who: &&SignedIn| who.session.id == *session && who.account.id == *account;
        match self.signed_in.as_ref().filter(same) {
            Some(who) => Ok(Some(who)),
            None => Err(self.expired(provider, "the session that wanted the link is over")),
        }
    }

    async fn claims(
        &self,
        provider: Provider,
        flow: &Flow,
        callback: &Callback,
    ) -> Result<Claims, Refused> {
        let openid = self.state.providers.get(provider);
        // The address is not there without it.
        let nothing = |detail| Refused::new(RefusedBecause::NotTrusted, detail);
        let openid = openid.ok_or_else(|| nothing("the provider is not set up"))?;
        let iss = callback.iss.as_deref();
        match (&callback.code, &callback.error) {
            (Some(code), None) => {
                let brought = BroughtCode {
                    code,
                    iss,
                    nonce: &flow.nonce,
                    verifier: &flow.verifier,
                };
                openid.claims(brought).await
            }
            (None, Some(error)) => {
                let description = callback.description.as_deref().unwrap_or_default();
                Err(openid.error(error, description, iss).await)
            }
            _ => Err(nothing(
                "the browser brings neither a code nor an error, or both",
            )),
        }
    }

    async fn lead_on(&self, provider: Provider, ended: Ended) {
        let (path, done) = match ended {
            Ended::In(SignInStep::In { next, .. }, done) => {
                (next.unwrap_or_else(|| self.door.home()), done)
            }
            Ended::In(SignInStep::Code, done) => (paths::CODE.to_owned(), done),
            Ended::Linked => {
                let done = ProviderDone::Linked(provider).into();
                (paths::PROFILE.to_owned(), Some(done))
            }
        };
        if done.is_some() {
            let flash = Flash {
                done,
                ..Flash::default()
            };
            self.keep(&path, flash).await;
        }
        self.see_other(&locale::href(self.locale, &path));
    }

    /// To the page that says why a provider did not open the door, or to the form that a limit or a
    /// fault is told at.
    pub async fn turn_away(&self, problem: Problem) {
        match problem {
            Problem::Provider(ProviderProblem::Refused(_)) => {
                self.tell(paths::REFUSED, None, problem).await;
            }
            _ => self.tell(paths::SIGN_IN, Some("sign_in"), problem).await,
        }
    }

    async fn tell(&self, path: &str, form: Option<&str>, problem: Problem) {
        let flash = Flash {
            problem: Some(problem),
            form: form.map(str::to_owned),
            ..Flash::default()
        };
        self.keep(path, flash).await;
        self.see_other(&locale::href(self.locale, path));
    }
}
