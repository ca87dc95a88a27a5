//! The claims of Google.
//!
//! The subject identifies the account: Google says that an address "may not be unique and is not
//! suitable as primary key". The address counts once, before an account is linked, and only if Google
//! is authoritative for it.

use super::{Refused, token::VerifiedClaims};
use domain::provider::{Claims, Provider, Subject, authoritative};

/// Reads a verified token.
pub(super) fn claims(token: VerifiedClaims) -> Result<Claims, Refused> {
    let subject = Subject::new(Provider::Google, &token.issuer, &token.subject);
    let verified = token.email_verified == Some(true);
    let hosted = token.hosted_domain.as_deref();
    let owned = token
        .email
        .as_deref()
        .is_some_and(|email| authoritative(email, hosted));
    Ok(Claims {
        subject: subject.ok_or_else(Refused::nobody)?,
        email: token.email,
        vouched: verified && owned,
        // Google does not say how the user signed in there.
        second_factor: false,
    })
}
