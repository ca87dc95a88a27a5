//! Where a request comes from: the network for limits and notices, the device in words.

use crate::{Config, header_text};
use http::{HeaderMap, HeaderName, header::USER_AGENT};
use identity::Client;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Looks at a request. `peer` is who opened the connection.
pub fn of(headers: &HeaderMap, peer: IpAddr, config: &Config) -> Client {
    Client {
        project: None,
        locale: None,
        devices: Vec::new(),
        network: network(address(headers, peer, config)),
        device: device(&header_text::first(headers, &USER_AGENT)),
    }
}

/// The visitor's address: the peer, or what trusted proxies say in `X-Forwarded-For`.
///
/// The list is read from its end: each trusted proxy vouches for the entry before it, and the
/// first address that is not a proxy of ours is the visitor. What stands further left was sent by
/// the visitor and is not believed; an entry that is no address ends the reading (ASVS 4.1.3,
/// authentik CVE-2023-36456).
pub fn address(headers: &HeaderMap, peer: IpAddr, config: &Config) -> IpAddr {
    let mut address = peer.to_canonical();
    if !config.trusts(address) {
        return address;
    }
    // Bytes that are no text are read as what they are, rubbish: left out, they would take the
    // proxy's own entry in the same line with them.
    let lines: Vec<_> = header_text::lines(headers, &FORWARDED_FOR).collect();
    let entries = lines.iter().flat_map(|line| line.split(',')).map(str::trim);
    for entry in entries.collect::<Vec<_>>().iter().rev() {
        let Some(named) = named(entry) else {
            break;
        };
        address = named.to_canonical();
        if !config.trusts(address) {
            break;
        }
    }
    address
}

/// The address in an entry of `X-Forwarded-For`. Some proxies write it as RFC 7239 has it in `Forwarded`: with the
/// port, an IPv6 address in brackets, in quotes.
fn named(entry: &str) -> Option<IpAddr> {
    let quoted = entry.strip_prefix('"').and_then(|e| e.strip_suffix('"'));
    let entry = quoted.unwrap_or(entry);
    let bare = entry.strip_prefix('[').and_then(|e| e.strip_suffix(']'));
    let with_port = || entry.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    match bare {
        Some(v6) => v6.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => entry.parse().ok().or_else(with_port),
    }
}

/// Whether a request says that it came through a proxy, trusted or not.
pub fn is_forwarded(headers: &HeaderMap) -> bool {
    const FORWARDED: [&str; 6] = [
        "forwarded",
        "via",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-real-ip",
    ];
    FORWARDED.iter().any(|name| headers.contains_key(*name))
}

/// What limits count: an IPv4 address, or the /64 of an IPv6 address, which is what one
/// household or one attacker gets (better-auth CVE-2026-45364).
pub fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// Browser and system in a few words that a person recognises; never the raw header.
pub fn device(user_agent: &str) -> String {
    // Order matters: nearly every browser also calls itself something older.
    let browsers = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    let systems = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let find = |known: &[(&str, &'static str)]| {
        known
            .iter()
            .find(|(mark, _)| user_agent.contains(mark))
            .map(|(_, name)| *name)
    };
    [find(&browsers), find(&systems)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(proxies: &str) -> Config {
        let variables = [("BPART_TRUSTED_PROXIES".to_owned(), proxies.to_owned())];
        match Config::from_parts(None, variables.into_iter()) {
            Ok(config) => config,
            Err(error) => panic!("{error}"),
        }
    }

    fn seen(proxies: &str, peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            if let Ok(value) = value.parse() {
                headers.append("x-forwarded-for", value);
            }
        }
        let peer = peer.parse().unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED));
        address(&headers, peer, &config(proxies)).to_string()
    }

    #[test]
    fn a_stranger_cannot_choose_her_address() {
        assert_eq!(seen("", "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(
            seen("10.0.0.0/8", "203.0.113.9", &["198.51.100.1"]),
            "203.0.113.9"
        );
    }

    #[test]
    fn a_trusted_proxy_names_the_last_stranger() {
        let proxies = "10.0.0.0/8";
        assert_eq!(
            seen(proxies, "10.0.0.1", &["6.6.6.6, 198.51.100.1, 10.0.0.2"]),
            "198.51.100.1"
        );
        assert_eq!(
            seen(proxies, "10.0.0.1", &["6.6.6.6", "198.51.100.1"]),
            "198.51.100.1"
        );
        assert_eq!(
            seen(proxies, "::ffff:10.0.0.1", &["198.51.100.1"]),
            "198.51.100.1"
        );
    }

    #[test]
    fn bytes_that_are_no_text_do_not_hide_what_the_proxy_wrote() {
        let mut headers = HeaderMap::new();
        let line = http::HeaderValue::from_bytes(b"\xff, 203.0.113.9");
        headers.insert(
            "x-forwarded-for",
            line.unwrap_or(http::HeaderValue::from_static("")),
        );
        let peer = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));
        let seen = address(&headers, peer, &config("10.0.0.0/8"));
        assert_eq!(seen.to_string(), "203.0.113.9");
    }

    #[test]
    fn rubbish_is_not_read_past() {
        assert_eq!(
            seen("10.0.0.0/8", "10.0.0.1", &["198.51.100.1, rubbish"]),
            "10.0.0.1"
        );
        assert_eq!(seen("10.0.0.0/8", "10.0.0.1", &[]), "10.0.0.1");
    }

    /// Red when an entry is an address alone: all visitors then counted as the proxy.
    #[test]
    fn an_address_may_have_a_port_brackets_and_quotes() {
        for (entry, address) in [
            ("203.0.113.5:4711", "203.0.113.5"),
            ("\"203.0.113.5\"", "203.0.113.5"),
            ("\"203.0.113.5:4711\"", "203.0.113.5"),
            ("[2001:db8:1:2::5]:443", "2001:db8:1:2::5"),
            ("[2001:db8:1:2::5]", "2001:db8:1:2::5"),
            ("\"[2001:db8:1:2::5]:443\"", "2001:db8:1:2::5"),
            ("[::ffff:203.0.113.5]:443", "203.0.113.5"),
            ("2001:db8::5", "2001:db8::5"),
            // No addresses.
            ("unknown", "10.0.0.1"),
            ("_hidden", "10.0.0.1"),
            ("[203.0.113.5]", "10.0.0.1"),
            ("203.0.113.5:", "10.0.0.1"),
            ("203.0.113.5:99999", "10.0.0.1"),
            ("\"203.0.113.5", "10.0.0.1"),
            ("[2001:db8::5", "10.0.0.1"),
        ] {
            assert_eq!(seen("10.0.0.0/8", "10.0.0.1", &[entry]), address, "{entry}");
            let behind_another = format!("6.6.6.6, {entry}, 10.0.0.2:80");
            let seen_behind = seen("10.0.0.0/8", "10.0.0.1", &[&behind_another]);
            let expected = if address == "10.0.0.1" {
                "10.0.0.2"
            } else {
                address
            };
            assert_eq!(seen_behind, expected, "{behind_another}");
        }
    }

    #[test]
    fn ipv6_is_counted_by_64() {
        let of = |text: &str| text.parse().map(network).unwrap_or_default();
        assert_eq!(of("2001:db8:1:2:aaaa::1"), "2001:db8:1:2::/64");
        assert_eq!(of("2001:db8:1:2:bbbb::9"), of("2001:0db8:0001:0002::"));
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.1");
    }

    /// Red when one byte above 127, as old browsers send them in Latin-1, hides all that a browser says of itself.
    #[test]
    fn bytes_that_are_no_text_do_not_hide_the_device() {
        let mut headers = HeaderMap::new();
        let line = http::HeaderValue::from_bytes(
            b"T\xe9l\xe9phone/1.0 (X11; Linux x86_64; caf\xe9) Gecko/20100101 Firefox/153.0",
        );
        headers.insert(
            USER_AGENT,
            line.unwrap_or(http::HeaderValue::from_static("")),
        );
        let peer = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 9));
        let client = of(&headers, peer, &config(""));
        assert_eq!(client.device, "Firefox, Linux");
        assert_eq!(client.network, "203.0.113.9");
    }

    #[test]
    fn devices_have_names() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";
        let edge =
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0";
        assert_eq!(device(firefox), "Firefox, Linux");
        assert_eq!(device(edge), "Edge, Windows");
        assert_eq!(device("<script>alert(1)</script>"), "");
    }
}
