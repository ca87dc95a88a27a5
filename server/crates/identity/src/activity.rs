//! The activity log of an account, and the mail that goes with an entry.
//!
//! Both are rows of the caller's transaction: the change, its entry and its mail are written
//! together or not at all.

use crate::{Client, Identity, Result, vault::mail_place};
use domain::{AccountId, ActivityId, Locale, MailId};
use mail::Message;
use serde_json::json;
use store::{Account, ActivityEntry, NewMail, Tx};

/// What an event is about, for who looks for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Coming in and going out.
    SignIns,
    /// What protects the account.
    Security,
    /// The account itself.
    Account,
}

macro_rules! events {
    ($($(#[$doc:meta])* $event:ident: $group:ident = $text:literal,)+) => {
        /// What happened to an account.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Event {
            $($(#[$doc])* $event,)+
        }

        impl Event {
            /// Every event that this version knows.
            pub const ALL: &[Self] = &[$(Self::$event),+];

            /// The event as it is stored.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$event => $text,)+
                }
            }

            /// What it is about.
            pub const fn group(self) -> Group {
                match self {
                    $(Self::$event => Group::$group,)+
                }
            }
        }
    };
}

events! {
    /// It was made by an administrator.
    AccountCreated: Account = "account_created",
    /// Its first password was chosen through the set-up link.
    AccountSetUp: Account = "account_set_up",
    /// Somebody asked for a mail to choose a new password.
    ResetAsked: Security = "reset_asked",
    /// A new password was chosen through a mailed link or code.
    PasswordReset: Security = "password_reset",
    /// The password was changed by who knew the old one.
    PasswordChanged: Security = "password_changed",
    /// It was only good enough beside the second factor that an administrator removed.
    PasswordTaken: Security = "password_taken",
    /// The owner said that it was not her: everybody was signed out, the password taken away.
    NotMe: Security = "not_me",
    /// Somebody signed in.
    SignedIn: SignIns = "signed_in",
    /// Somebody signed out.
    SignedOut: SignIns = "signed_out",
    /// Somebody signed in with a browser that the account was never signed in with.
    NewDevice: SignIns = "new_device",
    /// Its owner ended a session from another one.
    SessionEnded: SignIns = "session_ended",
    /// Its owner ended all sessions but the one she was using.
    OtherSessionsEnded: SignIns = "other_sessions_ended",
    /// Its owner asked for no code in this browser for a while.
    DeviceRemembered: Security = "device_remembered",
    /// Its owner asked for codes again in a browser.
    DeviceForgotten: Security = "device_forgotten",
    /// Five wrong codes followed a right password.
    CodesGuessed: SignIns = "codes_guessed",
    /// A second factor was switched on.
    TwoFactorEnabled: Security = "two_factor_enabled",
    /// The second factor was switched off by its owner, in her settings or from her mailbox.
    TwoFactorDisabled: Security = "two_factor_disabled",
    /// The second factor was removed by an administrator.
    TwoFactorReset: Security = "two_factor_reset",
    /// New recovery codes were made.
    RecoveryCodesMade: Security = "recovery_codes_made",
    /// A recovery code was used to sign in.
    RecoveryCodeUsed: SignIns = "recovery_code_used",
    /// It was locked by an administrator.
    Locked: Account = "locked",
    /// It was unlocked by an administrator.
    Unlocked: Account = "unlocked",
    /// The name was changed.
    NameChanged: Account = "name_changed",
    /// The language of the mails was changed.
    LanguageChanged: Account = "language_changed",
    /// Another address was asked for; nothing has changed yet.
    EmailAsked: Security = "email_asked",
    /// The address that was asked for is not wanted any more.
    EmailWithdrawn: Security = "email_withdrawn",
    /// The new address was confirmed.
    EmailChanged: Security = "email_changed",
    /// The previous address took the change back.
    EmailChangeUndone: Security = "email_change_undone",
    /// An account at a provider was linked to it.
    ProviderLinked: Security = "provider_linked",
    /// It was unlinked.
    ProviderUnlinked: Security = "provider_unlinked",
    /// Everything that is stored about its owner was downloaded.
    DataDownloaded: Security = "data_downloaded",
    /// Its owner asked for it to be deleted.
    DeletionAsked: Account = "deletion_asked",
    /// It is not deleted after all.
    DeletionStopped: Account = "deletion_stopped",
}

/// The old and the new value of what was changed, for the details of a line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change<'a> {
    /// What was changed: `name`, `mail_language`, `email`, `linked_google`, `linked_microsoft`.
    pub field: &'static str,
    /// What it was.
    pub old: &'a str,
    /// What it is.
    pub new: &'a str,
}

impl Event {
    /// Reads a stored event; one of a newer version is none.
    pub fn parse(stored: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|event| event.as_str() == stored)
    }
}

impl Identity {
    /// Writes a line of the log. `actor` is `None` for the command line.
    ///
    /// The line locks the account's row until the transaction ends. Whoever changes other rows of
    /// the account before must have held it first ([`Tx::lock_account`]): two transactions that
    /// take the same rows in different orders would wait for each other.
    pub(crate) async fn log(
        &self,
        tx: &mut Tx,
        account: &AccountId,
        actor: Option<&AccountId>,
        event: Event,
        client: &Client,
    ) -> Result<()> {
        let entry = self.entry(account, actor, event, client);
        self.append(tx, entry).await
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
        self.append(tx, entry).await
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
            link: None,
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
        let recipient = recipient.to_owned();
        let mail = self.new_mail(Some(&account.id), recipient, account.locale, message);
        Ok(tx.insert_mail(&mail).await?)
    }

    /// Puts a mail to an address that no account has into the outbox.
    pub(crate) async fn write_mail_to_stranger(
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
