//! Passwords that an attacker would try first, French ones among them.
//!
//! The list is part of the program: sorted fingerprints, searched in place, so that it costs
//! neither start-up time nor memory of its own. Its source, its licence and how it is made are in `data/README.md` and in `docs/decisions/0008-blocklist.md`.
//!
//! The whole password is compared, ignoring letter case, and nothing else: not its parts, not what is
//! left without the digits at its end (NIST SP 800-63B-4, section 3.1.1.2). Passwords built of listed
//! words are the business of the estimate in [`crate::password`].

mod fingerprint;

use fingerprint::{WIDTH, fingerprint};

/// The fingerprints one after the other, in order.
static DATA: &[u8] = include_bytes!("../data/blocklist.bin");

/// Whether a password, in NFC, is on the list.
pub fn contains(password: &str) -> bool {
    entries().binary_search(&fingerprint(password)).is_ok()
}

fn entries() -> &'static [[u8; WIDTH]] {
    DATA.as_chunks().0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn there_are_more_than_a_hundred_thousand_and_each_is_found() {
        // What `cargo xtask blocklist` says that it has stored.
        assert_eq!(entries().len(), 265_758);
        assert_eq!(DATA.len(), entries().len() * WIDTH, "nothing is cut off");
        assert!(entries().is_sorted_by(|a, b| a < b), "in order, none twice");
    }

    #[test]
    fn common_ones_are_found_in_both_languages() {
        for common in [
            "password",
            "qwertyuiop",
            "1234567890",
            "iloveyou",
            "football",
            "motdepasse",
            "azertyuiop",
            "chouchou",
            "marseille",
            "doudou123",
            "nicolas123",
            "bonjour123",
            "je t'aime mon amour",
            "joyeuxnoel2000",
        ] {
            assert!(contains(common), "{common}");
        }
    }

    #[test]
    fn what_nobody_else_would_choose_is_not_found() {
        for own in [
            "",
            "tram bell bus 7",
            "le pont bleu traverse la rivière",
            "Kx9!vv#2",
        ] {
            assert!(!contains(own), "{own}");
        }
    }

    /// Parts do not count: the estimate looks at those.
    #[test]
    fn the_whole_password_is_compared() {
        for longer in ["azertyuiop under the bridge", "my password is azertyuiop"] {
            assert!(!contains(longer), "{longer}");
        }
    }

    proptest! {
        #[test]
        fn letter_case_hides_nothing(upper in prop::collection::vec(any::<bool>(), 26)) {
            let phrase = "liberté égalité fraternité".chars().zip(upper);
            let typed: String = phrase
                .map(|(c, upper)| if upper { c.to_uppercase().to_string() } else { c.to_string() })
                .collect();
            prop_assert!(contains(&typed));
        }

        /// Red when the fingerprint is uneven: then far more than one in four million would hit.
        #[test]
        fn chance_is_not_refused(typed in "[a-zA-Z0-9]{16}") {
            prop_assert!(!contains(&typed));
        }
    }
}
