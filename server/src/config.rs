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
mod written;

pub use error::ConfigError;
pub use shown::{Listed, SetByHand};

use crate::lmtp::Socket;
use domain::Email;
use error::wrong;
use identity::Cost;
use ipnet::IpNet;
use providers::ProviderSettings;
use std::{
    ffi::OsString,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};
use url::Url;
pub use values::is_safe;
use values::{
    database, is_loopback, lmtp, log_filter, metrics, networks, one_part, origin, ranges, yes_or_no,
};
use written::Written;

/// Everything that an operator decides.
#[derive(Clone)]
pub struct Config {
    /// `sqlite:PATH` or `postgres://…`. May hold a password: never shown whole.
    pub database_url: String,
    /// Address of the server.
    pub listen: SocketAddr,
    /// Address of the listener for metrics; without it there is none.
    pub metrics_listen: Option<SocketAddr>,
    /// The only origin that links and redirects are built from, without a slash at the end.
    pub public_url: Url,
    /// Whether people of other machines may be served without TLS.
    pub allow_http: bool,
    /// Whether to go on with a key file that did not sign the logs of the database.
    pub allow_other_keys: bool,
    /// The key file.
    pub secret_key_file: PathBuf,
    /// The mail server; without one, mails stay in the outbox. May hold a password.
    pub smtp_url: Option<String>,
    /// The sender of mails.
    pub mail_from: Option<String>,
    /// The address that mails come back to.
    pub mail_bounces: Option<String>,
    /// Where a mail server hands over the mails that come back; without it, nowhere.
    pub lmtp_listen: Option<Socket>,
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
    /// Whether the name system is asked if the domain of an address takes mail.
    pub check_mail_domains: bool,
    /// Google and Microsoft.
    pub providers: ProviderSettings,
    /// What is logged, in the syntax of `tracing`'s filters.
    pub log: String,
    written: Written,
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
        let variables = environment.map(|(name, value)| (name.into(), value.into()));
        let written = Written::read(file, variables)?;
        Self::check(&written).map_err(|error| written.placed(error))
    }

    fn check(written: &Written) -> Result<Self, ConfigError> {
        let support_email = written.text("support_email").to_owned();
        if let Some(url) = written.get("smtp_url") {
            one_part("BPART_SMTP_URL", url)?;
        }
        Email::parse(&support_email)
            .map_err(|error| wrong("BPART_SUPPORT_EMAIL", &error.to_string()))?;
        let parsed_argon2 = written.text("argon2").parse();
        let parsed_listen = written.text("listen").parse();
        let of_provider = |id, secret, issuer| providers::Written {
            client_id: written.owned(id),
            client_secret: written.owned(secret),
            issuer: written.unless_default(issuer),
        };
        Ok(Self {
            database_url: database(written.text("database_url"))?,
            listen: parsed_listen
                .map_err(|_| wrong("BPART_LISTEN", "expected an address like 127.0.0.1:3000"))?,
            metrics_listen: written.get("metrics_listen").map(metrics).transpose()?,
            public_url: origin(written.text("public_url"))?,
            allow_http: yes_or_no("BPART_ALLOW_HTTP", written.text("allow_http"))?,
            allow_other_keys: yes_or_no(
                "BPART_ALLOW_OTHER_KEYS",
                written.text("allow_other_keys"),
            )?,
            secret_key_file: written.text("secret_key_file").into(),
            smtp_url: written.owned("smtp_url"),
            mail_from: written.owned("mail_from"),
            mail_bounces: written.owned("mail_bounces"),
            lmtp_listen: written.get("lmtp_listen").map(lmtp).transpose()?,
            support_email,
            brand_name: written.text("brand_name").to_owned(),
            trusted_proxies: networks(written.text("trusted_proxies"))?,
            argon2: parsed_argon2
                .map_err(|error: identity::CostError| wrong("BPART_ARGON2", &error.to_string()))?,
            breach_check_url: written.get("breach_check_url").map(ranges).transpose()?,
            check_mail_domains: yes_or_no(
                "BPART_CHECK_MAIL_DOMAINS",
                written.text("check_mail_domains"),
            )?,
            providers: providers::providers(
                of_provider("google_client_id", "google_client_secret", "google_issuer"),
                of_provider(
                    "microsoft_client_id",
                    "microsoft_client_secret",
                    "microsoft_authority",
                ),
                written.get("microsoft_tenants"),
            )?,
            log: log_filter(written.text("log"))?,
            written: written.clone(),
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

    /// The host of the mail server that takes the mails; in the demo, which has none, the host of the site.
    pub fn mail_server(&self) -> String {
        let url = self
            .smtp_url
            .as_deref()
            .and_then(|url| Url::parse(url).ok());
        let host = url.as_ref().and_then(Url::host_str);
        host.unwrap_or_else(|| self.host()).to_owned()
    }

    /// What an error about the key file begins with.
    pub fn of_key_file(&self) -> String {
        format!("BPART_SECRET_KEY_FILE {}", self.secret_key_file.display())
    }

    /// Whether mails can be read in `/mailbox`: nobody but this machine could see them.
    pub fn has_mailbox(&self) -> bool {
        self.smtp_url.is_none() && self.listen.ip().is_loopback() && is_loopback(&self.public_url)
    }

    /// Whether this is fit to be served to people.
    ///
    /// # Errors
    /// Mails that nobody could read, or a site whose passwords and sessions cross a network in clear.
    pub fn ready_to_serve(&self) -> Result<(), ConfigError> {
        if self.smtp_url.is_none() && !self.has_mailbox() {
            let why = "nobody could read a mail. Without a mail server only this machine can be served: \
                       BPART_LISTEN and BPART_PUBLIC_URL must both be loopback";
            return Err(ConfigError::Missing("BPART_SMTP_URL", why));
        }
        if !self.is_https() && !self.allow_http && !is_loopback(&self.public_url) {
            let why = "passwords would cross the network in clear. Use https, or set BPART_ALLOW_HTTP=yes";
            return Err(self.written.placed(wrong("BPART_PUBLIC_URL", why)));
        }
        Ok(())
    }

    /// What can be used, and is probably not what the operator wants.
    pub fn warnings(&self) -> impl Iterator<Item = &'static str> {
        let behind_proxy = self.is_https() && self.listen.ip().is_loopback();
        let without_proxies = (behind_proxy && self.trusted_proxies.is_empty()).then_some(
            "BPART_TRUSTED_PROXIES is not set: all visitors come from the address of the proxy and share one limit",
        );
        let with_other_keys = self.allow_other_keys.then_some(
            "BPART_ALLOW_OTHER_KEYS is set: nobody looks whether the key file belongs to the database. Remove it once people have signed \
             in with the new key file",
        );
        without_proxies.into_iter().chain(with_other_keys)
    }

    /// Each setting as it would stand in the file, and where its value comes from; without secrets.
    pub fn listed(&self) -> Listed<'_> {
        Listed(self)
    }

    /// The settings that somebody set, without secrets.
    pub fn set_by_hand(&self) -> SetByHand<'_> {
        SetByHand(self)
    }

    /// Whether a request from `peer` may name another address in `X-Forwarded-For`.
    pub fn trusts(&self, peer: IpAddr) -> bool {
        self.trusted_proxies
            .iter()
            .any(|network| network.contains(&peer))
    }
}
