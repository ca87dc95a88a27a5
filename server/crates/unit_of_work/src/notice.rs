//! What a mail about an account's security says besides its news: when, from where, which page to look
//! at, and the link "this was not me".

use crate::{Error, EventKind, Result, UnitOfWork};
use domain::{Realm, calendar, paths, token::Purpose};
use mail::{Message, Notice};
use store::{Account, Token};

impl UnitOfWork<'_> {
    /// Notifies the owner of `event` by the mail that `message` makes of its circumstances, and logs
    /// it. `page` is as for [`UnitOfWork::notice`].
    ///
    /// # Errors
    /// As [`UnitOfWork::notice`] and [`UnitOfWork::log`].
    pub async fn notify(
        &mut self,
        account: &Account,
        event: EventKind,
        page: &str,
        message: impl FnOnce(Notice) -> Message + Send,
    ) -> Result<()> {
        let notice = self.notice(account, event, page).await?;
        self.write_mail(account, &message(notice)).await?;
        self.log(&account.id, event).await
    }

    /// The circumstances of `event`, in the language of the account. `page` is the account's own page
    /// that shows its present state.
    ///
    /// Each notice has its own "this was not me" token, made in this transaction.
    ///
    /// # Errors
    /// [`Error::Store`], [`Error::Broken`].
    pub async fn notice(
        &mut self,
        account: &Account,
        event: EventKind,
        page: &str,
    ) -> Result<Notice> {
        let token = Token {
            pending: Some(encode_pending(event, account)),
            ..self.services.new_token(account, Purpose::NotMe)
        };
        let secret = self.insert_link(&token).await?;
        let not_me = format!("{}?token={}", paths::NOT_ME, secret.expose());
        let not_me = self.own_link(account, &not_me).await?;
        self.notice_with(account, page, not_me).await
    }

    /// The same with another link in place of "this was not me": the whole address of its page.
    ///
    /// # Errors
    /// As [`UnitOfWork::notice`].
    pub async fn notice_with(
        &mut self,
        account: &Account,
        page: &str,
        not_me: String,
    ) -> Result<Notice> {
        let client = self.client;
        Ok(Notice {
            name: account.name.clone(),
            when: calendar::moment(self.services.now(), account.locale),
            device: client.device.clone(),
            network: client.network.clone(),
            link: self.own_link(account, page).await?,
            not_me,
        })
    }

    /// The whole address of one of an account's own pages, in the account's language, for a mail.
    ///
    /// It reads in this transaction: with a second connection for each, as many concurrent writers as
    /// there are connections would wait for each other.
    ///
    /// # Errors
    /// As [`UnitOfWork::notice`].
    pub async fn own_link(&mut self, account: &Account, page: &str) -> Result<String> {
        let services = self.services;
        let Realm::Organisation(id) = &account.realm else {
            return Ok(services.page_address(account.locale, page));
        };
        let slug = match &self.client.project {
            Some(project) if project.0.id == *id => project.0.slug.clone(),
            _ => {
                let found = self.organisation(id).await?;
                found
                    .ok_or(Error::Broken("a participant has no organisation"))?
                    .slug
            }
        };
        Ok(services.page_address(account.locale, &paths::of_organisation(&slug, page)))
    }
}

/// The pending value of a notice's token: its event, and the address that it was mailed to.
pub fn encode_pending(event: EventKind, account: &Account) -> String {
    format!("{} {}", event.as_str(), account.email)
}

/// The event and the address in the pending value of a notice's token.
pub fn decode_pending(pending: &str) -> (&str, &str) {
    pending.split_once(' ').unwrap_or((pending, ""))
}
