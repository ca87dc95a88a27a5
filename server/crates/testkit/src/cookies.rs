//! A cookie jar with the rules of RFC 6265 that matter to one site (paths and domains aside: the
//! product sets neither), and with those of the prefix `__Host-`.

use std::collections::BTreeMap;

/// The cookies that one browser holds for one site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Jar(BTreeMap<String, String>);

impl Jar {
    /// Takes a `Set-Cookie` header as a browser would. `https` is whether the site is secure.
    ///
    /// # Panics
    /// When a browser would drop the cookie without a word: that is a fault of the site.
    pub fn take(&mut self, header: &str, https: bool) {
        let mut parts = header.split(';').map(str::trim);
        let pair = parts.next().unwrap_or_default();
        let (name, value) = pair
            .split_once('=')
            .expect("a cookie has a name and a value");
        let attributes: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
        let has = |wanted: &str| attributes.iter().any(|attribute| attribute == wanted);
        assert!(
            https || !has("secure"),
            "a browser drops a secure cookie of a plain site: {name}"
        );
        if name.starts_with("__Host-") {
            let bound =
                has("secure") && has("path=/") && !header.to_ascii_lowercase().contains("domain=");
            assert!(
                bound,
                "a browser drops a __Host- cookie without Secure and Path=/: {name}"
            );
        }
        if has("max-age=0") {
            self.0.remove(name);
        } else {
            self.0.insert(name.to_owned(), value.to_owned());
        }
    }

    /// The `Cookie` header, if there is anything to send.
    pub fn header(&self) -> Option<String> {
        let pairs: Vec<String> = self
            .0
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The value of a cookie.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Puts a cookie in, as an attacker who can plant one would.
    pub fn plant(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }

    /// Throws a cookie away.
    pub fn forget(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// The names of the cookies.
    pub fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_kept_sent_and_removed() {
        let mut jar = Jar::default();
        jar.take("__Host-a=1; Path=/; HttpOnly; Secure", true);
        jar.take("b=2; Path=/", true);
        assert_eq!(jar.header().as_deref(), Some("__Host-a=1; b=2"));
        jar.take("b=; Path=/; Max-Age=0", true);
        assert_eq!(jar.names(), ["__Host-a"]);
    }

    #[test]
    #[should_panic(expected = "a browser drops")]
    fn a_host_cookie_without_secure_is_a_fault() {
        Jar::default().take("__Host-a=1; Path=/", true);
    }
}
