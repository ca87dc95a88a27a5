//! What the settings accept, and what they say when they do not.

use super::{Config, ConfigError};

fn load(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let owned = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::from_parts(None, owned)
}

fn message(variables: &[(&str, &str)]) -> String {
    load(variables)
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default()
}

#[test]
fn nothing_set_gives_the_documented_defaults() {
    let shown = load(&[])
        .map(|config| config.listed().to_string())
        .unwrap_or_default();
    for default in [
        "sqlite:data/bpart.db",
        "127.0.0.1:3000",
        "http://localhost:3000",
        "support@bpart.be",
    ] {
        assert!(shown.contains(default), "{default} in {shown}");
    }
}

#[test]
fn a_name_nobody_knows_is_refused() {
    assert!(
        message(&[("BPART_DATABSE_URL", "sqlite:x")]).contains("BPART_DATABSE_URL is no setting")
    );
    assert!(load(&[("OTHER_THING", "x")]).is_ok());
}

/// What a container in Kubernetes finds beside a service that is called `bpart`.
#[test]
fn variables_of_services_are_no_settings() {
    let services = [
        ("BPART_SERVICE_HOST", "10.0.0.1"),
        ("BPART_SERVICE_PORT", "3000"),
        ("BPART_SERVICE_PORT_HTTP", "3000"),
        ("BPART_PORT", "tcp://10.0.0.1:3000"),
        ("BPART_PORT_3000_TCP", "tcp://10.0.0.1:3000"),
        ("BPART_PORT_3000_TCP_PROTO", "tcp"),
        ("BPART_PORT_3000_TCP_PORT", "3000"),
        ("BPART_PORT_3000_TCP_ADDR", "10.0.0.1"),
    ];
    assert!(load(&services).is_ok(), "{}", message(&services));
    for slip in [
        "BPART_LISTN",
        "BPART_PORTS",
        "BPART_PORT_HTTP",
        "BPART_SERVICE",
    ] {
        assert!(load(&[(slip, "x")]).is_err(), "{slip}");
    }
}

/// Red when every variable is taken for text: a foreign one ended the program.
#[cfg(unix)]
#[test]
fn bytes_that_are_no_text_are_named_where_they_are_ours() {
    use std::{ffi::OsString, os::unix::ffi::OsStringExt as _};
    let with = |name: &str| {
        let value = OsString::from_vec(b"caf\xe9".to_vec());
        Config::from_parts(None, [(OsString::from(name), value)].into_iter())
    };
    assert!(with("LESSCHARSET").is_ok());
    let error = with("BPART_BRAND_NAME")
        .err()
        .map(|error| error.to_string());
    assert_eq!(
        error.as_deref(),
        Some("BPART_BRAND_NAME is wrong: the value is not UTF-8")
    );
}

#[test]
fn values_that_cannot_be_used_are_named() {
    for (name, value) in [
        ("BPART_LISTEN", "localhost"),
        ("BPART_PUBLIC_URL", "door.example.org"),
        ("BPART_PUBLIC_URL", "https://door.example.org/path"),
        ("BPART_TRUSTED_PROXIES", "10.0.0.0/99"),
        ("BPART_ARGON2", "m=1"),
        ("BPART_DATABASE_URL", "mysql://x"),
        ("BPART_SUPPORT_EMAIL", "nobody"),
        ("BPART_BREACH_CHECK_URL", "http://ranges.example.org/range"),
        ("BPART_BREACH_CHECK_URL", "https://me:hush@example.org/"),
        ("BPART_BREACH_CHECK_URL", "yes"),
        // Half of a provider.
        ("BPART_GOOGLE_CLIENT_ID", "door"),
        ("BPART_GOOGLE_CLIENT_SECRET", "hush"),
        ("BPART_GOOGLE_ISSUER", "https://accounts.example.org"),
        ("BPART_MICROSOFT_CLIENT_ID", "door"),
        ("BPART_MICROSOFT_CLIENT_SECRET", "hush"),
        ("BPART_MICROSOFT_TENANTS", "consumers"),
    ] {
        assert!(message(&[(name, value)]).contains(name), "{name}={value}");
    }
}

#[test]
fn secrets_are_never_shown() {
    let shown = load(&[
        ("BPART_DATABASE_URL", "postgres://me:hush@db/bpart"),
        ("BPART_SMTP_URL", "smtp://me:hush@mail.example.org"),
    ])
    .map(|config| config.listed().to_string())
    .unwrap_or_default();
    assert!(!shown.is_empty() && !shown.contains("hush"), "{shown}");
}

const GOOGLE: [(&str, &str); 2] = [
    ("BPART_GOOGLE_CLIENT_ID", "door.apps.example"),
    ("BPART_GOOGLE_CLIENT_SECRET", "hush"),
];
const MICROSOFT: [(&str, &str); 2] = [
    (
        "BPART_MICROSOFT_CLIENT_ID",
        "00000000-0000-4000-8000-000000000001",
    ),
    ("BPART_MICROSOFT_CLIENT_SECRET", "hush"),
];

#[test]
fn providers_are_shown_without_their_secrets() {
    let shown = load(&[GOOGLE, MICROSOFT].concat())
        .map(|config| config.listed().to_string())
        .unwrap_or_default();
    for part in [
        "door.apps.example",
        "https://accounts.google.com",
        "https://login.microsoftonline.com/common/v2.0",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert!(!shown.contains("hush"), "{shown}");
}

#[test]
fn providers_are_reached_over_tls_or_not_over_any_wire() {
    for (name, value) in [
        ("BPART_GOOGLE_ISSUER", "http://accounts.example.org"),
        ("BPART_GOOGLE_ISSUER", "https://me@accounts.example.org"),
        (
            "BPART_MICROSOFT_AUTHORITY",
            "http://login.example.org/common/v2.0",
        ),
        (
            "BPART_MICROSOFT_AUTHORITY",
            "https://login.example.org/common",
        ),
        (
            "BPART_MICROSOFT_AUTHORITY",
            "https://login.example.org/v2.0",
        ),
        ("BPART_MICROSOFT_AUTHORITY", "https://v2.0"),
        ("BPART_MICROSOFT_TENANTS", "town.example"),
    ] {
        let settings = [&GOOGLE[..], &MICROSOFT, &[(name, value)]].concat();
        assert!(message(&settings).contains(name), "{name}={value}");
    }
    let here = ("BPART_GOOGLE_ISSUER", "http://127.0.0.1:4000");
    assert!(load(&[&GOOGLE[..], &[here]].concat()).is_ok());
}

/// Red when a server starts that turns every Microsoft account away.
#[test]
fn an_authority_whose_accounts_the_list_does_not_name_is_refused() {
    const TOWN: &str = "0a1b2c3d-0000-4000-8000-00000000000f";
    const OTHER: &str = "0a1b2c3d-0000-4000-8000-00000000000e";
    const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
    for (authority, tenants, starts) in [
        ("common", TOWN, true),
        ("common", "consumers", true),
        ("organizations", TOWN, true),
        ("organizations", "", true),
        ("organizations", "organizations consumers", true),
        ("organizations", "consumers", false),
        ("organizations", PERSONAL, false),
        ("consumers", "", false),
        ("consumers", TOWN, false),
        ("consumers", "consumers", true),
        (PERSONAL, "", false),
        (TOWN, "", true),
        (TOWN, "organizations", true),
        (TOWN, TOWN, true),
        (TOWN, "consumers", false),
        (TOWN, OTHER, false),
        ("town.example", OTHER, true),
    ] {
        let address = format!("https://login.example.org/{authority}/v2.0");
        let mut settings = MICROSOFT.to_vec();
        settings.push(("BPART_MICROSOFT_AUTHORITY", &address));
        if !tenants.is_empty() {
            settings.push(("BPART_MICROSOFT_TENANTS", tenants));
        }
        let told = message(&settings);
        assert_eq!(told.is_empty(), starts, "{authority} {tenants}: {told}");
        if !starts {
            assert!(
                told.contains("BPART_MICROSOFT_TENANTS") && told.contains("nobody"),
                "{told}"
            );
        }
    }
}

#[test]
fn the_mailbox_needs_loopback_and_no_mail_server() {
    let mailbox =
        |variables: &[(&str, &str)]| load(variables).map(|config| config.has_mailbox()).ok();
    assert_eq!(mailbox(&[]), Some(true));
    for other in [
        ("BPART_LISTEN", "0.0.0.0:3000"),
        ("BPART_SMTP_URL", "smtp://localhost"),
        ("BPART_PUBLIC_URL", "https://door.example.org"),
        ("BPART_PUBLIC_URL", "http://localhost.example.org"),
    ] {
        assert_eq!(mailbox(&[other]), Some(false), "{other:?}");
    }
}
