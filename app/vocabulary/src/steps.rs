//! The steps of a sign-in.

use crate::Provider;

/// The first step of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FirstStep {
    /// The password.
    Password,
    /// An account at a provider.
    Provider(Provider),
}

/// The second step of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecondStep {
    /// A code of the authenticator app.
    Code,
    /// A recovery code.
    RecoveryCode,
    /// A remembered browser: no code was asked for.
    RememberedDevice,
    /// The provider's own second factor, which every organisation of the manager accepts.
    ProvidersOwn,
}

/// How a user signed in: either first step may be followed by any second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SignInMethod {
    /// The first step.
    pub first: FirstStep,
    /// The second; none when the account had no second factor.
    pub second: Option<SecondStep>,
}

impl FirstStep {
    /// All of them.
    pub const ALL: [Self; 3] = [
        Self::Password,
        Self::Provider(Provider::Google),
        Self::Provider(Provider::Microsoft),
    ];

    /// The step as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Provider(provider) => provider.as_str(),
        }
    }

    /// Reads a stored step.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == text)
    }
}

impl SecondStep {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Code,
        Self::RecoveryCode,
        Self::RememberedDevice,
        Self::ProvidersOwn,
    ];

    /// The step as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::RecoveryCode => "recovery_code",
            Self::RememberedDevice => "remembered_device",
            Self::ProvidersOwn => "providers_own",
        }
    }

    /// Reads a stored step.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red when a stored step changes its name or cannot be read back.
    #[test]
    fn stored_names_stay() {
        let first = ["password", "google", "microsoft"];
        assert_eq!(FirstStep::ALL.map(FirstStep::as_str), first);
        let second = [
            "code",
            "recovery_code",
            "remembered_device",
            "providers_own",
        ];
        assert_eq!(SecondStep::ALL.map(SecondStep::as_str), second);
        for step in FirstStep::ALL {
            assert_eq!(FirstStep::parse(step.as_str()), Some(step));
        }
        for step in SecondStep::ALL {
            assert_eq!(SecondStep::parse(step.as_str()), Some(step));
        }
        assert_eq!(FirstStep::parse("facebook"), None);
        assert_eq!(SecondStep::parse(""), None);
    }
}
