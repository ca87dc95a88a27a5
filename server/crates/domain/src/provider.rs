//! Google and Microsoft: identities there, and what they allow here.
//!
//! An identity at a provider is (issuer, subject), never an address: addresses change hands (nOAuth,
//! Descope 2023; Google, "abandoned domains"). For Microsoft it is (tenant id, object id). An address
//! opens an account in one case only, and only to be bound to the identity from then on: Google says
//! that it is verified, Google is authoritative for it, and it is a manager's confirmed address
//! (`sign_in::opens_by_address`).

mod tenants;

pub use tenants::{CONSUMERS, TenantError, TenantRefusal, Tenants, is_tenant_id};

use crate::{Duration, Email};
use std::fmt;
pub use vocabulary::Provider;

/// A round trip to a provider must be finished within this time.
pub const FLOW_LIFETIME: Duration = Duration::from_mins(10);
/// The longest subject, and the longest issuer that is kept, in characters of ASCII (OpenID Connect
/// Core 1.0, section 2).
pub const MAX_SUBJECT: usize = 255;

/// An identity at a provider. Neither half is ever empty: a missing subject must not become one that
/// all identities without subject share (Keycloak CVE-2026-82968).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Subject {
    provider: Provider,
    issuer: String,
    /// The subject.
    id: String,
}

impl Subject {
    /// From the claims of a verified token. `None` when a half is empty, longer than 255 characters, or
    /// contains anything but visible ASCII.
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

    /// The provider.
    pub const fn provider(&self) -> Provider {
        self.provider
    }

    /// The issuer of the subject.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The issuer's identifier of the person.
    pub fn subject(&self) -> &str {
        &self.id
    }
}

impl fmt::Debug for Subject {
    /// The identity itself stays out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Subject({}, …)", self.provider.as_str())
    }
}

/// The claims of a verified token.
#[derive(Clone, PartialEq, Eq)]
pub struct Claims {
    /// The identity.
    pub subject: Subject,
    /// The address, from the same document as everything else.
    pub email: Option<String>,
    /// Whether the address is verified **and** the provider is [`authoritative`] for it.
    pub vouched: bool,
    /// Whether the provider asked for a second factor of its own, and the administrator of its tenant is
    /// trusted about it ([`Tenants::trusts_factor_of`]).
    pub second_factor: bool,
}

impl Claims {
    /// The address as it is shown, stored and mailed: `None` when it is longer than an address can
    /// be (RFC 5321, section 4.5.3.1.3: 254 bytes without the brackets) or contains control characters.
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

/// Whether Google is authoritative for an address: its own mail, or that of the Workspace that the
/// account belongs to (`hd`). For any other address Google only knows that it was verified once, and
/// its owner may have changed since.
pub fn authoritative(email: &str, hosted_domain: Option<&str>) -> bool {
    let Ok(parsed) = Email::parse(email) else {
        return false;
    };
    let key = parsed.key();
    let Some((_, domain)) = key.rsplit_once('@') else {
        return false;
    };
    // Google verified the address with what was trimmed.
    parsed.as_str() == email
        && (domain == "gmail.com"
            || hosted_domain.is_some_and(|hosted| hosted.eq_ignore_ascii_case(domain)))
}

/// Whether the provider's own second factor replaces ours: the provider says that it asked for one
/// and is trusted about it, and every organisation that the manager belongs to accepts that. Google
/// makes no such claim.
pub fn accepts_own_factor(claims: &Claims, organisations: &[bool]) -> bool {
    claims.subject.provider() == Provider::Microsoft
        && claims.second_factor
        && !organisations.is_empty()
        && organisations.iter().all(|accepts| *accepts)
}

#[cfg(test)]
mod tests;
