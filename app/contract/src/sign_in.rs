//! Signing in and out.

use crate::{Answer, Span};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// What is typed on the sign-in page.
pub struct SignInForm {
    /// The address.
    pub email: String,
    /// The password.
    pub password: String,
    /// Where to go afterwards; anything but a path of this site is ignored.
    pub next: String,
    /// Whether to stay signed in on this device.
    pub stay: bool,
}

/// What "stay signed in" means at a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StayOffer {
    /// For so many days at most.
    pub days: u64,
    /// Coming back at least every so many days.
    pub idle_days: u64,
}

/// A session of this browser that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionEnd {
    /// Why.
    pub why: EndedBy,
    /// The address of its account, where time alone ended it: a session that was ended on purpose may be a thief's.
    pub email: Option<String>,
    /// Whether something that was typed in it waits for its owner.
    pub kept: bool,
}

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedBy {
    /// It was not used for this long.
    Idle(Span),
    /// It had lasted for this long.
    Age(Span),
    /// It was ended from elsewhere, or by a change to the account.
    Revoked,
}

/// What comes after the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInStep {
    /// Signed in: go on to the wanted page, or home.
    In {
        /// A path of this site.
        next: Option<String>,
        /// Whether a recovery code was used: the next page says what to do about the phone.
        recovered: bool,
    },
    /// A code is asked for.
    Code,
}

/// A sign-in that waits for its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingCode {
    /// The address that was typed.
    pub email: String,
    /// Whether a recovery code can be used.
    pub has_recovery_codes: bool,
}

/// What is typed at the second step.
pub struct CodeForm {
    /// The code, or a recovery code.
    pub code: String,
    /// The [`PendingCode::email`] of the page; empty when it names none.
    pub shown: String,
    /// Whether to ask for no code in this browser for a while.
    pub remember: bool,
}

/// An account of the demo and how to sign in with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoAccount {
    /// The address.
    pub email: String,
    /// The slug of the organisation at whose door a participant signs in; none for the back office.
    pub organisation: Option<String>,
    /// The password, or none yet.
    pub password: Option<String>,
    /// What is special about it: a key of the interface texts.
    pub state: DemoState,
    /// The TOTP secret (base32), when two-factor is on.
    pub totp_secret: Option<String>,
}

/// The states that accounts of the demo are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemoState {
    /// Manager of one organisation, without a second factor.
    Plain,
    /// Manager of two organisations, with two-factor on.
    TwoFactor,
    /// A content manager who reads French.
    French,
    /// Was invited and has not chosen a password.
    Invited,
    /// Locked by an administrator.
    Locked,
    /// Works at the support desk.
    Agent,
    /// A citizen who takes part.
    Participant,
    /// A citizen whose address is not confirmed.
    Unconfirmed,
    /// Has asked for the account to be deleted.
    Leaving,
}

/// What was done about signing in, told on the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInDone {
    /// The session has ended.
    SignedOut,
    /// The first password was chosen; now sign in with it.
    AccountSetUp,
    /// A new set-up link was asked for.
    LinkAsked,
    /// The first password was chosen, and the user is signed in with it.
    SetUpAndSignedIn,
    /// Signed in with a recovery code.
    RecoveryCodeUsed,
}

/// Signing in and out.
#[async_trait]
pub trait SignInPort: Send + Sync {
    /// Checks address and password and sets the cookie of the next step.
    async fn sign_in(&self, form: SignInForm) -> Answer<SignInStep>;

    /// The sign-in of this browser that waits for a code.
    async fn pending_code(&self) -> Answer<Option<PendingCode>>;

    /// Verifies the code and signs in. With `remember`, this browser is not
    /// asked for a code for a while; a recovery code remembers nothing.
    async fn give_code(&self, form: CodeForm) -> Answer<SignInStep>;

    /// The session that this browser had here and that is over.
    async fn ended_session(&self) -> Answer<Option<SessionEnd>>;

    /// Ends the session.
    async fn sign_out(&self) -> Answer<()>;
}
