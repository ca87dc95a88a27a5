//! How each language is set: the rules of the Imprimerie nationale for French, the typographic apostrophe for both.

use super::Fault;
use super::catalogue::File;
use super::prose::{Prose, Word};

const NARROW: char = '\u{202f}';
const NO_BREAK: char = '\u{a0}';

/// The faults of a file against the rules of its language.
pub(super) fn check(file: &File) -> Vec<Fault> {
    let mut faults = Vec::new();
    for prose in &file.prose {
        let mut found = both(prose);
        if file.language == "fr" {
            found.extend(spaces(prose));
            found.extend(prose.words().iter().filter_map(|word| capital(prose, word)));
            found.extend(prose.words().iter().filter_map(familiar));
        }
        for (position, what) in found {
            let line = prose.letters().get(position).map_or(1, |(_, line)| *line);
            let around = prose.around(position);
            faults.push(file.fault(line, format!("{what} (… {around} …)")));
        }
    }
    faults
}

type Found = (usize, String);

/// Rules of both languages: no typewriter's apostrophes, quotation marks or dots.
fn both(prose: &Prose) -> Vec<Found> {
    let mut found = Vec::new();
    let letters = prose.letters();
    for (position, (letter, _)) in letters.iter().enumerate() {
        let what = match letter {
            '\'' => "has an apostrophe ' where ’ belongs",
            '"' => "has a quotation mark \" where “ ” or « » belong",
            '.' if dots(letters, position) == 3 => "has three dots where … belongs",
            _ => continue,
        };
        found.push((position, what.to_owned()));
    }
    found
}

/// How many dots in a row end here.
fn dots(letters: &[(char, usize)], position: usize) -> usize {
    let upto = letters[..=position].iter().rev();
    upto.take_while(|(letter, _)| *letter == '.').count()
}

/// The spaces of French: narrow before `;` `!` `?`, no-break before `:` and inside « ».
fn spaces(prose: &Prose) -> Vec<Found> {
    let letters = prose.letters();
    let at = |position: Option<usize>| {
        position
            .and_then(|p| letters.get(p))
            .map(|(letter, _)| *letter)
    };
    let mut found = Vec::new();
    for (position, (letter, _)) in letters.iter().enumerate() {
        let before = at(position.checked_sub(1));
        let after = at(Some(position + 1));
        let what = match letter {
            ';' | '!' | '?' if !high(before, after) => {
                "wants a narrow no-break space (U+202F) before"
            }
            ':' if before != Some(NO_BREAK) && !inside_a_number(before, after) => {
                "wants a no-break space (U+00A0) before"
            }
            '»' if before != Some(NO_BREAK) => "wants a no-break space (U+00A0) before",
            '«' if after != Some(NO_BREAK) => "wants a no-break space (U+00A0) after",
            _ => continue,
        };
        found.push((position, format!("{what} {letter}")));
    }
    found
}

/// Whether a high sign is set right: after a narrow space, another high sign, or alone in brackets.
fn high(before: Option<char>, after: Option<char>) -> bool {
    matches!(before, Some(NARROW | '!' | '?')) || (before == Some('(') && after == Some(')'))
}

/// `12:30`, `::1`: a colon that is not punctuation.
fn inside_a_number(before: Option<char>, after: Option<char>) -> bool {
    let digit = |letter: Option<char>| letter.is_some_and(|c| c.is_ascii_digit() || c == ':');
    digit(before) && digit(after)
}

/// Beginnings of French words that carry an accent as capitals; `Et` (and) and `Erreur` carry none.
const ACCENTED: [&str; 44] = [
    "Ecart", "Echa", "Eche", "Echo", "Eclai", "Ecol", "Econ", "Ecou", "Ecra", "Ecri", "Edit",
    "Educ", "Egal", "Elabor", "Elarg", "Elec", "Elem", "Elev", "Elig", "Eloign", "Elu", "Emett",
    "Emis", "Emo", "Energ", "Enonc", "Enum", "Epel", "Epuis", "Equip", "Equiv", "Etabl", "Etag",
    "Etant", "Etap", "Etat", "Ete", "Etiq", "Etr", "Etud", "Evalu", "Evene", "Evit", "Evol",
];
/// The same as whole words.
const ACCENTED_WORDS: [&str; 4] = ["Ca", "Etes", "Ere", "Ile"];

/// A capital that lost its accent: `Etape`, or `A` at the beginning of a sentence, which in French is nearly always `À`.
fn capital(prose: &Prose, word: &Word) -> Option<Found> {
    let mut letters = word.text.chars();
    let first = letters.next()?;
    let rest: String = letters.collect::<String>().to_lowercase();
    let normal = format!("{first}{rest}");
    let lost = ACCENTED_WORDS.contains(&normal.as_str())
        || ACCENTED.iter().any(|start| normal.starts_with(start));
    let next = prose
        .letters()
        .get(word.position + 1)
        .map(|(letter, _)| *letter);
    let lonely = word.text == "A" && word.begins && next == Some(' ');
    (lost || lonely).then(|| {
        (
            word.position,
            format!("has the capital of « {} » without its accent", word.text),
        )
    })
}

/// The reader is « vous ».
fn familiar(word: &Word) -> Option<Found> {
    let small = word.text.to_lowercase();
    ["tu", "te", "ton", "ta", "tes", "toi"]
        .contains(&small.as_str())
        .then(|| {
            (
                word.position,
                format!("says « {} » to the reader, who is « vous »", word.text),
            )
        })
}
