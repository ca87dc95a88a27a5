//! Google and Microsoft: signing in to the back office with an account of theirs, linking one to
//! one's own account, and what to do when an organisation stands in the way.
//!
//! A page never sees a token, a claim or a subject: it sees which provider, which address, and one
//! of the reasons below.

use crate::{Answer, Moment, Provider};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// What was done about an account at a provider, told on the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderDone {
    /// It is linked.
    Linked(Provider),
    /// It is linked no longer.
    Unlinked(Provider),
}

/// An account at a provider that is linked to one's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedAccount {
    /// Whose.
    pub provider: Provider,
    /// Its address, as the provider gave it when it was linked.
    pub email: Option<String>,
    /// Since when.
    pub since: Moment,
    /// When it was last used to sign in.
    pub last_used: Option<Moment>,
    /// Whether it can be unlinked: not when it is the only way in.
    pub can_unlink: bool,
}

/// The proof that goes with a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedProof {
    /// None: the last one is recent.
    Nothing,
    /// The password or a code.
    Any,
    /// A code: the password is not enough in this session.
    Code,
}

/// What the settings show about one provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderState {
    /// Which one.
    pub provider: Provider,
    /// The account that is linked.
    pub linked: Option<LinkedAccount>,
    /// Whether the operator has set the provider up; without that, nothing new can be linked.
    pub configured: bool,
    /// What must be given with the next change.
    pub asks: AskedProof,
    /// Whether the account has a password, so that a proof can be typed at all. Without one the
    /// person signs in again with a provider, which is a proof for five minutes.
    pub has_password: bool,
}

/// What an organisation's ICT has to know in order to let the sign-in through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IctFacts {
    /// Which provider.
    pub provider: Provider,
    /// The application's identifier there.
    pub client_id: String,
    /// The permissions that are asked for: `openid`, `email`, `profile`.
    pub scopes: Vec<String>,
    /// The page on which an administrator consents for the whole organisation; Microsoft only.
    pub consent_url: Option<String>,
    /// The address of the back office.
    pub back_office: String,
    /// The one address that the provider sends people back to.
    pub callback: String,
}

/// Signing in with a provider, and what the settings do about it.
#[async_trait]
pub trait ProvidersPort: Send + Sync {
    /// What is linked and what could be, for each provider that is configured or linked. Refuses
    /// with [`crate::Problem::SignInFirst`]; empty at every door but the back office's.
    async fn providers(&self) -> Answer<Vec<ProviderState>>;

    /// Begins to link an account: sends the browser to the provider. The proof is not asked for when
    /// one was given within five minutes.
    async fn link_provider(&self, provider: Provider, proof: &str) -> Answer<()>;

    /// Unlinks it. Refuses with [`ProviderProblem::OnlyWayIn`].
    async fn unlink_provider(&self, provider: Provider, proof: &str) -> Answer<()>;

    /// Begins to accept an invitation with an account at a provider: sends the browser there. The
    /// link is consumed when the person comes back, not before.
    async fn accept_invitation_with(&self, provider: Provider, token: &str) -> Answer<()>;

    /// What ICT needs to know; `None` when the provider is not configured.
    fn ict_facts(&self, provider: Provider) -> Option<IctFacts>;
}
