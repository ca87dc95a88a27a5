//! What a provider publishes about itself: where it is, and its keys.
//!
//! Both are kept for an hour. A token that is signed with a key nobody knows makes us look again,
//! since providers change their keys without notice; once a minute at most, so that made-up tokens
//! do not turn us against the provider. A provider that fails is left alone for some seconds: whoever
//! sets out meanwhile is told at once, and strangers cannot make us ask it without end.

use super::{
    Refused, errors,
    http::{Outgoing, TIME_OUT, Unreachable},
};
use crate::config::{
    is_safe,
    issuer::{Accounts, Authority, Issuer},
};
use contract::RefusedBecause;
use domain::{Clock, Duration, Timestamp, provider::is_tenant_id};
use openidconnect::core::{CoreJsonWebKeySet, CoreJwsSigningAlgorithm, CoreProviderMetadata};
use std::sync::Arc;
use tokio::sync::Mutex;
use url::Url;

/// How long documents are believed.
const FRESH: Duration = Duration::from_hours(1);
/// The least time between two looks for a new key.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// How long a provider that failed is left alone.
const REST: Duration = Duration::from_secs(5);
/// Where Microsoft's documents and tokens have the tenant.
const TENANT: &str = "{tenantid}";
/// The algorithms that we trust: signatures with a key that only the provider has. A provider that
/// names others beside them is held to these.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 2] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
];

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

/// A provider's documents, read and found in order.
#[derive(Debug)]
pub struct Published {
    /// Where the browser goes.
    pub authorization_endpoint: Url,
    /// Where a code is changed for a token.
    pub token_endpoint: Url,
    /// The keys of the provider.
    pub keys: CoreJsonWebKeySet,
    /// Those of our algorithms that it signs with.
    pub algorithms: Vec<CoreJwsSigningAlgorithm>,
    /// Whom they were asked of.
    asked: Issuer,
    issuer: String,
    key_issuers: Vec<KeyIssuer>,
}

/// Whom a key of Microsoft's list signs for, with or without a gap.
#[derive(Debug)]
struct KeyIssuer {
    key: Option<String>,
    issuer: String,
}

impl Published {
    /// The issuer as the documents name it, for the log.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whether an answer may come from there, as far as it can be said before a token is read.
    pub fn may_issue(&self, iss: &str) -> bool {
        iss == self.issuer || filled(&self.issuer, iss).is_some()
    }

    /// Whether a token may name this issuer, given the tenant that it names. `key` is what it was
    /// signed with: some of Microsoft's keys sign for one tenant only. A token that does not name its
    /// key must fit whatever each of them says, since any could be the one.
    pub fn issues(&self, iss: &str, tenant: Option<&str>, key: Option<&str>) -> bool {
        let expected = match &self.asked {
            Issuer::One(issuer) => issuer.clone(),
            Issuer::EachTenant(authority) => authority.of(tenant.unwrap_or_default()).to_string(),
        };
        let own = |issuer: &str| issuer.replace(TENANT, tenant.unwrap_or_default()) == iss;
        let may_sign = |named: &&KeyIssuer| match (key, named.key.as_deref()) {
            (Some(key), Some(named)) => key == named,
            _ => true,
        };
        let mut signs = self.key_issuers.iter().filter(may_sign);
        iss == expected && own(&self.issuer) && signs.all(|named| own(&named.issuer))
    }
}

/// What is held, and since when.
struct Held {
    published: Arc<Published>,
    fetched: Timestamp,
    looked: Option<Timestamp>,
}

/// What is known of a provider.
#[derive(Default)]
struct Known {
    held: Option<Held>,
    /// When it failed last, since it last answered.
    failed: Option<Timestamp>,
}

/// The documents of one provider. Who comes while they are fetched waits for the same answer.
///
/// They are fetched in a task of its own: whoever gives up waiting, or hangs up, must not take away
/// what others wait for, nor that it failed.
pub struct Documents {
    asked: Issuer,
    http: Arc<Outgoing>,
    clock: Arc<dyn Clock>,
    known: Mutex<Known>,
}

impl Documents {
    /// Nothing is fetched yet.
    pub fn new(asked: Issuer, http: Arc<Outgoing>, clock: Arc<dyn Clock>) -> Self {
        Self {
            asked,
            http,
            clock,
            known: Mutex::default(),
        }
    }

    /// The documents, from before or from the provider.
    pub async fn published(self: &Arc<Self>) -> Result<Arc<Published>, Refused> {
        self.get(None).await
    }

    /// The documents after a key was not found in `before`; the same when it is too early to look
    /// again.
    pub async fn look_again(
        self: &Arc<Self>,
        before: &Arc<Published>,
    ) -> Result<Arc<Published>, Refused> {
        self.get(Some(Arc::clone(before))).await
    }

    async fn get(
        self: &Arc<Self>,
        before: Option<Arc<Published>>,
    ) -> Result<Arc<Published>, Refused> {
        let own = Arc::clone(self);
        let asked = tokio::spawn(async move { own.hold(before.as_ref()).await });
        asked.await.unwrap_or_else(|error| {
            let detail = error.to_string();
            Err(Refused::new(RefusedBecause::Unavailable, detail))
        })
    }

    async fn hold(&self, before: Option<&Arc<Published>>) -> Result<Arc<Published>, Refused> {
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        if let Some(held) = &known.held
            && still_good(held, before, now)
        {
            return Ok(Arc::clone(&held.published));
        }
        if known.failed.is_some_and(|at| now.since(at) < REST) {
            let detail = "it failed a moment ago and is left alone";
            return Err(Refused::new(RefusedBecause::Unavailable, detail));
        }
        match within(self.read()).await {
            Ok(published) => {
                let published = Arc::new(published);
                *known = Known {
                    held: Some(Held {
                        published: Arc::clone(&published),
                        fetched: now,
                        looked: before.map(|_| now),
                    }),
                    failed: None,
                };
                Ok(published)
            }
            Err(error) => {
                known.failed = Some(self.clock.now());
                Err(errors::unreachable(&error))
            }
        }
    }

    async fn read(&self) -> Result<Published, Unreachable> {
        let nonsense = |what: &str| Unreachable::Nonsense(what.to_owned());
        let address = format!("{}/.well-known/openid-configuration", self.asked);
        let address = Url::parse(&address).map_err(|_| Unreachable::Unsafe)?;
        let metadata: CoreProviderMetadata =
            serde_json::from_slice(&self.http.get(&address).await?)
                .map_err(|_| nonsense("its configuration cannot be read"))?;
        // A document that speaks for another issuer is not this provider's (OpenID Connect
        // Discovery 1.0, section 4.3).
        let issuer = metadata.issuer().as_str().to_owned();
        if !may_name(&self.asked, &issuer) {
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
        let keys = self.http.get(metadata.jwks_uri().url()).await?;
        Ok(Published {
            authorization_endpoint,
            token_endpoint: token_endpoint.url().clone(),
            algorithms: algorithms.collect(),
            key_issuers: key_issuers(&keys).map_err(|_| nonsense("its keys cannot be read"))?,
            keys: serde_json::from_slice(&keys).map_err(|_| nonsense("its keys cannot be read"))?,
            asked: self.asked.clone(),
            issuer,
        })
    }
}

/// Whether what is held need not be fetched again: it is fresh; or it was looked at just now, or
/// since `before`, in which a key was not found.
fn still_good(held: &Held, before: Option<&Arc<Published>>, now: Timestamp) -> bool {
    match before {
        None => now.since(held.fetched) < FRESH,
        Some(before) => {
            let looked = held.looked;
            looked.is_some_and(|looked| now.since(looked) < LOOK_EVERY)
                || !Arc::ptr_eq(&held.published, before)
        }
    }
}

/// Nobody waits for documents longer than for everything.
async fn within(
    read: impl Future<Output = Result<Published, Unreachable>>,
) -> Result<Published, Unreachable> {
    match tokio::time::timeout(TIME_OUT, read).await {
        Ok(answer) => answer,
        Err(_elapsed) => Err(Unreachable::TooSlow),
    }
}

/// What Microsoft's list says beside each key. An entry that cannot be read fails the whole list:
/// without it, a key of one tenant would sign for all.
fn key_issuers(keys: &[u8]) -> serde_json::Result<Vec<KeyIssuer>> {
    #[derive(serde::Deserialize)]
    struct Keys {
        keys: Vec<Key>,
    }
    #[derive(serde::Deserialize)]
    struct Key {
        kid: Option<String>,
        issuer: Option<String>,
    }
    let list: Keys = serde_json::from_slice(keys)?;
    let named = list.keys.into_iter().filter_map(|Key { kid, issuer }| {
        let issuer = issuer?;
        Some(KeyIssuer { key: kid, issuer })
    });
    Ok(named.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOWN: &str = "0a1b2c3d-0000-4000-8000-00000000000a";

    fn of(tenant: &str) -> String {
        format!("https://login.example/{tenant}/v2.0")
    }

    fn with_keys(list: &str) -> Option<Published> {
        let authority = Authority::parse(&of("common"))?;
        let page = Url::parse(&authority.to_string()).ok()?;
        Some(Published {
            authorization_endpoint: page.clone(),
            token_endpoint: page,
            keys: CoreJsonWebKeySet::new(Vec::new()),
            algorithms: ALGORITHMS.to_vec(),
            asked: Issuer::EachTenant(authority),
            issuer: of(TENANT),
            key_issuers: key_issuers(list.as_bytes()).ok()?,
        })
    }

    /// Red when a token that does not name its key is excused from what the keys say.
    #[test]
    fn a_key_of_one_tenant_signs_for_no_other() {
        let list = |other: &str| {
            format!(
                r#"{{"keys":[{{"kid":"gap","issuer":"{}"}},{{"kid":"none"}},{other}]}}"#,
                of(TENANT)
            )
        };
        let other = of("0a1b2c3d-0000-4000-8000-00000000000b");
        let named = list(&format!(r#"{{"kid":"other","issuer":"{other}"}}"#));
        let nameless = list(&format!(r#"{{"issuer":"{other}"}}"#));
        let harmless = list(r#"{"kid":"third"}"#);
        for (list, key, signs) in [
            (&named, Some("gap"), true),
            (&named, Some("none"), true),
            (&named, Some("other"), false),
            (&named, None, false),
            (&nameless, Some("gap"), false),
            (&harmless, None, true),
        ] {
            let issues =
                with_keys(list).map(|published| published.issues(&of(TOWN), Some(TOWN), key));
            assert_eq!(issues, Some(signs), "{key:?} of {list}");
        }
    }

    /// Red when one entry that cannot be read takes the issuers of all others away.
    #[test]
    fn a_list_of_keys_is_read_whole_or_not_at_all() {
        for entry in [r#"{"kid":7}"#, r#"{"kid":"a","issuer":[]}"#, "null"] {
            let list = format!(r#"{{"keys":[{entry}]}}"#);
            assert!(key_issuers(list.as_bytes()).is_err(), "{entry}");
        }
        assert!(key_issuers(br#"{"keys":[{"kid":"a","issuer":null}]}"#).is_ok());
    }
}
