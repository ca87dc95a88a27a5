use super::*;
use proptest::prelude::*;

const PARTICIPANT: Strength = Strength::Participant {
    minimum: PARTICIPANT_MINIMUM,
};
const ALL: [Strength; 3] = [
    Strength::OnlyFactor,
    Strength::WithSecondFactor,
    PARTICIPANT,
];

fn judge_as(strength: Strength, typed: &str, own: &[&str]) -> Result<(), Weakness> {
    Password::parse(typed).map_or(Err(Weakness::TooLong), |password| {
        password.judge(strength, own)
    })
}

fn judge(typed: &str, own: &[&str]) -> Result<(), Weakness> {
    judge_as(Strength::OnlyFactor, typed, own)
}

#[test]
fn a_phrase_of_several_words_is_welcome() {
    for phrase in [
        "le pont bleu traverse la rivière",
        "trois vélos sous la pluie de mai",
        "quatre lanternes, un tram en retard",
        "correct tram umbrella monday",
    ] {
        for strength in ALL {
            assert_eq!(judge_as(strength, phrase, &[]), Ok(()), "{phrase}");
        }
    }
}

#[test]
fn short_guessable_and_personal_ones_are_named() {
    assert_eq!(
        judge("Kx9!vv#2", &[]),
        Err(Weakness::TooShort { minimum: 15 })
    );
    assert_eq!(judge("passwordpassword", &[]), Err(Weakness::Common));
    assert_eq!(
        judge("ababababababababababab", &[]),
        Err(Weakness::Guessable)
    );
    assert_eq!(
        judge(
            "ada.lovelace@town",
            &["Ada Lovelace", "ada.lovelace@town.example"]
        ),
        Err(Weakness::Personal)
    );
}

#[test]
fn french_phrases_that_everybody_knows_are_common() {
    for phrase in [
        "liberté égalité fraternité",
        "Liberté-Égalité-Fraternité",
        "libertéégalitéfraternité",
        "liberteegalitefraternite",
        "jetaimepourtoujours",
        "JeTaimeMonCoeur",
        "je t’aime mon cœur",
        "bonjour tout le monde",
        "bonjour-tout-le-monde",
        "azertyuiopqsdfghjklmwxcvbn",
        "Allez les bleus123",
        "Un pour tous tous pour un",
    ] {
        assert_eq!(judge(phrase, &[]), Err(Weakness::Common), "{phrase}");
    }
    for password in [
        "motdepasse",
        "azertyuiop123",
        "Marseille13",
        "chouchou123",
        "Camille1234",
    ] {
        assert_eq!(
            judge_as(PARTICIPANT, password, &[]),
            Err(Weakness::Common),
            "{password}"
        );
    }
}

/// What is built out of listed words is refused by the estimate, not by the list.
#[test]
fn french_words_put_together_carelessly_are_guessable() {
    for password in [
        "motdepasse soleil",
        "azerty azerty 2024",
        "soleil-soleil-13",
    ] {
        assert_eq!(judge(password, &[]), Err(Weakness::Guessable), "{password}");
    }
}

#[test]
fn each_kind_of_person_has_a_minimum_of_her_own() {
    let participant = |minimum| Strength::Participant { minimum };
    assert_eq!(Strength::OnlyFactor.minimum(), 15);
    assert_eq!(Strength::WithSecondFactor.minimum(), 8);
    for (asked, counts) in [(0, 10), (10, 10), (12, 12), (15, 15), (64, 15)] {
        assert_eq!(participant(asked).minimum(), counts);
    }
    for (strength, shortest) in [
        (Strength::OnlyFactor, "tram bell bus 7"),
        (Strength::WithSecondFactor, "Kx9!vv#2"),
        (PARTICIPANT, "Kx9!vv#2qZ"),
        (participant(12), "Kx9!vv#2qZ;t"),
    ] {
        assert_eq!(judge_as(strength, shortest, &[]), Ok(()), "{shortest}");
        let minimum = strength.minimum();
        assert_eq!(
            judge_as(strength, &shortest[1..], &[]),
            Err(Weakness::TooShort { minimum })
        );
    }
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
    let phrase = "liberte\u{301} e\u{301}galite\u{301} fraternite\u{301}";
    assert_eq!(judge(phrase, &[]), Err(Weakness::Common));
}

#[test]
fn nothing_is_trimmed_and_nothing_is_shown() {
    let spaced = Password::parse(" a ");
    assert_eq!(spaced.as_ref().map(Password::as_bytes), Some(&b" a "[..]));
    assert_eq!(format!("{spaced:?}"), "Some(Password(…))");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is typed, judging ends, and whoever asks for more accepts less.
    #[test]
    fn a_stricter_rule_accepts_no_more(typed in "\\PC{0,40}", minimum in 0_usize..20) {
        let looser = judge_as(Strength::Participant { minimum }, &typed, &["Ada Lovelace"]);
        let stricter = judge(&typed, &["Ada Lovelace"]);
        prop_assert!(stricter.is_err() || looser.is_ok());
        if looser.is_ok() {
            prop_assert!(typed.nfc().count() >= PARTICIPANT_MINIMUM);
        }
    }
}
