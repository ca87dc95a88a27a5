//! The sessions and devices of one's own account.

use crate::{Answer, Moment, SessionLeft, SignInMethod, Span};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// The sessions of an account, and which devices are not asked for a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sessions {
    /// The live sessions, the last used first.
    pub sessions: Vec<SessionRow>,
    /// Whether a proof comes before one is ended, the last proof being too old.
    pub needs_proof: bool,
    /// The remembered devices, the last used first.
    pub remembered: Vec<RememberedRow>,
}

/// A browser that is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Its identifier, which is no secret.
    pub id: String,
    /// Whether it is the one that asks.
    pub this_one: bool,
    /// Browser and system in a few words; empty when unknown.
    pub device: String,
    /// How the user signed in.
    pub method: SignInMethod,
    /// The network that it began from.
    pub network: String,
    /// The project whose door it came through, in the page's language; none in the back office.
    pub project: Option<String>,
    /// When it began.
    pub began: Moment,
    /// When it was last used.
    pub last_seen: Moment,
    /// When it ends, however much it is used.
    pub ends: Moment,
    /// It ends earlier when it is not used for this long.
    pub idle: Span,
    /// Whether the user chose to stay signed in there.
    pub stay: bool,
}

/// A device that is not asked for a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RememberedRow {
    /// Its identifier, which is no secret.
    pub id: String,
    /// Whether it is the one that asks.
    pub this_one: bool,
    /// Browser and system in a few words; empty when unknown.
    pub device: String,
    /// The network of its last sign-in.
    pub network: String,
    /// When it was last signed in with.
    pub last_seen: Moment,
    /// Until when it is remembered.
    pub until: Moment,
}

/// What was done about sessions and devices, told on the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionsDone {
    /// A session was ended.
    Ended,
    /// All other sessions were ended.
    OthersEnded,
    /// A device is asked for codes again.
    DeviceForgotten,
}

/// Seeing and ending one's own sessions. Refuses with [`crate::Problem::SignInFirst`], and with
/// [`crate::Problem::Unchanged`] for what is not there, or not one's own.
#[async_trait]
pub trait SessionsPort: Send + Sync {
    /// One's own sessions and remembered devices.
    async fn sessions(&self) -> Answer<Sessions>;

    /// How long the session of the one who asks lasts; asking is using it.
    async fn session_left(&self) -> Answer<SessionLeft>;

    /// Ends one of them. Refuses with [`crate::ProofProblem::Needed`] as [`Sessions::needs_proof`] says.
    async fn end_session(&self, id: &str) -> Answer<()>;

    /// Ends all but the one that asks; refuses likewise.
    async fn end_other_sessions(&self) -> Answer<()>;

    /// Asks a device for codes again.
    async fn forget_device(&self, id: &str) -> Answer<()>;
}
