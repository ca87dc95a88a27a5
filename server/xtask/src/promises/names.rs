//! Ids in the names of tests.
//!
//! A browser test says `[C14] the QR code can be scanned`, a Rust test `c14_the_qr_code_can_be_scanned`. Both may
//! carry several, side by side.

use super::catalogue::Id;

/// The ids in brackets, wherever they stand.
pub fn of_browser_test(name: &str) -> Vec<Id> {
    name.split('[')
        .skip(1)
        .filter_map(|rest| Id::parse(rest.split_once(']')?.0))
        .collect()
}

/// The ids at the start of a function's name, without the modules around it.
pub fn of_rust_test(path: &str) -> Vec<Id> {
    let name = path.rsplit("::").next().unwrap_or(path);
    name.split('_')
        .map_while(|word| Id::parse(&capitalised(word)?))
        .collect()
}

/// `c14` as `C14`; none for a word that has a capital already, since functions have none.
fn capitalised(word: &str) -> Option<String> {
    let lower = word.bytes().all(|byte| !byte.is_ascii_uppercase());
    lower.then(|| word.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(ids: &[Id]) -> Vec<String> {
        ids.iter().map(Id::to_string).collect()
    }

    #[test]
    fn browser_tests_carry_ids_in_brackets() {
        let ids = of_browser_test(
            "sign_in.spec.ts › [A01] the article › [A04][C42] has a title [draft] (no script)",
        );
        assert_eq!(texts(&ids), ["A01", "A04", "C42"]);
    }

    #[test]
    fn rust_tests_start_with_them() {
        assert_eq!(
            texts(&of_rust_test("totp::c04_c05_a_used_code_is_refused")),
            ["C04", "C05"]
        );
        assert!(of_rust_test("c04::a_code_is_refused").is_empty());
        assert!(of_rust_test("a11y_is_kept").is_empty());
        assert!(of_rust_test("a_code_of_c04").is_empty());
    }
}
