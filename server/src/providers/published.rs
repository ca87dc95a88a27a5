//! What a provider publishes about itself, read and found in order: where it is, who it is, and what
//! it signs with.
//!
//! Microsoft's documents speak for all tenants: where other providers name an issuer, they have a gap
//! that each token fills with its own tenant.

use super::{
    http::{Outgoing, Unreachable},
    keys::Keys,
};
use crate::config::{
    is_safe,
    issuer::{Accounts, Authority, Issuer},
};
use domain::provider::is_tenant_id;
use openidconnect::core::{CoreJwsSigningAlgorithm, CoreProviderMetadata};
use serde::Deserialize;
use url::Url;

/// Where Microsoft's documents and tokens have the tenant.
const TENANT: &str = "{tenantid}";
/// The algorithms that we trust: signatures with a key that only the provider has. A provider that
/// names others beside them is held to these.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 2] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
];

/// A provider's documents, read and found in order.
#[derive(Debug)]
pub struct Published {
    /// Where the browser goes.
    pub authorization_endpoint: Url,
    /// Where a code is changed for a token.
    pub token_endpoint: Url,
    /// What it signs with.
    pub(super) keys: Keys,
    /// Those of our algorithms that it signs with.
    pub algorithms: Vec<CoreJwsSigningAlgorithm>,
    /// Whom they were asked of.
    asked: Issuer,
    issuer: String,
    /// Whether it says whose every answer is that it sends a browser back with (RFC 9207).
    names_itself: bool,
}

impl Published {
    /// Asks the provider for them.
    ///
    /// # Errors
    /// [`Unreachable`]: it does not answer, or with something that does not hold.
    pub(super) async fn read(asked: &Issuer, http: &Outgoing) -> Result<Self, Unreachable> {
        let nonsense = |what: &str| Unreachable::Nonsense(what.to_owned());
        let address = format!("{asked}/.well-known/openid-configuration");
        let address = Url::parse(&address).map_err(|_| Unreachable::Unsafe)?;
        let (metadata, names_itself) = configuration(&http.get(&address).await?)
            .map_err(|_| nonsense("its configuration cannot be read"))?;
        // A document that speaks for another issuer is not this provider's (OpenID Connect
        // Discovery 1.0, section 4.3).
        let issuer = metadata.issuer().as_str().to_owned();
        if !may_name(asked, &issuer) {
            return Err(nonsense("its configuration names another issuer"));
        }
        let token_endpoint = metadata
            .token_endpoint()
            .ok_or_else(|| nonsense("its configuration names no token endpoint"))?;
        let supported = metadata.id_token_signing_alg_values_supported();
        let algorithms = ALGORITHMS
            .into_iter()
            .filter(|ours| supported.contains(ours));
        let authorization_endpoint = metadata.authorization_endpoint().url().clone();
        if !is_safe(&authorization_endpoint) {
            return Err(Unreachable::Unsafe);
        }
        let keys = http.get(metadata.jwks_uri().url()).await?;
        Ok(Self {
            authorization_endpoint,
            token_endpoint: token_endpoint.url().clone(),
            algorithms: algorithms.collect(),
            keys: Keys::read(&keys).map_err(|_| nonsense("its keys cannot be read"))?,
            asked: asked.clone(),
            issuer,
            names_itself,
        })
    }

    /// The issuer as the documents name it, for the log.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whether a callback may come from this provider, as far as that is known before a token is read.
    /// Without `iss` it is refused where the provider publishes that it always sends one (RFC 9207,
    /// section 2.4).
    pub fn may_answer(&self, iss: Option<&str>) -> bool {
        iss.map_or(!self.names_itself, |iss| {
            iss == self.issuer || filled(&self.issuer, iss).is_some()
        })
    }

    /// Whether a token may name this issuer, given the tenant that it names. `key` is what it was
    /// signed with: some of Microsoft's keys sign for one tenant only.
    pub fn issues(&self, iss: &str, tenant: Option<&str>, key: Option<&str>) -> bool {
        let expected = match &self.asked {
            Issuer::One(issuer) => issuer.clone(),
            Issuer::EachTenant(authority) => authority.of(tenant.unwrap_or_default()).to_string(),
        };
        let own = |issuer: &str| issuer.replace(TENANT, tenant.unwrap_or_default()) == iss;
        iss == expected && own(&self.issuer) && self.keys.sign_for(key, own)
    }
}

/// Reads a configuration, and whether its provider says whose its answers are (RFC 9207, section 3).
fn configuration(answer: &[u8]) -> serde_json::Result<(CoreProviderMetadata, bool)> {
    #[derive(Deserialize)]
    struct Beside {
        authorization_response_iss_parameter_supported: Option<bool>,
    }
    let beside: Beside = serde_json::from_slice(answer)?;
    let names_itself = beside.authorization_response_iss_parameter_supported;
    Ok((
        serde_json::from_slice(answer)?,
        names_itself.unwrap_or(false),
    ))
}

/// The issuer with a gap for the tenant.
fn template(authority: &Authority) -> String {
    authority.of(TENANT).to_string()
}

/// Whether the issuer that the documents name is the one they were asked of.
fn may_name(asked: &Issuer, named: &str) -> bool {
    match asked {
        Issuer::One(issuer) => named == issuer,
        Issuer::EachTenant(authority) => match authority.accounts() {
            Accounts::All | Accounts::Organisations => named == template(authority),
            Accounts::Tenant(_) => named == authority.to_string(),
            // Other names of one tenant: its documents say its identifier.
            Accounts::Personal | Accounts::Domain(_) => {
                filled(&template(authority), named).is_some()
            }
        },
    }
}

/// The tenant in `issuer`, when it is the template with an identifier in its gap.
fn filled<'a>(template: &str, issuer: &'a str) -> Option<&'a str> {
    let (before, after) = template.split_once(TENANT)?;
    let tenant = issuer.strip_prefix(before)?.strip_suffix(after)?;
    is_tenant_id(tenant).then_some(tenant)
}
