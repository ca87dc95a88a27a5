//! What a person says of herself: her name, and the language of her mails.
//!
//! Neither opens anything, so no proof is asked for; both are written down with the old value.

use crate::{Client, Error, Event, Identity, Result, SignedIn, activity::Change};
use domain::{DisplayName, Locale};
use store::{Account, Tx};

impl Identity {
    /// Changes what the person is called. The same name again changes nothing.
    ///
    /// # Errors
    /// [`Error::SessionEnded`].
    pub async fn rename(&self, who: &SignedIn, name: &DisplayName, client: &Client) -> Result<()> {
        let mut tx = self.store.begin().await?;
        let account = self.hold_own(&mut tx, who).await?;
        if tx.set_name(&account.id, name, self.now()).await? {
            let change = Change {
                field: "name",
                old: &account.name,
                new: name.as_str(),
            };
            self.log_change(&mut tx, &account, Event::NameChanged, client, change)
                .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Changes the language of the person's mails. The same language again changes nothing.
    ///
    /// # Errors
    /// [`Error::SessionEnded`].
    pub async fn set_mail_language(
        &self,
        who: &SignedIn,
        locale: Locale,
        client: &Client,
    ) -> Result<()> {
        let mut tx = self.store.begin().await?;
        let account = self.hold_own(&mut tx, who).await?;
        if tx.set_locale(&account.id, locale, self.now()).await? {
            let change = Change {
                field: "mail_language",
                old: account.locale.as_str(),
                new: locale.as_str(),
            };
            self.log_change(&mut tx, &account, Event::LanguageChanged, client, change)
                .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Holds the account of somebody who is signed in, as it is now, for a change of her own.
    ///
    /// Her session is looked at again: whatever ended it after this request was let in (an undone
    /// change of address, above all) must not be followed by a change of its.
    ///
    /// # Errors
    /// [`Error::SessionEnded`].
    pub(crate) async fn hold_own(&self, tx: &mut Tx, who: &SignedIn) -> Result<Account> {
        tx.lock_account(&who.account.id).await?;
        if !tx.is_session_open(&who.session.id).await? {
            return Err(Error::SessionEnded);
        }
        let account = tx.account(&who.account.id).await?;
        account.ok_or(Error::SessionEnded)
    }
}
