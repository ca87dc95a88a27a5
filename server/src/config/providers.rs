//! The applications that the operator has registered with Google and Microsoft.
//!
//! Each is all there or not there at all: an identifier without its secret would be a button that
//! cannot work.

use super::{
    error::{ConfigError, wrong},
    values::is_safe,
};
use domain::provider::{CONSUMERS, Tenants};
use std::fmt;
use url::Url;

/// Where Google's documents are found, and what its tokens name as their issuer.
const GOOGLE: &str = "https://accounts.google.com";
/// Work, school and personal accounts of Microsoft's public cloud.
const MICROSOFT: &str = "https://login.microsoftonline.com/common/v2.0";

/// An application as a provider knows it.
#[derive(Debug, Clone)]
pub struct Application {
    /// Its identifier, which is no secret.
    pub client_id: String,
    /// What it proves with that it is itself.
    pub client_secret: ClientSecret,
    /// Google's issuer or Microsoft's authority, without a slash at the end.
    pub issuer: String,
}

/// Never shown.
#[derive(Clone)]
pub struct ClientSecret(String);

impl ClientSecret {
    /// The secret itself, for the provider alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Which providers people can sign in with.
#[derive(Debug, Clone)]
pub struct ProviderSettings {
    /// Google.
    pub google: Option<Application>,
    /// Microsoft.
    pub microsoft: Option<Application>,
    /// Whose Microsoft accounts are let in.
    pub tenants: Tenants,
}

/// Three settings of one provider as they are written.
pub(super) struct Written {
    pub(super) client_id: Option<String>,
    pub(super) client_secret: Option<String>,
    pub(super) issuer: Option<String>,
}

/// What the three settings of a provider are called.
struct Names {
    client_id: &'static str,
    client_secret: &'static str,
    issuer: &'static str,
}

const GOOGLES: Names = Names {
    client_id: "BPART_GOOGLE_CLIENT_ID",
    client_secret: "BPART_GOOGLE_CLIENT_SECRET",
    issuer: "BPART_GOOGLE_ISSUER",
};
const MICROSOFTS: Names = Names {
    client_id: "BPART_MICROSOFT_CLIENT_ID",
    client_secret: "BPART_MICROSOFT_CLIENT_SECRET",
    issuer: "BPART_MICROSOFT_AUTHORITY",
};
const TENANTS: &str = "BPART_MICROSOFT_TENANTS";

/// Checks the settings of both.
pub(super) fn providers(
    google: Written,
    microsoft: Written,
    tenants: Option<&str>,
) -> Result<ProviderSettings, ConfigError> {
    let google = application(google, &GOOGLES, GOOGLE)?;
    let microsoft = application(microsoft, &MICROSOFTS, MICROSOFT)?;
    if let Some(microsoft) = &microsoft
        && tenant_of(&microsoft.issuer).is_none()
    {
        let expected = "expected an address like https://login.microsoftonline.com/common/v2.0";
        return Err(wrong(MICROSOFTS.issuer, expected));
    }
    if tenants.is_some() && microsoft.is_none() {
        return Err(missing(TENANTS, MICROSOFTS.client_id));
    }
    let tenants = Tenants::parse(tenants.unwrap_or_default())
        .map_err(|error| wrong(TENANTS, &error.to_string()))?;
    if let Some(tenant) = microsoft.as_ref().and_then(|own| tenant_of(&own.issuer))
        && lets_nobody_in(tenant, &tenants)
    {
        let clash = format!(
            "it lets nobody in: {} has accounts of {tenant} alone, which it does not name",
            MICROSOFTS.issuer
        );
        return Err(wrong(TENANTS, &clash));
    }
    Ok(ProviderSettings {
        google,
        microsoft,
        tenants,
    })
}

/// Whether an authority for one tenant, for organisations, or for personal accounts, meets a list
/// without them. An authority may also name a tenant by one of its domains: what its id is, only its
/// documents say.
fn lets_nobody_in(authority: &str, tenants: &Tenants) -> bool {
    match authority {
        "common" => false,
        "organizations" => !tenants.admits_organisations(),
        "consumers" => tenants.admits(CONSUMERS).is_err(),
        tenant => Tenants::parse(tenant).is_ok() && tenants.admits(tenant).is_err(),
    }
}

fn application(
    written: Written,
    names: &Names,
    default: &str,
) -> Result<Option<Application>, ConfigError> {
    let (client_id, client_secret) = match (written.client_id, written.client_secret) {
        (Some(client_id), Some(client_secret)) => (client_id, client_secret),
        (Some(_), None) => return Err(missing(names.client_id, names.client_secret)),
        (None, Some(_)) => return Err(missing(names.client_secret, names.client_id)),
        (None, None) if written.issuer.is_some() => {
            return Err(missing(names.issuer, names.client_id));
        }
        (None, None) => return Ok(None),
    };
    let issuer = written.issuer.unwrap_or_else(|| default.to_owned());
    if !Url::parse(&issuer).is_ok_and(|url| is_safe(&url)) {
        let expected = format!("expected an https address like {default}");
        return Err(wrong(names.issuer, &expected));
    }
    Ok(Some(Application {
        client_id,
        client_secret: ClientSecret(client_secret),
        issuer: issuer.trim_end_matches('/').to_owned(),
    }))
}

fn missing(set: &'static str, unset: &'static str) -> ConfigError {
    wrong(set, &format!("it means nothing while {unset} is not set"))
}

/// The part of Microsoft's authority that names whose accounts: `common`, `organizations`,
/// `consumers`, or one tenant.
pub fn tenant_of(authority: &str) -> Option<&str> {
    let (before, tenant) = authority.strip_suffix("/v2.0")?.rsplit_once('/')?;
    // What stands before it is an address of its own, not the two slashes of the scheme.
    let fits = !tenant.is_empty() && !before.ends_with('/') && before.contains("://");
    fits.then_some(tenant)
}
