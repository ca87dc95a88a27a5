//! Passwords: checked while typed, reset, changed.

use super::{
    RequestContext,
    details::{checked_address, checked_name},
};
use crate::request::cookies::Name;
use async_trait::async_trait;
use contract::{
    Answer, EventKind, Field, NotMe, PasswordPort, PasswordProblem, PasswordReset,
    PasswordResetForm, Problem, Verdict,
};
use domain::password::{Strength, Weakness};
use identity::{Error, NewPassword, strength_for};

#[async_trait]
impl PasswordPort for RequestContext {
    async fn judge_password(&self, typed: &str, token: &str) -> Answer<Verdict> {
        let identity = &self.state.identity;
        // A code that was given in this browser is for whom nobody is signed in.
        let token_here = match &self.signed_in {
            Some(_) => token,
            None => self.reset_token(token),
        };
        let judged = identity
            .check_password_strength(
                typed,
                token_here,
                (self.signed_in.as_ref(), &self.tenant.realm),
                &self.client,
            )
            .await;
        match judged {
            Ok(()) => Ok(Verdict::Good),
            Err(Error::Weak(weakness)) => Ok(verdict(weakness)),
            Err(error) => Err(self.problem(error)),
        }
    }

    async fn forgot_password(&self, email: &str) -> Answer<()> {
        let email = checked_address(email)?;
        self.about_address(email.as_str());
        let (identity, realm) = (&self.state.identity, &self.tenant.realm);
        let browser = self
            .answer(identity.ask_for_reset(realm, &email, self.locale, &self.client))
            .await?;
        self.set_cookie(&Name::Reset(realm.clone()), &browser);
        Ok(())
    }

    fn waits_for_reset(&self) -> bool {
        self.reset.is_some()
    }

    async fn give_reset_code(&self, code: &str) -> Answer<()> {
        if code.trim().is_empty() {
            return Err(Problem::Empty { field: Field::Code });
        }
        let browser = self
            .reset
            .as_ref()
            .ok_or(PasswordProblem::MailCodeRejected)?;
        let (identity, realm) = (&self.state.identity, &self.tenant.realm);
        match identity
            .give_reset_code(realm, browser, code, &self.client)
            .await
        {
            // In a cookie: an address is kept in histories and logs.
            Ok(secret) => {
                self.set_cookie(&Name::ResetLink(realm.clone()), &secret);
                Ok(())
            }
            Err(Error::NotACode) => Err(PasswordProblem::MailCodeMalformed.into()),
            Err(error @ Error::CodeRejected) => {
                self.log_error(&error);
                Err(PasswordProblem::MailCodeRejected.into())
            }
            Err(error) => Err(self.problem(error)),
        }
    }

    async fn password_reset(&self, token: &str) -> Answer<Option<PasswordReset>> {
        let identity = &self.state.identity;
        let page = self
            .answer(identity.reset_page(&self.tenant.realm, self.reset_token(token)))
            .await?;
        Ok(page.map(|page| PasswordReset {
            email: page.email,
            minimum: characters(page.minimum),
            second_factor: page.second_factor,
            asks_name: page.asks_name,
        }))
    }

    async fn reset_password(&self, form: PasswordResetForm) -> Answer<String> {
        let (identity, realm) = (&self.state.identity, &self.tenant.realm);
        let token = self.reset_token(&form.token);
        let page = self.answer(identity.reset_page(realm, token)).await?;
        let asks = |what: fn(&identity::ResetPage) -> bool| page.as_ref().is_some_and(what);
        let name = asks(|page| page.asks_name).then(|| checked_name(&form.name));
        let empty = [
            (form.password.is_empty(), Field::Password),
            (
                asks(|page| page.second_factor) && form.code.trim().is_empty(),
                Field::Code,
            ),
        ];
        let empty = empty.into_iter().filter(|(is_empty, _)| *is_empty);
        let empty = empty.map(|(_, field)| Problem::Empty { field });
        let wrong = name.as_ref().and_then(|name| name.as_ref().err().cloned());
        Problem::refuse(wrong.into_iter().chain(empty).collect())?;
        let new = NewPassword {
            token,
            password: &form.password,
            code: &form.code,
            name: name.and_then(Answer::ok),
        };
        let whose = self
            .answer(identity.reset_password(realm, new, &self.client))
            .await?;
        for name in [Name::Reset, Name::ResetLink] {
            self.clear_cookie(&name(realm.clone()));
        }
        self.leave_if(&whose.id);
        Ok(whose.email)
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
        self.answer(
            self.state
                .identity
                .change_password(who, present, new, &self.client),
        )
        .await?;
        self.renew_session().await;
        Ok(())
    }

    async fn not_me(&self, token: &str) -> Answer<Option<NotMe>> {
        let identity = &self.state.identity;
        let page = self
            .answer(identity.not_me_page(&self.tenant.realm, token))
            .await?;
        Ok(page.map(|page| NotMe {
            event: EventKind::parse(&page.event),
            when: self.moment(page.when),
            email: page.email,
        }))
    }

    async fn say_not_me(&self, token: &str) -> Answer<String> {
        let (identity, realm) = (&self.state.identity, &self.tenant.realm);
        let secured = self
            .answer(identity.not_me(realm, token, &self.client))
            .await?;
        self.leave_if(&secured.account);
        self.set_cookie(&Name::Reset(realm.clone()), &secured.browser);
        Ok(secured.email)
    }
}

impl RequestContext {
    /// The token of a reset link: that of the page's address, or of the code that was given in this browser.
    fn reset_token<'a>(&'a self, of_address: &'a str) -> &'a str {
        match &self.reset_link {
            Some(link) if of_address.is_empty() => link.expose(),
            _ => of_address,
        }
    }
}

/// The least number of characters of a password that is the only factor.
pub(super) fn alone() -> u32 {
    characters(Strength::OnlyFactor.minimum())
}

fn verdict(weakness: Weakness) -> Verdict {
    match weakness {
        Weakness::TooShort { .. } => Verdict::TooShort,
        Weakness::TooLong => Verdict::TooLong,
        Weakness::Personal => Verdict::Personal,
        Weakness::Common | Weakness::Leaked => Verdict::Common,
        Weakness::Guessable => Verdict::Guessable,
    }
}

pub(super) fn characters(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
