//! Signing in and out, at any door.

use super::{Scope, sessions::span};
use crate::http::cookies::Name;
use app::routes::ROUTES;
use async_trait::async_trait;
use contract::{
    Answer, EndedBy, Field, PendingCode, Problem, SessionEnd, SignInForm, SignInPort, SignInStep,
};
use domain::{
    Email,
    email::EmailError,
    session::{Ending, Lifetime, SecondStep},
};
use identity::{Credentials, GivenCode, OpenedSession, Progress};

#[async_trait]
impl SignInPort for Scope {
    async fn sign_in(&self, form: SignInForm) -> Answer<SignInStep> {
        Problem::refuse(unusable(&form))?;
        let credentials = Credentials {
            email: &form.email,
            password: &form.password,
            next: own_path(&form.next),
            stay: form.stay,
        };
        let identity = &self.state.identity;
        let progress = identity
            .sign_in(&self.place.realm, credentials, &self.client)
            .await;
        match progress.map_err(|error| self.problem(error))? {
            Progress::SignedIn(opened) => Ok(self.enter(opened).await),
            Progress::CodeNeeded(token) => {
                self.set_cookie(&Name::SignIn(self.place.realm.clone()), &token);
                Ok(SignInStep::Code)
            }
        }
    }

    async fn pending_code(&self) -> Answer<Option<PendingCode>> {
        let Some(token) = &self.pending else {
            return Ok(None);
        };
        let identity = &self.state.identity;
        let pending = identity.pending_sign_in(&self.place.realm, token).await;
        let pending = pending.map_err(|error| self.problem(error))?;
        Ok(pending.map(|pending| PendingCode {
            email: pending.email,
            has_recovery_codes: pending.recovery_codes_left > 0,
        }))
    }

    async fn give_code(&self, code: &str, remember: bool) -> Answer<SignInStep> {
        let token = self.pending.as_ref().ok_or(Problem::SignInExpired)?;
        if code.trim().is_empty() {
            return Err(Problem::Empty { field: Field::Code });
        }
        let code = GivenCode {
            typed: code,
            remember,
        };
        let identity = &self.state.identity;
        let opened = identity
            .give_code(&self.place.realm, token, code, &self.client)
            .await;
        let opened = opened.map_err(|error| self.problem(error))?;
        self.clear_cookie(&Name::SignIn(self.place.realm.clone()));
        Ok(self.enter(opened).await)
    }

    async fn ended_session(&self) -> Answer<Option<SessionEnd>> {
        let Some(ended) = self.ended().await? else {
            return Ok(None);
        };
        let kept = self.state.identity.has_drafts(&ended).await;
        let lifetime = Lifetime::of(&ended.session.realm, ended.session.stay);
        Ok(Some(SessionEnd {
            kept: kept.map_err(|error| self.problem(error))?,
            why: match ended.ending {
                Ending::Idle => EndedBy::Idle(span(lifetime.idle)),
                Ending::Age => EndedBy::Age(span(lifetime.absolute)),
                Ending::Revoked => EndedBy::Revoked,
            },
        }))
    }

    async fn sign_out(&self) -> Answer<()> {
        if let Some(who) = &self.signed_in {
            let ended = self.state.identity.sign_out(who, &self.client).await;
            ended.map_err(|error| self.problem(error))?;
        }
        self.leave();
        Ok(())
    }
}

impl Scope {
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
            // She is in; only her words are lost.
            tracing::error!(?problem, "What was typed could not be handed over");
        }
        self.set_session_cookie(&opened.session, &opened.token);
        self.set_device_cookie(&opened.devices);
        let recovered = opened.session.method.second == Some(SecondStep::RecoveryCode);
        SignInStep::In {
            next: opened.next,
            recovered,
        }
    }
}

/// A path of this site that a person can be sent to after signing in; anything else is none.
///
/// Only an address of our own table passes: no scheme, no host, no `//`, no backslash, whatever
/// its encoding (better-auth CVE-2025-27143).
pub(super) fn own_path(wanted: &str) -> Option<String> {
    let (_, path) = app::locale::split(wanted);
    let plain = path
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"/-_".contains(&b));
    let known = plain && path.starts_with('/') && ROUTES.iter().any(|route| fits(route.path, path));
    known.then(|| path.to_owned())
}

fn fits(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(part), Some(given)) if part == given => {}
            (Some(part), Some(given)) if part.starts_with('{') && !given.is_empty() => {}
            _ => return false,
        }
    }
}

/// What can be said about a form without looking at any account.
fn unusable(form: &SignInForm) -> Vec<Problem> {
    let empty = |field| Problem::Empty { field };
    let email = match Email::parse(&form.email) {
        Err(EmailError::Empty) => Some(empty(Field::Email)),
        Err(EmailError::Malformed) => Some(Problem::NotAnAddress),
        Ok(_) => None,
    };
    let password = form.password.is_empty().then(|| empty(Field::Password));
    email.into_iter().chain(password).collect()
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_our_own_pages_are_returned_to() {
        assert_eq!(own_path("/settings"), Some("/settings".to_owned()));
        assert_eq!(own_path("/fr/settings"), Some("/settings".to_owned()));
        assert_eq!(
            own_path("/help/article/two-factor"),
            Some("/help/article/two-factor".to_owned())
        );
        for hostile in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/",
            "/settings/../x",
            "/%2F/evil.example",
            "/fr//evil.example",
            "javascript:alert(1)",
            "/settings?x=1",
            "/settings\r\nSet-Cookie: a=b",
            "settings",
            "/nowhere",
        ] {
            assert_eq!(own_path(hostile), None, "{hostile}");
        }
    }
}
