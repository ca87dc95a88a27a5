//! Bearer tokens: session cookies and mailed links.
//!
//! A token is 256 random bits, shown as base64url; only its SHA-256 is ever stored, so a leaked
//! copy of the database is of no use. Every mailed token has exactly one [`Purpose`], and code that
//! consumes a token names the purpose: no token of one kind is accepted where another is expected (better-auth CVE-2026-114607, Keycloak CVE-2026-4325).

use crate::{Entropy, Timestamp, chance, retention};
use data_encoding::BASE64URL_NOPAD;
use std::{fmt, time::Duration};
use zeroize::Zeroizing;

/// The purposes, and how each is stored: one list, so that none can be missing from
/// [`Purpose::ALL`].
macro_rules! purposes {
    ($($(#[$doc:meta])* $purpose:ident = $stored:literal),+ $(,)?) => {
        /// What a mailed token may be used for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Purpose {
            $($(#[$doc])* $purpose,)+
        }

        impl Purpose {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$purpose),+];

            /// The purpose as it is stored.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$purpose => $stored),+
                }
            }
        }
    };
}

purposes! {
    /// Choose the first password of an account that another person created.
    AccountSetup = "account_setup",
    /// Choose a new password in place of a forgotten one.
    PasswordReset = "password_reset",
    /// Confirm the address of an account that was not signed in to yet.
    AddressConfirmation = "address_confirmation",
    /// Confirm a new address, which is the token's pending value.
    EmailChange = "email_change",
    /// Restore a changed address: mailed to the old one, which is the token's pending value.
    EmailUndo = "email_undo",
    /// Say "this was not me" to a notice, whose event is the token's pending value.
    NotMe = "not_me",
    /// Stop the deletion of one's account.
    DeletionStop = "deletion_stop",
}

impl Purpose {
    /// Parses a stored purpose.
    pub fn parse(text: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|purpose| purpose.as_str() == text);
        found.copied()
    }

    /// How long a token of this purpose lives.
    pub const fn lifetime(self) -> Duration {
        match self {
            Self::PasswordReset => Duration::from_hours(1),
            Self::EmailChange | Self::AddressConfirmation => Duration::from_hours(24),
            // From Friday evening to Monday, and a holiday more.
            Self::AccountSetup | Self::EmailUndo | Self::NotMe => Duration::from_hours(168),
            Self::DeletionStop => retention::COOLING_OFF,
        }
    }
}

/// When a token counts as created, so that the tokens of one account have an order: after the newest
/// one before it, even if the clocks of two servers disagree.
///
/// Which of two undo links is the older one decides who has the last word over an address.
#[must_use]
pub fn made_after(newest: Option<Timestamp>, now: Timestamp) -> Timestamp {
    newest.map_or(now, |newest| now.max(newest.plus(Duration::from_millis(1))))
}

/// A fresh token, readable once: it is sent to the user and only its hash is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Draws 256 bits (ASVS 7.2.3 asks for at least 128).
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let bytes = Zeroizing::new(chance::bytes::<32>(entropy));
        Self(Zeroizing::new(BASE64URL_NOPAD.encode(&*bytes)))
    }

    /// Parses a presented token; `None` when it has another form than ours.
    pub fn present(text: &str) -> Option<Self> {
        let shape = text.len() == 43
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        shape.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The token in clear, for the cookie or the link.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;
    impl Entropy for Fixed {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(0xa5);
        }
    }

    #[test]
    fn tokens_have_an_order_whatever_the_clocks_say() {
        let at = Timestamp::from_millis;
        assert_eq!(made_after(None, at(7)), at(7));
        assert_eq!(made_after(Some(at(5)), at(7)), at(7));
        assert_eq!(made_after(Some(at(7)), at(7)), at(8));
        assert_eq!(made_after(Some(at(900)), at(7)), at(901));
    }

    #[test]
    fn a_token_comes_back_and_hides_from_logs() {
        let token = Secret::generate(&Fixed);
        assert_eq!(Secret::present(token.expose()), Some(token.clone()));
        assert_eq!(format!("{token:?}"), "Secret(…)");
        for odd in [
            "",
            "short",
            &"a".repeat(44),
            &format!("{}=", "a".repeat(42)),
        ] {
            assert_eq!(Secret::present(odd), None);
        }
    }
}
