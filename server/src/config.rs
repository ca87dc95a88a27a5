//! Settings: one TOML file and environment variables, the environment winning.
//!
//! The names are the same in both, `BPART_DATABASE_URL` being `database_url` in the file. A name
//! that the program does not know is refused: a typing error must not become a default. Nothing
//! else in the program reads the environment.

use domain::Email;
use identity::Cost;
use ipnet::IpNet;
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    fmt, fs,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};
use url::Url;

/// Everything that an operator decides.
#[derive(Clone)]
pub struct Config {
    /// `sqlite:PATH` or `postgres://…`. May hold a password: never shown whole.
    pub database_url: String,
    /// Address of the server.
    pub listen: SocketAddr,
    /// The only origin that links and redirects are built from, without a slash at the end.
    pub public_url: Url,
    /// The key file.
    pub secret_key_file: PathBuf,
    /// The mail server; without one, mails stay in the outbox. May hold a password.
    pub smtp_url: Option<String>,
    /// The sender of mails.
    pub mail_from: Option<String>,
    /// Where people write to.
    pub support_email: String,
    /// The platform's name.
    pub brand_name: String,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// What one password hash costs.
    pub argon2: Cost,
    /// Where leaked passwords are asked about, by the range protocol of Have I Been Pwned; nobody is
    /// asked without it.
    pub breach_check_url: Option<Url>,
    /// What is logged, in the syntax of `tracing`'s filters.
    pub log: String,
}

/// Why the settings cannot be used; says which one, never its value when that is secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the settings file {path} cannot be read: {error}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is not TOML, or holds an unknown name.
    #[error("the settings are wrong: {0}")]
    Wrong(String),
    /// One value cannot be used.
    #[error("{name} is wrong: {why}")]
    Value {
        /// The variable's name.
        name: &'static str,
        /// What is expected.
        why: String,
    },
}

/// The settings as they are written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    database_url: Option<String>,
    listen: Option<String>,
    public_url: Option<String>,
    secret_key_file: Option<PathBuf>,
    smtp_url: Option<String>,
    mail_from: Option<String>,
    support_email: Option<String>,
    brand_name: Option<String>,
    trusted_proxies: Option<String>,
    argon2: Option<String>,
    breach_check_url: Option<String>,
    log: Option<String>,
}

impl Config {
    /// Reads the file, if one is named, and the process's environment.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        Self::from_parts(file, std::env::vars())
    }

    /// As [`Config::load`], with the environment as an argument.
    pub fn from_parts(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut table = match file {
            Some(path) => {
                let text = fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
                    path: path.to_owned(),
                    error,
                })?;
                toml::from_str::<toml::Table>(&text)
                    .map_err(|error| ConfigError::Wrong(error.message().to_owned()))?
            }
            None => toml::Table::new(),
        };
        let variables: BTreeMap<String, String> = environment
            .filter_map(|(name, value)| Some((name.strip_prefix("BPART_")?.to_lowercase(), value)))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        for (name, value) in variables {
            table.insert(name, toml::Value::String(value));
        }
        let written = Written::deserialize(table)
            .map_err(|error| ConfigError::Wrong(error.message().to_owned()))?;
        Self::check(written)
    }

    fn check(written: Written) -> Result<Self, ConfigError> {
        let or = |value: Option<String>, default: &str| value.unwrap_or_else(|| default.to_owned());
        let support_email = or(written.support_email, "support@bpart.be");
        Email::parse(&support_email)
            .map_err(|error| wrong("BPART_SUPPORT_EMAIL", &error.to_string()))?;
        let argon2 = or(written.argon2, "m=19456,t=2,p=1");
        let listen = or(written.listen, "127.0.0.1:3000");
        Ok(Self {
            database_url: database(or(written.database_url, "sqlite:data/bpart.db"))?,
            listen: listen
                .parse()
                .map_err(|_| wrong("BPART_LISTEN", "expected an address like 127.0.0.1:3000"))?,
            public_url: origin(&or(written.public_url, "http://localhost:3000"))?,
            secret_key_file: written
                .secret_key_file
                .unwrap_or_else(|| "data/secret.key".into()),
            smtp_url: written.smtp_url,
            mail_from: written.mail_from,
            support_email,
            brand_name: or(written.brand_name, "Bpart"),
            trusted_proxies: networks(&written.trusted_proxies.unwrap_or_default())?,
            argon2: argon2
                .parse()
                .map_err(|error: identity::CostError| wrong("BPART_ARGON2", &error.to_string()))?,
            breach_check_url: written
                .breach_check_url
                .as_deref()
                .map(ranges)
                .transpose()?,
            log: or(written.log, "info"),
        })
    }

    /// Whether people reach us over https: then cookies are `__Host-` and HSTS is sent.
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// The public origin as text, without a slash at the end.
    pub fn origin(&self) -> String {
        self.public_url.as_str().trim_end_matches('/').to_owned()
    }

    /// Whether mails can be read in `/mailbox`: nobody but this machine could see them.
    pub fn has_mailbox(&self) -> bool {
        self.smtp_url.is_none() && self.listen.ip().is_loopback()
    }

    /// What an operator must know while no mail server is set.
    ///
    /// The mailbox asks only where the listener is: behind a proxy on the same machine, whoever
    /// reaches the site reads every link that was mailed. The https origin gives the proxy away.
    pub fn mail_warning(&self) -> Option<&'static str> {
        if self.smtp_url.is_some() {
            None
        } else if !self.has_mailbox() {
            Some("BPART_SMTP_URL is not set: mails wait in the outbox, and nobody can read them")
        } else if self.is_https() {
            Some(
                "BPART_SMTP_URL is not set: whoever reaches this site reads every mail and its \
                 links at /mailbox",
            )
        } else {
            None
        }
    }

    /// Whether a request from `peer` may name another address in `X-Forwarded-For`.
    pub fn trusts(&self, peer: IpAddr) -> bool {
        self.trusted_proxies
            .iter()
            .any(|network| network.contains(&peer))
    }
}

fn wrong(name: &'static str, why: &str) -> ConfigError {
    ConfigError::Value {
        name,
        why: why.to_owned(),
    }
}

fn database(url: String) -> Result<String, ConfigError> {
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
fn origin(text: &str) -> Result<Url, ConfigError> {
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
fn ranges(text: &str) -> Result<Url, ConfigError> {
    let url = Url::parse(text).ok();
    let is_here = |url: &Url| match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    let fits = |url: &Url| {
        (url.scheme() == "https" || (url.scheme() == "http" && is_here(url)))
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    };
    url.filter(fits).ok_or_else(|| {
        wrong(
            "BPART_BREACH_CHECK_URL",
            "expected an https address like https://api.pwnedpasswords.com/range/",
        )
    })
}

fn networks(text: &str) -> Result<Vec<IpNet>, ConfigError> {
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

impl fmt::Debug for Config {
    /// What `check-config` prints and the first line of the log: secrets are left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let database = self.database_url.split("://").next().unwrap_or_default();
        let database = if database == "postgres" || database == "postgresql" {
            "postgres://…"
        } else {
            &self.database_url
        };
        f.debug_struct("Config")
            .field("database_url", &database)
            .field("listen", &self.listen)
            .field("public_url", &self.origin())
            .field("secret_key_file", &self.secret_key_file)
            .field("smtp_url", &self.smtp_url.as_ref().map(|_| "…"))
            .field("mail_from", &self.mail_from)
            .field("support_email", &self.support_email)
            .field("brand_name", &self.brand_name)
            .field("trusted_proxies", &self.trusted_proxies)
            .field("argon2", &self.argon2)
            .field(
                "breach_check_url",
                &self.breach_check_url.as_ref().map(Url::as_str),
            )
            .field("log", &self.log)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            .map(|config| format!("{config:?}"))
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
        assert!(message(&[("BPART_DATABSE_URL", "sqlite:x")]).contains("databse_url"));
        assert!(load(&[("OTHER_THING", "x")]).is_ok());
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
        .map(|config| format!("{config:?}"))
        .unwrap_or_default();
        assert!(!shown.is_empty() && !shown.contains("hush"), "{shown}");
    }

    #[test]
    fn the_mailbox_needs_loopback_and_no_mail_server() {
        let mailbox =
            |variables: &[(&str, &str)]| load(variables).map(|config| config.has_mailbox()).ok();
        assert_eq!(mailbox(&[]), Some(true));
        assert_eq!(mailbox(&[("BPART_LISTEN", "0.0.0.0:3000")]), Some(false));
        assert_eq!(
            mailbox(&[("BPART_SMTP_URL", "smtp://localhost")]),
            Some(false)
        );
        let warned = |variables: &[(&str, &str)]| {
            load(variables)
                .map(|config| config.mail_warning().is_some())
                .ok()
        };
        let https = ("BPART_PUBLIC_URL", "https://door.example.org");
        assert_eq!(warned(&[]), Some(false), "a rehearsal");
        assert_eq!(warned(&[https]), Some(true), "behind a proxy");
        assert_eq!(warned(&[("BPART_LISTEN", "0.0.0.0:3000")]), Some(true));
        let smtp = ("BPART_SMTP_URL", "smtp://localhost");
        assert_eq!(warned(&[https, smtp]), Some(false));
    }
}
