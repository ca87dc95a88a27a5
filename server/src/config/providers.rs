//! The applications that the operator has registered with Google and Microsoft.
//!
//! Each is all there or not there at all: an identifier without its secret would be a button that
//! cannot work.

use super::{
    error::{ConfigError, wrong},
    issuer::{Accounts, Authority, Issuer},
    values::is_safe,
};
use domain::provider::{CONSUMERS, Tenants};
use std::fmt;
use url::Url;

/// Where Google's documents are found, and what its tokens name as their issuer.
pub(super) const GOOGLE: &str = "https://accounts.google.com";
/// Work, school and personal accounts of Microsoft's public cloud.
pub(super) const MICROSOFT: &str = "https://login.microsoftonline.com/common/v2.0";

/// An application as a provider knows it.
#[derive(Debug, Clone)]
pub struct Application {
    /// Its identifier, which is no secret.
    pub client_id: String,
    /// What it proves with that it is itself.
    pub client_secret: ClientSecret,
    /// Google's issuer or Microsoft's authority.
    pub issuer: Issuer,
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

/// What the three settings of a provider are called, and how the last one is read.
struct Names {
    client_id: &'static str,
    client_secret: &'static str,
    issuer: &'static str,
    /// What the issuer is when it is not set.
    default: &'static str,
    read: fn(&str) -> Option<Issuer>,
}

const GOOGLES: Names = Names {
    client_id: "BPART_GOOGLE_CLIENT_ID",
    client_secret: "BPART_GOOGLE_CLIENT_SECRET",
    issuer: "BPART_GOOGLE_ISSUER",
    default: GOOGLE,
    read: |text| Some(Issuer::One(text.to_owned())),
};
const MICROSOFTS: Names = Names {
    client_id: "BPART_MICROSOFT_CLIENT_ID",
    client_secret: "BPART_MICROSOFT_CLIENT_SECRET",
    issuer: "BPART_MICROSOFT_AUTHORITY",
    default: MICROSOFT,
    read: |text| Authority::parse(text).map(Issuer::EachTenant),
};
const TENANTS: &str = "BPART_MICROSOFT_TENANTS";

/// Checks the settings of both.
pub(super) fn providers(
    google: Written,
    microsoft: Written,
    tenants: Option<&str>,
) -> Result<ProviderSettings, ConfigError> {
    let google = application(google, &GOOGLES)?;
    let microsoft = application(microsoft, &MICROSOFTS)?;
    if tenants.is_some() && microsoft.is_none() {
        return Err(missing(TENANTS, MICROSOFTS.client_id));
    }
    let tenants = Tenants::parse(tenants.unwrap_or_default())
        .map_err(|error| wrong(TENANTS, &error.to_string()))?;
    if let Some(Issuer::EachTenant(authority)) = microsoft.as_ref().map(|own| &own.issuer)
        && lets_nobody_in(authority, &tenants)
    {
        let clash = format!(
            "it lets nobody in: {} has accounts of {} alone, which it does not name",
            MICROSOFTS.issuer,
            authority.tenant()
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
/// without them.
fn lets_nobody_in(authority: &Authority, tenants: &Tenants) -> bool {
    match authority.accounts() {
        Accounts::All | Accounts::Domain(_) => false,
        Accounts::Organisations => !tenants.admits_organisations(),
        Accounts::Personal => tenants.admits(CONSUMERS).is_err(),
        Accounts::Tenant(id) => tenants.admits(id).is_err(),
    }
}

fn application(written: Written, names: &Names) -> Result<Option<Application>, ConfigError> {
    let (client_id, client_secret) = match (written.client_id, written.client_secret) {
        (Some(client_id), Some(client_secret)) => (client_id, client_secret),
        (Some(_), None) => return Err(missing(names.client_id, names.client_secret)),
        (None, Some(_)) => return Err(missing(names.client_secret, names.client_id)),
        (None, None) if written.issuer.is_some() => {
            return Err(missing(names.issuer, names.client_id));
        }
        (None, None) => return Ok(None),
    };
    let issuer = written.issuer.as_deref().unwrap_or(names.default);
    let safe = Url::parse(issuer).is_ok_and(|url| is_safe(&url));
    let read = (names.read)(issuer.trim_end_matches('/'));
    let Some(issuer) = read.filter(|_| safe) else {
        let expected = format!("expected an https address like {}", names.default);
        return Err(wrong(names.issuer, &expected));
    };
    Ok(Some(Application {
        client_id,
        client_secret: ClientSecret(client_secret),
        issuer,
    }))
}

fn missing(set: &'static str, unset: &'static str) -> ConfigError {
    wrong(set, &format!("it means nothing while {unset} is not set"))
}
