//! The activity log of an account, and the mail that goes with an entry.
//!
//! Both are rows of the caller's transaction: the change, its entry and its mail are written
//! together or not at all.

use crate::{Client, Identity, Result, vault::mail_place};
use domain::{AccountId, ActivityId, Locale, MailId};
use mail::Message;
use store::{Account, ActivityEntry, NewMail, Tx};

/// What happened to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It was made by an administrator.
    AccountCreated,
    /// Its first password was chosen through the set-up link.
    AccountSetUp,
    /// Somebody asked for a mail to choose a new password.
    ResetAsked,
    /// A new password was chosen through a mailed link or code.
    PasswordReset,
    /// The password was changed by who knew the old one.
    PasswordChanged,
    /// The owner said that it was not her: everybody was signed out, the password taken away.
    NotMe,
    /// Somebody signed in.
    SignedIn,
    /// Somebody signed out.
    SignedOut,
    /// Somebody signed in with a browser that the account was never signed in with.
    NewDevice,
    /// Its owner ended a session from another one.
    SessionEnded,
    /// Its owner ended all sessions but the one she was using.
    OtherSessionsEnded,
    /// Its owner asked for no code in this browser for a while.
    DeviceRemembered,
    /// Its owner asked for codes again in a browser.
    DeviceForgotten,
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
}

impl Event {
    /// The event as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountCreated => "account_created",
            Self::AccountSetUp => "account_set_up",
            Self::ResetAsked => "reset_asked",
            Self::PasswordReset => "password_reset",
            Self::PasswordChanged => "password_changed",
            Self::NotMe => "not_me",
            Self::SignedIn => "signed_in",
            Self::SignedOut => "signed_out",
            Self::NewDevice => "new_device",
            Self::SessionEnded => "session_ended",
            Self::OtherSessionsEnded => "other_sessions_ended",
            Self::DeviceRemembered => "device_remembered",
            Self::DeviceForgotten => "device_forgotten",
            Self::CodesGuessed => "codes_guessed",
            Self::TwoFactorEnabled => "two_factor_enabled",
            Self::TwoFactorDisabled => "two_factor_disabled",
            Self::TwoFactorReset => "two_factor_reset",
            Self::RecoveryCodesMade => "recovery_codes_made",
            Self::RecoveryCodeUsed => "recovery_code_used",
            Self::Locked => "locked",
            Self::Unlocked => "unlocked",
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
        let entry = ActivityEntry {
            id: ActivityId::new(&*self.clock, &*self.entropy),
            account_id: account.clone(),
            actor_id: actor.cloned(),
            kind: event.as_str().to_owned(),
            at: self.now(),
            network: client.network.clone(),
            user_agent: client.device.clone(),
            details: "{}".to_owned(),
        };
        Ok(tx.insert_activity(&entry).await?)
    }

    /// Puts a mail to the account's address into the outbox, in the account's language.
    pub(crate) async fn write_mail(
        &self,
        tx: &mut Tx,
        account: &Account,
        message: &Message,
    ) -> Result<()> {
        let recipient = account.email.clone();
        let mail = self.new_mail(Some(&account.id), recipient, account.locale, message);
        Ok(tx.insert_mail(&mail).await?)
    }

    /// Puts a mail to an address that no account has into the outbox.
    pub(crate) async fn write_mail_to(
        &self,
        tx: &mut Tx,
        recipient: &str,
        locale: Locale,
        message: &Message,
    ) -> Result<()> {
        let mail = self.new_mail(None, recipient.to_owned(), locale, message);
        Ok(tx.insert_mail(&mail).await?)
    }

    fn new_mail(
        &self,
        account: Option<&AccountId>,
        recipient: String,
        locale: Locale,
        message: &Message,
    ) -> NewMail<'static> {
        let id = MailId::new(&*self.clock, &*self.entropy);
        let sealed = self
            .vault
            .seal(&mail_place(&id), &message.to_json(), &*self.entropy);
        NewMail {
            id,
            account_id: account.cloned(),
            recipient,
            locale,
            kind: message.kind(),
            sealed,
            created_at: self.now(),
        }
    }

    /// Tells the worker that there is mail; called after the transaction was committed.
    pub(crate) fn ring_mail_bell(&self) {
        self.mail_bell.notify_one();
    }
}
