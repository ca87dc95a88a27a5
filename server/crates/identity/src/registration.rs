//! Registering: what is asked on the page, and what the page that waits for the mail does.
//!
//! Whether the address has an account is never told here. The registration is stored, and a job answers it with a mail:
//! the confirmation, or the news that there is an account already ([`crate::registration_answer`]). Both take the same
//! work, and everything that this page shows of the mail is the same for both.

use crate::{Client, Error, Identity, Result, passwords::OF_PARTICIPANTS, token_hash};
use domain::{
    AccountId, DisplayName, Duration, Email, JobId, Locale, MailCause, MailDomain, MailState,
    Realm, RegistrationId, Timestamp, job::Priority, limit::REGISTRATIONS_PER_NETWORK,
    retention::UNCONFIRMED, token::Secret,
};
use mail::cause_of;
use store::{Account, MailFate, NewJob, Registration, RegistrationState, Tx};
use unit_of_work::{Error as Common, NetworkBuckets, hashed};

/// The kind of job that answers a registration.
pub const ANSWER_REGISTRATION: &str = "answer_registration";

/// Mails of one registration, the first and those to corrected addresses included.
pub const MAILS_PER_REGISTRATION: u32 = 5;
/// The time between two of them.
const BETWEEN_MAILS: Duration = Duration::from_mins(1);

/// What is typed on the page for registering.
pub struct NewRegistration<'a> {
    /// The name that others see.
    pub name: &'a DisplayName,
    /// The address.
    pub email: &'a Email,
    /// The password as typed.
    pub password: &'a str,
    /// Where to go afterwards: a path of our own, checked by the caller.
    pub next: Option<String>,
}

/// What the page shows that waits for the confirmation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The address.
    pub email: String,
    /// Where its mail stands.
    pub mail: WaitingMail,
    /// How many further mails can be asked for.
    pub mails_left: u32,
    /// How long until the next one can be asked for.
    pub wait: Duration,
    /// Whether the address was confirmed with it.
    pub confirmed: bool,
    /// When the owner of the address said that they did not register. No further mail goes there.
    pub denied_at: Option<Timestamp>,
    /// The registration.
    pub id: RegistrationId,
    /// Addresses that may be meant instead.
    pub suggestion: Option<Suggestion>,
    /// Names this state: another one when any of it has changed.
    pub version: String,
}

/// Why an address is doubted, and which may be meant instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What the name system said about its domain: one of the bad answers.
    pub answer: MailDomain,
    /// The addresses, one or two.
    pub emails: Vec<String>,
}

/// Where the mail of a registration stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitingMail {
    /// None was asked for yet.
    None,
    /// It was written so long ago that what became of it is not known any more.
    Forgotten,
    /// It is being written.
    Written,
    /// It waits for its turn.
    Queued,
    /// It was not taken, and is tried again.
    Postponed(MailCause),
    /// A mail server took it then.
    Sent(Timestamp),
    /// It was refused or given up then.
    Refused(MailCause, Timestamp),
    /// It came back then, or a filter said that it holds it.
    Returned(MailCause, Timestamp),
}

impl Identity {
    /// Stores a registration and has it answered by mail. The secret binds the page that waits, and the code of the mail,
    /// to this browser.
    ///
    /// # Errors
    /// [`Error::RegistrationClosed`], [`Error::Weak`], `TooManyTries`, `Busy`; never one that depends on the address.
    pub async fn register(
        &self,
        realm: &Realm,
        new: NewRegistration<'_>,
        client: &Client,
    ) -> Result<Secret> {
        if !client.registers() {
            return Err(Error::RegistrationClosed);
        }
        self.take_registration(client).await?;
        let words = [new.name.as_str(), new.email.as_str()];
        let words = self.words_of(realm, &words).await?;
        let chosen = self
            .chosen_password(new.password, OF_PARTICIPANTS, words)
            .await?;
        let browser = self.new_secret();
        let registration = Registration {
            email: new.email.as_str().to_owned(),
            name: new.name.as_str().to_owned(),
            locale: client.locale.unwrap_or(Locale::En),
            password_hash: self.hasher.hash(&chosen.password).await?,
            next: new.next,
            ..self.new_registration(realm, &browser, client)?
        };
        let mut tx = self.store.begin().await?;
        tx.insert_registration(&registration).await?;
        self.queue_answer(&mut tx, &registration.id, None).await?;
        tx.commit().await?;
        Ok(browser)
    }

    /// What the page shows that waits in this browser; `None` when nothing was registered in it of late.
    ///
    /// # Errors
    /// `Store`.
    pub async fn waiting(&self, realm: &Realm, browser: &Secret) -> Result<Option<Waiting>> {
        let hash = token_hash(browser);
        let found = self.store.registration_of_browser(realm, &hash).await?;
        let Some(found) = found else {
            return Ok(None);
        };
        let fate = match &found.mail_id {
            Some(mail) => self.store.mail_fate(mail).await?,
            None => None,
        };
        Ok(Some(Waiting {
            mail: mail_of(&found, fate.as_ref()),
            mails_left: MAILS_PER_REGISTRATION.saturating_sub(found.mails),
            wait: self.wait_for_mail(&found),
            confirmed: found.confirmed_at.is_some(),
            version: version(&RegistrationState {
                id: found.id.clone(),
                answered_at: found.answered_at,
                confirmed_at: found.confirmed_at,
                denied_at: found.denied_at,
                mail: fate.as_ref().map(|fate| fate.state),
                last_error: fate.as_ref().and_then(|fate| fate.last_error.clone()),
                bounced_with: fate.as_ref().and_then(|fate| fate.bounced_with.clone()),
                suggestions: found.suggestions.clone(),
            }),
            denied_at: found.denied_at.filter(|_| found.is_denied()),
            suggestion: suggestion(&found),
            id: found.id.clone(),
            email: found.email,
        }))
    }

    /// The [`Waiting::version`] of many registrations at once; those that are gone are missing.
    ///
    /// # Errors
    /// `Store`.
    pub async fn waiting_versions(
        &self,
        ids: &[RegistrationId],
    ) -> Result<Vec<(RegistrationId, String)>> {
        let states = self.store.registration_states(ids).await?;
        let named = states.into_iter().map(|state| {
            let version = version(&state);
            (state.id, version)
        });
        Ok(named.collect())
    }

    /// Has another mail sent to the address of a registration. Earlier links keep working.
    ///
    /// # Errors
    /// [`Error::NoRegistration`], [`Error::MailsUsedUp`], `TooManyTries`.
    pub async fn send_confirmation(
        &self,
        realm: &Realm,
        browser: &Secret,
        client: &Client,
    ) -> Result<()> {
        let found = self.registration_to_mail(realm, browser).await?;
        if found.is_denied() {
            return Err(Error::NoRegistration);
        }
        self.take_registration_mail(&found, client).await?;
        let mut tx = self.store.begin().await?;
        if tx
            .ask_registration_mail(&found.id, MAILS_PER_REGISTRATION)
            .await?
        {
            self.queue_answer(&mut tx, &found.id, None).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Gives a registration another address and has its mail sent there. Links and codes of the mails to the one before
    /// are dead at once.
    ///
    /// # Errors
    /// [`Error::NoRegistration`], [`Error::MailsUsedUp`], [`Error::SameAddress`], `TooManyTries`.
    pub async fn correct_registration(
        &self,
        realm: &Realm,
        browser: &Secret,
        email: &Email,
        client: &Client,
    ) -> Result<()> {
        let found = self.registration_to_mail(realm, browser).await?;
        if email.key() == domain::email_key(&found.email) {
            return Err(Error::SameAddress);
        }
        // The time between two mails is for one address: most people see a typing error at once.
        self.take_registration(client).await?;
        let mut tx = self.store.begin().await?;
        let most = MAILS_PER_REGISTRATION;
        // Its account is taken from it, so that links and codes are dead; the job does the rest.
        if !tx.correct_registration(&found.id, email, most).await? {
            let present = self.store.registration(&found.id).await?;
            if present.is_none_or(|present| present.confirmed_at.is_some()) {
                return Err(Error::NoRegistration);
            }
            // A mail to the earlier address is being written just now.
            let wait = BETWEEN_MAILS;
            return Err(Common::TooManyTries { wait }.into());
        }
        self.queue_answer(&mut tx, &found.id, found.account_id.as_ref())
            .await?;
        Ok(tx.commit().await?)
    }

    /// A registration of this browser for which further mails may be asked.
    async fn registration_to_mail(&self, realm: &Realm, browser: &Secret) -> Result<Registration> {
        let hash = token_hash(browser);
        let found = self.store.registration_of_browser(realm, &hash).await?;
        let found = found.filter(|found| found.confirmed_at.is_none());
        let found = found.ok_or(Error::NoRegistration)?;
        if found.mails >= MAILS_PER_REGISTRATION {
            return Err(Error::MailsUsedUp);
        }
        Ok(found)
    }

    /// Takes a further mail of a registration, when enough time has passed since the one before.
    async fn take_registration_mail(&self, found: &Registration, client: &Client) -> Result<()> {
        let wait = self.wait_for_mail(found);
        if !wait.is_zero() {
            return Err(Common::TooManyTries { wait }.into());
        }
        self.take_registration(client).await
    }

    /// Makes the registration of somebody who gave the right password of an address that is not confirmed: for the button
    /// that has the mail sent. It has no mail yet.
    ///
    /// # Errors
    /// `TooManyTries`.
    pub(crate) async fn await_confirmation(
        &self,
        of: Unconfirmed<'_>,
        next: Option<String>,
        client: &Client,
    ) -> Result<Secret> {
        self.take_registration(client).await?;
        let browser = self.new_secret();
        let registration = match of {
            Unconfirmed::Account(account) => Registration {
                email: account.email.clone(),
                name: account.name.clone(),
                locale: account.locale,
                password_hash: account.password_hash.clone().ok_or(Error::BadCredentials)?,
                account_id: Some(account.id.clone()),
                ..self.new_registration(&account.realm, &browser, client)?
            },
            Unconfirmed::Registration(earlier) => Registration {
                email: earlier.email.clone(),
                name: earlier.name.clone(),
                locale: earlier.locale,
                password_hash: earlier.password_hash.clone(),
                ..self.new_registration(&earlier.realm, &browser, client)?
            },
        };
        let registration = Registration {
            next,
            answered_at: Some(registration.created_at),
            ..registration
        };
        let mut tx = self.store.begin().await?;
        tx.insert_registration(&registration).await?;
        tx.commit().await?;
        Ok(browser)
    }

    /// The newest registration of an address that can still be confirmed.
    pub(crate) async fn unconfirmed_registration(
        &self,
        realm: &Realm,
        email_key: &str,
    ) -> Result<Option<Registration>> {
        let since = self.now().minus(UNCONFIRMED);
        Ok(self
            .store
            .newest_registration(realm, email_key, since)
            .await?)
    }

    /// Queues the job that answers a registration, and lets the account go that it has `left`.
    pub(crate) async fn queue_answer(
        &self,
        tx: &mut Tx,
        id: &RegistrationId,
        left: Option<&AccountId>,
    ) -> Result<()> {
        let now = self.now();
        let left = left.map(|left| format!(" {left}")).unwrap_or_default();
        let payload = format!("{id}{left}");
        let job = NewJob {
            id: JobId::new(&*self.clock, &*self.entropy),
            kind: ANSWER_REGISTRATION,
            payload: payload.as_bytes(),
            priority: Priority::Waiting,
            not_before: now,
            created_at: now,
            unique_key: None,
            lane: None,
            destination: None,
        };
        tx.insert_job(&job).await?;
        Ok(())
    }

    /// Takes one of the registrations and mails that a network may ask for.
    async fn take_registration(&self, client: &Client) -> Result<()> {
        let buckets = NetworkBuckets::of("registration", client, REGISTRATIONS_PER_NETWORK);
        Ok(self.take_network_try(&buckets).await?)
    }

    /// A registration of this browser and moment, without a person.
    fn new_registration(
        &self,
        realm: &Realm,
        browser: &Secret,
        client: &Client,
    ) -> Result<Registration> {
        // Accounts of the back office are made by an invitation.
        let place = client.project.as_deref().ok_or(Error::NoRegistration)?;
        Ok(Registration {
            id: RegistrationId::new(&*self.clock, &*self.entropy),
            realm: realm.clone(),
            project: place.1.slug.to_string(),
            email: String::new(),
            name: String::new(),
            locale: Locale::En,
            password_hash: String::new(),
            browser_hash: token_hash(browser).to_vec(),
            account_id: None,
            mail_id: None,
            mails: 0,
            next: None,
            device: client.device.clone(),
            network: client.network.clone(),
            created_at: self.now(),
            answered_at: None,
            confirmed_at: None,
            domain_answer: None,
            denied_at: None,
            denied_key: None,
            suggestions: None,
        })
    }

    fn wait_for_mail(&self, found: &Registration) -> Duration {
        match found.answered_at {
            _ if found.mails == 0 => Duration::ZERO,
            Some(at) => at.plus(BETWEEN_MAILS).since(self.now()),
            None => BETWEEN_MAILS,
        }
    }
}

/// Whose address is not confirmed.
pub(crate) enum Unconfirmed<'a> {
    /// That of an account.
    Account(&'a Account),
    /// That of a registration.
    Registration(&'a Registration),
}

/// The name of a state, as [`Waiting::version`]. It says nothing to a reader.
fn version(state: &RegistrationState) -> String {
    hashed(&format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        state.answered_at,
        state.confirmed_at,
        state.denied_at,
        state.mail,
        state.last_error,
        state.bounced_with,
        state.suggestions
    ))
}

/// The suggested domains as addresses.
fn suggestion(found: &Registration) -> Option<Suggestion> {
    let (local, _) = found.email.rsplit_once('@')?;
    let domains = found.suggestions.as_deref()?.split(' ');
    Some(Suggestion {
        answer: found.domain_answer?,
        emails: domains.map(|domain| format!("{local}@{domain}")).collect(),
    })
}

fn mail_of(found: &Registration, fate: Option<&MailFate>) -> WaitingMail {
    if found.answered_at.is_none() {
        return WaitingMail::Written;
    }
    let Some(fate) = fate else {
        return if found.mails == 0 {
            WaitingMail::None
        } else {
            WaitingMail::Forgotten
        };
    };
    if let (Some(at), Some(with)) = (fate.bounced_at, &fate.bounced_with) {
        return WaitingMail::Returned(cause_of(with), at);
    }
    let cause = fate.last_error.as_deref().map(cause_of);
    let when = fate.finished_at.unwrap_or(fate.created_at);
    match (fate.state, cause) {
        (MailState::Queued, None) => WaitingMail::Queued,
        (MailState::Queued, Some(cause)) => WaitingMail::Postponed(cause),
        (MailState::Sent, _) => WaitingMail::Sent(when),
        (MailState::Failed, cause) => WaitingMail::Refused(cause.unwrap_or(MailCause::Ours), when),
    }
}
