//! The settings as they are shown to the operator.

use super::Config;
use std::fmt;
use url::Url;

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
            .field("google", &self.providers.google)
            .field("microsoft", &self.providers.microsoft)
            .field("microsoft_tenants", &self.providers.tenants)
            .field("log", &self.log)
            .finish()
    }
}
