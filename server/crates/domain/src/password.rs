//! What a good password is (NIST SP 800-63B-4, section 3.1.1; ASVS 6.2).
//!
//! Length counts, composition does not: no "one digit and one symbol", no expiry. A password is
//! put into NFC before anything else (RFC 8265, `OpaqueString`), so that the same keys give the
//! same password on every telephone; nothing is trimmed or cut.

use std::fmt;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// The longest password, in bytes after normalisation. Longer ones are refused before any
/// hashing, so that the cost of a try does not grow with its size (Keycloak CVE-2026-4634).
pub const MAX_BYTES: usize = 1024;

/// A password as typed, normalised; never shown, never logged.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

/// How long a password must be, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// Managers and agents whose password is the only factor.
    OnlyFactor,
    /// Managers and agents who also give a code.
    WithSecondFactor,
}

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// Fewer characters than the minimum given here.
    #[error("shorter than {minimum} characters")]
    TooShort {
        /// The least number of characters.
        minimum: usize,
    },
    /// More than [`MAX_BYTES`].
    #[error("longer than {MAX_BYTES} bytes")]
    TooLong,
    /// It is little more than the person's own name or address, or the platform's name.
    #[error("made of the person's own data")]
    Personal,
    /// It is among the first that anybody would try.
    #[error("easy to guess")]
    Guessable,
}

impl Strength {
    /// The least number of characters (NIST SP 800-63B-4: 15 alone, 8 beside another factor).
    pub const fn minimum(self) -> usize {
        match self {
            Self::OnlyFactor => 15,
            Self::WithSecondFactor => 8,
        }
    }
}

impl Password {
    /// Normalises what was typed; `None` when it is longer than [`MAX_BYTES`].
    pub fn parse(typed: &str) -> Option<Self> {
        // NFC can only be compared in size afterwards, but never grows a text more than threefold.
        if typed.len() > MAX_BYTES * 3 {
            return None;
        }
        let normal: Zeroizing<String> = Zeroizing::new(typed.nfc().collect());
        (normal.len() <= MAX_BYTES).then_some(Self(normal))
    }

    /// The bytes to be hashed.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Judges a new password. `own` is what others know of the person and the place: name,
    /// address, organisation, brand.
    pub fn judge(&self, strength: Strength, own: &[&str]) -> Result<(), Weakness> {
        let minimum = strength.minimum();
        if self.0.chars().count() < minimum {
            return Err(Weakness::TooShort { minimum });
        }
        if self.is_personal(own) {
            return Err(Weakness::Personal);
        }
        // zxcvbn's cost grows with the length; beyond 100 characters nothing is guessable.
        let head: String = self.0.chars().take(100).collect();
        let estimate = zxcvbn::zxcvbn(&head, own);
        if estimate.guesses_log10() < 10.0 {
            return Err(Weakness::Guessable);
        }
        Ok(())
    }

    /// Whether less than half of the minimum is left once the person's own words are taken out.
    fn is_personal(&self, own: &[&str]) -> bool {
        let lower = self.0.to_lowercase();
        let words = own
            .iter()
            .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
            .filter(|word| word.chars().count() >= 4)
            .map(str::to_lowercase);
        let rest = words.fold(lower.clone(), |rest, word| rest.replace(&word, ""));
        rest != lower && rest.chars().filter(|c| c.is_alphanumeric()).count() < 6
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(typed: &str, own: &[&str]) -> Result<(), Weakness> {
        Password::parse(typed).map_or(Err(Weakness::TooLong), |password| {
            password.judge(Strength::OnlyFactor, own)
        })
    }

    #[test]
    fn a_phrase_of_several_words_is_welcome() {
        assert_eq!(judge("le pont bleu traverse la rivière", &[]), Ok(()));
        assert_eq!(judge("correct tram umbrella monday", &[]), Ok(()));
    }

    #[test]
    fn short_guessable_and_personal_ones_are_named() {
        assert_eq!(
            judge("Kx9!vv#2", &[]),
            Err(Weakness::TooShort { minimum: 15 })
        );
        assert_eq!(judge("aaaaaaaaaaaaaaaaaaaa", &[]), Err(Weakness::Guessable));
        assert_eq!(judge("passwordpassword", &[]), Err(Weakness::Guessable));
        assert_eq!(
            judge(
                "ada.lovelace@town",
                &["Ada Lovelace", "ada.lovelace@town.example"]
            ),
            Err(Weakness::Personal)
        );
    }

    #[test]
    fn length_is_counted_in_characters_and_capped_in_bytes() {
        assert!(Password::parse(&"é".repeat(512)).is_some());
        assert!(Password::parse(&"é".repeat(513)).is_none());
        assert!(Password::parse(&"a".repeat(1_000_000)).is_none());
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same_password() {
        let composed = Password::parse("caf\u{e9}").map(|p| p.as_bytes().to_vec());
        let decomposed = Password::parse("cafe\u{301}").map(|p| p.as_bytes().to_vec());
        assert_eq!(composed, decomposed);
    }

    #[test]
    fn nothing_is_trimmed_and_nothing_is_shown() {
        let spaced = Password::parse(" a ");
        assert_eq!(spaced.as_ref().map(Password::as_bytes), Some(&b" a "[..]));
        assert_eq!(format!("{spaced:?}"), "Some(Password(…))");
    }
}
