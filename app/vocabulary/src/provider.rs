//! The identity providers.

use serde::{Deserialize, Serialize};

/// An identity provider that managers can sign in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Google accounts, those of Workspace included.
    Google,
    /// Microsoft accounts: work and school (Entra ID), and personal ones where the operator allows them.
    Microsoft,
}

impl Provider {
    /// All of them, in the order in which pages show them.
    pub const ALL: [Self; 2] = [Self::Google, Self::Microsoft];

    /// The provider as it is stored, and as it stands in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Microsoft => "microsoft",
        }
    }

    /// Reads a stored provider or a part of an address.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|provider| provider.as_str() == text)
    }

    /// The brand name, the same in every language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Google => "Google",
            Self::Microsoft => "Microsoft",
        }
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Google => Self::Microsoft,
            Self::Microsoft => Self::Google,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red when a stored or posted name changes.
    #[test]
    fn stored_names_stay() {
        assert_eq!(Provider::ALL.map(Provider::as_str), ["google", "microsoft"]);
        for provider in Provider::ALL {
            assert_eq!(Provider::parse(provider.as_str()), Some(provider));
        }
    }
}
