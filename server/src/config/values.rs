//! What the single values mean, and which are refused.

use super::error::{ConfigError, wrong};
use ipnet::IpNet;
use std::net::IpAddr;
use url::Url;

/// The database, of a kind that we know.
pub(super) fn database(url: String) -> Result<String, ConfigError> {
    let known = ["sqlite:", "postgres://", "postgresql://"]
        .iter()
        .any(|start| url.starts_with(start));
    if known {
        Ok(url)
    } else {
        Err(wrong(
            "BPART_DATABASE_URL",
            "expected sqlite:PATH or postgres://…",
        ))
    }
}

/// An origin: scheme, host, port. A path would end up in every link.
pub(super) fn origin(text: &str) -> Result<Url, ConfigError> {
    let url = Url::parse(text).ok();
    let fits = |url: &Url| {
        ["http", "https"].contains(&url.scheme())
            && url.host().is_some()
            && url.path() == "/"
            && url.query().is_none()
            && url.username().is_empty()
    };
    url.filter(fits).ok_or_else(|| {
        wrong(
            "BPART_PUBLIC_URL",
            "expected an origin like https://door.example.org",
        )
    })
}

/// Where ranges of leaked passwords are found. What is asked there says something about a password:
/// it goes over TLS, or does not leave the machine.
pub(super) fn ranges(text: &str) -> Result<Url, ConfigError> {
    let url = Url::parse(text).ok();
    url.filter(is_safe).ok_or_else(|| {
        wrong(
            "BPART_BREACH_CHECK_URL",
            "expected an https address like https://api.pwnedpasswords.com/range/",
        )
    })
}

/// Whether what is said to an address stays between us and it: it goes over TLS, or does not leave
/// the machine; and the address says where, and nothing else.
pub fn is_safe(url: &Url) -> bool {
    let is_here = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    (url.scheme() == "https" || (url.scheme() == "http" && is_here))
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

/// A list of networks or single addresses.
pub(super) fn networks(text: &str) -> Result<Vec<IpNet>, ConfigError> {
    let expected = "expected networks like 10.0.0.0/8, 2001:db8::/32";
    let network = |part: &str| {
        let single = part.parse::<IpAddr>().map(IpNet::from);
        part.parse::<IpNet>()
            .or(single)
            .map_err(|_| wrong("BPART_TRUSTED_PROXIES", expected))
    };
    text.split([',', ' '])
        .filter(|part| !part.is_empty())
        .map(network)
        .collect()
}
