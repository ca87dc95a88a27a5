//! A forgotten password, first half: the wish, and the mail that answers it.
//!
//! The wish is only written down; a worker answers it afterwards. What the browser gets is the
//! same, in words, status and time, whether the address has an account or not, and whether mail
//! can be sent or not (ASVS 6.3.8; Django CVE-2024-45231, authentik CVE-2023-39522). Asking
//! changes nothing about the account, and can never lock anybody out.

use crate::{Client, Error, Event, Identity, Result, digest, token_hash};
use data_encoding::HEXLOWER;
use domain::{
    AccountStatus, Email, Locale, Realm, ResetRequestId, calendar,
    limit::{MAILS_PER_ADDRESS, RESETS_PER_NETWORK},
    short_code::ShortCode,
    token::{Purpose, Secret},
};
use mail::{AccountClosed, Message, NoAccount, PasswordReset};
use serde::{Deserialize, Serialize};
use store::{Account, Tx};

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
    /// [`crate::Error::TooManyTries`], which depends on the network and on what was asked for the same
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
        let browser = Secret::generate(&*self.entropy);
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
        let sealed = self.vault.seal(&wish_place(&id), &plain, &*self.entropy);
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
    /// [`Error::Store`] when the database does not answer.
    pub async fn answer_reset_request(&self) -> Result<bool> {
        let mut tx = self.store.begin().await?;
        let Some((id, sealed)) = tx.take_reset_request().await? else {
            return Ok(false);
        };
        match self.answer_sealed(&mut tx, &id, &sealed).await {
            Ok(()) => {
                tx.commit().await?;
                self.ring_mail_bell();
            }
            Err(Error::Store(error)) if error.is_unavailable() => return Err(error.into()),
            Err(error) => {
                // Taken back, it would be the oldest again, and the next answer the same fault.
                tx.rollback().await?;
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

    async fn answer_sealed(&self, tx: &mut Tx, id: &ResetRequestId, sealed: &[u8]) -> Result<()> {
        let plain = self.vault.open(&wish_place(id), sealed);
        let wish = plain.and_then(|plain| serde_json::from_slice::<Wish>(&plain).ok());
        let Some(wish) = wish else {
            // Written under a key that is gone: nobody can answer it any more.
            tracing::error!(reset.request = %id, "A wish for a new password cannot be read");
            return Ok(());
        };
        self.answer(tx, &wish).await
    }

    async fn answer(&self, tx: &mut Tx, wish: &Wish) -> Result<()> {
        let Ok(email) = Email::parse(&wish.email) else {
            return Ok(());
        };
        let realm = Realm::from_stored(wish.realm.clone());
        match tx.account_by_email(&realm, &email.key()).await? {
            None => {
                // Anybody can name any address at every door: these mails have one bucket for all.
                let key = format!("mail:stranger:{}", HEXLOWER.encode(&digest(&email.key())));
                if tx.take(&key, MAILS_PER_ADDRESS, self.now()).await?.is_err() {
                    return Ok(());
                }
                let message = Message::NoAccount(NoAccount {
                    email: wish.email.clone(),
                    place: wish.project.as_ref().map(|place| place.name(wish.locale)),
                    link: self
                        .page_address(wish.locale, &entrance(wish, domain::paths::FORGOT_PASSWORD)),
                });
                self.write_mail_to_stranger(tx, &wish.email, wish.locale, &message)
                    .await
            }
            Some(account) if account.status == AccountStatus::Locked => {
                let message = Message::AccountClosed(AccountClosed {
                    name: account.name.clone(),
                    link: self.page_address(account.locale, domain::paths::HELP),
                });
                self.write_mail(tx, &account, &message).await
            }
            Some(account) => self.mail_reset_link(tx, &account, wish).await,
        }
    }

    /// Makes the one live token of an account and the mail that carries it, as link and as code.
    async fn mail_reset_link(&self, tx: &mut Tx, account: &Account, wish: &Wish) -> Result<()> {
        tx.lock_account(&account.id).await?;
        // The account was read before it was held: a link must not go to an address that it has left.
        if tx.account(&account.id).await?.as_ref() != Some(account) {
            return Ok(());
        }
        let code = ShortCode::generate(&*self.entropy);
        let page = entrance(wish, domain::paths::RESET_PASSWORD);
        let (token, link) = self.reset_token(tx, account, &page).await?;
        let place = code_place(token.id.as_str());
        let sealed = self
            .vault
            .seal(&place, code.as_str().as_bytes(), &*self.entropy);
        tx.set_token_code(&token.id, &sealed, &wish.request_hash)
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
        self.write_mail(tx, account, &message).await?;
        let client = Client {
            network: wish.network.clone(),
            device: wish.device.clone(),
            ..Client::default()
        };
        self.log(tx, &account.id, None, Event::ResetAsked, &client)
            .await
    }

    /// The one live reset token of an account, and the address of `page` with its secret.
    pub(crate) async fn reset_token(
        &self,
        tx: &mut Tx,
        account: &Account,
        page: &str,
    ) -> Result<(store::Token, String)> {
        let purpose = Purpose::PasswordReset;
        tx.void_tokens(&account.id, purpose, self.now()).await?;
        let token = self.new_token(account, purpose);
        let secret = self.insert_link(tx, &token).await?;
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
        Some(place) => domain::paths::of_project(&place.organisation, &place.project, page),
        None => page.to_owned(),
    }
}
