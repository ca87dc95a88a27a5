//! Text as keyboards, mail programs and password managers deliver it: with signs that nobody sees.

use unicode_normalization::UnicodeNormalization as _;
use unicode_properties::{
    GeneralCategory as Category, GeneralCategoryGroup as Group, UnicodeGeneralCategory as _,
};
use zeroize::Zeroizing;

/// A code as typed or pasted, ready to be compared: compatibility forms are replaced (NFKC: full-width letters and
/// digits), decimal digits of every script become ASCII, letters become capitals, and spaces, dashes, signs that
/// nobody sees and dots at the end are dropped.
pub(crate) fn code(typed: &str) -> Zeroizing<String> {
    let seen = typed
        .nfkc()
        .filter(|c| !c.is_whitespace() && !is_unseen(*c) && !is_dash(*c));
    let mut code: String = seen
        .map(|c| ascii_digit(c).unwrap_or(c).to_ascii_uppercase())
        .collect();
    code.truncate(code.trim_end_matches(['.', '。', '۔']).len());
    Zeroizing::new(code)
}

/// Controls and formats (U+200B, U+FEFF, U+00AD, marks of direction, tags), private use, and letters and signs that
/// are drawn as nothing.
pub(crate) fn is_unseen(c: char) -> bool {
    const BLANK: [char; 6] = [
        '\u{34f}', '\u{115f}', '\u{1160}', '\u{2800}', '\u{3164}', '\u{ffa0}',
    ];
    let category = c.general_category();
    matches!(
        category,
        Category::Control | Category::Format | Category::PrivateUse
    ) || BLANK.contains(&c)
}

/// Whether the character combines with the one before it.
pub(crate) fn is_mark(c: char) -> bool {
    c.general_category_group() == Group::Mark
}

fn is_dash(c: char) -> bool {
    c.general_category() == Category::DashPunctuation || matches!(c, '\u{2212}' | '\u{2043}' | '_')
}

/// Unicode keeps the ten digits of a script together and in order, so that the distance from the first tells the value.
fn ascii_digit(c: char) -> Option<char> {
    let is_digit = |c: char| c.general_category() == Category::DecimalNumber;
    if !is_digit(c) {
        return None;
    }
    let before = (0..u32::from(c))
        .rev()
        .take_while(|code| char::from_u32(*code).is_some_and(is_digit))
        .count();
    char::from_digit(u32::try_from(before % 10).ok()?, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_survives_every_way_to_type_it() {
        for typed in [
            "123456",
            "123 456",
            "\u{200b}123\u{2060}456\u{feff}",
            "12\u{ad}34\u{200e}56\u{202c}",
            "123–456",
            "123\u{2011}456",
            "123−456",
            "123\u{fe63}456",
            "123456.",
            "１２３４５６",
            "١٢٣٤٥٦",
            "۱۲۳۴۵۶",
            "१२३४५६",
            "𝟙𝟚𝟛𝟜𝟝𝟞",
        ] {
            assert_eq!(*code(typed), "123456", "{typed:?}");
        }
        assert_eq!(*code("ｂcｄ‐f"), "BCDF");
        assert_eq!(*code("12.34"), "12.34", "a dot inside is no accident");
    }

    #[test]
    fn digits_of_every_script_have_their_value() {
        let digits = (0..=u32::from(char::MAX))
            .filter_map(char::from_u32)
            .filter_map(ascii_digit);
        let mut counts = [0_u32; 10];
        for digit in digits {
            counts[digit.to_digit(10).map_or(0, |digit| digit as usize)] += 1;
        }
        assert!(
            counts[0] > 60 && counts.iter().all(|count| *count == counts[0]),
            "{counts:?}"
        );
    }
}
