//! What Google means.
//!
//! The subject alone is the person: Google's own words are that an address "may not be unique and is
//! not suitable as primary key". The address counts once, before an account is bound, and only if
//! Google is the one to say whose it is.

use super::{Refused, token::VerifiedClaims};
use domain::provider::{Claims, Provider, Subject, authoritative};

/// Reads a checked token.
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
        // Google says nothing about how somebody signed in there.
        second_factor: false,
    })
}
