//! What a mail about an account's safety says besides its news: when, from where, where to look,
//! and the way out for whoever did not do it.

use crate::{Client, Error, Event, Identity, Result, not_me};
use domain::{Locale, Realm, TokenId, calendar, paths, token::Purpose};
use mail::Notice;
use store::{Account, Token, Tx};

impl Identity {
    /// The circumstances of `event`, in the language of the account. `page` is the one of the
    /// account's own pages that shows how things stand now.
    ///
    /// Each notice has its own "this was not me" token, in the transaction of what it tells.
    pub(crate) async fn notice(
        &self,
        tx: &mut Tx,
        account: &Account,
        client: &Client,
        event: Event,
        page: &str,
    ) -> Result<Notice> {
        let token = Token {
            pending: Some(not_me::remember(event, account)),
            ..self.new_token(account, Purpose::NotMe)
        };
        let secret = self.insert_link(tx, &token).await?;
        let not_me = format!("{}?token={}", paths::NOT_ME, secret.expose());
        let not_me = self.own_link(tx, account, client, &not_me).await?;
        self.notice_with(tx, account, client, (page, not_me)).await
    }

    /// The same with the way out given: the whole address of its page.
    pub(crate) async fn notice_with(
        &self,
        tx: &mut Tx,
        account: &Account,
        client: &Client,
        (page, not_me): (&str, String),
    ) -> Result<Notice> {
        Ok(Notice {
            name: account.name.clone(),
            when: calendar::moment(self.now(), account.locale),
            device: client.device.clone(),
            network: client.network.clone(),
            link: self.own_link(tx, account, client, page).await?,
            not_me,
        })
    }

    /// A token of an account that lives from now on for as long as its purpose says.
    pub(crate) fn new_token(&self, account: &Account, purpose: Purpose) -> Token {
        let now = self.now();
        Token {
            id: TokenId::new(&*self.clock, &*self.entropy),
            purpose,
            account_id: account.id.clone(),
            created_at: now,
            expires_at: now.plus(purpose.lifetime()),
            pending: None,
        }
    }

    /// The whole address of a page of one's own account, in the account's language, for a mail.
    ///
    /// It reads in the transaction that writes the mail: with a second connection, as many writers as
    /// there are connections would wait for each other.
    pub(crate) async fn own_link(
        &self,
        tx: &mut Tx,
        account: &Account,
        client: &Client,
        page: &str,
    ) -> Result<String> {
        let Realm::Organisation(id) = &account.realm else {
            return Ok(self.page_address(account.locale, page));
        };
        let slug = match &client.project {
            Some(project) if project.0.id == *id => project.0.slug.clone(),
            _ => {
                let found = tx.organisation(id).await?;
                found
                    .ok_or(Error::Broken("a participant has no organisation"))?
                    .slug
            }
        };
        Ok(self.page_address(account.locale, &paths::of_organisation(&slug, page)))
    }

    /// The whole address of a page in a language.
    pub(crate) fn page_address(&self, locale: Locale, path: &str) -> String {
        let path = paths::localized(locale, path);
        format!("{}{path}", self.settings.public_url)
    }
}
