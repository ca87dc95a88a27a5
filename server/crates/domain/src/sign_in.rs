//! The steps of a sign-in, as one small state machine.
//!
//! A sign-in is a record on the server with an explicit step. A step is allowed only from its
//! predecessor, whatever the browser sends, and everything that the earlier steps relied on is
//! checked again when the session is created: the account may have been locked, its password changed,
//! the provider account unlinked or the second factor enabled in between (Keycloak
//! CVE-2026-9798, GHSA-xg6x).
//!
//! The first step is the password or an account at a provider; what follows is the same after
//! either (Zitadel CVE-2025-64103: a factor that only one first step asked for).
//!
//! ```text
//! (nothing) ── first step ──► AwaitingCode ── right code ──► session
//!           └─ first step, no second factor ───────────────► session
//!           └─ first step, remembered browser ─────────────► session
//!           └─ provider, whose own factor is accepted ─────► session
//! ```

mod by_address;

pub use by_address::opens_by_address;

use crate::{
    AccountStatus, Duration, Timestamp,
    provider::Provider,
    session::{FirstStep, Method, SecondStep},
};

/// A begun sign-in must be finished within this time.
pub const LIFETIME: Duration = Duration::from_mins(10);
/// After this many wrong codes the sign-in starts again from the first step.
pub const MAX_WRONG_CODES: u32 = 5;

/// Since when provider accounts are linked to an account: at most one of each provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Linked {
    google: Option<Timestamp>,
    microsoft: Option<Timestamp>,
}

impl Linked {
    /// Nothing is linked.
    pub const NONE: Self = Self {
        google: None,
        microsoft: None,
    };

    /// The same with an account of this provider, linked at this time.
    #[must_use]
    pub const fn with(self, provider: Provider, since: Timestamp) -> Self {
        let since = Some(since);
        match provider {
            Provider::Google => Self {
                google: since,
                ..self
            },
            Provider::Microsoft => Self {
                microsoft: since,
                ..self
            },
        }
    }

    /// Since when an account of this provider is linked.
    pub const fn since(self, provider: Provider) -> Option<Timestamp> {
        match provider {
            Provider::Google => self.google,
            Provider::Microsoft => self.microsoft,
        }
    }
}

/// The state of an account that a sign-in depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountState {
    /// Whether the account may be used at all.
    pub status: AccountStatus,
    /// When its password was set; none was set before the set-up link was used.
    pub password_set_at: Option<Timestamp>,
    /// The accounts at providers that are linked to it.
    pub linked: Linked,
    /// Whether the address is confirmed.
    pub confirmed: bool,
    /// Whether a second factor is active.
    pub second_factor: bool,
}

impl AccountState {
    /// Since when the account has what this first step verifies; `None` when it has not.
    pub const fn since(self, first: FirstStep) -> Option<Timestamp> {
        match first {
            FirstStep::Password => self.password_set_at,
            FirstStep::Provider(provider) => self.linked.since(provider),
        }
    }

    /// Whether the account can still be signed in to without this first step: the only one must not be
    /// removed.
    pub const fn has_another(self, than: FirstStep) -> bool {
        match than {
            FirstStep::Password => self.linked.google.is_some() || self.linked.microsoft.is_some(),
            FirstStep::Provider(provider) => {
                self.password_set_at.is_some() || self.linked.since(provider.other()).is_some()
            }
        }
    }
}

/// A verified first step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// A password was typed.
    Password {
        /// Whether it is the account's.
        right: bool,
    },
    /// The user returned from a provider with the account that is linked to this one.
    Provider {
        /// The provider.
        provider: Provider,
        /// Whether the provider asked for a second factor and that is accepted instead of ours
        /// ([`crate::provider::accepts_own_factor`]).
        own_factor: bool,
    },
}

impl First {
    /// The step without its result.
    pub const fn step(self) -> FirstStep {
        match self {
            Self::Password { .. } => FirstStep::Password,
            Self::Provider { provider, .. } => FirstStep::Provider(provider),
        }
    }

    /// Whether the step succeeded.
    const fn is_right(self) -> bool {
        match self {
            Self::Password { right } => right,
            Self::Provider { .. } => true,
        }
    }

    /// Whether it includes a second factor that is accepted.
    const fn brings_factor(self) -> bool {
        matches!(
            self,
            Self::Provider {
                provider: Provider::Microsoft,
                own_factor: true
            }
        )
    }
}

/// What follows a first step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterFirst {
    /// The sign-in is complete.
    SignedIn(Method),
    /// A code is asked for.
    AskCode,
    /// The step failed; the answer does not say why.
    Refused,
    /// The first step succeeded, but the address is not confirmed: disclosed only after success.
    Unconfirmed,
    /// The first step succeeded, but the account is locked: disclosed only after success.
    Locked,
}

/// Decides what follows a first step. `remembered` is whether the second step is skipped on this
/// browser.
pub fn after_first(first: First, account: AccountState, remembered: bool) -> AfterFirst {
    let signed_in = |second| {
        AfterFirst::SignedIn(Method {
            first: first.step(),
            second,
        })
    };
    if !first.is_right() || account.since(first.step()).is_none() {
        AfterFirst::Refused
    } else if account.status == AccountStatus::Locked {
        AfterFirst::Locked
    } else if !account.confirmed {
        AfterFirst::Unconfirmed
    } else if !account.second_factor {
        signed_in(None)
    } else if first.brings_factor() {
        signed_in(Some(SecondStep::ProvidersOwn))
    } else if remembered {
        signed_in(Some(SecondStep::RememberedDevice))
    } else {
        AfterFirst::AskCode
    }
}

/// What the first step of a pending sign-in verified: the password or the link that the account had
/// then, identified by the time since when it had it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstStepProof {
    /// The step.
    pub first: FirstStep,
    /// When the password was set, or the provider account linked.
    pub since: Timestamp,
}

/// A sign-in that waits for a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    /// When the first step was accepted.
    pub created_at: Timestamp,
    /// What it verified.
    pub proof: FirstStepProof,
    /// Wrong codes so far.
    pub wrong_codes: u32,
}

impl Pending {
    /// Whether the sign-in can still be finished: checked when the code page is shown, when a
    /// code arrives, and once more in the transaction that creates the session.
    pub fn is_open(self, now: Timestamp, account: AccountState) -> bool {
        now.since(self.created_at) < LIFETIME
            && self.created_at <= now.plus(Duration::from_secs(1))
            && self.wrong_codes < MAX_WRONG_CODES
            && account.status == AccountStatus::Active
            && account.since(self.proof.first) == Some(self.proof.since)
            && account.confirmed
            && account.second_factor
    }
}

#[cfg(test)]
mod tests;
