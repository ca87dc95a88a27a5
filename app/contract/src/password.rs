//! Passwords: checked while typed, reset, changed.

use crate::{Answer, EventKind, Moment};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// How a password rates before it is sent. Whether it is long enough, the page counts
/// itself; that is said here too, for clients without a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It would be taken.
    Good,
    /// It has too few characters.
    TooShort,
    /// It has too many bytes.
    TooLong,
    /// It is made of the person's own data.
    Personal,
    /// It is on the list of common passwords.
    Common,
    /// It is easy to guess.
    Guessable,
}

/// What was done about a password, told on the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordDone {
    /// A mail is on its way, if there is an account.
    ResetAsked,
    /// A new password was chosen by mail; now sign in with it.
    Reset,
    /// The password was changed.
    Changed,
    /// The account was secured, and a mail is on its way.
    MadeSafe,
}

/// What the page behind a reset link shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordReset {
    /// The address of the account.
    pub email: String,
    /// The least number of characters of the new password.
    pub minimum: u32,
    /// Whether a code of the second factor is asked for.
    pub second_factor: bool,
    /// Whether the name is asked for: somebody registered the account, and nobody has confirmed its address.
    pub asks_name: bool,
}

/// What is typed on the page behind a reset link.
pub struct PasswordResetForm {
    /// The secret of the link.
    pub token: String,
    /// The new password.
    pub password: String,
    /// The code of the second factor, where one is asked for.
    pub code: String,
    /// The name, where it is asked for.
    pub name: String,
}

/// What a notice reported, for an owner who did not do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotMe {
    /// What happened.
    pub event: Option<EventKind>,
    /// When it was.
    pub when: Moment,
    /// The address of the account.
    pub email: String,
}

/// Everything about passwords. What is about one's own account refuses with
/// [`crate::Problem::SignInFirst`].
#[async_trait]
pub trait PasswordPort: Send + Sync {
    /// Checks a password while it is typed, for the account of the set-up or reset link `token`, else
    /// for the signed-in user, else for an anonymous one. Stores nothing of it.
    async fn judge_password(&self, typed: &str, token: &str) -> Answer<Verdict>;

    /// Requests a password reset. The answer is the same for every address.
    async fn forgot_password(&self, email: &str) -> Answer<()>;

    /// Whether this browser asked for such a mail within the last hour.
    fn waits_for_reset(&self) -> bool;

    /// Verifies the short code of the mail: from then on this browser has the link.
    async fn give_reset_code(&self, code: &str) -> Answer<()>;

    /// Reads a reset link and consumes nothing; an empty token is the link of the code that was given in this browser.
    /// `None` when it is dead.
    async fn password_reset(&self, token: &str) -> Answer<Option<PasswordReset>>;

    /// Sets the new password and consumes the link. Gives the address to sign in with.
    async fn reset_password(&self, form: PasswordResetForm) -> Answer<String>;

    /// The least number of characters of one's own new password.
    async fn password_minimum(&self) -> Answer<u32>;

    /// Changes one's own password.
    async fn change_password(&self, present: &str, new: &str) -> Answer<()>;

    /// Reads the "this was not me" link of a notice. `None` when it is dead.
    async fn not_me(&self, token: &str) -> Answer<Option<NotMe>>;

    /// Secures the account: all sessions end, and a mail leads to a new password, which this browser then waits for.
    /// Gives the address that it goes to.
    async fn say_not_me(&self, token: &str) -> Answer<String>;
}
