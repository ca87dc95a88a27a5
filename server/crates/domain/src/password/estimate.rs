//! How many guesses a password takes, by zxcvbn, at a bounded cost.
//!
//! zxcvbn also reads signs as the letters that they look like (`p@ssw0rd`), in every combination of
//! readings at once. A hundred characters chosen to look like as many letters as possible would
//! keep it busy for seconds (its own cut at 100 characters does not help), and visitors may call it
//! without signing in. So a text with too many readings loses some of the signs before it is estimated.
//! No word is spelt with three different signs for one letter, so that nothing is missed.

use zeroize::Zeroizing;

/// How many characters are estimated: what makes a password guessable shows within them.
const MAX_CHARACTERS: usize = 64;
/// How many readings of one text are allowed. All ten digits together have sixteen.
const MAX_READINGS: usize = 16;
/// The letters for which zxcvbn knows more than one sign.
const LOOKALIKES: [&str; 7] = ["4@", "({[<", "69", "1!|", "1|7", "$5", "+7"];
/// Signs that stand for two letters, and so double the readings.
const TWOFOLD: &str = "1|7";
/// Those that may go, the least likely ones in a word first. Digits stay: they make dates and rows.
const DISPENSABLE: &str = "<{[|(+!@$";
/// In place of a sign: something that looks like no letter and is on no keyboard's row.
const NEUTRAL: char = '\u{b7}';

/// The logarithm to base ten of the number of guesses. `known` are words that an attacker would
/// try first.
pub(super) fn guesses_log10(password: &str, known: &[&str]) -> f64 {
    let head = password.chars().take(MAX_CHARACTERS).collect();
    zxcvbn::zxcvbn(&with_few_readings(Zeroizing::new(head)), known).guesses_log10()
}

fn with_few_readings(mut text: Zeroizing<String>) -> Zeroizing<String> {
    for sign in DISPENSABLE.chars() {
        if readings(&text) <= MAX_READINGS {
            break;
        }
        let calmer = text.chars().map(|c| if c == sign { NEUTRAL } else { c });
        text = Zeroizing::new(calmer.collect());
    }
    text
}

/// About as many readings as zxcvbn will try.
fn readings(text: &str) -> usize {
    let present = |signs: &str| signs.chars().filter(|sign| text.contains(*sign)).count();
    let choices: usize = LOOKALIKES
        .iter()
        .map(|signs| present(signs).max(1))
        .product();
    choices << present(TWOFOLD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_price_of_an_estimate_has_a_bound() {
        let every = "4@8({[<36391!|7105$5+7%2";
        assert!(readings(every) > 1_000);
        let calm = with_few_readings(Zeroizing::new(every.to_owned()));
        assert!(readings(&calm) <= MAX_READINGS, "{}", *calm);
        assert_eq!(calm.chars().count(), every.chars().count());
        assert_eq!(
            readings("0123456789"),
            MAX_READINGS,
            "digits are never taken out"
        );
    }

    #[test]
    fn ordinary_spellings_are_looked_at_as_they_are() {
        for typed in [
            "p@ssw0rd",
            "P@$$w0rd!",
            "l3tm3in!!",
            "0123456789",
            "tram+bus",
        ] {
            let calm = with_few_readings(Zeroizing::new(typed.to_owned()));
            assert_eq!(*calm, typed);
        }
        for (typed, bound) in [("p@ssw0rd", 4.0), ("P@$$w0rd!", 6.0), ("1qaz@WSX", 7.0)] {
            assert!(guesses_log10(typed, &[]) < bound, "{typed}");
        }
    }

    /// Red when the text is given to zxcvbn as it is: then this takes a minute.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test measures time")]
    fn what_is_made_to_be_costly_is_not() {
        let began = std::time::Instant::now();
        for costly in [
            "4@8({[<36391!|7105$+%2",
            "4(6110$+%2$5+76913",
            "({[<1|7!+$5@469",
        ] {
            for known in [&[][..], &["name", "address@town.example"]] {
                guesses_log10(&costly.repeat(50), known);
            }
        }
        // Unoptimised, and on a busy machine.
        assert!(began.elapsed().as_secs() < 15, "{:?}", began.elapsed());
    }
}
