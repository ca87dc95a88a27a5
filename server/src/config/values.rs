//! What the single values mean, and which are refused.

use super::error::{ConfigError, wrong};
use crate::lmtp::Socket;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use tracing_subscriber::{EnvFilter, filter::LevelFilter};
use url::Url;

/// The database, of a kind that we know.
pub(super) fn database(url: &str) -> Result<String, ConfigError> {
    const NAME: &str = "BPART_DATABASE_URL";
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() {
            return Err(wrong(NAME, "expected a path, like sqlite:data/bpart.db"));
        }
        if path.contains('?') || path.starts_with("file:") {
            let why =
                "expected a path alone, like sqlite:data/bpart.db, without `file:` and without `?`";
            return Err(wrong(NAME, why));
        }
    } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        one_part(NAME, url)?;
    } else {
        return Err(wrong(NAME, "expected sqlite:PATH or postgres://…"));
    }
    Ok(url.to_owned())
}

/// An address in which `#` stands would lose all that follows: mostly the rest of a password.
pub(super) fn one_part(name: &'static str, url: &str) -> Result<(), ConfigError> {
    if url.contains('#') {
        return Err(wrong(name, "write # as %23"));
    }
    Ok(())
}

/// Where metrics are read.
pub(super) fn metrics(text: &str) -> Result<SocketAddr, ConfigError> {
    let address = text.parse();
    address.map_err(|_| {
        wrong(
            "BPART_METRICS_LISTEN",
            "expected an address like 127.0.0.1:9000",
        )
    })
}

/// Where mails are handed over: an address, or a path with `unix:` before it.
pub(super) fn lmtp(text: &str) -> Result<Socket, ConfigError> {
    if let Some(path) = text.strip_prefix("unix:/") {
        return Ok(Socket::Unix(format!("/{path}").into()));
    }
    let expected = "expected an address like 127.0.0.1:2424, or unix:/run/bpart/lmtp";
    let address = text.parse().map(Socket::Tcp);
    address.map_err(|_| wrong("BPART_LMTP_LISTEN", expected))
}

/// An origin: scheme, host, port. A path would end up in every link.
pub(super) fn origin(text: &str) -> Result<Url, ConfigError> {
    let url = Url::parse(text).ok();
    let fits = |url: &Url| {
        ["http", "https"].contains(&url.scheme())
            && url.host().is_some()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    };
    url.filter(fits).ok_or_else(|| {
        wrong(
            "BPART_PUBLIC_URL",
            "expected an origin like https://door.example.org, without a path",
        )
    })
}

/// Yes or no.
pub(super) fn yes_or_no(name: &'static str, text: &str) -> Result<bool, ConfigError> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(wrong(name, "expected yes or no")),
    }
}

/// What is logged. A word that is no level would be read as the name of a module, and the log be empty.
pub(super) fn log_filter(text: &str) -> Result<String, ConfigError> {
    let is_level = |word: &str| word.parse::<LevelFilter>().is_ok();
    let words = text.split(',').map(str::trim);
    let clear = text.contains('[') || words.filter(|word| !word.contains('=')).all(is_level);
    if clear && EnvFilter::try_new(text).is_ok() {
        Ok(text.to_owned())
    } else {
        let expected =
            "expected off, error, warn, info, debug or trace, or more, like info,server=debug";
        Err(wrong("BPART_LOG", expected))
    }
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
    (url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url)))
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

/// Whether the host of an address is this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
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
