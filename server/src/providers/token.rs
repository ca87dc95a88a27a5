//! Verifies an ID token.
//!
//! Verified, in the order of OpenID Connect Core 1.0, section 3.1.3.7: the issuer, the audience (this
//! client alone), the authorised party, a signature with one of the provider's keys by RS256 or ES256,
//! the time with a minute of leeway, the nonce; then the hashes of the access token and the code. Every
//! claim is taken from this one document (Keycloak CVE-2026-14781), and a claim of the wrong type, such
//! as `"email_verified": "true"`, refuses the whole token.

use super::{Refused, errors, published::Published};
use chrono::{DateTime, Utc};
use contract::RefusedBecause;
use domain::{
    Duration, Timestamp,
    provider::{MAX_SUBJECT, Provider},
    token::Secret,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AdditionalClaims, AuthorizationCode, AuthorizationCodeHash,
    ClaimsVerificationError, ClientId, IdToken, IdTokenClaims, IssuerUrl, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, SignatureVerificationError,
    core::{
        CoreGenderClaim, CoreIdTokenVerifier, CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    },
};
use serde::{Deserialize, Serialize};
use std::str::FromStr as _;

/// How far the clocks may be apart.
const LEEWAY: Duration = Duration::from_mins(1);

/// Claims beside the standard's.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Extra {
    hd: Option<String>,
    tid: Option<String>,
    oid: Option<String>,
    nbf: Option<i64>,
}
impl AdditionalClaims for Extra {}

type Claims = IdTokenClaims<Extra, CoreGenderClaim>;
type Token =
    IdToken<Extra, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// What the token endpoint gave for a code.
pub(super) struct TokenResponse {
    id_token: String,
    access_token: Option<String>,
}

/// What the token must match.
pub(super) struct Expected<'a> {
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a Secret,
    pub(super) code: &'a str,
    pub(super) now: Timestamp,
}

/// The claims of a verified token.
#[derive(Debug)]
pub(super) struct VerifiedClaims {
    pub(super) issuer: String,
    pub(super) subject: String,
    pub(super) email: Option<String>,
    /// What `email` is said to be; speaks of nothing else.
    pub(super) email_verified: Option<bool>,
    pub(super) preferred_username: Option<String>,
    pub(super) hosted_domain: Option<String>,
    pub(super) tenant: Option<String>,
    pub(super) object: Option<String>,
    pub(super) second_factor: bool,
}

/// What is wrong with a token. The texts are ours: those of the library repeat claims of a token whose
/// signature is not verified yet (`aud`, `typ`).
#[derive(Debug, thiserror::Error)]
pub(super) enum TokenError {
    #[error("the ID token is not one, or a claim is missing or of another type")]
    Unreadable,
    #[error("the ID token is signed with a key that the provider does not publish")]
    UnknownKey,
    #[error("the signature of the ID token does not hold: {0}")]
    Signature(&'static str),
    #[error("the ID token does not hold: {0}")]
    Claims(&'static str),
    #[error("the ID token comes from another issuer than its tenant or its key says")]
    Issuer,
    #[error("the ID token was made for another application")]
    AuthorisedParty,
    #[error("the ID token is not valid yet")]
    NotYet,
    #[error("the ID token belongs to another access token or code")]
    Hash,
    #[error("the ID token names nobody")]
    Nobody,
}

/// The challenge to a verifier (RFC 7636, S256).
pub(super) fn challenge(verifier: &Secret) -> String {
    let verifier = PkceCodeVerifier::new(verifier.expose().to_owned());
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
    challenge.as_str().to_owned()
}

/// Reads what the token endpoint answers.
pub(super) fn token_response(
    provider: Provider,
    status: u16,
    body: &[u8],
) -> Result<TokenResponse, Refused> {
    #[derive(Deserialize)]
    struct Answer {
        id_token: Option<String>,
        access_token: Option<String>,
        error: Option<String>,
        error_description: Option<String>,
    }
    let answer: Option<Answer> = serde_json::from_slice(body).ok();
    match (status, answer) {
        (
            200,
            Some(Answer {
                id_token: Some(id_token),
                access_token,
                ..
            }),
        ) => Ok(TokenResponse {
            id_token,
            access_token,
        }),
        (
            400..500,
            Some(Answer {
                error: Some(error),
                error_description,
                ..
            }),
        ) => {
            let description = error_description.unwrap_or_default();
            Err(errors::of_exchange(provider, &error, &description))
        }
        (status, _) => Err(Refused::new(
            RefusedBecause::Unavailable,
            format!("the token endpoint answers nonsense with status {status}"),
        )),
    }
}

/// Verifies a token; see the head of this file.
pub(super) fn check(
    published: &Published,
    response: &TokenResponse,
    expected: &Expected<'_>,
) -> Result<VerifiedClaims, TokenError> {
    let token = Token::from_str(&response.id_token).map_err(|_| TokenError::Unreadable)?;
    let verifier = verifier(published, expected)?;
    let nonce = Nonce::new(expected.nonce.expose().to_owned());
    let claims = token.claims(&verifier, &nonce).map_err(token_error)?;
    let extra = claims.additional_claims();
    let issuer = claims.issuer().as_str();
    let key = key_id(&response.id_token);
    if !published.issues(issuer, extra.tid.as_deref(), key.as_deref()) {
        return Err(TokenError::Issuer);
    }
    let party = claims.authorized_party();
    if party.is_some_and(|party| party.as_str() != expected.client_id) {
        return Err(TokenError::AuthorisedParty);
    }
    let latest = expected.now.plus(LEEWAY).as_seconds();
    if extra.nbf.is_some_and(|from| from > latest) {
        return Err(TokenError::NotYet);
    }
    hashes(&token, claims, &verifier, response, expected)?;
    verified_claims(claims)
}

fn verifier<'a>(
    published: &Published,
    expected: &Expected<'_>,
) -> Result<CoreIdTokenVerifier<'a>, TokenError> {
    let issuer = IssuerUrl::new(published.issuer().to_owned()).map_err(|_| TokenError::Issuer)?;
    let client = ClientId::new(expected.client_id.to_owned());
    // As for a public client: with a secret at hand, a token signed with that would be thinkable.
    let verifier =
        CoreIdTokenVerifier::new_public_client(client, issuer, published.keys.set().clone());
    let earliest = at(expected.now, -1);
    let latest = at(expected.now, 1);
    Ok(verifier
        .set_allowed_algs(published.algorithms.clone())
        // Compared in `Published::issues`, where the tenant is put in.
        .require_issuer_match(false)
        .set_time_fn(move || earliest)
        .set_issue_time_verifier_fn(move |issued| {
            if issued > latest {
                Err("it was issued in the future".to_owned())
            } else {
                Ok(())
            }
        }))
}

/// The time with the leeway to one side.
fn at(now: Timestamp, side: i64) -> DateTime<Utc> {
    let leeway = i64::try_from(LEEWAY.as_secs()).unwrap_or_default();
    let seconds = now.as_seconds() + side * leeway;
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

fn token_error(error: ClaimsVerificationError) -> TokenError {
    use ClaimsVerificationError as Claims;
    TokenError::Claims(match error {
        Claims::SignatureVerification(error) => return unsigned(&error),
        Claims::Expired(_) => "it has expired",
        Claims::InvalidAudience(_) => "it was made for another application, or not for us alone",
        Claims::InvalidIssuer(_) => "it comes from another issuer",
        Claims::InvalidNonce(_) => "it belongs to another round trip",
        Claims::InvalidSubject(_) => "it speaks of somebody else",
        Claims::InvalidAuthContext(_) | Claims::InvalidAuthTime(_) => {
            "it does not say how or when somebody signed in"
        }
        Claims::Unsupported(_) => "it has a type or an extension that we do not know",
        // The time of issue among them; the enumeration may grow.
        _ => "it was issued in the future, or it is odd in another way",
    })
}

fn unsigned(error: &SignatureVerificationError) -> TokenError {
    use SignatureVerificationError as Signature;
    TokenError::Signature(match error {
        Signature::NoMatchingKey => return TokenError::UnknownKey,
        Signature::NoSignature => "there is none",
        Signature::AmbiguousKeyId(_) => "more than one key could be meant",
        Signature::DisallowedAlg(_) | Signature::UnsupportedAlg(_) => {
            "it is made in a way that we do not accept"
        }
        Signature::InvalidKey(_) => "its key is not one for signatures like it",
        Signature::CryptoError(_) => "it does not fit the token",
        _ => "it is odd in another way",
    })
}

/// The access token and the code must be those that the token was issued with.
fn hashes(
    token: &Token,
    claims: &Claims,
    verifier: &CoreIdTokenVerifier<'_>,
    response: &TokenResponse,
    expected: &Expected<'_>,
) -> Result<(), TokenError> {
    let hash = |_| TokenError::Hash;
    let algorithm = token.signing_alg().map_err(|_| TokenError::Hash)?;
    let key = token.signing_key(verifier).map_err(|_| TokenError::Hash)?;
    if let Some(told) = claims.access_token_hash() {
        let access = response.access_token.clone().ok_or(TokenError::Hash)?;
        let ours = AccessTokenHash::from_token(&AccessToken::new(access), algorithm, key);
        if ours.map_err(hash)? != *told {
            return Err(TokenError::Hash);
        }
    }
    if let Some(told) = claims.code_hash() {
        let code = AuthorizationCode::new(expected.code.to_owned());
        let ours = AuthorizationCodeHash::from_code(&code, algorithm, key);
        if ours.map_err(hash)? != *told {
            return Err(TokenError::Hash);
        }
    }
    Ok(())
}

fn verified_claims(claims: &Claims) -> Result<VerifiedClaims, TokenError> {
    let extra = claims.additional_claims();
    let subject = claims.subject().as_str();
    if subject.is_empty() || subject.len() > MAX_SUBJECT {
        return Err(TokenError::Nobody);
    }
    let methods = claims.auth_method_refs().into_iter().flatten();
    let email = claims.email().map(|email| email.as_str());
    let name = claims.preferred_username().map(|name| name.as_str());
    Ok(VerifiedClaims {
        issuer: claims.issuer().as_str().to_owned(),
        subject: subject.to_owned(),
        email: email.map(str::to_owned),
        email_verified: claims.email_verified(),
        preferred_username: name.map(str::to_owned),
        hosted_domain: extra.hd.clone(),
        tenant: extra.tid.clone(),
        object: extra.oid.clone(),
        second_factor: methods.into_iter().any(|method| method.as_str() == "mfa"),
    })
}

/// The name of the key in the head of a token whose signature is checked elsewhere.
fn key_id(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Head {
        kid: Option<String>,
    }
    let (head, _) = token.split_once('.')?;
    let head = data_encoding::BASE64URL_NOPAD
        .decode(head.as_bytes())
        .ok()?;
    serde_json::from_slice::<Head>(&head).ok()?.kid
}
