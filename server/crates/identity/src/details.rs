//! What an account says about its owner; changes of the name and of the language of the mails.
//!
//! Neither of the two opens anything, so no proof is asked for; both are written down with the old value.

use crate::{
    Client, Identity, Result, SignedIn,
    own_data::{Field, Record, Value},
    tries,
};
use domain::{DisplayName, Locale, Realm, limit::DETAILS_PER_ACCOUNT};
use store::Account;
use unit_of_work::{Actor, Change, EventKind, UnitOfWork};

impl Identity {
    /// Changes the user's name. The same name again changes nothing.
    ///
    /// # Errors
    /// `SessionEnded`, `TooManyTries`.
    pub async fn rename(&self, who: &SignedIn, name: &DisplayName, client: &Client) -> Result<()> {
        self.take_change(who).await?;
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_own(who).await?;
        if work.set_name(&account.id, name, self.now()).await? {
            let change = Change {
                field: "name",
                old: &account.name,
                new: name.as_str(),
            };
            work.log_change(&account.id, EventKind::NameChanged, change)
                .await?;
        }
        Ok(work.commit().await?)
    }

    /// Changes the language of the user's mails. The same language again changes nothing.
    ///
    /// # Errors
    /// `SessionEnded`.
    pub async fn set_mail_language(
        &self,
        who: &SignedIn,
        locale: Locale,
        client: &Client,
    ) -> Result<()> {
        self.take_change(who).await?;
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_own(who).await?;
        self.write_language(&mut work, &account, locale).await?;
        Ok(work.commit().await?)
    }

    async fn take_change(&self, who: &SignedIn) -> Result<()> {
        let bucket = tries::details(&who.account.id);
        Ok(self.take_try(&bucket, DETAILS_PER_ACCOUNT).await?)
    }

    /// Makes the language of the page the language of the account's mails: the owner reads it.
    pub(crate) async fn take_language_of_page(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
    ) -> Result<()> {
        match work.client().locale {
            Some(locale) => self.write_language(work, account, locale).await,
            None => Ok(()),
        }
    }

    async fn write_language(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        locale: Locale,
    ) -> Result<()> {
        if work.set_locale(&account.id, locale, self.now()).await? {
            let change = Change {
                field: "mail_language",
                old: account.locale.as_str(),
                new: locale.as_str(),
            };
            work.log_change(&account.id, EventKind::LanguageChanged, change)
                .await?;
        }
        Ok(())
    }

    /// What the account itself holds, for the page and the file of the own data.
    pub(crate) async fn account_data(&self, who: &SignedIn) -> Result<Vec<Record>> {
        let account = &who.account;
        let organisation = match &account.realm {
            Realm::BackOffice => None,
            Realm::Organisation(id) => self.store.organisation(id).await?.map(|found| found.name),
        };
        let enough = match (&account.password_hash, account.password_stands_alone) {
            (None, _) => Value::None,
            (Some(_), true) => Value::code("alone"),
            (Some(_), false) => Value::code("with_second_factor"),
        };
        let role = account.platform_role.map(|role| role.as_str().to_owned());
        Ok(vec![vec![
            (Field::Name, Value::text(&account.name)),
            (Field::Email, Value::text(&account.email)),
            (Field::ConfirmedAt, Value::time(account.email_confirmed_at)),
            (Field::DoubtedAt, Value::time(account.email_doubted_at)),
            (Field::Language, Value::code(account.locale.as_str())),
            (Field::Organisation, Value::maybe(organisation)),
            (Field::PlatformRole, role.map_or(Value::None, Value::Code)),
            (Field::Status, Value::code(account.status.as_str())),
            (Field::PasswordIsEnough, enough),
            (Field::PasswordSetAt, Value::time(account.password_set_at)),
            (Field::CreatedAt, Value::Time(account.created_at)),
            (Field::DeletionAt, Value::time(account.deletion_at)),
        ]])
    }
}
