//! The user's name, and the language of the user's mails.
//!
//! Neither opens anything, so no proof is asked for; both are written down with the old value.

use crate::{Client, Identity, Result, SignedIn};
use domain::{DisplayName, Locale};
use unit_of_work::{Actor, Change, EventKind};

impl Identity {
    /// Changes the user's name. The same name again changes nothing.
    ///
    /// # Errors
    /// `SessionEnded`.
    pub async fn rename(&self, who: &SignedIn, name: &DisplayName, client: &Client) -> Result<()> {
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
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_own(who).await?;
        if work.set_locale(&account.id, locale, self.now()).await? {
            let change = Change {
                field: "mail_language",
                old: account.locale.as_str(),
                new: locale.as_str(),
            };
            work.log_change(&account.id, EventKind::LanguageChanged, change)
                .await?;
        }
        Ok(work.commit().await?)
    }
}
