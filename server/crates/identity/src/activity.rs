//! The activity log of an account, and the mail that goes with an entry.
//!
//! Both are rows of the caller's transaction: the change, its entry and its mail are written
//! together or not at all.

use crate::{Client, Identity, Result, vault::mail_place};
use domain::{AccountId, ActivityId, MailId};
use mail::Message;
use serde_json::json;
use store::{Account, ActivityEntry, NewMail, Tx};

/// What happened to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It was made by an administrator.
    AccountCreated,
    /// Its first password was chosen through the set-up link.
    AccountSetUp,
    /// Somebody signed in.
    SignedIn,
    /// Somebody signed out.
    SignedOut,
    /// Five wrong codes followed a right password.
    CodesGuessed,
    /// A second factor was switched on.
    TwoFactorEnabled,
    /// The second factor was switched off by its owner.
    TwoFactorDisabled,
    /// The second factor was removed by an administrator.
    TwoFactorReset,
    /// New recovery codes were made.
    RecoveryCodesMade,
    /// A recovery code was used to sign in.
    RecoveryCodeUsed,
    /// It was locked by an administrator.
    Locked,
    /// It was unlocked by an administrator.
    Unlocked,
    /// The name was changed.
    NameChanged,
    /// The language of the mails was changed.
    LanguageChanged,
    /// Another address was asked for; nothing has changed yet.
    EmailAsked,
    /// The address that was asked for is not wanted any more.
    EmailWithdrawn,
    /// The new address was confirmed.
    EmailChanged,
    /// The previous address took the change back.
    EmailChangeUndone,
}

/// The old and the new value of what was changed, for the details of a line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change<'a> {
    /// What was changed: `name`, `mail_language`, `email`.
    pub field: &'static str,
    /// What it was.
    pub old: &'a str,
    /// What it is.
    pub new: &'a str,
}

impl Event {
    /// The event as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountCreated => "account_created",
            Self::AccountSetUp => "account_set_up",
            Self::SignedIn => "signed_in",
            Self::SignedOut => "signed_out",
            Self::CodesGuessed => "codes_guessed",
            Self::TwoFactorEnabled => "two_factor_enabled",
            Self::TwoFactorDisabled => "two_factor_disabled",
            Self::TwoFactorReset => "two_factor_reset",
            Self::RecoveryCodesMade => "recovery_codes_made",
            Self::RecoveryCodeUsed => "recovery_code_used",
            Self::Locked => "locked",
            Self::Unlocked => "unlocked",
            Self::NameChanged => "name_changed",
            Self::LanguageChanged => "language_changed",
            Self::EmailAsked => "email_asked",
            Self::EmailWithdrawn => "email_withdrawn",
            Self::EmailChanged => "email_changed",
            Self::EmailChangeUndone => "email_change_undone",
        }
    }
}

impl Identity {
    /// Writes a line of the log. `actor` is `None` for the command line.
    pub(crate) async fn log(
        &self,
        tx: &mut Tx,
        account: &AccountId,
        actor: Option<&AccountId>,
        event: Event,
        client: &Client,
    ) -> Result<()> {
        let entry = self.entry(account, actor, event, client);
        Ok(tx.insert_activity(&entry).await?)
    }

    /// Writes a line about something that the owner of an account changed, with both values.
    pub(crate) async fn log_change(
        &self,
        tx: &mut Tx,
        account: &Account,
        event: Event,
        client: &Client,
        change: Change<'_>,
    ) -> Result<()> {
        let Change { field, old, new } = change;
        let details = json!({ "field": field, "old": old, "new": new });
        let entry = ActivityEntry {
            details: details.to_string(),
            ..self.entry(&account.id, Some(&account.id), event, client)
        };
        Ok(tx.insert_activity(&entry).await?)
    }

    fn entry(
        &self,
        account: &AccountId,
        actor: Option<&AccountId>,
        event: Event,
        client: &Client,
    ) -> ActivityEntry {
        ActivityEntry {
            id: ActivityId::new(&*self.clock, &*self.entropy),
            account_id: account.clone(),
            actor_id: actor.cloned(),
            kind: event.as_str().to_owned(),
            at: self.now(),
            network: client.network.clone(),
            user_agent: client.device.clone(),
            details: "{}".to_owned(),
        }
    }

    /// Puts a mail to the account's address into the outbox, in the account's language.
    pub(crate) async fn write_mail(
        &self,
        tx: &mut Tx,
        account: &Account,
        message: &Message,
    ) -> Result<()> {
        self.write_mail_to(tx, account, &account.email, message)
            .await
    }

    /// The same to another address, which is becoming the account's or has been.
    pub(crate) async fn write_mail_to(
        &self,
        tx: &mut Tx,
        account: &Account,
        recipient: &str,
        message: &Message,
    ) -> Result<()> {
        let id = MailId::new(&*self.clock, &*self.entropy);
        let sealed = self
            .vault
            .seal(&mail_place(&id), &message.to_json(), &*self.entropy);
        tx.insert_mail(&NewMail {
            id,
            account_id: Some(account.id.clone()),
            recipient: recipient.to_owned(),
            locale: account.locale,
            kind: message.kind(),
            sealed,
            created_at: self.now(),
        })
        .await?;
        Ok(())
    }

    /// Tells the worker that there is mail; called after the transaction was committed.
    pub(crate) fn ring_mail_bell(&self) {
        self.mail_bell.notify_one();
    }
}
