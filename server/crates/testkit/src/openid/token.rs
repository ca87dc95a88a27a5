//! An ID token before it goes out.

use super::Key;
use data_encoding::BASE64URL_NOPAD;
use ring::{digest, hmac};
use serde_json::{Map, Value, json};

/// What will be signed, and with what.
pub struct Token {
    /// The head: `alg`, `kid`, `typ`.
    pub head: Map<String, Value>,
    /// The claims.
    pub claims: Map<String, Value>,
    /// The signature.
    pub signature: Signature,
    /// The access token that goes out with it.
    pub access_token: String,
    /// The keys of the provider.
    pub keys: Vec<Key>,
}

/// How a token is signed.
pub enum Signature {
    /// With a key.
    By(Key),
    /// With a secret that both would know.
    Hmac(Vec<u8>),
    /// Not at all.
    None,
    /// With a key, and then one bit is turned.
    Broken(Key),
}

impl Token {
    pub(super) fn new(keys: Vec<Key>, claims: Map<String, Value>, access_token: &str) -> Self {
        let key = keys.first().expect("a provider has a key").clone();
        let mut token = Self {
            head: Map::new(),
            claims,
            signature: Signature::None,
            access_token: access_token.to_owned(),
            keys,
        };
        token.sign_with(key);
        let hash = token.access_token_hash();
        token.say("at_hash", json!(hash));
        token
    }

    /// Says something, whatever was said before.
    pub fn say(&mut self, name: &str, value: Value) {
        self.claims.insert(name.to_owned(), value);
    }

    /// Leaves something out.
    pub fn leave_out(&mut self, name: &str) {
        self.claims.remove(name);
    }

    /// Signs with this key and names it.
    pub fn sign_with(&mut self, key: Key) {
        self.head.insert("alg".to_owned(), json!(key.algorithm()));
        self.head.insert("typ".to_owned(), json!("JWT"));
        match &key.id {
            Some(id) => self.head.insert("kid".to_owned(), json!(id)),
            None => self.head.remove("kid"),
        };
        self.signature = Signature::By(key);
    }

    /// Signs in another way, and says so in the head.
    pub fn sign_as(&mut self, algorithm: &str, signature: Signature) {
        self.head.insert("alg".to_owned(), json!(algorithm));
        self.signature = signature;
    }

    /// The first half of the hash of the access token (OpenID Connect Core 1.0, section 3.1.3.6).
    pub fn access_token_hash(&self) -> String {
        let hash = digest::digest(&digest::SHA256, self.access_token.as_bytes());
        BASE64URL_NOPAD.encode(&hash.as_ref()[..16])
    }

    pub(super) fn text(&self) -> String {
        let part = |map: &Map<String, Value>| {
            BASE64URL_NOPAD.encode(Value::Object(map.clone()).to_string().as_bytes())
        };
        let message = format!("{}.{}", part(&self.head), part(&self.claims));
        let signature = match &self.signature {
            Signature::By(key) => key.sign(message.as_bytes()),
            Signature::Broken(key) => {
                let mut signature = key.sign(message.as_bytes());
                signature[7] ^= 1;
                signature
            }
            Signature::Hmac(secret) => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
                hmac::sign(&key, message.as_bytes()).as_ref().to_vec()
            }
            Signature::None => Vec::new(),
        };
        format!("{message}.{}", BASE64URL_NOPAD.encode(&signature))
    }
}
