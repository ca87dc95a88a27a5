//! What Microsoft means.
//!
//! A person is an object of a tenant. The address is whatever a tenant's administrator typed ("nOAuth",
//! Descope 2023): it is shown and opens nothing.

use super::{Refused, token::VerifiedClaims};
use contract::RefusedBecause;
use domain::provider::{Claims, Provider, Subject, TenantRefusal, Tenants};

/// Reads a checked token; refuses tenants that the operator does not let in.
pub(super) fn claims(verified: VerifiedClaims, tenants: &Tenants) -> Result<Claims, Refused> {
    let (Some(tenant), Some(object)) = (verified.tenant, verified.object) else {
        return Err(Refused::nobody());
    };
    let subject = Subject::new(Provider::Microsoft, &tenant, &object);
    let subject = subject.ok_or_else(Refused::nobody)?;
    if let Err(refusal) = tenants.admits(&tenant) {
        let (why, detail) = match refusal {
            TenantRefusal::NotAllowed => (
                RefusedBecause::TenantNotAllowed,
                "the tenant is not among BPART_MICROSOFT_TENANTS",
            ),
            TenantRefusal::Personal => (
                RefusedBecause::PersonalNotAllowed,
                "BPART_MICROSOFT_TENANTS does not name consumers",
            ),
        };
        return Err(Refused {
            issuer: Some(tenant),
            ..Refused::new(why, detail)
        });
    }
    Ok(Claims {
        subject,
        // Left out where an organisation has no mail of its own at Microsoft.
        email: verified.email.or(verified.preferred_username),
        vouched: false,
        second_factor: verified.second_factor && tenants.trusts_factor_of(&tenant),
    })
}
