//! Registering, and confirming the address.

use super::{
    RequestContext,
    details::{checked_address, checked_name},
    password::characters,
};
use crate::request::{cookies::Name, own_path::own_path};
use async_trait::async_trait;
use contract::{
    Answer, Confirmation, Confirmed, Field, OpenConfirmation, PasswordProblem, Problem,
    RegistrationForm, RegistrationPort, RegistrationProblem, SignInStep, Suggestion, Waiting,
    WaitingMail,
};
use domain::{MailDomain, funnel, token::Secret};
use identity::{DeadConfirmation, Error, NewRegistration};

#[async_trait]
impl RegistrationPort for RequestContext {
    fn registration_minimum(&self) -> u32 {
        characters(domain::password::PARTICIPANT_MINIMUM)
    }

    async fn register(&self, form: RegistrationForm) -> Answer<()> {
        let name = checked_name(&form.name);
        let email = checked_address(&form.email);
        let password = if form.password.is_empty() {
            Err(Problem::Empty {
                field: Field::Password,
            })
        } else {
            Ok(form.password)
        };
        let (name, email, password) = match (name, email, password) {
            (Ok(name), Ok(email), Ok(password)) => (name, email, password),
            (name, email, password) => {
                let wrong = [name.err(), email.err(), password.err()];
                Problem::refuse(wrong.into_iter().flatten().collect())?;
                return Err(Problem::BadRequest);
            }
        };
        self.about_address(email.as_str());
        let new = NewRegistration {
            name: &name,
            email: &email,
            password: &password,
            next: own_path(&form.next),
        };
        let (identity, realm) = (&self.state.identity, &self.tenant.realm);
        let browser = self
            .answer(identity.register(realm, new, &self.client))
            .await?;
        self.set_cookie(&Name::Registration(realm.clone()), &browser);
        if self.support.is_some()
            && let Some(found) = self.answer(identity.waiting(realm, &browser)).await?
        {
            self.wait_with_support(&found.id).await;
        }
        Ok(())
    }

    async fn waiting(&self) -> Answer<Option<Waiting>> {
        let Some(browser) = &self.registration else {
            return Ok(None);
        };
        let identity = &self.state.identity;
        let found = self
            .answer(identity.waiting(&self.tenant.realm, browser))
            .await?;
        let Some(found) = found else {
            return Ok(None);
        };
        let supports = self.answer(identity.store.waiting_supports(&found.id));
        let title = |proposal: &store::Proposal| proposal.title(self.locale).to_owned();
        Ok(Some(Waiting {
            supports: supports.await?.iter().map(title).collect(),
            mail: self.waiting_mail(found.mail),
            suggestion: found.suggestion.map(|suggestion| Suggestion {
                domain: funnel::mail_domain(&found.email),
                exists: suggestion.answer != MailDomain::DoesNotExist,
                emails: suggestion.emails,
            }),
            email: found.email,
            mails_left: found.mails_left,
            wait_s: found.wait.as_secs(),
            confirmed: found.confirmed,
            denied_at: found.denied_at.map(|at| self.time_lately(at)),
            version: found.version,
        }))
    }

    async fn send_confirmation(&self) -> Answer<()> {
        let (identity, realm) = (&self.state.identity, &self.tenant.realm);
        let sent = identity.send_confirmation(realm, self.registering()?, &self.client);
        self.answer(sent).await
    }

    async fn correct_registration(&self, email: &str) -> Answer<()> {
        let browser = self.registering()?;
        let email = checked_address(email)?;
        self.about_address(email.as_str());
        let (identity, realm) = (&self.state.identity, &self.tenant.realm);
        self.answer(identity.correct_registration(realm, browser, &email, &self.client))
            .await
    }

    async fn confirm_by_code(&self, code: &str) -> Answer<Confirmed> {
        if code.trim().is_empty() {
            return Err(Problem::Empty { field: Field::Code });
        }
        let (identity, realm) = (&self.state.identity, &self.tenant.realm);
        let browser = self.registering()?;
        match identity
            .confirm_by_code(realm, browser, code, &self.client)
            .await
        {
            Ok(confirmed) => Ok(self.confirmed(confirmed).await),
            Err(Error::NotACode) => Err(PasswordProblem::MailCodeMalformed.into()),
            Err(error @ Error::CodeRejected) => {
                self.log_error(&error);
                Err(PasswordProblem::MailCodeRejected.into())
            }
            Err(error) => Err(self.problem(error)),
        }
    }

    async fn confirmation(&self, token: &str) -> Answer<Confirmation> {
        let (identity, browser) = (&self.state.identity, self.registration.as_ref());
        let page = identity.confirmation_page(&self.tenant.realm, token, browser, &self.client);
        Ok(match self.answer(page).await? {
            Ok(page) => Confirmation::Open(OpenConfirmation {
                email: page.email,
                name: page.name,
                when: self.moment(page.when),
                device: page.device,
                signs_in: page.signs_in,
            }),
            Err(DeadConfirmation::Confirmed) => Confirmation::Confirmed,
            Err(DeadConfirmation::Renewable) => Confirmation::Renewable,
            Err(DeadConfirmation::Unknown) => Confirmation::Dead,
        })
    }

    async fn confirm_address(&self, token: &str) -> Answer<Confirmed> {
        let (identity, browser) = (&self.state.identity, self.registration.as_ref());
        let confirmed = identity.confirm_address(&self.tenant.realm, token, browser, &self.client);
        let confirmed = self.answer(confirmed).await?;
        Ok(self.confirmed(confirmed).await)
    }

    async fn deny_registration(&self, token: &str) -> Answer<()> {
        let (identity, realm) = (&self.state.identity, &self.tenant.realm);
        self.answer(identity.deny_registration(realm, token, &self.client))
            .await
    }

    async fn renew_confirmation(&self, token: &str) -> Answer<()> {
        let (identity, realm) = (&self.state.identity, &self.tenant.realm);
        self.answer(identity.renew_confirmation(realm, token, &self.client))
            .await
    }
}

impl RequestContext {
    fn registering(&self) -> Answer<&Secret> {
        let browser = self.registration.as_ref();
        browser.ok_or_else(|| RegistrationProblem::NotOpen.into())
    }

    async fn confirmed(&self, confirmed: identity::Confirmed) -> Confirmed {
        let email = confirmed.email;
        let Some(opened) = confirmed.opened else {
            self.set_device_cookie(&confirmed.devices);
            return Confirmed {
                email,
                signed_in: false,
                next: None,
            };
        };
        self.clear_cookie(&Name::Registration(self.tenant.realm.clone()));
        let next = match self.enter(opened).await {
            SignInStep::In { next, .. } => next,
            SignInStep::Code => None,
        };
        Confirmed {
            email,
            signed_in: true,
            next,
        }
    }

    fn waiting_mail(&self, mail: identity::WaitingMail) -> WaitingMail {
        match mail {
            identity::WaitingMail::None => WaitingMail::None,
            identity::WaitingMail::Forgotten => WaitingMail::Forgotten,
            identity::WaitingMail::Written | identity::WaitingMail::Queued => WaitingMail::Queued,
            identity::WaitingMail::Postponed(cause) => WaitingMail::Postponed(cause),
            identity::WaitingMail::Sent(at) => WaitingMail::Sent {
                by: self.state.config.mail_server(),
                at: self.time_lately(at),
            },
            identity::WaitingMail::Refused(cause, at) => WaitingMail::Refused {
                by: self.state.config.mail_server(),
                cause,
                at: self.time_lately(at),
            },
            identity::WaitingMail::Returned(cause, at) => WaitingMail::Returned {
                cause,
                at: self.time_lately(at),
            },
        }
    }
}
