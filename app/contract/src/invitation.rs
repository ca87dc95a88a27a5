//! The link that a new manager receives.

use crate::Answer;
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

/// Setting up an account after an invitation.
#[async_trait]
pub trait InvitationPort: Send + Sync {
    /// Reads a link and consumes nothing. `None` when it is dead.
    async fn invitation(&self, token: &str) -> Answer<Option<Invitation>>;

    /// Sets the first password and consumes the link.
    async fn accept_invitation(&self, token: &str, password: &str) -> Answer<()>;
}
