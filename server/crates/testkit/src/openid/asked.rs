//! What a browser is sent to the provider with, read as strictly as a provider should.

use super::{CLIENT_ID, Code};
use std::collections::BTreeMap;
use url::Url;

/// What a browser is sent with.
pub(super) struct Asked(BTreeMap<String, String>);

impl Asked {
    pub(super) fn read(location: &str, base: &str) -> Self {
        let url = Url::parse(location).expect("the browser is sent to an address");
        assert_eq!(
            location.split('?').next(),
            Some(&*format!("{base}/authorize"))
        );
        let asked: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        let is = |name: &str, value: &str| {
            let given = asked.get(name).map(String::as_str);
            assert_eq!(given, Some(value), "{name} in {location}");
        };
        is("client_id", CLIENT_ID);
        is("response_type", "code");
        is("response_mode", "query");
        is("scope", "openid email profile");
        is("code_challenge_method", "S256");
        is("prompt", "select_account");
        for secret in ["state", "nonce", "code_challenge"] {
            let length = asked.get(secret).map_or(0, String::len);
            assert_eq!(length, 43, "{secret} holds 256 bits");
        }
        Self(asked)
    }

    fn get(&self, name: &str) -> String {
        self.0.get(name).cloned().unwrap_or_default()
    }

    pub(super) fn code(&self) -> Code {
        Code {
            nonce: self.get("nonce"),
            challenge: self.get("code_challenge"),
            callback: self.get("redirect_uri"),
        }
    }

    pub(super) fn back(&self, answer: &[(&str, &str)]) -> String {
        let mut url = Url::parse(&self.get("redirect_uri")).expect("the callback is an address");
        url.query_pairs_mut()
            .append_pair("state", &self.get("state"))
            .extend_pairs(answer);
        format!("{}?{}", url.path(), url.query().unwrap_or_default())
    }
}
