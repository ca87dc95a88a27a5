//! How a server function answers a form, without naming HTTP.

use crate::{Door, Problem, Provider};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// What was done, told once on the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    /// The session has ended.
    SignedOut,
    /// The first password was chosen; now sign in with it.
    AccountSetUp,
    /// A mail is on its way, if there is an account.
    ResetAsked,
    /// A new password was chosen by mail; now sign in with it.
    PasswordReset,
    /// The password was changed.
    PasswordChanged,
    /// The account was made safe, and a mail is on its way.
    MadeSafe,
    /// Two-factor is on; the recovery codes come with it.
    TwoFactorOn,
    /// Two-factor is off.
    TwoFactorOff,
    /// New recovery codes replace the old ones.
    RecoveryCodesMade,
    /// Signed in with a recovery code.
    RecoveryCodeUsed,
    /// An account at a provider is linked.
    Linked(Provider),
    /// It is linked no longer.
    Unlinked(Provider),
    /// A session was ended.
    SessionEnded,
    /// All other sessions were ended.
    OtherSessionsEnded,
    /// A device is asked for codes again.
    DeviceForgotten,
    /// The name was changed.
    NameChanged,
    /// The language of the mails was changed.
    LanguageChanged,
    /// A mail went to the address that was asked for.
    EmailAsked,
    /// The address that was asked for is not wanted any more.
    EmailWithdrawn,
    /// The new address is the account's.
    EmailChanged,
    /// The previous address is the account's again.
    EmailUndone,
    /// The account will be deleted.
    DeletionAsked,
    /// The account stays after all.
    DeletionStopped,
    /// A vote on an article was stored; a comment may follow.
    Voted,
    /// A comment on an article was stored.
    CommentSent,
    /// Nothing yet: what was typed before the last session ended is there again.
    TextReturned,
}

/// A message for the next page of this browser: kept on the server, encrypted, read once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// What went wrong.
    pub problem: Option<Problem>,
    /// Which form it was, when a page has several.
    pub form: Option<String>,
    /// What was typed, secrets excepted: field name and text.
    pub typed: Vec<(String, String)>,
    /// What was done.
    pub done: Option<Done>,
    /// Recovery codes, shown this once.
    pub codes: Vec<String>,
}

impl Flash {
    /// What was typed into a field.
    pub fn typed(&self, field: &str) -> Option<String> {
        let mut typed = self.typed.iter();
        typed
            .find(|(name, _)| name == field)
            .map(|(_, text)| text.clone())
    }
}

/// The answer to a form.
#[async_trait]
pub trait Responder: Send + Sync {
    /// Keeps a message for the next page of this browser.
    async fn keep(&self, flash: Flash);

    /// When the form came with a session that was over: keeps what was typed on that page, secrets
    /// excepted, for the next session of the same person in this browser. False when there was no
    /// such session: nothing is kept for strangers.
    async fn keep_draft(&self, page: &str, form: &str, typed: &[(String, String)]) -> bool;

    /// Sends the browser to a path of this site with 303 See Other.
    fn see_other(&self, path: &str);

    /// Answers 503 with `Retry-After` and a calm page that leads back to `path`.
    fn overloaded(&self, wait_s: u64, path: &str);

    /// The door that the form stands behind.
    fn door(&self) -> &Door;
    /// Gives the answer to a script this HTTP status.
    fn status(&self, status: u16);

    /// Whether a browser posted a form, rather than a script calling for data.
    fn wants_page(&self) -> bool;
}
