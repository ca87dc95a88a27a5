//! Which Microsoft tenants may sign in.

/// The tenant of all personal Microsoft accounts.
pub const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// The tenants that the operator allows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tenants {
    /// Those that are named, in lower case.
    named: Vec<String>,
    /// Whether every work or school tenant is allowed, named or not.
    organisations: bool,
}

/// Why a setting is invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither a tenant id nor \"organizations\" nor \"consumers\"")]
pub struct TenantError(pub String);

/// Why a tenant is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TenantRefusal {
    /// The operator allows others, and not this one.
    NotAllowed,
    /// It is that of personal accounts, which are allowed only where the operator says so.
    Personal,
}

impl Tenants {
    /// Reads the setting: tenant ids, `organizations` (every work or school tenant) and `consumers`
    /// (personal accounts), with commas or spaces between them. Nothing means `organizations`.
    ///
    /// # Errors
    /// [`TenantError`] names the first word that is none of these: a misspelt id must not silently
    /// allow no tenant, or every one.
    pub fn parse(setting: &str) -> Result<Self, TenantError> {
        let words = setting.split([',', ' ', '\t', '\n']);
        let mut tenants = Self::default();
        for word in words.filter(|word| !word.is_empty()) {
            let word = word.to_ascii_lowercase();
            match word.as_str() {
                "organizations" => tenants.organisations = true,
                "consumers" => tenants.named.push(CONSUMERS.to_owned()),
                _ if is_tenant_id(&word) => tenants.named.push(word),
                _ => return Err(TenantError(word)),
            }
        }
        tenants.organisations |= tenants.named.is_empty();
        Ok(tenants)
    }

    /// Whether the tenant of a verified token is allowed.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn admits(&self, tenant: &str) -> Result<(), TenantRefusal> {
        let tenant = tenant.to_ascii_lowercase();
        let personal = tenant == CONSUMERS;
        let admitted = is_tenant_id(&tenant)
            && (self.named.contains(&tenant) || (self.organisations && !personal));
        match (admitted, personal) {
            (true, _) => Ok(()),
            (false, true) => Err(TenantRefusal::Personal),
            (false, false) => Err(TenantRefusal::NotAllowed),
        }
    }

    /// Whether any work or school tenant is allowed, beside that of personal accounts.
    pub fn admits_organisations(&self) -> bool {
        self.organisations || self.named.iter().any(|named| named != CONSUMERS)
    }

    /// Whether the second factor of this tenant is trusted: only while the setting names tenants one by
    /// one, and this among them. The administrator of a tenant decides what its tokens say about a
    /// sign-in, and anyone can create a tenant.
    pub fn trusts_factor_of(&self, tenant: &str) -> bool {
        let one_by_one = !self.organisations && !self.named.iter().any(|named| named == CONSUMERS);
        one_by_one && self.admits(tenant).is_ok()
    }
}

/// Whether a text can be the id of a tenant: a UUID with its dashes, in capitals or not.
pub fn is_tenant_id(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TOWN: &str = "0a1b2c3d-0000-4000-8000-00000000000f";
    const OTHER: &str = "0a1b2c3d-0000-4000-8000-00000000000e";

    fn admits(setting: &str, tenant: &str) -> Option<TenantRefusal> {
        Tenants::parse(setting).ok()?.admits(tenant).err()
    }

    #[test]
    fn nothing_lets_every_organisation_in_and_nobody_private() {
        assert_eq!(admits("", TOWN), None);
        assert_eq!(admits(" , ", TOWN), None);
        assert_eq!(admits("", CONSUMERS), Some(TenantRefusal::Personal));
    }

    #[test]
    fn a_list_lets_in_what_it_names() {
        assert_eq!(admits(TOWN, TOWN), None);
        assert_eq!(admits(TOWN, &TOWN.to_uppercase()), None);
        assert_eq!(admits(TOWN, OTHER), Some(TenantRefusal::NotAllowed));
        assert_eq!(admits(TOWN, CONSUMERS), Some(TenantRefusal::Personal));
        assert_eq!(admits("consumers", CONSUMERS), None);
        assert_eq!(admits(CONSUMERS, CONSUMERS), None);
        assert_eq!(admits("consumers", TOWN), Some(TenantRefusal::NotAllowed));
        assert_eq!(admits("organizations, consumers", CONSUMERS), None);
        assert_eq!(admits("organizations, consumers", OTHER), None);
    }

    /// Red when a dash may stand anywhere in an id, as in a pattern of 36 letters.
    #[test]
    fn the_id_of_a_tenant_is_a_uuid() {
        assert!(
            is_tenant_id(TOWN) && is_tenant_id(&TOWN.to_uppercase()) && is_tenant_id(CONSUMERS)
        );
        for other in [
            "",
            &"-".repeat(36),
            &"a".repeat(36),
            &TOWN.replace('d', "g"),
            &TOWN[1..],
        ] {
            assert!(!is_tenant_id(other), "{other}");
        }
    }

    #[test]
    fn a_list_of_personal_accounts_alone_lets_no_organisation_in() {
        let admits =
            |setting: &str| Tenants::parse(setting).is_ok_and(|t| t.admits_organisations());
        for open in ["", "organizations", TOWN, "organizations consumers"] {
            assert!(admits(open), "{open}");
        }
        assert!(admits(&format!("consumers {TOWN}")));
        for closed in ["consumers", CONSUMERS] {
            assert!(!admits(closed), "{closed}");
        }
    }

    /// Red when the second factor of a tenant that the operator did not name is trusted.
    #[test]
    fn only_tenants_that_are_named_one_by_one_are_believed_about_factors() {
        let both = format!("{OTHER}, {TOWN}");
        let trusts = |setting: &str, tenant: &str| {
            Tenants::parse(setting).is_ok_and(|tenants| tenants.trusts_factor_of(tenant))
        };
        assert!(trusts(TOWN, TOWN));
        assert!(trusts(&both, &TOWN.to_uppercase()));
        assert!(!trusts(OTHER, TOWN));
        for open in ["", "organizations", "consumers", CONSUMERS] {
            let setting = format!("{open} {TOWN}");
            let believed = trusts(&setting, TOWN);
            assert_eq!(believed, open.is_empty(), "{setting}");
            for tenant in [TOWN, CONSUMERS] {
                assert!(!trusts(open, tenant), "{open}");
            }
        }
    }

    #[test]
    fn a_misspelt_setting_is_no_setting() {
        for setting in ["common", "town.example", "0a1b2c3d", &TOWN[1..]] {
            assert!(Tenants::parse(setting).is_err(), "{setting}");
        }
    }

    proptest! {
        /// Red when something that is no tenant id is allowed, whatever the setting.
        #[test]
        fn only_a_tenant_id_is_let_in(tenant in ".{0,40}", open in any::<bool>()) {
            let setting = if open { "organizations consumers" } else { TOWN };
            let tenants = Tenants::parse(setting).unwrap_or_default();
            let admitted = tenants.admits(&tenant).is_ok();
            prop_assert!(!admitted || is_tenant_id(&tenant));
        }

        /// Red when personal accounts are allowed without being named.
        #[test]
        fn private_accounts_come_in_only_when_named(named in prop::collection::vec(0_u8..16, 0..4)) {
            let ids: Vec<String> = named.iter().map(|n| format!("0a1b2c3d-0000-4000-8000-0000000000{n:02x}")).collect();
            let tenants = Tenants::parse(&ids.join(",")).unwrap_or_default();
            prop_assert_eq!(tenants.admits(CONSUMERS), Err(TenantRefusal::Personal));
            for id in &ids {
                prop_assert!(tenants.admits(id).is_ok());
            }
        }
    }
}
