//! Settings: one TOML file and environment variables, the environment winning.
//!
//! The names are the same in both, `BPART_DATABASE_URL` being `database_url` in the file. A name
//! that the program does not know is refused: a typing error must not become a default. Nothing
//! else in the program reads the environment.

mod environment;
mod error;
pub mod issuer;
pub mod providers;
mod shown;
#[cfg(test)]
mod tests;
mod values;

pub use error::ConfigError;

use domain::Email;
use error::wrong;
use identity::Cost;
use ipnet::IpNet;
use providers::ProviderSettings;
use serde::Deserialize;
use std::{
    ffi::OsString,
    fs,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};
use url::Url;
pub use values::is_safe;
use values::{database, networks, origin, ranges};

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
    /// Google and Microsoft.
    pub providers: ProviderSettings,
    /// What is logged, in the syntax of `tracing`'s filters.
    pub log: String,
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
    google_client_id: Option<String>,
    google_client_secret: Option<String>,
    google_issuer: Option<String>,
    microsoft_client_id: Option<String>,
    microsoft_client_secret: Option<String>,
    microsoft_authority: Option<String>,
    microsoft_tenants: Option<String>,
    log: Option<String>,
}

impl Config {
    /// Reads the file, if one is named, and the process's environment.
    #[expect(clippy::disallowed_methods, reason = "the settings are read here")]
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        Self::from_parts(file, std::env::vars_os())
    }

    /// As [`Config::load`], with the environment as an argument.
    pub fn from_parts(
        file: Option<&Path>,
        environment: impl Iterator<Item = (impl Into<OsString>, impl Into<OsString>)>,
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
        let variables = environment.map(|(name, value)| (name.into(), value.into()));
        for (name, value) in environment::settings(variables)? {
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
            providers: providers::providers(
                providers::Written {
                    client_id: written.google_client_id,
                    client_secret: written.google_client_secret,
                    issuer: written.google_issuer,
                },
                providers::Written {
                    client_id: written.microsoft_client_id,
                    client_secret: written.microsoft_client_secret,
                    issuer: written.microsoft_authority,
                },
                written.microsoft_tenants.as_deref(),
            )?,
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

    /// The host of the public address, as other servers know this one.
    pub fn host(&self) -> &str {
        self.public_url.host_str().unwrap_or("localhost")
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
