//! Why a provider did not allow a sign-in, or was not linked.

use crate::{Field, Provider};
use serde::{Deserialize, Serialize};

/// Why signing in with a provider, linking or unlinking is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderProblem {
    /// The provider, or what it answered, did not allow it.
    Refused(ProviderRefusal),
    /// It is the only way to sign in to the account.
    OnlyWayIn,
}

impl ProviderProblem {
    /// The form field that the problem is about.
    pub const fn field(&self) -> Option<Field> {
        match self {
            Self::Refused(_) | Self::OnlyWayIn => None,
        }
    }
}

/// Why a provider did not allow a sign-in, or was not linked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderRefusal {
    /// Whose account it was.
    pub provider: Provider,
    /// Why.
    pub why: RefusedBecause,
    /// The address that was used, if the provider gave one. It is shown only to the person
    /// who has just signed in with it.
    pub email: Option<String>,
    /// What to quote to support, and what the log knows it by.
    pub reference: String,
}

/// The reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedBecause {
    /// No manager can enter with this account: its address is no manager's confirmed address, or the
    /// manager may not sign in. One answer for all, so that managers cannot be enumerated.
    NoManager,
    /// Google has not verified the address, or is not authoritative for its domain.
    AddressNotVouchedFor,
    /// This account is linked to no manager. A Microsoft account is linked from the settings or from
    /// an invitation, never by its address.
    NotLinked,
    /// It is linked to another user's account already.
    LinkedElsewhere,
    /// Another account of the same provider is linked to this one already.
    AnotherIsLinked,
    /// The operator does not let this organisation's Microsoft accounts in.
    TenantNotAllowed,
    /// The operator does not let personal Microsoft accounts in.
    PersonalNotAllowed,
    /// The person turned back at the provider.
    Cancelled,
    /// The IT department of the user's organisation blocks the sign-in.
    BlockedByOrganisation(Block),
    /// The provider does not answer, or answers nonsense. The password still works.
    Unavailable,
    /// What came back does not hold: signature, issuer, audience, time, nonce.
    NotTrusted,
    /// The round trip was not begun in this browser, took too long, or was finished already.
    Expired,
}

/// How an organisation's IT department can block a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// Consent is missing, and the user may not give it (AADSTS65001 and siblings).
    ConsentNeeded,
    /// Only an administrator may consent (AADSTS90094, 900941 and siblings).
    AdministratorMustApprove,
    /// The application is blocked or switched off in this organisation (AADSTS7000112 and siblings;
    /// Google's `admin_policy_enforced`).
    ApplicationBlocked,
    /// The application is there, but not for this person (AADSTS50105).
    NotAssigned,
    /// A rule about devices, places or networks forbids it (AADSTS53003 and siblings).
    ConditionalAccess,
}
