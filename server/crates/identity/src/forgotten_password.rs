//! A forgotten password, first half: the password reset request, and the mail that answers it.
//!
//! The request is queued as a job, which is done afterwards. The response to the browser is the same,
//! in words, status and time, whether the address has an account or not, and whether mail can be
//! sent or not (ASVS 6.3.8; Django CVE-2024-45231, authentik CVE-2023-39522). The request changes
//! nothing about the account, and can never lock it.

use crate::{Client, Error, Identity, Result, token_hash, tries, unconfirmed::is_unproved};
use domain::{
    AccountStatus, Duration, Email, JobId, Locale, Realm, calendar,
    device::is_settled,
    job::Priority,
    limit::{MAILS_PER_ADDRESS, MAILS_TO_STRANGERS, RESETS_PER_NETWORK},
    paths,
    short_code::ShortCode,
    token::{Purpose, Secret},
};
use mail::{AccountClosed, AccountElsewhere, Elsewhere, Message, NoAccount, PasswordReset};
use serde::{Deserialize, Serialize};
use store::{Account, LeasedJob, NewJob};
use unit_of_work::{Actor, Error as Common, EventKind, NetworkBuckets, UnitOfWork, hashed};

/// The kind of job that answers a password reset request.
pub const ANSWER_RESET_REQUEST: &str = "answer_reset_request";

/// After this time a request that could not be answered is dropped.
const REQUEST_IS_OVER: Duration = Duration::from_hours(1);

/// How many places with an account a mail names.
const PLACES_IN_A_MAIL: u32 = 5;

/// A password reset request as it is stored, encrypted, until it is answered.
#[derive(Serialize, Deserialize)]
struct PasswordResetRequest {
    realm: String,
    /// As typed: an address without an account gets a mail at exactly this address.
    email: String,
    locale: Locale,
    /// The page's place: the organisation's and the project's slug, and the project's names.
    project: Option<Place>,
    device: String,
    network: String,
    /// The hash of the secret that the asking browser holds.
    request_hash: [u8; 32],
}

#[derive(Serialize, Deserialize)]
struct Place {
    organisation: String,
    organisation_name: String,
    project: String,
    project_en: String,
    project_fr: String,
}

impl Place {
    fn name(&self, locale: Locale) -> String {
        let project = match locale {
            Locale::En => &self.project_en,
            Locale::Fr => &self.project_fr,
        };
        format!("{project} ({})", self.organisation_name)
    }
}

impl Identity {
    /// Queues a password reset request for this address. The returned secret binds the short code of
    /// the mail to the requesting browser (ASVS 6.6.2).
    ///
    /// # Errors
    /// `TooManyTries`, which depends on the network and on earlier requests for the same address,
    /// never on whether it has an account.
    pub async fn ask_for_reset(
        &self,
        realm: &Realm,
        email: &Email,
        locale: Locale,
        client: &Client,
    ) -> Result<Secret> {
        let now = self.now();
        let buckets = NetworkBuckets::of("reset", client, RESETS_PER_NETWORK);
        self.take_network_try(&buckets).await?;
        self.take_reset_mail(realm, email, client).await?;
        let browser = self.new_secret();
        let id = JobId::new(&*self.clock, &*self.entropy);
        let request = PasswordResetRequest {
            realm: realm.to_string(),
            email: email.as_str().to_owned(),
            locale,
            project: client
                .project
                .as_deref()
                .map(|(organisation, project)| Place {
                    organisation: organisation.slug.to_string(),
                    organisation_name: organisation.name.clone(),
                    project: project.slug.to_string(),
                    project_en: project.name_en.clone(),
                    project_fr: project.name_fr.clone(),
                }),
            device: client.device.clone(),
            network: client.network.clone(),
            request_hash: token_hash(&browser),
        };
        let plain = serde_json::to_vec(&request).expect("texts can always be written as JSON");
        let sealed = self.seal(&request_place(&id), &plain);
        let job = NewJob {
            id,
            kind: ANSWER_RESET_REQUEST,
            payload: &sealed,
            priority: Priority::Waiting,
            not_before: now,
            created_at: now,
            unique_key: None,
            lane: None,
            destination: None,
        };
        self.store.insert_job(&job).await?;
        Ok(browser)
    }

    /// Takes one of the mails that may go to an address. Devices that its account has known for a day have mails of
    /// their own, all together: others must not use up those of the owner.
    async fn take_reset_mail(&self, realm: &Realm, email: &Email, client: &Client) -> Result<()> {
        let known = self.known_device(realm, &email.key(), client).await?;
        match known.filter(|device| is_settled(self.now(), device.created_at)) {
            Some(device) => {
                let bucket = tries::known_mails(&device.account_id);
                Ok(self.take_try(&bucket, MAILS_PER_ADDRESS).await?)
            }
            None => Ok(self.take_mail(realm, email).await?),
        }
    }

    /// Answers a password reset request with a mail.
    ///
    /// The job goes away in the transaction that writes the mail: each request is answered once. One
    /// that cannot be answered is logged and dropped, since it holds what somebody typed.
    ///
    /// # Errors
    /// `Store` when the database does not answer, `TooManyTries` when too many mails go to strangers; then the
    /// request waits.
    pub async fn answer_reset_request(&self, job: &LeasedJob) -> Result<()> {
        let mut work = self.begin(Actor::Unknown, Client::none()).await?;
        if !work.finish_job(job).await? {
            return Ok(());
        }
        let Some(request) = self.open_request(&job.id, &job.payload) else {
            // The key of its encryption is gone: it can never be answered.
            tracing::error!(reset.request = %job.id, "A password reset request cannot be read");
            return Ok(work.commit().await?);
        };
        let client = Client {
            network: request.network.clone(),
            device: request.device.clone(),
            ..Client::default()
        };
        let mut work = work.with_client(&client);
        match self.answer(&mut work, &request).await {
            Ok(()) => work.commit().await?,
            Err(Error::Common(Common::Store(error))) if error.is_unavailable() => {
                return Err(error.into());
            }
            Err(error @ Error::Common(Common::TooManyTries { .. })) => {
                // Nobody waits any more, and the request holds what somebody typed.
                if self.now().since(job.created_at) < REQUEST_IS_OVER {
                    return Err(error);
                }
                work.rollback().await?;
                self.store.finish_job(job).await?;
                tracing::warn!(reset.request = %job.id, "A password reset request was dropped: too many mails go to strangers");
            }
            Err(error) => {
                work.rollback().await?;
                self.store.finish_job(job).await?;
                tracing::error!(
                    reset.request = %job.id,
                    error = &error as &dyn std::error::Error,
                    "A password reset request could not be answered and was dropped"
                );
            }
        }
        Ok(())
    }

    fn open_request(&self, id: &JobId, sealed: &[u8]) -> Option<PasswordResetRequest> {
        let plain = self.vault.open(&request_place(id), sealed)?;
        serde_json::from_slice(&plain).ok()
    }

    async fn answer(
        &self,
        work: &mut UnitOfWork<'_>,
        request: &PasswordResetRequest,
    ) -> Result<()> {
        let Ok(email) = Email::parse(&request.email) else {
            return Ok(());
        };
        let realm = Realm::from_stored(request.realm.clone());
        match work.account_by_email(&realm, &email.key()).await? {
            None => {
                // Anybody can name any address at every door: these mails have one bucket for all.
                let key = format!("mail:stranger:{}", hashed(&email.key()));
                let now = self.now();
                if work.take(&key, MAILS_PER_ADDRESS, now).await?.is_err() {
                    return Ok(());
                }
                let ceiling = work.take("mail:strangers", MAILS_TO_STRANGERS, now).await?;
                ceiling.map_err(|wait| Common::TooManyTries { wait })?;
                let message = self.message_to_stranger(work, &email, request).await?;
                work.write_mail_to_stranger(&realm, &request.email, request.locale, &message)
                    .await?;
                Ok(())
            }
            Some(account) if account.status == AccountStatus::Locked => {
                let message = Message::AccountClosed(AccountClosed {
                    name: account.name.clone(),
                    link: self.page_address(account.locale, paths::HELP),
                });
                Ok(work.write_mail(&account, &message).await?)
            }
            Some(account) if account.email_doubted_at.is_some() => {
                // Somebody else may have the domain by now, and read the mail.
                tracing::info!(account.id = %account.id, "A password reset was not mailed: the address is doubted");
                Ok(())
            }
            Some(account) => self.mail_reset_link(work, &account, request).await,
        }
    }

    /// What is written to an address without an account here: where else it has one, if anywhere. Only the owner of
    /// the address reads it.
    async fn message_to_stranger(
        &self,
        work: &mut UnitOfWork<'_>,
        email: &Email,
        request: &PasswordResetRequest,
    ) -> Result<Message> {
        let mut places = Vec::new();
        for account in work.account_places(&email.key(), PLACES_IN_A_MAIL).await? {
            places.extend(self.elsewhere(work, &account.realm, request.locale).await?);
        }
        let email = request.email.clone();
        let from = request.project.as_ref();
        let place = from.map(|place| place.name(request.locale));
        if places.is_empty() {
            let page = entrance(request, paths::FORGOT_PASSWORD);
            let link = self.page_address(request.locale, &page);
            return Ok(Message::NoAccount(NoAccount { email, place, link }));
        }
        Ok(Message::AccountElsewhere(AccountElsewhere {
            email,
            place,
            places,
        }))
    }

    /// Where a new password is asked for in a realm; `None` for an organisation without a project.
    async fn elsewhere(
        &self,
        work: &mut UnitOfWork<'_>,
        realm: &Realm,
        locale: Locale,
    ) -> Result<Option<Elsewhere>> {
        let Realm::Organisation(id) = realm else {
            return Ok(Some(Elsewhere {
                organisation: None,
                link: self.page_address(locale, paths::FORGOT_PASSWORD),
            }));
        };
        let (organisation, projects) = (work.organisation(id).await?, work.projects(id).await?);
        let (Some(organisation), Some(project)) = (organisation, projects.first()) else {
            return Ok(None);
        };
        let page = paths::of_project(&organisation.slug, &project.slug, paths::FORGOT_PASSWORD);
        Ok(Some(Elsewhere {
            organisation: Some(organisation.name),
            link: self.page_address(locale, &page),
        }))
    }

    /// Makes the one live token of an account and the mail that carries it, as link and as code.
    async fn mail_reset_link(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        request: &PasswordResetRequest,
    ) -> Result<()> {
        // The account was read before it was locked: a link must not go to an address that it has left.
        if work.lock_account(&account.id).await?.as_ref() != Some(account) {
            return Ok(());
        }
        let page = entrance(request, paths::RESET_PASSWORD);
        let (token, link) = self.reset_token(work, account, &page).await?;
        let code = self.short_code(work, &token, &request.request_hash).await?;
        let message = Message::PasswordReset(PasswordReset {
            name: if is_unproved(account) {
                String::new()
            } else {
                account.name.clone()
            },
            place: request
                .project
                .as_ref()
                .map(|place| place.name(account.locale)),
            link,
            code: Some(code),
            without_password: account.password_hash.is_none(),
            expires: calendar::moment(token.expires_at, account.locale),
            device: request.device.clone(),
            network: request.network.clone(),
        });
        work.write_mail(account, &message).await?;
        Ok(work.log(&account.id, EventKind::ResetAsked).await?)
    }

    /// A short code that stands for a token in the browser whose secret has this hash, as the mail writes it.
    pub(crate) async fn short_code(
        &self,
        work: &mut UnitOfWork<'_>,
        token: &store::Token,
        browser: &[u8; 32],
    ) -> Result<String> {
        let code = ShortCode::generate(&*self.entropy);
        let place = code_place(token.id.as_str());
        let sealed = self.seal(&place, code.as_str().as_bytes());
        work.set_token_code(&token.id, &sealed, browser).await?;
        Ok(code.to_grouped_text())
    }

    /// The one live reset token of an account, and the address of `page` with its secret.
    pub(crate) async fn reset_token(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        page: &str,
    ) -> Result<(store::Token, String)> {
        let purpose = Purpose::PasswordReset;
        work.void_tokens(&account.id, purpose, self.now()).await?;
        let token = self.new_token(account, purpose);
        let secret = work.insert_link(&token).await?;
        let link = self.page_address(account.locale, &format!("{page}?token={}", secret.expose()));
        Ok((token, link))
    }
}

/// The place of use of a short code in the vault.
pub(crate) fn code_place(token: &str) -> String {
    format!("code:{token}")
}

/// The place of use of a password reset request in the vault.
pub(crate) fn request_place(id: &JobId) -> String {
    format!("reset-request:{id}")
}

fn entrance(request: &PasswordResetRequest, page: &str) -> String {
    match &request.project {
        Some(place) => paths::of_project(&place.organisation, &place.project, page),
        None => page.to_owned(),
    }
}
