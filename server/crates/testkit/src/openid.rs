//! A provider of `OpenID` Connect that says what a test wants it to say: the truth, or any lie.
//!
//! It shares no code with what it tests: keys come from `openssl` and `ring`, tokens are put together
//! byte by byte. It is as strict as a provider should be with what it is asked (PKCE, the callback, a
//! code once), and as false as a test wants with what it answers ([`OpenId::lie`], [`OpenId::mood`]).
//!
//! A browser of the tests never leaves the site: where the server sends it, [`OpenId::consent`] reads
//! the address as the provider's page would, and says where it sends the browser back to.

mod asked;
mod keys;
mod served;
mod token;

pub use keys::Key;
pub use token::{Signature, Token};

use crate::FixedClock;
use asked::Asked;
use domain::Clock as _;
use serde_json::{Map, Value, json};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{net::TcpListener, task::JoinHandle};

/// What our application is called there.
pub const CLIENT_ID: &str = "bpart-of-the-tests";
/// What it proves that with.
pub const CLIENT_SECRET: &str = "a secret of the tests";

/// Whom it resembles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One issuer.
    Google,
    /// One issuer for each tenant, whose documents leave a gap for it.
    Microsoft,
}

/// How it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mood {
    /// As it should.
    #[default]
    Well,
    /// With a page of a proxy.
    Nonsense,
    /// After half a minute.
    Slowly,
    /// It hangs up.
    Not,
    /// Every document leads elsewhere.
    Elsewhere,
}

type Lie = Box<dyn Fn(&mut Token) + Send + Sync>;

/// A provider that listens on this machine until it is dropped.
pub struct OpenId {
    /// Whom it resembles.
    pub kind: Kind,
    address: SocketAddr,
    inner: Arc<Inner>,
    served: JoinHandle<()>,
}

struct Inner {
    base: String,
    kind: Kind,
    clock: FixedClock,
    script: Mutex<Script>,
}

/// What it will do next.
struct Script {
    mood: Mood,
    account: Map<String, Value>,
    lie: Option<Lie>,
    keys: Vec<Key>,
    published: Value,
    configuration: Map<String, Value>,
    codes: BTreeMap<String, Code>,
    count: u64,
    /// Requests by path.
    asked: BTreeMap<String, u32>,
}

/// A code that was given out.
struct Code {
    nonce: String,
    challenge: String,
    callback: String,
}

impl OpenId {
    /// Starts to listen.
    ///
    /// # Panics
    /// When there is no port.
    pub async fn start(kind: Kind, clock: &FixedClock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("a port has a number");
        let keys = vec![Key::rsa("first")];
        let inner = Arc::new(Inner {
            base: format!("http://{address}"),
            kind,
            clock: clock.clone(),
            script: Mutex::new(Script {
                mood: Mood::Well,
                account: Map::new(),
                lie: None,
                published: keys::published(&keys),
                keys,
                configuration: Map::new(),
                codes: BTreeMap::new(),
                count: 0,
                asked: BTreeMap::new(),
            }),
        });
        let served = tokio::spawn(served::serve(listener, Arc::clone(&inner)));
        Self {
            kind,
            address,
            inner,
            served,
        }
    }

    /// What the operator writes into the settings.
    pub fn setting(&self) -> String {
        match self.kind {
            Kind::Google => self.inner.base.clone(),
            Kind::Microsoft => format!("{}/common/v2.0", self.inner.base),
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Who is signed in there from now on: claims of her next tokens.
    pub fn is(&self, claims: Value) {
        let Value::Object(claims) = claims else {
            panic!("claims have names");
        };
        self.script().account = claims;
    }

    /// What becomes of every token before it goes out; at its end it is signed.
    pub fn lie(&self, lie: impl Fn(&mut Token) + Send + Sync + 'static) {
        self.script().lie = Some(Box::new(lie));
    }

    /// It tells the truth again, and answers well.
    pub fn repent(&self) {
        let mut script = self.script();
        script.lie = None;
        script.mood = Mood::Well;
        script.configuration.clear();
    }

    /// How it answers from now on.
    pub fn mood(&self, mood: Mood) {
        self.script().mood = mood;
    }

    /// Says something else about itself.
    pub fn configure(&self, name: &str, value: Value) {
        self.script().configuration.insert(name.to_owned(), value);
    }

    /// Signs with these keys from now on, the first where a test does not say which, and publishes
    /// them.
    pub fn change_keys(&self, keys: Vec<Key>) {
        let mut script = self.script();
        script.published = keys::published(&keys);
        script.keys = keys;
    }

    /// Publishes other keys than it signs with.
    pub fn publish(&self, keys: &[Key]) {
        self.script().published = keys::published(keys);
    }

    /// The keys as they are published, for a test to change them.
    pub fn publish_value(&self, change: impl FnOnce(&mut Value)) {
        change(&mut self.script().published);
    }

    /// How often a path was asked for.
    pub fn asked(&self, path: &str) -> u32 {
        self.script().asked.get(path).copied().unwrap_or_default()
    }

    /// Its page: the person agrees. Gives the address that the browser is sent back to, without the
    /// site's origin.
    ///
    /// # Panics
    /// When the address does not ask for what it must: a code, with PKCE by S256, a state, a nonce,
    /// and the account chooser.
    pub fn consent(&self, location: &str) -> String {
        let asked = Asked::read(location, &self.inner.base);
        let mut script = self.script();
        script.count += 1;
        let code = format!("code-{}", script.count);
        script.codes.insert(code.clone(), asked.code());
        let iss = self.inner.issuer(&script.account);
        asked.back(&[("code", &code), ("iss", &iss)])
    }

    /// Its page: it sends the browser back with an error.
    ///
    /// # Panics
    /// As [`OpenId::consent`].
    pub fn refuse(&self, location: &str, error: &str, description: &str) -> String {
        let asked = Asked::read(location, &self.inner.base);
        asked.back(&[("error", error), ("error_description", description)])
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.inner.script()
    }
}

impl Drop for OpenId {
    fn drop(&mut self) {
        self.served.abort();
    }
}

impl Inner {
    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The issuer of somebody's tokens.
    fn issuer(&self, account: &Map<String, Value>) -> String {
        match self.kind {
            Kind::Google => self.base.clone(),
            Kind::Microsoft => {
                let tenant = account.get("tid").and_then(Value::as_str);
                format!("{}/{}/v2.0", self.base, tenant.unwrap_or_default())
            }
        }
    }

    /// What it says about itself.
    fn configuration(&self, script: &Script) -> Value {
        let base = &self.base;
        let issuer = match self.kind {
            Kind::Google => base.clone(),
            Kind::Microsoft => format!("{base}/{{tenantid}}/v2.0"),
        };
        let mut own = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{base}/authorize"),
            "token_endpoint": format!("{base}/token"),
            "jwks_uri": format!("{base}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
        });
        for (name, value) in &script.configuration {
            own[name] = value.clone();
        }
        own
    }

    /// The claims of the truth.
    fn claims(&self, script: &Script, nonce: &str) -> Map<String, Value> {
        let now = self.clock.now().as_seconds();
        let mut claims = Map::new();
        let standard = [
            ("iss", json!(self.issuer(&script.account))),
            ("aud", json!(CLIENT_ID)),
            ("iat", json!(now)),
            ("exp", json!(now + 3600)),
            ("nonce", json!(nonce)),
        ];
        claims.extend(standard.map(|(name, value)| (name.to_owned(), value)));
        claims.extend(script.account.clone());
        claims
    }
}
