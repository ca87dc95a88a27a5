//! The log of one's own account.

use crate::{Answer, Moment, Provider};
use async_trait::async_trait;

/// What happened to an account. The page turns it into words with an exhaustive `match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// The account was made.
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
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// The account was locked.
    Locked,
    /// The account was unlocked.
    Unlocked,
    /// Somebody asked for a mail to choose a new password.
    ResetAsked,
    /// A new password was chosen by mail.
    PasswordReset,
    /// The password was changed.
    PasswordChanged,
    /// The owner said that it was not her.
    NotMe,
    /// It was only good enough beside the second factor that was removed.
    PasswordTaken,
    /// Somebody signed in with a new device.
    NewDevice,
    /// A session was ended from another one.
    SessionEnded,
    /// All other sessions were ended.
    OtherSessionsEnded,
    /// A device is not asked for codes for a while.
    DeviceRemembered,
    /// A device is asked for codes again.
    DeviceForgotten,
    /// The name was changed.
    NameChanged,
    /// The language of the mails was changed.
    LanguageChanged,
    /// Another address was asked for.
    EmailAsked,
    /// The address that was asked for is not wanted any more.
    EmailWithdrawn,
    /// The new address was confirmed.
    EmailChanged,
    /// The previous address took the change back.
    EmailChangeUndone,
    /// An account at a provider was linked.
    ProviderLinked,
    /// It was unlinked.
    ProviderUnlinked,
    /// Everything that is stored about the owner was downloaded.
    DataDownloaded,
    /// The owner asked for the account to be deleted.
    DeletionAsked,
    /// The account is not deleted after all.
    DeletionStopped,
    /// A newer version of the program wrote it.
    Unknown,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doer {
    /// The person who reads.
    You,
    /// An administrator at the command line.
    Administrator,
    /// Nobody knows who.
    Stranger,
    /// Somebody with an account, by name.
    Named(String),
    /// Somebody whose account was removed since.
    Gone,
}

/// What a change was of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangedField {
    /// The name.
    Name,
    /// The language of the mails; the values are tags.
    Language,
    /// The address.
    Email,
    /// The account at a provider; the values are its addresses.
    LinkedAccount(Provider),
    /// Something that a newer version knows.
    Other,
}

/// An old and a new value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityChange {
    /// Of what.
    pub field: ChangedField,
    /// What it was.
    pub old: String,
    /// What it is since.
    pub new: String,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityLine {
    /// Its number; none when it is older than the chain, which says nothing about it.
    pub number: Option<u64>,
    /// What happened.
    pub what: Happened,
    /// Who did it.
    pub who: Doer,
    /// When.
    pub at: Moment,
    /// The network that it came from; may be empty.
    pub network: String,
    /// The browser that it came from; may be empty.
    pub device: String,
    /// What was changed into what.
    pub change: Option<ActivityChange>,
    /// Why, in the words of who did it.
    pub reason: Option<String>,
    /// Whether the check found that it is not as it was written.
    pub altered: bool,
}

/// What the log can be narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivityGroup {
    /// Coming in and going out.
    SignIns,
    /// What protects the account.
    Security,
    /// The account itself.
    Account,
    /// What others did.
    ByOthers,
}

impl ActivityGroup {
    /// All of them, as a list offers them.
    pub const ALL: [Self; 4] = [Self::SignIns, Self::Security, Self::Account, Self::ByOthers];

    /// The value in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIns => "sign-ins",
            Self::Security => "security",
            Self::Account => "account",
            Self::ByOthers => "by-others",
        }
    }

    /// Reads what an address says; anything unknown is none.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.as_str() == text)
    }
}

/// Which lines somebody wants to see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActivityQuery {
    /// Only these.
    pub group: Option<ActivityGroup>,
    /// Only those older than the line with this id.
    pub before: Option<String>,
}

/// What is wrong with a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFault {
    /// A line is not as it was written.
    Changed {
        /// Its number.
        line: u64,
    },
    /// Lines are gone.
    Missing {
        /// The first one.
        from: u64,
        /// The last one.
        to: u64,
    },
    /// Lines were cut off or added at the end.
    End,
    /// A line was written with a key that the server does not have.
    UnknownKey {
        /// Its number.
        line: u64,
    },
    /// A line without a number stands among numbered ones.
    Unnumbered,
    /// There is no chain, though there must be one.
    NoChain,
}

/// Whether the log is as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogState {
    /// How many lines were checked.
    pub lines: u64,
    /// How many are older than the chain and cannot be checked.
    pub older: u64,
    /// What is wrong.
    pub faults: Vec<LogFault>,
}

/// A page of the log, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityPage {
    /// The lines.
    pub lines: Vec<ActivityLine>,
    /// Where the next, older page begins: for [`ActivityQuery::before`].
    pub older: Option<String>,
    /// Whether the whole log is as it was written.
    pub state: LogState,
}

/// Reading one's own log. Refuses with [`crate::Problem::SignInFirst`].
#[async_trait]
pub trait ActivityPort: Send + Sync {
    /// A page of it. An id of somebody else's line finds nothing.
    async fn activity(&self, query: &ActivityQuery) -> Answer<ActivityPage>;
}
