//! Recovery codes: for users who lost the phone.
//!
//! Ten codes of 80 bits, shown once, each usable once. They are stored like passwords, one salt
//! for the whole set, so that one hash finds the code among the ten (ASVS 6.5.2).

use crate::{Entropy, chance, typed};
use data_encoding::BASE32_NOPAD;
use std::fmt;
use zeroize::Zeroizing;

/// How many codes a set holds.
pub const SET_SIZE: usize = 10;

/// One code: sixteen characters of base32 (RFC 4648), whose alphabet has neither 0, 1, 8 nor 9.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(Zeroizing<String>);

impl RecoveryCode {
    /// Draws a whole set.
    pub fn generate_set(entropy: &dyn Entropy) -> Vec<Self> {
        let code = |_| {
            let bytes = Zeroizing::new(chance::bytes::<10>(entropy));
            Self(Zeroizing::new(BASE32_NOPAD.encode(&*bytes)))
        };
        (0..SET_SIZE).map(code).collect()
    }

    /// Parses a code as typed: letter case, spaces, dashes and unseen signs do not matter, and the digits
    /// that the alphabet lacks are read as the letters they look like.
    pub fn parse(typed: &str) -> Option<Self> {
        let code: String = typed::code(typed)
            .chars()
            .map(|c| match c {
                '0' => 'O',
                '1' => 'I',
                '8' => 'B',
                other => other,
            })
            .collect();
        let fits = code.len() == 16
            && code
                .bytes()
                .all(|b| b.is_ascii_uppercase() || (b'2'..=b'7').contains(&b));
        fits.then(|| Self(Zeroizing::new(code)))
    }

    /// The code without separators: what is hashed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The code as it is shown: four groups of four.
    pub fn to_grouped_text(&self) -> String {
        let groups: Vec<&str> = (0..16).step_by(4).map(|i| &self.0[i..i + 4]).collect();
        groups.join("-")
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
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
                *byte = self.0.fetch_add(7, Ordering::Relaxed);
            }
        }
    }

    #[test]
    fn ten_different_codes_that_can_be_typed_back() {
        let codes = RecoveryCode::generate_set(&Counting(AtomicU8::new(1)));
        assert_eq!(codes.len(), SET_SIZE);
        for (i, code) in codes.iter().enumerate() {
            let typed = code.to_grouped_text().to_lowercase().replace('-', " ");
            assert_eq!(RecoveryCode::parse(&typed).as_ref(), Some(code));
            assert!(!codes[..i].contains(code));
        }
    }

    /// Red when a recovery code is read otherwise than the six digits are.
    #[test]
    fn what_keyboards_and_mail_programs_make_of_a_code_is_read() {
        let code = RecoveryCode::parse("ABCD-EFGH-2345-6777");
        assert!(code.is_some());
        for typed in [
            "\u{200b}ABCD-EFGH-2345-6777\u{feff}",
            "AB\u{ad}CD-EFGH-23\u{2060}45-67\u{200e}77",
            "ABCD\u{2010}EFGH\u{2011}2345\u{2013}6777",
            "ABCD\u{2014}EFGH\u{2212}2345\u{fe63}6777",
            "ABCD-EFGH-\u{ff12}\u{ff13}\u{ff14}\u{ff15}-\u{ff16}\u{ff17}\u{ff17}\u{ff17}",
            "ABCD-EFGH-\u{662}\u{663}\u{664}\u{665}-\u{666}\u{667}\u{667}\u{667}",
            "\u{ff41}\u{ff42}\u{ff43}\u{ff44}\u{ff0d}efgh\u{3000}2345\u{a0}6777",
            "ABCD-EFGH-2345-6777.",
        ] {
            assert_eq!(RecoveryCode::parse(typed), code, "{typed:?}");
        }
        // A digit that the alphabet lacks is a look-alike in every width.
        assert_eq!(
            RecoveryCode::parse("O\u{ff10}I\u{ff11}-B\u{ff18}AA-AAAA-AAAA"),
            RecoveryCode::parse("OOII-BBAA-AAAA-AAAA")
        );
    }

    #[test]
    fn look_alikes_are_read_and_other_texts_refused() {
        assert_eq!(
            RecoveryCode::parse("O0I1-B8AA-AAAA-AAAA"),
            RecoveryCode::parse("OOII-BBAA-AAAA-AAAA")
        );
        for typed in [
            "",
            "123456",
            "AAAA-AAAA-AAAA-AAA",
            "AAAA-AAAA-AAAA-AAA9",
            "ÀAAA-AAAA-AAAA-AAAA",
        ] {
            assert_eq!(RecoveryCode::parse(typed), None, "{typed}");
        }
    }
}
