//! What a provider publishes about itself: where it is, and its keys.
//!
//! Both are kept for an hour. A token that is signed with a key nobody knows makes us look again,
//! since providers change their keys without notice; once a minute at most, so that made-up tokens
//! do not turn us against the provider.

use super::{
    Refused, errors,
    http::{Outgoing, Unreachable},
};
use crate::config::{is_safe, providers::tenant_of};
use domain::{Duration, Timestamp};
use openidconnect::core::{CoreJsonWebKeySet, CoreJwsSigningAlgorithm, CoreProviderMetadata};
use std::{collections::BTreeMap, sync::Arc};
use tokio::sync::Mutex;
use url::Url;

/// How long documents are believed.
const FRESH: Duration = Duration::from_hours(1);
/// The least time between two looks for a new key.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// Where Microsoft's documents and tokens have the tenant.
const TENANT: &str = "{tenantid}";
/// The algorithms that we trust: signatures with a key that only the provider has. A provider that
/// names others beside them is held to these.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 2] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
];

/// Which issuer a provider may name.
#[derive(Debug, Clone)]
pub enum Rule {
    /// This one, letter for letter.
    Exact(String),
    /// One for each tenant, at the place of this authority's.
    Tenants {
        /// As the operator wrote it, e.g. `https://login.microsoftonline.com/common/v2.0`.
        authority: String,
    },
}

impl Rule {
    fn base(&self) -> &str {
        match self {
            Self::Exact(issuer) => issuer,
            Self::Tenants { authority } => authority,
        }
    }

    /// The issuer with a gap for the tenant.
    fn template(authority: &str) -> Option<String> {
        let (before, _) = authority.strip_suffix("/v2.0")?.rsplit_once('/')?;
        Some(format!("{before}/{TENANT}/v2.0"))
    }

    /// Whether the issuer that the documents name is the one they were asked of.
    fn admits(&self, named: &str) -> bool {
        match self {
            Self::Exact(issuer) => named == issuer,
            Self::Tenants { authority } => {
                let template = Self::template(authority).unwrap_or_default();
                match tenant_of(authority) {
                    Some("common" | "organizations") => named == template,
                    Some(tenant) if is_identifier(tenant) => named == authority,
                    // Other names of one tenant: its documents say its identifier.
                    _ => filled(&template, named).is_some(),
                }
            }
        }
    }
}

/// The tenant in `issuer`, when it is the template with an identifier in its gap.
fn filled<'a>(template: &str, issuer: &'a str) -> Option<&'a str> {
    let (before, after) = template.split_once(TENANT)?;
    let tenant = issuer.strip_prefix(before)?.strip_suffix(after)?;
    is_identifier(tenant).then_some(tenant)
}

/// Tenants are told apart by UUIDs.
fn is_identifier(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

/// A provider's documents, read and found in order.
#[derive(Debug)]
pub struct Reached {
    /// Where the browser goes.
    pub authorization_endpoint: Url,
    /// Where a code is changed for a token.
    pub token_endpoint: Url,
    /// The keys of the provider.
    pub keys: CoreJsonWebKeySet,
    /// Those of our algorithms that it signs with.
    pub algorithms: Vec<CoreJwsSigningAlgorithm>,
    rule: Rule,
    issuer: String,
    key_issuers: BTreeMap<String, String>,
}

impl Reached {
    /// The issuer as the documents name it, for the log.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whether an answer may come from there, as far as it can be said before a token is read.
    pub fn may_issue(&self, iss: &str) -> bool {
        iss == self.issuer || filled(&self.issuer, iss).is_some()
    }

    /// Whether a token may name this issuer, given the tenant that it names. `key` is what it was
    /// signed with: some of Microsoft's keys sign for one tenant only.
    pub fn issues(&self, iss: &str, tenant: Option<&str>, key: Option<&str>) -> bool {
        let expected = match &self.rule {
            Rule::Exact(issuer) => issuer.clone(),
            Rule::Tenants { authority } => {
                let template = Rule::template(authority).unwrap_or_default();
                template.replace(TENANT, tenant.unwrap_or_default())
            }
        };
        let own = |issuer: &str| issuer.replace(TENANT, tenant.unwrap_or_default()) == iss;
        let signs = key.and_then(|key| self.key_issuers.get(key));
        iss == expected && own(&self.issuer) && signs.is_none_or(|issuer| own(issuer))
    }
}

/// What is held, and since when.
struct Held {
    reached: Arc<Reached>,
    fetched: Timestamp,
    looked: Option<Timestamp>,
}

/// The documents of one provider. Who comes while they are fetched waits for the same answer.
pub struct Documents {
    rule: Rule,
    held: Mutex<Option<Held>>,
}

impl Documents {
    /// Nothing is fetched yet.
    pub fn new(rule: Rule) -> Self {
        Self {
            rule,
            held: Mutex::default(),
        }
    }

    /// The documents, from before or from the provider.
    pub async fn reach(&self, http: &Outgoing, now: Timestamp) -> Result<Arc<Reached>, Refused> {
        let mut held = self.held.lock().await;
        if let Some(held) = &*held
            && now.since(held.fetched) < FRESH
        {
            return Ok(Arc::clone(&held.reached));
        }
        let reached = self.fetch(http).await?;
        *held = Some(Held {
            reached: Arc::clone(&reached),
            fetched: now,
            looked: None,
        });
        Ok(reached)
    }

    /// The documents after a key was not found in `before`; the same when it is too early to look
    /// again.
    pub async fn reach_again(
        &self,
        http: &Outgoing,
        before: &Arc<Reached>,
        now: Timestamp,
    ) -> Result<Arc<Reached>, Refused> {
        let mut slot = self.held.lock().await;
        if let Some(held) = &*slot {
            let looked_just_now = held
                .looked
                .is_some_and(|looked| now.since(looked) < LOOK_EVERY);
            if looked_just_now || !Arc::ptr_eq(&held.reached, before) {
                return Ok(Arc::clone(&held.reached));
            }
        }
        let reached = self.fetch(http).await?;
        *slot = Some(Held {
            reached: Arc::clone(&reached),
            fetched: now,
            looked: Some(now),
        });
        Ok(reached)
    }

    async fn fetch(&self, http: &Outgoing) -> Result<Arc<Reached>, Refused> {
        let reached = self.read(http).await;
        reached
            .map(Arc::new)
            .map_err(|error| errors::unreachable(&error))
    }

    async fn read(&self, http: &Outgoing) -> Result<Reached, Unreachable> {
        let nonsense = |what: &str| Unreachable::Nonsense(what.to_owned());
        let address = format!("{}/.well-known/openid-configuration", self.rule.base());
        let address = Url::parse(&address).map_err(|_| Unreachable::Unsafe)?;
        let metadata: CoreProviderMetadata = serde_json::from_slice(&http.get(&address).await?)
            .map_err(|_| nonsense("its configuration cannot be read"))?;
        // A document that speaks for another issuer is not this provider's (OpenID Connect
        // Discovery 1.0, section 4.3).
        let issuer = metadata.issuer().as_str().to_owned();
        if !self.rule.admits(&issuer) {
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
        Ok(Reached {
            authorization_endpoint,
            token_endpoint: token_endpoint.url().clone(),
            algorithms: algorithms.collect(),
            key_issuers: key_issuers(&keys),
            keys: serde_json::from_slice(&keys).map_err(|_| nonsense("its keys cannot be read"))?,
            rule: self.rule.clone(),
            issuer,
        })
    }
}

/// What Microsoft's list says beside each key: whom it signs for, with or without a gap.
fn key_issuers(keys: &[u8]) -> BTreeMap<String, String> {
    #[derive(serde::Deserialize)]
    struct Keys {
        keys: Vec<Key>,
    }
    #[derive(serde::Deserialize)]
    struct Key {
        kid: Option<String>,
        issuer: Option<String>,
    }
    let keys: Option<Keys> = serde_json::from_slice(keys).ok();
    let keys = keys.into_iter().flat_map(|keys| keys.keys);
    keys.filter_map(|key| Some((key.kid?, key.issuer?)))
        .collect()
}
