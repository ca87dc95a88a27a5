//! Which passwords are accepted (NIST SP 800-63B-4, section 3.1.1; ASVS 6.2).
//!
//! Length counts, composition does not: no "one digit and one symbol", no expiry. A password is
//! normalised to NFC first (RFC 8265, `OpaqueString`), so that the same input gives the same
//! password on every device; nothing is trimmed or cut.

mod estimate;

use crate::blocklist;
use std::fmt;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// The longest password, in bytes after normalisation. Longer ones are refused before any
/// hashing, so that the cost of an attempt does not grow with its size (Keycloak CVE-2026-4634).
pub const MAX_BYTES: usize = 1024;

/// The minimum length for participants, unless their organisation asks for more.
pub const PARTICIPANT_MINIMUM: usize = 10;

/// The highest minimum of any rule: for a password that is the only factor (NIST SP 800-63B-4).
const ONLY_FACTOR: usize = 15;

/// Words that French passwords are made of, the most frequent first. The estimate itself knows only
/// English words, names and rows of keys, and would take these for random.
const FRENCH: [&str; 48] = [
    "azerty",
    "motdepasse",
    "soleil",
    "bonjour",
    "doudou",
    "loulou",
    "chouchou",
    "marseille",
    "jetaime",
    "coucou",
    "nicolas",
    "camille",
    "julien",
    "thomas",
    "azertyuiop",
    "princesse",
    "chocolat",
    "bébé",
    "amour",
    "maman",
    "papa",
    "toujours",
    "famille",
    "enfants",
    "maison",
    "vacances",
    "bretagne",
    "paris",
    "france",
    "belgique",
    "bruxelles",
    "liberté",
    "secret",
    "passe",
    "bienvenue",
    "merci",
    "salut",
    "printemps",
    "automne",
    "hiver",
    "janvier",
    "février",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

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
    /// Participants of one organisation.
    Participant {
        /// What the organisation asks for, clamped to [`PARTICIPANT_MINIMUM`] and 15.
        minimum: usize,
    },
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
    /// It is little more than the user's own name or address, or the platform's name.
    #[error("made of the person's own data")]
    Personal,
    /// It is on the list of common passwords.
    #[error("on the list of common passwords")]
    Common,
    /// It is among the first that an attacker would try.
    #[error("easy to guess")]
    Guessable,
    /// It is in a collection of leaked passwords.
    #[error("known from a leak")]
    Leaked,
}

impl Strength {
    /// The least number of characters (NIST SP 800-63B-4: 15 alone, 8 beside another factor).
    pub const fn minimum(self) -> usize {
        match self {
            Self::OnlyFactor => ONLY_FACTOR,
            Self::WithSecondFactor => 8,
            Self::Participant { minimum } if minimum < PARTICIPANT_MINIMUM => PARTICIPANT_MINIMUM,
            Self::Participant { minimum } if minimum > ONLY_FACTOR => ONLY_FACTOR,
            Self::Participant { minimum } => minimum,
        }
    }

    /// The least estimated number of guesses, as a power of ten. The estimate counts ten guesses for
    /// each character that it knows nothing about: with more than the minimum, the shortest allowed
    /// passwords could never pass.
    const fn guesses_log10(self) -> f64 {
        if self.minimum() < ONLY_FACTOR {
            8.0
        } else {
            10.0
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

    /// Whether it is the same as another one that the same user typed; not in constant time.
    pub fn is(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    /// Checks a new password. `own` is what others know of the user: name, address, organisation,
    /// brand.
    ///
    /// # Errors
    /// Every [`Weakness`] except [`Weakness::Leaked`], which needs a look-up elsewhere.
    pub fn judge(&self, strength: Strength, own: &[&str]) -> Result<(), Weakness> {
        let minimum = strength.minimum();
        if self.0.chars().count() < minimum {
            return Err(Weakness::TooShort { minimum });
        }
        if self.is_personal(own) {
            return Err(Weakness::Personal);
        }
        if blocklist::contains(&self.0) {
            return Err(Weakness::Common);
        }
        let known = [own, &FRENCH].concat();
        if estimate::guesses_log10(&self.0, &known) < strength.guesses_log10() {
            return Err(Weakness::Guessable);
        }
        Ok(())
    }

    /// Whether less than half of the minimum is left without the user's own words.
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
mod tests;
