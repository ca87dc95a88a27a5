//! One's own details: name, language of mails, e-mail address.

use super::RequestContext;
use async_trait::async_trait;
use contract::{Answer, DetailsPort, DetailsProblem, EmailSettings, Field, Problem, Profile};
use domain::{DisplayName, Email, Locale, account::NameError, email::EmailError, token::Purpose};

#[async_trait]
impl DetailsPort for RequestContext {
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

    async fn change_name(&self, name: &str) -> Answer<()> {
        let who = self.who()?;
        let name = checked_name(name)?;
        self.answer(self.state.identity.rename(who, &name, &self.client))
            .await
    }

    async fn change_mail_language(&self, tag: &str) -> Answer<()> {
        let who = self.who()?;
        let locale = Locale::parse(tag).ok_or(Problem::BadRequest)?;
        let identity = &self.state.identity;
        self.answer(identity.set_mail_language(who, locale, &self.client))
            .await
    }

    async fn email_settings(&self) -> Answer<EmailSettings> {
        let who = self.who()?;
        let state = self.answer(self.state.identity.email_state(who)).await?;
        Ok(EmailSettings {
            email: who.account.email.clone(),
            pending: state
                .pending
                .map(|(email, until)| (email, self.moment(until))),
            needs_proof: state.needs_proof,
        })
    }

    async fn ask_for_email(&self, email: &str, proof: &str) -> Answer<()> {
        let who = self.who()?;
        let wanted = checked_address(email)?;
        let identity = &self.state.identity;
        self.answer(identity.ask_for_email(who, &wanted, proof, &self.client))
            .await?;
        self.renew_session().await;
        Ok(())
    }

    async fn withdraw_email(&self) -> Answer<()> {
        let who = self.who()?;
        self.answer(self.state.identity.withdraw_email(who, &self.client))
            .await
    }

    async fn new_email(&self, token: &str) -> Answer<Option<String>> {
        self.linked_email(Purpose::EmailChange, token).await
    }

    async fn confirm_email(&self, token: &str, shown: &str) -> Answer<bool> {
        let from = (self.signed_in.as_ref(), &self.client);
        let identity = &self.state.identity;
        self.answer(identity.confirm_email(&self.tenant.realm, token, shown, from))
            .await
    }

    async fn previous_email(&self, token: &str) -> Answer<Option<String>> {
        self.linked_email(Purpose::EmailUndo, token).await
    }

    async fn undo_email(&self, token: &str) -> Answer<String> {
        let identity = &self.state.identity;
        self.answer(identity.undo_email(&self.tenant.realm, token, &self.client))
            .await
    }
}

impl RequestContext {
    async fn linked_email(&self, purpose: Purpose, token: &str) -> Answer<Option<String>> {
        let identity = &self.state.identity;
        self.answer(identity.linked_email(&self.tenant.realm, purpose, token))
            .await
    }
}

/// Reads an address as it was typed.
///
/// # Errors
/// A problem of the field for an address.
pub(super) fn checked_address(typed: &str) -> Answer<Email> {
    Email::parse(typed).map_err(|error| match error {
        EmailError::Empty => Problem::Empty {
            field: Field::Email,
        },
        EmailError::Malformed => Problem::NotAnAddress,
    })
}

/// Reads a name as it was typed.
///
/// # Errors
/// A problem of the field for a name.
pub(super) fn checked_name(typed: &str) -> Answer<DisplayName> {
    let field = Field::Name;
    DisplayName::parse(typed).map_err(|error| match error {
        NameError::Empty => Problem::Empty { field },
        NameError::TooLong => Problem::TooLong {
            field,
            limit: u32::try_from(DisplayName::MAX_CHARACTERS).unwrap_or(u32::MAX),
        },
        NameError::Unprintable => DetailsProblem::NotAName.into(),
    })
}
