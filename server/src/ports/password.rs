//! Passwords: judged while typed, forgotten, chosen anew, changed.

use super::{RequestContext, activity::happened};
use crate::request::cookies::Name;
use async_trait::async_trait;
use contract::{
    Answer, Field, Happened, NotMe, PasswordPort, PasswordReset, PasswordResetForm, Problem,
    Verdict,
};
use domain::{
    Email,
    email::EmailError,
    password::{Strength, Weakness},
};
use identity::{Error, Event, NewPassword, strength_for};

#[async_trait]
impl PasswordPort for RequestContext {
    async fn judge_password(&self, typed: &str, token: &str) -> Answer<Verdict> {
        let identity = &self.state.identity;
        let judged = identity
            .judge_password(typed, token, self.signed_in.as_ref(), &self.client)
            .await;
        match judged {
            Ok(()) => Ok(Verdict::Good),
            Err(Error::Weak(Weakness::TooShort { .. })) => Ok(Verdict::TooShort),
            Err(Error::Weak(Weakness::TooLong)) => Ok(Verdict::TooLong),
            Err(Error::Weak(Weakness::Personal)) => Ok(Verdict::Personal),
            Err(Error::Weak(Weakness::Common | Weakness::Leaked)) => Ok(Verdict::Common),
            Err(Error::Weak(Weakness::Guessable)) => Ok(Verdict::Guessable),
            Err(error) => Err(self.problem(error)),
        }
    }

    async fn forgot_password(&self, email: &str) -> Answer<()> {
        let email = Email::parse(email).map_err(|error| match error {
            EmailError::Empty => Problem::Empty {
                field: Field::Email,
            },
            EmailError::Malformed => Problem::NotAnAddress,
        })?;
        let (identity, realm) = (&self.state.identity, &self.tenant.realm);
        let asked = identity
            .ask_for_reset(realm, &email, self.locale, &self.client)
            .await;
        let browser = asked.map_err(|error| self.problem(error))?;
        self.set_cookie(&Name::Reset(realm.clone()), &browser);
        Ok(())
    }

    fn waits_for_reset(&self) -> bool {
        self.reset.is_some()
    }

    async fn give_reset_code(&self, code: &str) -> Answer<String> {
        if code.trim().is_empty() {
            return Err(Problem::Empty { field: Field::Code });
        }
        let browser = self.reset.as_ref().ok_or(Problem::MailCodeRejected)?;
        let (identity, realm) = (&self.state.identity, &self.tenant.realm);
        match identity
            .give_reset_code(realm, browser, code, &self.client)
            .await
        {
            Ok(secret) => Ok(secret.expose().to_owned()),
            Err(Error::NotACode) => Err(Problem::NotAMailCode),
            Err(Error::CodeRejected) => Err(Problem::MailCodeRejected),
            Err(error) => Err(self.problem(error)),
        }
    }

    async fn password_reset(&self, token: &str) -> Answer<Option<PasswordReset>> {
        let identity = &self.state.identity;
        let page = identity.reset_page(&self.tenant.realm, token).await;
        let page = page.map_err(|error| self.problem(error))?;
        Ok(page.map(|page| PasswordReset {
            email: page.email,
            minimum: characters(page.minimum),
            second_factor: page.second_factor,
        }))
    }

    async fn reset_password(&self, form: PasswordResetForm) -> Answer<()> {
        if form.password.is_empty() {
            return Err(Problem::Empty {
                field: Field::Password,
            });
        }
        let (identity, realm) = (&self.state.identity, &self.tenant.realm);
        let page = identity.reset_page(realm, &form.token).await;
        let page = page.map_err(|error| self.problem(error))?;
        if page.is_some_and(|page| page.second_factor) && form.code.trim().is_empty() {
            return Err(Problem::Empty { field: Field::Code });
        }
        let new = NewPassword {
            token: &form.token,
            password: &form.password,
            code: &form.code,
        };
        let done = identity.reset_password(realm, new, &self.client).await;
        let whose = done.map_err(|error| self.problem(error))?;
        self.clear_cookie(&Name::Reset(realm.clone()));
        self.leave_if(&whose);
        Ok(())
    }

    async fn password_minimum(&self) -> Answer<u32> {
        let who = self.who()?;
        Ok(characters(strength_for(&who.account).minimum()))
    }

    async fn change_password(&self, present: &str, new: &str) -> Answer<()> {
        let who = self.who()?;
        let fields = [(present, Field::Present), (new, Field::Password)];
        let empty = fields.into_iter().filter(|(typed, _)| typed.is_empty());
        Problem::refuse(empty.map(|(_, field)| Problem::Empty { field }).collect())?;
        let done = self
            .state
            .identity
            .change_password(who, present, new, &self.client)
            .await;
        done.map_err(|error| self.problem(error))?;
        self.renew_session().await;
        Ok(())
    }

    async fn not_me(&self, token: &str) -> Answer<Option<NotMe>> {
        let identity = &self.state.identity;
        let page = identity.not_me_page(&self.tenant.realm, token).await;
        let page = page.map_err(|error| self.problem(error))?;
        Ok(page.map(|page| NotMe {
            event: Event::parse(&page.event).map_or(Happened::Unknown, happened),
            when: self.moment(page.when),
            email: page.email,
        }))
    }

    async fn say_not_me(&self, token: &str) -> Answer<()> {
        let (identity, realm) = (&self.state.identity, &self.tenant.realm);
        let done = identity.not_me(realm, token, &self.client).await;
        let whose = done.map_err(|error| self.problem(error))?;
        self.leave_if(&whose);
        Ok(())
    }
}

/// The least number of characters of a password that is the only factor.
pub(super) fn alone() -> u32 {
    characters(Strength::OnlyFactor.minimum())
}

fn characters(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
