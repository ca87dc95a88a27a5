//! The mails of the house: one variant per mail, with the data that its words need.
//!
//! Times are ready texts in the recipient's language, because whoever writes the message knows
//! the account's language and time zone. They stand inside a sentence, without a full stop.

use crate::plain;
use serde::{Deserialize, Serialize};
use std::{fmt, ops::Deref};

/// A mail before it has words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// Somebody opened an account for the recipient, who chooses its first password.
    AccountSetup(AccountSetup),
    /// The second factor was turned on.
    TwoFactorEnabled(Notice),
    /// The second factor was turned off.
    TwoFactorDisabled(TwoFactorDisabled),
    /// A new set of recovery codes was made.
    RecoveryCodesMade(Notice),
    /// A recovery code opened a session.
    RecoveryCodeUsed(RecoveryCodeUsed),
    /// A new password can be chosen, with a link and a code.
    PasswordReset(PasswordReset),
    /// "This was not me" was said: nobody is signed in and no password opens the account, until a
    /// new one is chosen with the link of this mail.
    AccountSafe(AccountSafe),
    /// Somebody wanted a new password for an address that has no account.
    NoAccount(NoAccount),
    /// Somebody wanted a new password for an account that an administrator closed.
    AccountClosed(AccountClosed),
    /// The password is another one now.
    PasswordChanged(PasswordChanged),
    /// The right password was given, and then wrong codes until the sign-in was stopped.
    SecondFactorGuess(Notice),
    /// The account was signed in with a browser that it was never signed in with before.
    NewDevice(Notice),
    /// To the address that somebody wants for her account: the link that makes it so.
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
    /// The account will be deleted, and how to keep it.
    DeletionAsked(DeletionAsked),
    /// The account stays after all.
    DeletionStopped(Notice),
    /// The account was deleted: the last mail to its address.
    AccountDeleted(AccountDeleted),
    /// Everything that is stored about the recipient was downloaded.
    DataDownloaded(Notice),
}

/// The invitation to choose a first password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSetup {
    /// The recipient's name.
    pub name: String,
    /// The organisation that the account is for, if there is one.
    pub organisation: Option<String>,
    /// The page with the one-use token, in the recipient's language.
    pub link: String,
    /// Until when the link works.
    pub expires: String,
    /// Who opened the account, if it was a person.
    pub inviter: Option<String>,
}

/// The way to a new password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordReset {
    /// The recipient's name.
    pub name: String,
    /// The project that she came from, with its organisation; none at the back office's door.
    pub place: Option<String>,
    /// The page with the one-use token, in the recipient's language.
    pub link: String,
    /// The same as a short code, for the page that waits in the browser that asked.
    pub code: Option<String>,
    /// Until when both work.
    pub expires: String,
    /// The browser and the system that asked, as far as they tell.
    pub device: String,
    /// The network that asked.
    pub network: String,
}

/// The account was made safe, and needs a new password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSafe {
    /// The recipient's name.
    pub name: String,
    /// The project that the page stood in, with its organisation; none at the back office's door.
    pub place: Option<String>,
    /// The page with the one-use token, in the recipient's language.
    pub link: String,
    /// Until when the link works.
    pub expires: String,
    /// When it was said.
    pub when: String,
    /// The browser and the system that it was said with, as far as they tell.
    pub device: String,
    /// The network that it was said from.
    pub network: String,
}

/// There is nothing to reset.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoAccount {
    /// The address that was typed, and to which this mail goes.
    pub email: String,
    /// The project that somebody came from; none at the back office's door.
    pub place: Option<String>,
    /// The page where another address can be tried.
    pub link: String,
}

/// There is an account, and it is closed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountClosed {
    /// The recipient's name.
    pub name: String,
    /// The help centre.
    pub link: String,
}

/// The password is another one now.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordChanged {
    /// When, and from where.
    #[serde(flatten)]
    pub notice: Notice,
    /// How it came to be.
    pub why: Why,
}

/// How a password came to be another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The owner changed it in the settings.
    Own,
    /// It was forgotten, and chosen anew through a mailed link or code.
    Reset,
}

/// Something happened to the recipient's account: when, and from where.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The recipient's name.
    pub name: String,
    /// When it happened.
    pub when: String,
    /// The browser and the system, as far as they tell.
    pub device: String,
    /// The network that the request came from.
    pub network: String,
    /// The page that shows how things stand now, in the recipient's language.
    pub link: String,
    /// The page for who did not do it: with a one-use token, in the recipient's language.
    pub not_me: String,
}

/// The second factor was turned off.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwoFactorDisabled {
    /// When, and from where.
    #[serde(flatten)]
    pub notice: Notice,
    /// Who did it.
    pub by: How,
}

/// A recovery code opened a session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryCodeUsed {
    /// When, and from where.
    #[serde(flatten)]
    pub notice: Notice,
    /// How many codes of the set are still unused.
    pub left: u32,
}

/// The request to confirm a new address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailConfirm {
    /// The recipient's name.
    pub name: String,
    /// The new address.
    pub email: String,
    /// The page with the one-use token, in the recipient's language.
    pub link: String,
    /// Until when the link works.
    pub expires: String,
}

/// News about an address that needs no way out, or must not have one: its reader may be a stranger.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailTold {
    /// The recipient's name.
    pub name: String,
    /// The address that it is about.
    pub email: String,
    /// A page of the account, in the recipient's language.
    pub link: String,
}

/// Something happened to the address of the recipient's account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailNotice {
    /// When, and from where.
    #[serde(flatten)]
    pub notice: Notice,
    /// The other address.
    pub email: String,
}

/// The address was changed: its way out takes that back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailUndo {
    /// When, and from where.
    #[serde(flatten)]
    pub notice: Notice,
    /// The new address.
    pub email: String,
    /// Until when the change can be taken back.
    pub expires: String,
}

/// The account will be deleted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionAsked {
    /// When it was asked for, and from where.
    #[serde(flatten)]
    pub notice: Notice,
    /// When it will be deleted.
    pub due: String,
    /// The page with the one-use token that keeps it, in the recipient's language.
    pub stop: String,
    /// Whether this goes to an address that the account had before: "this was not me" is not for
    /// whoever reads that one.
    pub previous: bool,
}

/// The account is gone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountDeleted {
    /// The recipient's name.
    pub name: String,
    /// The organisation whose participant she was; none for the back office.
    pub organisation: Option<String>,
    /// When it was asked for.
    pub asked: String,
    /// For how many days the record of it is kept.
    pub days: u64,
    /// The help centre.
    pub link: String,
}

/// Who turned a factor off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The owner, in the settings.
    Own,
    /// The support team, at the owner's request.
    Support,
    /// The same, and the account has no password: one that was only good enough beside the factor
    /// went with it.
    SupportAndPassword,
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
            Self::TwoFactorDisabled(_) => "two_factor_disabled",
            Self::RecoveryCodesMade(_) => "recovery_codes_made",
            Self::RecoveryCodeUsed(_) => "recovery_code_used",
            Self::PasswordReset(_) => "password_reset",
            Self::AccountSafe(_) => "account_safe",
            Self::NoAccount(_) => "no_account",
            Self::AccountClosed(_) => "account_closed",
            Self::PasswordChanged(_) => "password_changed",
            Self::SecondFactorGuess(_) => "second_factor_guess",
            Self::NewDevice(_) => "new_device",
            Self::EmailConfirm(_) => "email_confirm",
            Self::EmailTaken(_) => "email_taken",
            Self::EmailAsked(_) => "email_asked",
            Self::EmailChanged(_) => "email_changed",
            Self::EmailNew(_) => "email_new",
            Self::EmailRestored(_) => "email_restored",
            Self::EmailLost(_) => "email_lost",
            Self::DeletionAsked(_) => "deletion_asked",
            Self::DeletionStopped(_) => "deletion_stopped",
            Self::AccountDeleted(_) => "account_deleted",
            Self::DataDownloaded(_) => "data_downloaded",
        }
    }

    /// The message as bytes, to be sealed and put into the outbox.
    pub fn to_json(&self) -> Vec<u8> {
        // Strings and numbers only: there is nothing in a message that JSON could not say.
        serde_json::to_vec(self).unwrap_or_default()
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
            | Self::RecoveryCodesMade(notice)
            | Self::SecondFactorGuess(notice)
            | Self::NewDevice(notice)
            | Self::DeletionStopped(notice)
            | Self::DataDownloaded(notice) => &notice.link,
            Self::PasswordReset(mail) => &mail.link,
            Self::AccountSafe(mail) => &mail.link,
            Self::NoAccount(mail) => &mail.link,
            Self::AccountClosed(mail) => &mail.link,
            Self::PasswordChanged(mail) => &mail.link,
            Self::TwoFactorDisabled(mail) => &mail.link,
            Self::RecoveryCodeUsed(mail) => &mail.link,
            Self::EmailConfirm(mail) => &mail.link,
            Self::EmailTaken(mail) | Self::EmailNew(mail) | Self::EmailLost(mail) => &mail.link,
            Self::EmailAsked(mail) | Self::EmailRestored(mail) => &mail.link,
            Self::EmailChanged(mail) => &mail.not_me,
            Self::DeletionAsked(mail) => &mail.stop,
            Self::AccountDeleted(mail) => &mail.link,
        }
    }

    /// The same message with every text that a stranger may have chosen made harmless.
    pub(crate) fn tamed(&self) -> Self {
        match self.clone() {
            Self::AccountSetup(mail) => Self::AccountSetup(AccountSetup {
                name: plain::tame(&mail.name),
                organisation: mail.organisation.as_deref().map(plain::tame),
                link: mail.link,
                expires: plain::one_line(&mail.expires),
                inviter: mail.inviter.as_deref().map(plain::tame),
            }),
            Self::PasswordReset(mail) => Self::PasswordReset(PasswordReset {
                name: plain::tame(&mail.name),
                place: mail.place.as_deref().map(plain::tame),
                expires: plain::one_line(&mail.expires),
                device: plain::tame(&mail.device),
                network: plain::tame(&mail.network),
                ..mail
            }),
            Self::AccountSafe(mail) => Self::AccountSafe(AccountSafe {
                name: plain::tame(&mail.name),
                place: mail.place.as_deref().map(plain::tame),
                link: mail.link,
                expires: plain::one_line(&mail.expires),
                when: plain::one_line(&mail.when),
                device: plain::tame(&mail.device),
                network: plain::tame(&mail.network),
            }),
            Self::NoAccount(mail) => Self::NoAccount(NoAccount {
                // Its own reader's address, and of a checked form: it may stay a link.
                email: plain::one_line(&mail.email),
                place: mail.place.as_deref().map(plain::tame),
                link: mail.link,
            }),
            Self::AccountClosed(mail) => Self::AccountClosed(AccountClosed {
                name: plain::tame(&mail.name),
                link: mail.link,
            }),
            Self::PasswordChanged(mail) => Self::PasswordChanged(PasswordChanged {
                notice: mail.notice.tamed(),
                why: mail.why,
            }),
            Self::TwoFactorEnabled(notice) => Self::TwoFactorEnabled(notice.tamed()),
            Self::RecoveryCodesMade(notice) => Self::RecoveryCodesMade(notice.tamed()),
            Self::SecondFactorGuess(notice) => Self::SecondFactorGuess(notice.tamed()),
            Self::NewDevice(notice) => Self::NewDevice(notice.tamed()),
            Self::TwoFactorDisabled(mail) => Self::TwoFactorDisabled(TwoFactorDisabled {
                notice: mail.notice.tamed(),
                by: mail.by,
            }),
            Self::RecoveryCodeUsed(mail) => Self::RecoveryCodeUsed(RecoveryCodeUsed {
                notice: mail.notice.tamed(),
                left: mail.left,
            }),
            Self::EmailConfirm(mail) => Self::EmailConfirm(mail.tamed()),
            Self::EmailTaken(mail) => Self::EmailTaken(mail.tamed()),
            Self::EmailAsked(mail) => Self::EmailAsked(mail.tamed()),
            Self::EmailChanged(mail) => Self::EmailChanged(mail.tamed()),
            Self::EmailNew(mail) => Self::EmailNew(mail.tamed()),
            Self::EmailRestored(mail) => Self::EmailRestored(mail.tamed()),
            Self::EmailLost(mail) => Self::EmailLost(mail.tamed()),
            Self::DeletionAsked(mail) => Self::DeletionAsked(DeletionAsked {
                notice: mail.notice.tamed(),
                due: plain::one_line(&mail.due),
                ..mail
            }),
            Self::DeletionStopped(notice) => Self::DeletionStopped(notice.tamed()),
            Self::AccountDeleted(mail) => Self::AccountDeleted(AccountDeleted {
                name: plain::tame(&mail.name),
                organisation: mail.organisation.as_deref().map(plain::tame),
                asked: plain::one_line(&mail.asked),
                ..mail
            }),
            Self::DataDownloaded(notice) => Self::DataDownloaded(notice.tamed()),
        }
    }
}

impl Notice {
    fn tamed(&self) -> Self {
        Self {
            name: plain::tame(&self.name),
            when: plain::one_line(&self.when),
            device: plain::tame(&self.device),
            network: plain::tame(&self.network),
            link: self.link.clone(),
            not_me: self.not_me.clone(),
        }
    }
}

impl EmailConfirm {
    fn tamed(&self) -> Self {
        Self {
            name: plain::tame(&self.name),
            email: plain::address(&self.email),
            link: self.link.clone(),
            expires: plain::one_line(&self.expires),
        }
    }
}

impl EmailTold {
    fn tamed(&self) -> Self {
        Self {
            name: plain::tame(&self.name),
            email: plain::address(&self.email),
            link: self.link.clone(),
        }
    }
}

impl EmailNotice {
    fn tamed(&self) -> Self {
        Self {
            notice: self.notice.tamed(),
            email: plain::address(&self.email),
        }
    }
}

impl EmailUndo {
    fn tamed(&self) -> Self {
        Self {
            notice: self.notice.tamed(),
            email: plain::address(&self.email),
            expires: plain::one_line(&self.expires),
        }
    }
}

/// Templates of notices ask for `mail.when` whatever else the mail holds.
macro_rules! is_a_notice {
    ($($mail:ty),+) => {$(
        impl Deref for $mail {
            type Target = Notice;

            fn deref(&self) -> &Notice {
                &self.notice
            }
        }
    )+};
}

is_a_notice!(
    TwoFactorDisabled,
    RecoveryCodeUsed,
    PasswordChanged,
    EmailNotice,
    EmailUndo,
    DeletionAsked
);

impl fmt::Debug for Message {
    /// Names and links stay out of logs: only the kind is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({})", self.kind())
    }
}
