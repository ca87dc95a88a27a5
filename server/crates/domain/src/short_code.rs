//! Short codes: mailed beside a link, for a page that waits in another window.
//!
//! Eight letters of the alphabet of RFC 8628, section 6.1: no vowels, so that no word can
//! result, and no letters that look alike. 34 bits are enough because a code lives for
//! an hour, is bound to the browser that asked for it, and allows five attempts.

use crate::{Entropy, chance, typed};
use std::fmt;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

const ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
const LENGTH: usize = 8;

/// A code that was mailed, or one that was typed.
#[derive(Clone)]
pub struct ShortCode(Zeroizing<String>);

impl ShortCode {
    /// Draws a code; every letter is equally likely.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut code = Zeroizing::new(String::with_capacity(LENGTH));
        while code.len() < LENGTH {
            let [byte] = chance::bytes::<1>(entropy);
            // 240 is the largest multiple of 20: the rest would favour the first letters.
            if byte < 240 {
                code.push(char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
            }
        }
        Self(code)
    }

    /// Parses a code as typed: letter case, spaces, dashes and unseen signs do not matter.
    pub fn parse(typed: &str) -> Option<Self> {
        let code = typed::code(typed);
        let fits = code.len() == LENGTH && code.bytes().all(|b| ALPHABET.contains(&b));
        fits.then_some(Self(code))
    }

    /// The code without separators: what is stored, encrypted.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The code as it is shown: two groups of four.
    pub fn to_grouped_text(&self) -> String {
        format!("{}-{}", &self.0[..4], &self.0[4..])
    }

    /// Whether both are the same, in constant time.
    pub fn is(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl fmt::Debug for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShortCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU8, Ordering};

    struct Counting(AtomicU8);
    impl Entropy for Counting {
        fn fill(&self, buffer: &mut [u8]) {
            for byte in buffer {
                *byte = self.0.fetch_add(37, Ordering::Relaxed);
            }
        }
    }

    #[test]
    fn a_code_can_be_typed_back_in_any_way() {
        let chance = Counting(AtomicU8::new(200));
        let code = ShortCode::generate(&chance);
        let other = ShortCode::generate(&chance);
        let typed = code.to_grouped_text().to_lowercase().replace('-', " ");
        assert!(ShortCode::parse(&typed).is_some_and(|typed| typed.is(&code)));
        assert!(!code.is(&other));
        for odd in ["", "BCDF-GHJ", "BCDF-GHJA", "BCDF-GHJK-L", "12345678"] {
            assert!(ShortCode::parse(odd).is_none(), "{odd}");
        }
        assert_eq!(format!("{code:?}"), "ShortCode(…)");
    }

    /// Red when the code of a mail is read otherwise than the six digits are.
    #[test]
    fn what_keyboards_and_mail_programs_make_of_a_code_is_read() {
        for typed in [
            "\u{200b}BCDF-GHJK\u{feff}",
            "BC\u{ad}DF-GH\u{2060}J\u{200e}K",
            "BCDF\u{2010}GHJK",
            "BCDF\u{2011}GHJK",
            "BCDF\u{2013}GHJK",
            "BCDF\u{2014}GHJK",
            "BCDF\u{2212}GHJK",
            "BCDF\u{fe63}GHJK",
            "\u{ff42}\u{ff43}\u{ff44}\u{ff46}\u{ff0d}\u{ff27}\u{ff28}\u{ff2a}\u{ff2b}",
            "bcdf\u{3000}ghjk",
            "BCDF-GHJK.",
        ] {
            let code = ShortCode::parse(typed);
            let code = code.as_ref().map(ShortCode::as_str);
            assert_eq!(code, Some("BCDFGHJK"), "{typed:?}");
        }
    }

    #[test]
    fn every_letter_is_equally_likely() {
        struct All(AtomicU8);
        impl Entropy for All {
            fn fill(&self, buffer: &mut [u8]) {
                for byte in buffer {
                    *byte = self.0.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        let chance = All(AtomicU8::new(0));
        let letters: String = (0..30)
            .map(|_| ShortCode::generate(&chance).as_str().to_owned())
            .collect();
        for letter in ALPHABET {
            let times = letters.bytes().filter(|b| b == letter).count();
            assert_eq!(times, 12, "{}", char::from(*letter));
        }
    }
}
