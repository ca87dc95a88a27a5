//! Registering, second half: the job that answers a registration with a mail.
//!
//! The account is made here, with its address unconfirmed: nobody can sign in to it, and it is deleted when nobody confirms
//! it. An address that has a confirmed account gets a mail that says so. Limits delay the answer and refuse nothing, since
//! a refusal would tell what others did.

use crate::{
    Client, Error, Identity, Result,
    accounts::insert_account,
    tries::{registration_mails_to, registration_mails_to_mailbox},
    unconfirmed::{PURPOSE, abandon, is_open},
};
use domain::{
    AccountId, AccountStatus, DisplayName, Duration, Email, Realm, RegistrationId, Timestamp,
    calendar,
    limit::{
        REGISTRATION_MAILS, REGISTRATION_MAILS_PER_ADDRESS, REGISTRATION_MAILS_PER_DOMAIN,
        REGISTRATION_MAILS_PER_MAILBOX, REGISTRATION_MAILS_PER_NETWORK,
    },
    paths,
    retention::UNCONFIRMED,
};
use mail::{AccountClosed, AddressConfirm, AlreadyRegistered, Message};
use store::{Account, LeasedJob, Registration, Token};
use unit_of_work::{Actor, Error as Common, EventKind, UnitOfWork};

/// After this time a registration whose mail could not be written is not answered any more: nobody waits.
const REQUEST_IS_OVER: Duration = Duration::from_hours(1);

impl Identity {
    /// Answers a registration with a mail. The job goes away in the transaction that writes the mail. Gives the registration
    /// whose mail was written: [`Identity::suggest_domains`] may be asked about it.
    ///
    /// # Errors
    /// `Store`; `TooManyTries` when a limit delays the answer; [`Error::Taken`] when another registration of the address
    /// was answered at the same moment: then it is tried again.
    pub async fn answer_registration(&self, job: &LeasedJob) -> Result<Option<Registration>> {
        let payload = String::from_utf8_lossy(&job.payload).into_owned();
        let (id, left) = payload.split_once(' ').unwrap_or((&payload, ""));
        let id = RegistrationId::from(id.to_owned());
        if !left.is_empty() {
            self.abandon(&AccountId::from(left.to_owned()), &id).await?;
        }
        let found = self.store.registration(&id).await?;
        let client = Client {
            device: found
                .as_ref()
                .map_or_else(String::new, |found| found.device.clone()),
            network: found
                .as_ref()
                .map_or_else(String::new, |found| found.network.clone()),
            ..Client::default()
        };
        let mut work = self.begin(Actor::Unknown, &client).await?;
        if !work.finish_job(job).await? {
            return Ok(None);
        }
        let waits = found.filter(|found| {
            found.answered_at.is_none() && found.confirmed_at.is_none() && !found.is_denied()
        });
        let Some(registration) = waits else {
            work.commit().await?;
            return Ok(None);
        };
        match self.answer_with_mail(&mut work, &registration).await {
            Ok(()) => {
                work.commit().await?;
                return Ok(Some(registration));
            }
            Err(error @ Error::Common(Common::TooManyTries { .. })) => {
                if self.now().since(job.created_at) < REQUEST_IS_OVER {
                    return Err(error);
                }
                work.rollback().await?;
                let mut tx = self.store.begin().await?;
                tx.finish_job(job).await?;
                // The page offers to send again.
                tx.give_up_registration(&id, self.now()).await?;
                tx.commit().await?;
                tracing::warn!(registration.id = %id, "A registration was not answered: too many mails");
            }
            Err(error) => return Err(error),
        }
        Ok(None)
    }

    /// Lets an account go that a corrected registration has left: the links and codes that were mailed to it are void. It is
    /// done here, and not while the page waits: the time would tell whether there was one.
    async fn abandon(&self, account: &AccountId, left_by: &RegistrationId) -> Result<()> {
        let mut work = self.begin(Actor::System, Client::none()).await?;
        work.lock_account(account).await?;
        work.void_pending_tokens(account, PURPOSE, left_by.as_str(), self.now())
            .await?;
        abandon(&mut work, account).await?;
        Ok(work.commit().await?)
    }

    async fn answer_with_mail(
        &self,
        work: &mut UnitOfWork<'_>,
        registration: &Registration,
    ) -> Result<()> {
        let email = Email::parse(&registration.email);
        let email = email.map_err(|_| Common::Broken("a registration has no address"))?;
        let account = self.holder(work, registration, &email).await?;
        self.take_mails(work, registration, &email).await?;
        let (account, mail) = match account {
            Holder::Unconfirmed(account) => {
                let message = self.confirmation(work, &account, registration).await?;
                let mail = work.write_tracked_mail(Some(&account.id), registration, &message);
                (Some(account.id.clone()), mail.await?)
            }
            Holder::Other(account) => {
                let message = self.refusal(work, account.as_ref(), registration).await?;
                let id = account.as_ref().map(|account| &account.id);
                (
                    None,
                    work.write_tracked_mail(id, registration, &message).await?,
                )
            }
        };
        let (id, now) = (&registration.id, self.now());
        work.answer_registration(id, account.as_ref(), &mail, now)
            .await?;
        Ok(())
    }

    /// The account that the link of a registration may confirm, made here when there is none.
    async fn holder(
        &self,
        work: &mut UnitOfWork<'_>,
        registration: &Registration,
        email: &Email,
    ) -> Result<Holder> {
        let (realm, key, now) = (&registration.realm, email.key(), self.now());
        let Some(found) = work.account_by_email(realm, &key).await? else {
            // Somebody took the address from its account and its owner can restore it.
            let nobody = AccountId::from(String::new());
            if work.address_is_reserved(realm, &key, &nobody, now).await? {
                return Ok(Holder::Other(None));
            }
            return self.make_account(work, registration, email).await;
        };
        let held = work.lock_account(&found.id).await?;
        let Some(account) = held.filter(|held| held.email_key() == key) else {
            return Err(Error::Taken);
        };
        if !is_open(&account) {
            return Ok(Holder::Other(Some(account)));
        }
        self.keep_unconfirmed(work, &account, registration.created_at)
            .await?;
        Ok(Holder::Unconfirmed(account))
    }

    async fn make_account(
        &self,
        work: &mut UnitOfWork<'_>,
        registration: &Registration,
        email: &Email,
    ) -> Result<Holder> {
        let now = self.now();
        let name = DisplayName::parse(&registration.name);
        let name = name.map_err(|_| Common::Broken("a registration has no name"))?;
        let id = AccountId::new(&*self.clock, &*self.entropy);
        let row = store::NewAccount {
            id: id.clone(),
            realm: registration.realm.clone(),
            email,
            name: &name,
            locale: registration.locale,
            platform_role: None,
            created_at: now,
        };
        insert_account(work, &row).await?;
        let due = registration.created_at.plus(UNCONFIRMED);
        work.set_deletion(&id, due, now).await?;
        work.log(&id, EventKind::AccountCreated).await?;
        let account = work.account(&id).await?.ok_or(Common::NoAccount)?;
        Ok(Holder::Unconfirmed(account))
    }

    /// An account that was registered stays as long as its newest registration.
    async fn keep_unconfirmed(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        since: Timestamp,
    ) -> Result<()> {
        let (due, now) = (since.plus(UNCONFIRMED), self.now());
        if account.deletion_at.is_some_and(|earlier| earlier < due) {
            work.stop_deletion(&account.id, now).await?;
            work.set_deletion(&account.id, due, now).await?;
        }
        Ok(())
    }

    /// Takes a mail from the limits of the address, its domain and the site.
    async fn take_mails(
        &self,
        work: &mut UnitOfWork<'_>,
        registration: &Registration,
        email: &Email,
    ) -> Result<()> {
        let (realm, key) = (&registration.realm, email.key());
        let domain = key.rsplit('@').next().unwrap_or_default();
        let limits = [
            (
                format!(
                    "{}:{}",
                    registration_mails_to(realm, &key),
                    registration.network
                ),
                REGISTRATION_MAILS_PER_NETWORK,
            ),
            (
                registration_mails_to(realm, &key),
                REGISTRATION_MAILS_PER_ADDRESS,
            ),
            (
                registration_mails_to_mailbox(&key),
                REGISTRATION_MAILS_PER_MAILBOX,
            ),
            (
                format!("registration:domain:{domain}"),
                REGISTRATION_MAILS_PER_DOMAIN,
            ),
            ("registration:mails".to_owned(), REGISTRATION_MAILS),
        ];
        for (bucket, limit) in limits {
            let granted = work.take(&bucket, limit, self.now()).await?;
            granted.map_err(|wait| Common::TooManyTries { wait })?;
        }
        Ok(())
    }

    /// The mail with the link and the code of a registration.
    async fn confirmation(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        registration: &Registration,
    ) -> Result<Message> {
        let token = Token {
            pending: Some(registration.id.to_string()),
            ..self.new_token(account, PURPOSE)
        };
        let secret = work.insert_link(&token).await?;
        let browser = registration.browser_hash.as_slice().try_into();
        let browser = browser.map_err(|_| Common::Broken("a browser has no hash"))?;
        let code = self.short_code(work, &token, browser).await?;
        let page = format!("{}?token={}", paths::CONFIRM_ADDRESS, secret.expose());
        let place = self.place(work, registration).await?;
        Ok(Message::AddressConfirm(AddressConfirm {
            // Without the name: a stranger may have typed it, and anything else in its place.
            link: self.page_address(registration.locale, &place.page(&page)),
            place: Some(place.name),
            code: Some(code),
            expires: calendar::moment(token.expires_at, registration.locale),
            device: registration.device.clone(),
            network: registration.network.clone(),
        }))
    }

    /// The mail to the owner of an address that cannot be registered.
    async fn refusal(
        &self,
        work: &mut UnitOfWork<'_>,
        account: Option<&Account>,
        registration: &Registration,
    ) -> Result<Message> {
        let locale = registration.locale;
        if let Some(account) = account
            && account.status == AccountStatus::Locked
        {
            return Ok(Message::AccountClosed(AccountClosed {
                name: account.name.clone(),
                link: self.page_address(locale, paths::HELP),
            }));
        }
        let place = self.place(work, registration).await?;
        let link = |page| self.page_address(locale, &place.page(page));
        Ok(Message::AlreadyRegistered(AlreadyRegistered {
            name: account.map(|account| account.name.clone()),
            email: registration.email.clone(),
            link: link(paths::SIGN_IN),
            reset: link(paths::FORGOT_PASSWORD),
            place: place.name,
            device: registration.device.clone(),
            network: registration.network.clone(),
        }))
    }

    /// The project of a registration, as mails name it.
    async fn place(&self, work: &mut UnitOfWork<'_>, registration: &Registration) -> Result<Place> {
        let Realm::Organisation(id) = &registration.realm else {
            return Err(Common::NoOrganisation.into());
        };
        let organisation = work.organisation(id).await?.ok_or(Common::NoOrganisation)?;
        let projects = work.projects(id).await?;
        let project = projects
            .into_iter()
            .find(|project| *project.slug == *registration.project);
        let project = project.ok_or(Common::NoOrganisation)?;
        Ok(Place {
            name: format!(
                "{} ({})",
                project.name(registration.locale),
                organisation.name
            ),
            organisation: organisation.slug.to_string(),
            project: project.slug.to_string(),
        })
    }
}

/// Who has the address of a registration.
enum Holder {
    /// An account that its link confirms.
    Unconfirmed(Account),
    /// An account that stays as it is, or one that can still restore the address.
    Other(Option<Account>),
}

struct Place {
    name: String,
    organisation: String,
    project: String,
}

impl Place {
    fn page(&self, path: &str) -> String {
        paths::of_project(&self.organisation, &self.project, path)
    }
}
