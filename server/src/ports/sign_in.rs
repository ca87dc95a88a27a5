//! Signing in and out, at any door.

use super::{RequestContext, details::checked_address, sessions::span};
use crate::request::{cookies::Name, own_path::own_path};
use async_trait::async_trait;
use contract::{
    Answer, CodeForm, CodeProblem, EndedBy, Field, PendingCode, Problem, SessionEnd, SignInForm,
    SignInPort, SignInProblem, SignInStep,
};
use domain::session::{Ending, Lifetime, SecondStep};
use identity::{Credentials, GivenCode, OpenedSession, Progress};

#[async_trait]
impl SignInPort for RequestContext {
    async fn sign_in(&self, form: SignInForm) -> Answer<SignInStep> {
        Problem::refuse(unusable(&form))?;
        self.about_address(&form.email);
        let credentials = Credentials {
            email: &form.email,
            password: &form.password,
            next: own_path(&form.next),
            stay: form.stay,
        };
        self.give_credentials(credentials).await
    }

    async fn pending_code(&self) -> Answer<Option<PendingCode>> {
        let Some(token) = &self.pending else {
            return Ok(None);
        };
        let identity = &self.state.identity;
        let pending = self
            .answer(identity.pending_sign_in(&self.tenant.realm, token))
            .await?;
        Ok(pending.map(|pending| PendingCode {
            email: pending.email,
            has_recovery_codes: pending.recovery_codes_left > 0,
        }))
    }

    async fn give_code(&self, form: CodeForm) -> Answer<SignInStep> {
        let token = self.pending.as_ref().ok_or(SignInProblem::Expired)?;
        let pending = self.pending_code().await?.ok_or(SignInProblem::Expired)?;
        self.about_address(&pending.email);
        // Somebody else began to sign in, in another window: the code is not for that account.
        if !form.shown.is_empty() && form.shown != pending.email {
            return Err(CodeProblem::Outdated.into());
        }
        if form.code.trim().is_empty() {
            return Err(Problem::Empty { field: Field::Code });
        }
        let code = GivenCode {
            typed: &form.code,
            remember: form.remember,
        };
        let identity = &self.state.identity;
        let opened = self
            .answer(identity.give_code(&self.tenant.realm, token, code, &self.client))
            .await?;
        self.clear_cookie(&Name::SignIn(self.tenant.realm.clone()));
        Ok(self.enter(opened).await)
    }

    async fn ended_session(&self) -> Answer<Option<SessionEnd>> {
        let Some(ended) = self.ended().await? else {
            return Ok(None);
        };
        let kept = self.answer(self.state.identity.has_drafts(&ended)).await?;
        let lifetime = Lifetime::of(&ended.session.realm, ended.session.stay);
        Ok(Some(SessionEnd {
            kept,
            email: Some(ended.email).filter(|_| ended.ending != Ending::Revoked),
            why: match ended.ending {
                Ending::Idle => EndedBy::Idle(span(lifetime.idle)),
                Ending::Age => EndedBy::Age(span(lifetime.absolute)),
                Ending::Revoked => EndedBy::Revoked,
            },
        }))
    }

    async fn sign_out(&self) -> Answer<()> {
        if let Some(who) = &self.signed_in {
            self.answer(self.state.identity.sign_out(who, &self.client))
                .await?;
        }
        self.leave();
        Ok(())
    }
}

impl RequestContext {
    async fn give_credentials(&self, credentials: Credentials<'_>) -> Answer<SignInStep> {
        let email = domain::email_key(credentials.email.trim());
        let identity = &self.state.identity;
        let progress = identity.sign_in(&self.tenant.realm, credentials, &self.client);
        match self.answer(progress).await? {
            Progress::Unconfirmed(token) => {
                if !self.waits_for(&email).await? {
                    self.set_cookie(&Name::Registration(self.tenant.realm.clone()), &token);
                }
                self.log_refusal("unconfirmed");
                Err(SignInProblem::Unconfirmed.into())
            }
            progress => Ok(self.go_on(progress).await),
        }
    }

    /// Whether this browser waits for the confirmation of this address: then its code and its link stay its own.
    async fn waits_for(&self, email_key: &str) -> Answer<bool> {
        let Some(browser) = &self.registration else {
            return Ok(false);
        };
        let found = self.state.identity.waiting(&self.tenant.realm, browser);
        let found = self.answer(found).await?;
        Ok(found
            .is_some_and(|found| !found.confirmed && domain::email_key(&found.email) == email_key))
    }

    /// Sets the cookie of the next step.
    pub(super) async fn go_on(&self, progress: Progress) -> SignInStep {
        match progress {
            Progress::SignedIn(opened) => self.enter(opened).await,
            Progress::CodeNeeded(token) | Progress::Unconfirmed(token) => {
                self.set_cookie(&Name::SignIn(self.tenant.realm.clone()), &token);
                SignInStep::Code
            }
        }
    }

    /// Sets the session's cookie. A session that this browser had before ends: a new sign-in
    /// never goes on in an old one.
    pub(super) async fn enter(&self, opened: OpenedSession) -> SignInStep {
        if let Some(before) = &self.signed_in
            && let Err(error) = self.state.identity.sign_out(before, &self.client).await
        {
            tracing::error!(
                error = super::chain(&error),
                "An earlier session could not be ended"
            );
        }
        if let Err(problem) = self.hand_over(&opened).await {
            // The sign-in succeeded; only the drafts are lost.
            tracing::error!(?problem, "What was typed could not be handed over");
        }
        self.support_now(&opened.session.account_id).await;
        self.set_session_cookie(&opened.session, &opened.token);
        self.set_device_cookie(&opened.devices);
        self.state.metrics.sign_in(&opened.session.realm);
        let recovered = opened.session.method.second == Some(SecondStep::RecoveryCode);
        SignInStep::In {
            next: opened.next,
            recovered,
        }
    }
}

/// What can be said about a form without looking at any account.
fn unusable(form: &SignInForm) -> Vec<Problem> {
    let empty = |field| Problem::Empty { field };
    let email = checked_address(&form.email).err();
    let password = form.password.is_empty().then(|| empty(Field::Password));
    email.into_iter().chain(password).collect()
}
