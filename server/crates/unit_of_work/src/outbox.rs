//! Mails, queued in the transaction of the change that they are about.

use crate::{Result, UnitOfWork, vault::mail_place};
use domain::{AccountId, Locale, MailId, Realm};
use mail::Message;
use store::{Account, NewMail, Registration};

impl UnitOfWork<'_> {
    /// Queues a mail to the account's address, in the account's language.
    ///
    /// # Errors
    /// [`crate::Error::Store`], as for the two below.
    pub async fn write_mail(&mut self, account: &Account, message: &Message) -> Result<()> {
        self.write_mail_to(account, &account.email, message).await
    }

    /// Queues a mail about an account to another address: its future one or a previous one.
    pub async fn write_mail_to(
        &mut self,
        account: &Account,
        recipient: &str,
        message: &Message,
    ) -> Result<()> {
        let to = (recipient, account.locale);
        let mail = self.new_mail(Some(&account.id), &account.realm, to, message);
        self.queue(mail).await.map(drop)
    }

    /// Queues a mail to an address that belongs to no account, in the name of a tenant.
    pub async fn write_mail_to_stranger(
        &mut self,
        realm: &Realm,
        recipient: &str,
        locale: Locale,
        message: &Message,
    ) -> Result<()> {
        let mail = self.new_mail(None, realm, (recipient, locale), message);
        self.queue(mail).await.map(drop)
    }

    /// Queues the mail that answers a registration, to its address and in its language, and gives the mail. `account` is
    /// whom it concerns.
    pub async fn write_tracked_mail(
        &mut self,
        account: Option<&AccountId>,
        registration: &Registration,
        message: &Message,
    ) -> Result<MailId> {
        let to = (&*registration.email, registration.locale);
        let mail = NewMail {
            registration_id: Some(registration.id.clone()),
            ..self.new_mail(account, &registration.realm, to, message)
        };
        self.queue(mail).await
    }

    fn new_mail(
        &self,
        account: Option<&AccountId>,
        realm: &Realm,
        (recipient, locale): (&str, Locale),
        message: &Message,
    ) -> NewMail<'static> {
        let services = self.services;
        let id = MailId::new(&*services.clock, &*services.entropy);
        NewMail {
            sealed: services.seal(&mail_place(&id), &message.to_json()),
            id,
            account_id: account.cloned(),
            organisation_id: match realm {
                Realm::Organisation(id) => Some(id.clone()),
                Realm::BackOffice => None,
            },
            registration_id: None,
            recipient: recipient.to_owned(),
            locale,
            kind: message.kind(),
            priority: message.priority(),
            created_at: services.now(),
        }
    }

    async fn queue(&mut self, mail: NewMail<'_>) -> Result<MailId> {
        self.insert_mail(&mail).await?;
        self.mail_queued = true;
        Ok(mail.id)
    }
}
