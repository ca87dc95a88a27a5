//! A forgotten password, first half: the wish, and the mail that answers it.
//!
//! The wish is only written down; a worker answers it afterwards. What the browser gets is the
//! same, in words, status and time, whether the address has an account or not, and whether mail
//! can be sent or not (ASVS 6.3.8; Django CVE-2024-45231, authentik CVE-2023-39522). Asking
//! changes nothing about the account, and can never lock anybody out.

use crate::{Client, Error, Identity, Result, token_hash};
use domain::{
    AccountStatus, Email, Locale, Realm, ResetRequestId, calendar,
    limit::{MAILS_PER_ADDRESS, RESETS_PER_NETWORK},
    paths,
    short_code::ShortCode,
    token::{Purpose, Secret},
};
use mail::{AccountClosed, Message, NoAccount, PasswordReset};
use serde::{Deserialize, Serialize};
use store::Account;
use unit_of_work::{Actor, Error as Common, Event, UnitOfWork, hashed};

/// A wish as it is kept, encrypted, until it is answered.
#[derive(Serialize, Deserialize)]
struct Wish {
    realm: String,
    /// As typed: an address that nobody has is written to as it stands here.
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
    /// Writes down that somebody wants a new password for this address. The secret binds the
    /// short code of the mail to the browser that asked (ASVS 6.6.2).
    ///
    /// # Errors
    /// [`crate::Common::TooManyTries`], which depends on the network and on what was asked for the same
    /// address before, never on whether it has an account.
    pub async fn ask_for_reset(
        &self,
        realm: &Realm,
        email: &Email,
        locale: Locale,
        client: &Client,
    ) -> Result<Secret> {
        let now = self.now();
        let network = format!("reset:network:{}", client.network);
        self.take_try(&network, RESETS_PER_NETWORK).await?;
        self.take_mail(realm, email).await?;
        let browser = self.new_secret();
        let id = ResetRequestId::new(&*self.clock, &*self.entropy);
        let wish = Wish {
            realm: realm.to_string(),
            email: email.as_str().to_owned(),
            locale,
            project: client
                .project
                .as_deref()
                .map(|(organisation, project)| Place {
                    organisation: organisation.slug.clone(),
                    organisation_name: organisation.name.clone(),
                    project: project.slug.clone(),
                    project_en: project.name_en.clone(),
                    project_fr: project.name_fr.clone(),
                }),
            device: client.device.clone(),
            network: client.network.clone(),
            request_hash: token_hash(&browser),
        };
        let plain = serde_json::to_vec(&wish).expect("texts can always be written as JSON");
        let sealed = self.seal(&wish_place(&id), &plain);
        self.store.insert_reset_request(&id, &sealed, now).await?;
        self.reset_bell.notify_one();
        Ok(browser)
    }

    /// Answers the oldest wish with a mail; false when there is none.
    ///
    /// The wish goes away in the transaction that writes its mail: each is answered once, and one
    /// that was interrupted is answered by whoever comes next. One that cannot be answered is logged
    /// and keeps nobody else waiting.
    ///
    /// # Errors
    /// `Store` when the database does not answer.
    pub async fn answer_reset_request(&self) -> Result<bool> {
        let mut work = self.begin(Actor::Unknown, Client::none()).await?;
        let Some((id, sealed)) = work.take_reset_request().await? else {
            return Ok(false);
        };
        let Some(wish) = self.open_wish(&id, &sealed) else {
            // The key of its encryption is gone: it can never be answered.
            tracing::error!(reset.request = %id, "A wish for a new password cannot be read");
            work.commit().await?;
            return Ok(true);
        };
        let client = Client {
            network: wish.network.clone(),
            device: wish.device.clone(),
            ..Client::default()
        };
        let mut work = work.with_client(&client);
        match self.answer(&mut work, &wish).await {
            Ok(()) => work.commit().await?,
            Err(Error::Common(Common::Store(error))) if error.is_unavailable() => {
                return Err(error.into());
            }
            Err(error) => {
                // Taken back, it would be the oldest again, and the next answer the same fault.
                work.rollback().await?;
                self.store.delete_reset_request(&id).await?;
                tracing::error!(
                    reset.request = %id,
                    error = &error as &dyn std::error::Error,
                    "A wish for a new password could not be answered and was dropped"
                );
            }
        }
        Ok(true)
    }

    fn open_wish(&self, id: &ResetRequestId, sealed: &[u8]) -> Option<Wish> {
        let plain = self.vault.open(&wish_place(id), sealed)?;
        serde_json::from_slice(&plain).ok()
    }

    async fn answer(&self, work: &mut UnitOfWork<'_>, wish: &Wish) -> Result<()> {
        let Ok(email) = Email::parse(&wish.email) else {
            return Ok(());
        };
        let realm = Realm::from_stored(wish.realm.clone());
        match work.account_by_email(&realm, &email.key()).await? {
            None => {
                // Anybody can name any address at every door: these mails have one bucket for all.
                let key = format!("mail:stranger:{}", hashed(&email.key()));
                if work
                    .take(&key, MAILS_PER_ADDRESS, self.now())
                    .await?
                    .is_err()
                {
                    return Ok(());
                }
                let message = Message::NoAccount(NoAccount {
                    email: wish.email.clone(),
                    place: wish.project.as_ref().map(|place| place.name(wish.locale)),
                    link: self.page_address(wish.locale, &entrance(wish, paths::FORGOT_PASSWORD)),
                });
                work.write_mail_to_stranger(&wish.email, wish.locale, &message)
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
            Some(account) => self.mail_reset_link(work, &account, wish).await,
        }
    }

    /// Makes the one live token of an account and the mail that carries it, as link and as code.
    async fn mail_reset_link(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        wish: &Wish,
    ) -> Result<()> {
        // The account was read before it was locked: a link must not go to an address that it has left.
        if work.lock_account(&account.id).await?.as_ref() != Some(account) {
            return Ok(());
        }
        let code = ShortCode::generate(&*self.entropy);
        let page = entrance(wish, paths::RESET_PASSWORD);
        let (token, link) = self.reset_token(work, account, &page).await?;
        let place = code_place(token.id.as_str());
        let sealed = self.seal(&place, code.as_str().as_bytes());
        work.set_token_code(&token.id, &sealed, &wish.request_hash)
            .await?;
        let message = Message::PasswordReset(PasswordReset {
            name: account.name.clone(),
            place: wish
                .project
                .as_ref()
                .map(|place| place.name(account.locale)),
            link,
            code: Some(code.to_grouped_text()),
            expires: calendar::moment(token.expires_at, account.locale),
            device: wish.device.clone(),
            network: wish.network.clone(),
        });
        work.write_mail(account, &message).await?;
        Ok(work.log(&account.id, Event::ResetAsked).await?)
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

fn wish_place(id: &ResetRequestId) -> String {
    format!("reset-request:{id}")
}

fn entrance(wish: &Wish, page: &str) -> String {
    match &wish.project {
        Some(place) => paths::of_project(&place.organisation, &place.project, page),
        None => page.to_owned(),
    }
}
