//! The link that a new manager receives.

use crate::{Answer, SignInStep};
use async_trait::async_trait;

/// The account that a set-up link is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The name.
    pub name: String,
    /// The address of the account.
    pub email: String,
    /// The least number of characters of a password.
    pub minimum: u32,
}

/// An invitation that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The address to sign in with.
    pub email: String,
    /// The sign-in with the new password; none when the server is too busy for it.
    pub step: Option<SignInStep>,
}

/// Setting up an account after an invitation.
#[async_trait]
pub trait InvitationPort: Send + Sync {
    /// Reads a link and consumes nothing. `None` when it is dead.
    async fn invitation(&self, token: &str) -> Answer<Option<Invitation>>;

    /// Sends a new link to the owner of one that does not work any more. The answer is the same for a link that nobody
    /// was sent.
    async fn renew_invitation(&self, token: &str) -> Answer<()>;

    /// Sets the first password, consumes the link, and signs in.
    async fn accept_invitation(&self, token: &str, password: &str) -> Answer<Accepted>;
}
