//! The steps of a sign-in, as one small machine.
//!
//! A sign-in is a record on the server with an explicit step. A step is allowed only from its
//! predecessor, whatever the browser sends, and everything that the earlier steps relied on is
//! checked again when the session is made: the account may have been locked, its password changed,
//! the account at a provider unlinked or the second factor switched on in between (Keycloak
//! CVE-2026-9798, GHSA-xg6x).
//!
//! The first step is the password or an account at a provider; what follows is the same after
//! either (Zitadel CVE-2025-64103: a factor that only one way in asked for).
//!
//! ```text
//! (nothing) ── first step ──► AwaitingCode ── right code ──► session
//!           └─ first step, no second factor ───────────────► session
//!           └─ first step, remembered browser ─────────────► session
//!           └─ provider, whose own factor is accepted ─────► session
//! ```

use crate::{
    AccountStatus, Duration, Timestamp,
    provider::Provider,
    session::{FirstStep, Method, SecondStep},
};

/// A begun sign-in must be finished within this time.
pub const LIFETIME: Duration = Duration::from_mins(10);
/// After this many wrong codes the sign-in starts again from the first step.
pub const MAX_WRONG_CODES: u32 = 5;

/// Since when accounts at providers are linked to an account: at most one of each.
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

/// What is known of an account at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountState {
    /// Whether the account may be used at all.
    pub status: AccountStatus,
    /// When its password was set; none was set before the set-up link was used.
    pub password_set_at: Option<Timestamp>,
    /// The accounts at providers that are linked to it.
    pub linked: Linked,
    /// Whether the person has proved that the address is hers.
    pub confirmed: bool,
    /// Whether a second factor is active.
    pub second_factor: bool,
}

impl AccountState {
    /// Since when the account has what this first step rests on; `None` when it has not.
    pub const fn since(self, first: FirstStep) -> Option<Timestamp> {
        match first {
            FirstStep::Password => self.password_set_at,
            FirstStep::Provider(provider) => self.linked.since(provider),
        }
    }

    /// Whether the account could still be entered without what this first step rests on: nobody may
    /// take away the only way in.
    pub const fn has_another(self, than: FirstStep) -> bool {
        match than {
            FirstStep::Password => self.linked.google.is_some() || self.linked.microsoft.is_some(),
            FirstStep::Provider(provider) => {
                self.password_set_at.is_some() || self.linked.since(provider.other()).is_some()
            }
        }
    }
}

/// A first step that was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// A password was typed.
    Password {
        /// Whether it is the account's.
        right: bool,
    },
    /// Somebody came back from a provider with the account that is linked to this one.
    Provider {
        /// From which.
        provider: Provider,
        /// Whether the provider asked for a second factor and that is accepted instead of ours
        /// ([`crate::provider::accepts_own_factor`]).
        own_factor: bool,
    },
}

impl First {
    /// The step without its judgement.
    pub const fn step(self) -> FirstStep {
        match self {
            Self::Password { .. } => FirstStep::Password,
            Self::Provider { provider, .. } => FirstStep::Provider(provider),
        }
    }

    /// Whether the person did what the step asks for.
    const fn is_right(self) -> bool {
        match self {
            Self::Password { right } => right,
            Self::Provider { .. } => true,
        }
    }

    /// Whether it brought a second factor along that counts.
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

/// Where a sign-in goes after its first step was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterFirst {
    /// The person is in.
    SignedIn(Method),
    /// A code is asked for.
    AskCode,
    /// Nothing happened, and the answer does not say why.
    Refused,
    /// The first step was right, but the address is not confirmed: only who got so far is told.
    Unconfirmed,
}

/// Judges the first step. `remembered` is whether this browser is one that the account's owner
/// asked not to be asked for codes on.
pub fn after_first(first: First, account: AccountState, remembered: bool) -> AfterFirst {
    let usable = account.status == AccountStatus::Active && account.since(first.step()).is_some();
    let signed_in = |second| {
        AfterFirst::SignedIn(Method {
            first: first.step(),
            second,
        })
    };
    if !first.is_right() || !usable {
        AfterFirst::Refused
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

/// What the first step of a begun sign-in rested on: the password or the link that the account had
/// then, by the time that it had it from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstStepProof {
    /// The step.
    pub first: FirstStep,
    /// When the password was set, or the account at the provider linked.
    pub since: Timestamp,
}

/// A sign-in that waits for a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    /// When the first step was accepted.
    pub created_at: Timestamp,
    /// What it rested on.
    pub proof: FirstStepProof,
    /// Wrong codes so far.
    pub wrong_codes: u32,
}

impl Pending {
    /// Whether the sign-in can still be finished: checked when the code page is shown, when a
    /// code arrives, and once more in the transaction that makes the session.
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
