//! The keys that a provider signs with, and whom each of them signs for.

use openidconnect::core::CoreJsonWebKeySet;
use serde::Deserialize;

/// A list of keys.
#[derive(Debug)]
pub(super) struct Keys {
    set: CoreJsonWebKeySet,
    issuers: Vec<KeyIssuer>,
}

/// Whom a key of Microsoft's list signs for, with or without a gap.
#[derive(Debug)]
struct KeyIssuer {
    key: Option<String>,
    issuer: String,
}

impl Keys {
    /// Reads what a provider publishes.
    ///
    /// # Errors
    /// The list, or what stands beside one of its keys, cannot be read.
    pub(super) fn read(list: &[u8]) -> serde_json::Result<Self> {
        Ok(Self {
            set: serde_json::from_slice(list)?,
            issuers: issuers(list)?,
        })
    }

    /// The keys themselves.
    pub(super) const fn set(&self) -> &CoreJsonWebKeySet {
        &self.set
    }

    /// Whether the key of this name signs for an issuer, which `own` knows. A token that does not
    /// name its key must fit whatever each of them says, since any could be the one.
    pub(super) fn sign_for(&self, key: Option<&str>, own: impl Fn(&str) -> bool) -> bool {
        let may_sign = |named: &&KeyIssuer| match (key, named.key.as_deref()) {
            (Some(key), Some(named)) => key == named,
            _ => true,
        };
        let mut signs = self.issuers.iter().filter(may_sign);
        signs.all(|named| own(&named.issuer))
    }
}

/// What Microsoft's list says beside each key. An entry that cannot be read fails the whole list:
/// without it, a key of one tenant would sign for all.
fn issuers(list: &[u8]) -> serde_json::Result<Vec<KeyIssuer>> {
    #[derive(Deserialize)]
    struct List {
        keys: Vec<Key>,
    }
    #[derive(Deserialize)]
    struct Key {
        kid: Option<String>,
        issuer: Option<String>,
    }
    let list: List = serde_json::from_slice(list)?;
    let named = list.keys.into_iter().filter_map(|Key { kid, issuer }| {
        let issuer = issuer?;
        Some(KeyIssuer { key: kid, issuer })
    });
    Ok(named.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAP: &str = "{tenantid}";
    const TOWN: &str = "0a1b2c3d-0000-4000-8000-00000000000a";

    fn of(tenant: &str) -> String {
        format!("https://login.example/{tenant}/v2.0")
    }

    fn with(list: &str) -> Option<Keys> {
        Some(Keys {
            set: CoreJsonWebKeySet::new(Vec::new()),
            issuers: issuers(list.as_bytes()).ok()?,
        })
    }

    /// Red when a token that does not name its key is excused from what the keys say.
    #[test]
    fn a_key_of_one_tenant_signs_for_no_other() {
        let list = |other: &str| {
            format!(
                r#"{{"keys":[{{"kid":"gap","issuer":"{}"}},{{"kid":"none"}},{other}]}}"#,
                of(GAP)
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
            let own = |issuer: &str| issuer.replace(GAP, TOWN) == of(TOWN);
            let signed = with(list).map(|keys| keys.sign_for(key, own));
            assert_eq!(signed, Some(signs), "{key:?} of {list}");
        }
    }

    /// Red when one entry that cannot be read takes the issuers of all others away.
    #[test]
    fn a_list_of_keys_is_read_whole_or_not_at_all() {
        for entry in [r#"{"kid":7}"#, r#"{"kid":"a","issuer":[]}"#, "null"] {
            let list = format!(r#"{{"keys":[{entry}]}}"#);
            assert!(issuers(list.as_bytes()).is_err(), "{entry}");
        }
        assert!(issuers(br#"{"keys":[{"kid":"a","issuer":null}]}"#).is_ok());
    }
}
