//! Who vouches for people, as an operator writes it: the one place where Microsoft's authority is
//! taken apart.

use domain::provider::is_tenant_id;
use std::fmt;

/// Where a provider's documents are found, and which issuers they and its tokens may name.
#[derive(Clone)]
pub enum Issuer {
    /// This one, letter for letter.
    One(String),
    /// One for each tenant, at the place of this authority's.
    EachTenant(Authority),
}

impl fmt::Display for Issuer {
    /// The address under which its documents are found.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(issuer) => f.write_str(issuer),
            Self::EachTenant(authority) => authority.fmt(f),
        }
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

/// Microsoft's authority, e.g. `https://login.microsoftonline.com/common/v2.0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// What stands before the tenant and its slash.
    before: String,
    tenant: String,
}

/// Whose accounts an authority has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accounts<'a> {
    /// Work, school and personal ones.
    All,
    /// Those of every work and school tenant.
    Organisations,
    /// Personal ones.
    Personal,
    /// Those of the tenant with this id.
    Tenant(&'a str),
    /// Those of the tenant that has this domain. What its id is, only its documents say.
    Domain(&'a str),
}

impl Authority {
    /// Takes one apart; it has no slash at its end.
    pub fn parse(text: &str) -> Option<Self> {
        let (before, tenant) = text.strip_suffix("/v2.0")?.rsplit_once('/')?;
        // What stands before it is an address of its own, not the two slashes of the scheme.
        let fits = !tenant.is_empty() && !before.ends_with('/') && before.contains("://");
        fits.then(|| Self {
            before: before.to_owned(),
            tenant: tenant.to_owned(),
        })
    }

    /// Whose accounts it has.
    pub fn accounts(&self) -> Accounts<'_> {
        match self.tenant.as_str() {
            "common" => Accounts::All,
            "organizations" => Accounts::Organisations,
            "consumers" => Accounts::Personal,
            id if is_tenant_id(id) => Accounts::Tenant(id),
            domain => Accounts::Domain(domain),
        }
    }

    /// The same with another tenant, or a word for some, in its place.
    #[must_use]
    pub fn of(&self, tenant: &str) -> Self {
        Self {
            before: self.before.clone(),
            tenant: tenant.to_owned(),
        }
    }

    /// What stands at the place of the tenant.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/v2.0", self.before, self.tenant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red when an authority is put together as another one than it was, or means other accounts.
    #[test]
    fn an_authority_is_taken_apart_and_put_together_again() {
        const TOWN: &str = "0a1b2c3d-0000-4000-8000-00000000000a";
        for (tenant, accounts) in [
            ("common", Accounts::All),
            ("organizations", Accounts::Organisations),
            ("consumers", Accounts::Personal),
            (TOWN, Accounts::Tenant(TOWN)),
            ("town.example", Accounts::Domain("town.example")),
            (&TOWN[1..], Accounts::Domain(&TOWN[1..])),
        ] {
            let text = format!("https://login.example/{tenant}/v2.0");
            let authority = Authority::parse(&text);
            assert_eq!(authority.as_ref().map(Authority::accounts), Some(accounts));
            assert_eq!(authority.map(|own| own.to_string()), Some(text));
        }
        for text in [
            "https://login.example/common",
            "https://login.example/v2.0",
            "https://login.example//v2.0",
            "https://v2.0",
        ] {
            assert_eq!(Authority::parse(text), None, "{text}");
        }
    }
}
