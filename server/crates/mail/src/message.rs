//! The mails of the program: one variant per mail, with the data that its words need.
//!
//! Times are ready texts in the recipient's language, because the code that writes the message knows
//! the account's language and time zone. They stand inside a sentence, without a full stop.
//!
//! What a mail holds stands in the file of its subject, with what is made harmless of it.

mod account;
mod address;
mod devices;
mod factor;
mod notice;
mod organisation;
mod password;
mod provider;

pub use account::{AccountDeleted, AccountSetup, DeletionAsked};
pub use address::{
    AddressConfirm, AlreadyRegistered, EmailConfirm, EmailNotice, EmailTold, EmailUndo,
};
pub use devices::NewDevices;
pub use factor::{How, RecoveryCodeUsed, TwoFactorDisabled};
pub use notice::Notice;
pub use organisation::{DomainDoubted, PolicyChanged};
pub use password::{
    AccountClosed, AccountElsewhere, AccountSafe, Elsewhere, NoAccount, PasswordChanged,
    PasswordReset, Why,
};
pub use provider::ProviderNotice;

use domain::job::Priority;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A mail before it has words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// Somebody opened an account for the recipient, who chooses its first password.
    AccountSetup(AccountSetup),
    /// The second factor was turned on.
    TwoFactorEnabled(Notice),
    /// Another authenticator application replaced the one before.
    PhoneReplaced(Notice),
    /// The second factor was turned off.
    TwoFactorDisabled(TwoFactorDisabled),
    /// A new set of recovery codes was made.
    RecoveryCodesMade(Notice),
    /// A recovery code opened a session.
    RecoveryCodeUsed(RecoveryCodeUsed),
    /// A new password can be chosen, with a link and a code.
    PasswordReset(PasswordReset),
    /// After "this was not me": every session is ended and no password opens the account, until a
    /// new one is chosen with the link of this mail.
    AccountSafe(AccountSafe),
    /// Somebody wanted a new password for an address that has no account.
    NoAccount(NoAccount),
    /// There is no such account here, but elsewhere.
    AccountElsewhere(AccountElsewhere),
    /// Somebody wanted a new password for an account that an administrator closed.
    AccountClosed(AccountClosed),
    /// The password is another one now.
    PasswordChanged(PasswordChanged),
    /// The right password was given, and then wrong codes until the sign-in was stopped.
    SecondFactorGuess(Notice),
    /// Wrong passwords or codes were given inside a session, where the user had to prove their identity.
    ProofGuess(Notice),
    /// The account was signed in with a browser that it was never signed in with before.
    NewDevice(Notice),
    /// Sign-ins on further new devices, which were not announced one by one.
    NewDevices(NewDevices),
    /// The address was registered: the link and the code that confirm it.
    AddressConfirm(AddressConfirm),
    /// The address was registered, and has an account already.
    AlreadyRegistered(AlreadyRegistered),
    /// To the address that an account is to have: the link that confirms it.
    EmailConfirm(EmailConfirm),
    /// To the owner of an address that somebody wanted for another account.
    EmailTaken(EmailTold),
    /// To the present address: another one is wanted, and not confirmed yet.
    EmailAsked(EmailNotice),
    /// To the previous address: it was replaced, and how to take that back.
    EmailChanged(EmailUndo),
    /// To the new address: it is the account's now.
    EmailNew(EmailTold),
    /// To the previous address: it is the account's again.
    EmailRestored(EmailNotice),
    /// To the address that was the account's until the change was taken back.
    EmailLost(EmailTold),
    /// An account at a provider opens the account from now on.
    ProviderLinked(ProviderNotice),
    /// It opens it no longer.
    ProviderUnlinked(ProviderNotice),
    /// The account will be deleted, and how to keep it.
    DeletionAsked(DeletionAsked),
    /// The account stays after all.
    DeletionStopped(Notice),
    /// The account was deleted: the last mail to its address.
    AccountDeleted(AccountDeleted),
    /// Everything that is stored about the recipient was downloaded.
    DataDownloaded(Notice),
    /// Which second factor the recipient's organisation accepts was changed.
    PolicyChanged(PolicyChanged),
    /// Managers of the recipient's organisation have addresses in a domain that takes no mail.
    DomainDoubted(DomainDoubted),
}

/// In whose name the mails are written: three settings of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The name of the platform.
    pub brand: String,
    /// Where people write to.
    pub support_email: String,
    /// The only origin that links are built from.
    pub public_url: String,
}

impl Message {
    /// The name of this mail: in the outbox, in the logs and as the name of its templates.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::AccountSetup(_) => "account_setup",
            Self::TwoFactorEnabled(_) => "two_factor_enabled",
            Self::PhoneReplaced(_) => "phone_replaced",
            Self::TwoFactorDisabled(_) => "two_factor_disabled",
            Self::RecoveryCodesMade(_) => "recovery_codes_made",
            Self::RecoveryCodeUsed(_) => "recovery_code_used",
            Self::PasswordReset(_) => "password_reset",
            Self::AccountSafe(_) => "account_safe",
            Self::NoAccount(_) => "no_account",
            Self::AccountElsewhere(_) => "account_elsewhere",
            Self::AccountClosed(_) => "account_closed",
            Self::PasswordChanged(_) => "password_changed",
            Self::SecondFactorGuess(_) => "second_factor_guess",
            Self::ProofGuess(_) => "proof_guess",
            Self::NewDevice(_) => "new_device",
            Self::NewDevices(_) => "new_devices",
            Self::AddressConfirm(_) => "address_confirm",
            Self::AlreadyRegistered(_) => "already_registered",
            Self::EmailConfirm(_) => "email_confirm",
            Self::EmailTaken(_) => "email_taken",
            Self::EmailAsked(_) => "email_asked",
            Self::EmailChanged(_) => "email_changed",
            Self::EmailNew(_) => "email_new",
            Self::EmailRestored(_) => "email_restored",
            Self::EmailLost(_) => "email_lost",
            Self::ProviderLinked(_) => "provider_linked",
            Self::ProviderUnlinked(_) => "provider_unlinked",
            Self::DeletionAsked(_) => "deletion_asked",
            Self::DeletionStopped(_) => "deletion_stopped",
            Self::AccountDeleted(_) => "account_deleted",
            Self::DataDownloaded(_) => "data_downloaded",
            Self::PolicyChanged(_) => "policy_changed",
            Self::DomainDoubted(_) => "domain_doubted",
        }
    }

    /// Whether the recipient waits for this mail. Two mails that answer the same form have the same
    /// priority, so that their arrival tells nothing about an address.
    pub const fn priority(&self) -> Priority {
        match self {
            Self::AccountSetup(_)
            | Self::PasswordReset(_)
            | Self::NoAccount(_)
            | Self::AccountElsewhere(_)
            | Self::AccountClosed(_)
            | Self::AccountSafe(_)
            | Self::AddressConfirm(_)
            | Self::AlreadyRegistered(_)
            | Self::EmailConfirm(_)
            | Self::EmailTaken(_) => Priority::Waiting,
            Self::TwoFactorEnabled(_)
            | Self::PhoneReplaced(_)
            | Self::TwoFactorDisabled(_)
            | Self::RecoveryCodesMade(_)
            | Self::RecoveryCodeUsed(_)
            | Self::PasswordChanged(_)
            | Self::SecondFactorGuess(_)
            | Self::ProofGuess(_)
            | Self::NewDevice(_)
            | Self::NewDevices(_)
            | Self::EmailAsked(_)
            | Self::EmailChanged(_)
            | Self::EmailNew(_)
            | Self::EmailRestored(_)
            | Self::EmailLost(_)
            | Self::ProviderLinked(_)
            | Self::ProviderUnlinked(_)
            | Self::DeletionAsked(_)
            | Self::DeletionStopped(_)
            | Self::AccountDeleted(_)
            | Self::DataDownloaded(_)
            | Self::PolicyChanged(_)
            | Self::DomainDoubted(_) => Priority::Notice,
        }
    }

    /// The message as bytes, to be sealed and put into the outbox.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("strings and numbers can always be written as JSON")
    }

    /// Takes back the bytes of [`Message::to_json`]. `None` for a mail that this version of the
    /// program does not know, which happens while an older process runs beside a newer one.
    pub fn from_json(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// Where the one button of the mail leads.
    pub(crate) fn link(&self) -> &str {
        match self {
            Self::AccountSetup(mail) => &mail.link,
            Self::TwoFactorEnabled(notice)
            | Self::PhoneReplaced(notice)
            | Self::RecoveryCodesMade(notice)
            | Self::SecondFactorGuess(notice)
            | Self::ProofGuess(notice)
            | Self::NewDevice(notice)
            | Self::DeletionStopped(notice)
            | Self::DataDownloaded(notice) => &notice.link,
            Self::NewDevices(mail) => &mail.link,
            Self::PasswordReset(mail) => &mail.link,
            Self::AccountSafe(mail) => &mail.link,
            Self::NoAccount(mail) => &mail.link,
            Self::AccountElsewhere(mail) => mail.link(),
            Self::AccountClosed(mail) => &mail.link,
            Self::PasswordChanged(mail) => &mail.link,
            Self::TwoFactorDisabled(mail) => &mail.link,
            Self::RecoveryCodeUsed(mail) => &mail.link,
            Self::AddressConfirm(mail) => &mail.link,
            Self::AlreadyRegistered(mail) => &mail.link,
            Self::EmailConfirm(mail) => &mail.link,
            Self::EmailTaken(mail) | Self::EmailNew(mail) | Self::EmailLost(mail) => &mail.link,
            Self::EmailAsked(mail) | Self::EmailRestored(mail) => &mail.link,
            Self::EmailChanged(mail) => &mail.not_me,
            Self::ProviderLinked(mail) | Self::ProviderUnlinked(mail) => &mail.link,
            Self::DeletionAsked(mail) => &mail.stop,
            Self::AccountDeleted(mail) => &mail.link,
            Self::PolicyChanged(mail) => &mail.link,
            Self::DomainDoubted(mail) => &mail.link,
        }
    }

    /// The same message with every text that a stranger may have chosen made harmless.
    pub(crate) fn sanitized(&self) -> Self {
        match self.clone() {
            Self::AccountSetup(mail) => Self::AccountSetup(mail.sanitized()),
            Self::TwoFactorEnabled(mail) => Self::TwoFactorEnabled(mail.sanitized()),
            Self::PhoneReplaced(mail) => Self::PhoneReplaced(mail.sanitized()),
            Self::TwoFactorDisabled(mail) => Self::TwoFactorDisabled(mail.sanitized()),
            Self::RecoveryCodesMade(mail) => Self::RecoveryCodesMade(mail.sanitized()),
            Self::RecoveryCodeUsed(mail) => Self::RecoveryCodeUsed(mail.sanitized()),
            Self::PasswordReset(mail) => Self::PasswordReset(mail.sanitized()),
            Self::AccountSafe(mail) => Self::AccountSafe(mail.sanitized()),
            Self::NoAccount(mail) => Self::NoAccount(mail.sanitized()),
            Self::AccountElsewhere(mail) => Self::AccountElsewhere(mail.sanitized()),
            Self::AccountClosed(mail) => Self::AccountClosed(mail.sanitized()),
            Self::PasswordChanged(mail) => Self::PasswordChanged(mail.sanitized()),
            Self::SecondFactorGuess(mail) => Self::SecondFactorGuess(mail.sanitized()),
            Self::ProofGuess(mail) => Self::ProofGuess(mail.sanitized()),
            Self::NewDevice(mail) => Self::NewDevice(mail.sanitized()),
            Self::NewDevices(mail) => Self::NewDevices(mail.sanitized()),
            Self::AddressConfirm(mail) => Self::AddressConfirm(mail.sanitized()),
            Self::AlreadyRegistered(mail) => Self::AlreadyRegistered(mail.sanitized()),
            Self::EmailConfirm(mail) => Self::EmailConfirm(mail.sanitized()),
            Self::EmailTaken(mail) => Self::EmailTaken(mail.sanitized()),
            Self::EmailAsked(mail) => Self::EmailAsked(mail.sanitized()),
            Self::EmailChanged(mail) => Self::EmailChanged(mail.sanitized()),
            Self::EmailNew(mail) => Self::EmailNew(mail.sanitized()),
            Self::EmailRestored(mail) => Self::EmailRestored(mail.sanitized()),
            Self::EmailLost(mail) => Self::EmailLost(mail.sanitized()),
            Self::ProviderLinked(mail) => Self::ProviderLinked(mail.sanitized()),
            Self::ProviderUnlinked(mail) => Self::ProviderUnlinked(mail.sanitized()),
            Self::DeletionAsked(mail) => Self::DeletionAsked(mail.sanitized()),
            Self::DeletionStopped(mail) => Self::DeletionStopped(mail.sanitized()),
            Self::AccountDeleted(mail) => Self::AccountDeleted(mail.sanitized()),
            Self::DataDownloaded(mail) => Self::DataDownloaded(mail.sanitized()),
            Self::PolicyChanged(mail) => Self::PolicyChanged(mail.sanitized()),
            Self::DomainDoubted(mail) => Self::DomainDoubted(mail.sanitized()),
        }
    }
}

impl fmt::Debug for Message {
    /// Names and links stay out of logs: only the kind is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({})", self.kind())
    }
}
