//! The link that a new manager receives.

use crate::Answer;
use async_trait::async_trait;

/// Whom a set-up link is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// What she is called.
    pub name: String,
    /// The address of the account.
    pub email: String,
    /// The least number of characters of a password.
    pub minimum: u32,
}

/// Setting up an account that somebody else created.
#[async_trait]
pub trait InvitationPort: Send + Sync {
    /// Looks at a link; nothing is used up. `None` when it is dead.
    async fn invitation(&self, token: &str) -> Answer<Option<Invitation>>;

    /// Sets the first password and uses the link up.
    async fn accept_invitation(&self, token: &str, password: &str) -> Answer<()>;
}
