//! Google and Microsoft: who somebody is there, and what that is worth here.
//!
//! An identity at a provider is (issuer, subject), never an address: addresses change hands (nOAuth,
//! Descope 2023; Google, "abandoned domains"). For Microsoft it is (tenant id, object id). An address
//! opens an account in one case only, and only to be bound to the identity from then on: Google says
//! that it is verified, Google is the one to say so, and it is a manager's confirmed address
//! ([`opens_by_address`]).

mod tenants;

pub use tenants::{CONSUMERS, TenantError, TenantRefusal, Tenants, is_tenant_id};

use crate::{AccountStatus, Duration, Email, email_key, sign_in::AccountState};
use std::fmt;

/// A round trip to a provider must be finished within this time.
pub const FLOW_LIFETIME: Duration = Duration::from_mins(10);
/// The longest subject, and the longest issuer that is kept, in characters of ASCII (OpenID Connect
/// Core 1.0, section 2).
pub const MAX_SUBJECT: usize = 255;

/// Somebody else who can say who a person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Provider {
    /// Google accounts, those of Workspace included.
    Google,
    /// Microsoft accounts: work and school (Entra ID), and personal ones where the operator says so.
    Microsoft,
}

impl Provider {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Google, Self::Microsoft];

    /// The provider as it is stored, and as it stands in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Microsoft => "microsoft",
        }
    }

    /// Reads a stored provider or a part of an address.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|provider| provider.as_str() == text)
    }

    /// The name by which people know it; the same in every language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Google => "Google",
            Self::Microsoft => "Microsoft",
        }
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Google => Self::Microsoft,
            Self::Microsoft => Self::Google,
        }
    }
}

/// Who somebody is at a provider. Neither half is ever empty: a missing subject must not become one
/// that all the others without subject share (Keycloak CVE-2026-82968).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Subject {
    provider: Provider,
    issuer: String,
    /// The subject.
    id: String,
}

impl Subject {
    /// Takes what a checked token says. `None` when a half is empty, longer than 255 characters, or
    /// holds anything but visible ASCII.
    ///
    /// For Microsoft `issuer` is the tenant id and `subject` the object id.
    pub fn new(provider: Provider, issuer: &str, subject: &str) -> Option<Self> {
        let sound = |half: &str| {
            (1..=MAX_SUBJECT).contains(&half.len()) && half.bytes().all(|b| b.is_ascii_graphic())
        };
        (sound(issuer) && sound(subject)).then(|| Self {
            provider,
            issuer: issuer.to_owned(),
            id: subject.to_owned(),
        })
    }

    /// Where.
    pub const fn provider(&self) -> Provider {
        self.provider
    }

    /// Who vouches for the subject.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// What the issuer knows the person by.
    pub fn subject(&self) -> &str {
        &self.id
    }
}

impl fmt::Debug for Subject {
    /// Which person it is stays out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Subject({}, …)", self.provider.as_str())
    }
}

/// What a provider said of whoever came back from it, after every check of its token.
#[derive(Clone, PartialEq, Eq)]
pub struct Claims {
    /// Who it is.
    pub subject: Subject,
    /// The address, from the same document as everything else.
    pub email: Option<String>,
    /// Whether the address is verified **and** the provider is [`authoritative`] for it.
    pub vouched: bool,
    /// Whether the provider asked for a second factor of its own, and whoever administers the accounts
    /// there is believed about it ([`Tenants::trusts_factor_of`]).
    pub second_factor: bool,
}

impl Claims {
    /// The address as it is shown, stored and mailed: none that is longer than an address can be
    /// (RFC 5321, section 4.5.3.1.3: 254 bytes without the brackets) or holds what is no text.
    pub fn shown_email(&self) -> Option<&str> {
        let email = self.email.as_deref()?;
        let sound = email.len() <= 254 && !email.chars().any(char::is_control);
        sound.then_some(email)
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims")
            .field("subject", &self.subject)
            .field("vouched", &self.vouched)
            .field("second_factor", &self.second_factor)
            .finish_non_exhaustive()
    }
}

/// Whether Google is the one to say whose address this is: its own mail, or that of the Workspace
/// that the account belongs to (`hd`). For any other address Google only knows that it was verified
/// once, and its owner may be another one today.
pub fn authoritative(email: &str, hosted_domain: Option<&str>) -> bool {
    let Ok(parsed) = Email::parse(email) else {
        return false;
    };
    let key = parsed.key();
    let Some((_, domain)) = key.rsplit_once('@') else {
        return false;
    };
    // What was trimmed away was part of what Google vouched for.
    parsed.as_str() == email
        && (domain == "gmail.com"
            || hosted_domain.is_some_and(|hosted| hosted.eq_ignore_ascii_case(domain)))
}

/// Whether somebody whose identity is linked to no account may enter the account with this address,
/// and be bound to it.
///
/// An account that is not confirmed is never opened so: whoever made it may be somebody else
/// (pre-hijacking, Sudhodanan & Paverd, USENIX Security 2022). Nor is one that another account of
/// the provider is linked to: an address that was given to somebody else would open it.
pub fn opens_by_address(claims: &Claims, address: &str, account: AccountState) -> bool {
    let provider = claims.subject.provider();
    let same = claims
        .email
        .as_deref()
        .is_some_and(|email| email_key(email) == email_key(address));
    provider == Provider::Google
        && claims.vouched
        && same
        && account.status == AccountStatus::Active
        && account.confirmed
        && account.linked.since(provider).is_none()
}

/// Whether the provider's own second factor stands for ours: the provider said that it asked for
/// one and is believed about it, and every organisation that the manager belongs to accepts that.
/// Google says nothing.
pub fn accepts_own_factor(claims: &Claims, organisations: &[bool]) -> bool {
    claims.subject.provider() == Provider::Microsoft
        && claims.second_factor
        && !organisations.is_empty()
        && organisations.iter().all(|accepts| *accepts)
}

#[cfg(test)]
mod tests;
