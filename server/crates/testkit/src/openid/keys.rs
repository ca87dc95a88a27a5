//! Keys of the provider, made by the test that uses them.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use ring::{
    rand::SystemRandom,
    rsa::PublicKeyComponents,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    process::Command,
    sync::{Arc, Mutex, PoisonError},
};

/// A key and what it is called.
#[derive(Clone)]
pub struct Key {
    /// Its name, which may be left out of the list and of tokens.
    pub id: Option<String>,
    pair: Pair,
}

#[derive(Clone)]
enum Pair {
    Rsa(Arc<RsaKeyPair>),
    Curve(Arc<EcdsaKeyPair>),
}

impl Key {
    /// The RSA key of 2048 bits with this name. It is made once in a test process, since making one
    /// takes longer than most tests: another name is another key.
    ///
    /// # Panics
    /// When `openssl` is not installed: `ring` signs with RSA and makes no keys for it.
    pub fn rsa(id: &str) -> Self {
        static MADE: Mutex<BTreeMap<String, Key>> = Mutex::new(BTreeMap::new());
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        let key = made.entry(id.to_owned());
        key.or_insert_with(|| Self::new_rsa(id)).clone()
    }

    fn new_rsa(id: &str) -> Self {
        let made = Command::new("openssl")
            .args(["genpkey", "-algorithm", "RSA"])
            .args(["-pkeyopt", "rsa_keygen_bits:2048"])
            .output()
            .expect("openssl is installed");
        // As text it is always PKCS #8; as bytes that depends on the version.
        let text = String::from_utf8_lossy(&made.stdout);
        let lines: String = text.lines().filter(|line| !line.starts_with('-')).collect();
        let bytes = BASE64.decode(lines.as_bytes()).expect("openssl writes PEM");
        let pair = RsaKeyPair::from_pkcs8(&bytes);
        Self {
            id: Some(id.to_owned()),
            pair: Pair::Rsa(Arc::new(pair.expect("openssl makes keys"))),
        }
    }

    /// A fresh key on P-256.
    ///
    /// # Panics
    /// When the machine has no chance to give.
    pub fn curve(id: &str) -> Self {
        let chance = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let made = EcdsaKeyPair::generate_pkcs8(algorithm, &chance).expect("chance");
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, made.as_ref(), &chance);
        Self {
            id: Some(id.to_owned()),
            pair: Pair::Curve(Arc::new(pair.expect("ring makes keys"))),
        }
    }

    /// The same key under another name, or none.
    #[must_use]
    pub fn called(&self, id: Option<&str>) -> Self {
        Self {
            id: id.map(str::to_owned),
            pair: self.pair.clone(),
        }
    }

    /// The algorithm that it signs with.
    pub fn algorithm(&self) -> &'static str {
        match self.pair {
            Pair::Rsa(_) => "RS256",
            Pair::Curve(_) => "ES256",
        }
    }

    /// Signs.
    ///
    /// # Panics
    /// When the machine has no chance to give.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let chance = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &chance, message, &mut signature)
                    .expect("an RSA key signs");
                signature
            }
            Pair::Curve(pair) => {
                let signature = pair.sign(&chance, message).expect("a curve key signs");
                signature.as_ref().to_vec()
            }
        }
    }

    /// The public half, as bytes: what somebody could take for a shared secret.
    pub fn public(&self) -> Vec<u8> {
        match &self.pair {
            Pair::Rsa(pair) => pair.public_key().as_ref().to_vec(),
            Pair::Curve(pair) => pair.public_key().as_ref().to_vec(),
        }
    }

    fn published(&self) -> Value {
        let text = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
        let mut own = match &self.pair {
            Pair::Rsa(pair) => {
                let public = PublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({ "kty": "RSA", "n": text(&public.n), "e": text(&public.e) })
            }
            Pair::Curve(pair) => {
                // 4, x, y: an uncompressed point (SEC 1, section 2.3.3).
                let point = pair.public_key().as_ref();
                let (x, y) = point[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "x": text(x), "y": text(y) })
            }
        };
        own["use"] = json!("sig");
        own["alg"] = json!(self.algorithm());
        if let Some(id) = &self.id {
            own["kid"] = json!(id);
        }
        own
    }
}

/// The list that a provider publishes.
pub(super) fn published(keys: &[Key]) -> Value {
    let keys: Vec<Value> = keys.iter().map(Key::published).collect();
    json!({ "keys": keys })
}
