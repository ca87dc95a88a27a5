//! Plain words: nothing that a reader of 58 or on an old phone has to decode, no semicolon, no long sentence.

use super::Fault;
use super::catalogue::File;
use super::prose::{Prose, STAND_IN};

/// The most words of a sentence.
const LONGEST: usize = 25;

/// Words that are never right, with what to write instead.
const NEVER_EN: &[(&str, &str)] = &[
    ("authenticator application", "authenticator app"),
    ("dead link", "expired link"),
    ("e-mail", "email"),
    ("e-mails", "emails"),
    ("hash", "nothing: say what it means for the reader"),
    ("hashes", "nothing: say what it means for the reader"),
    ("ict", "IT department"),
    ("mail", "email"),
    ("mails", "emails"),
    ("present password", "current password"),
    ("rehearsal", "demo"),
    ("round trip", "sign-in with Google or Microsoft"),
    ("telephone", "phone"),
    ("unwanted email", "spam or junk folder"),
    ("unwanted emails", "spam or junk folder"),
];
const NEVER_FR: &[(&str, &str)] = &[
    ("adresse électronique", "adresse e-mail"),
    ("aller-retour", "connexion avec Google ou Microsoft"),
    ("courriel", "e-mail"),
    ("courriels", "e-mails"),
    (
        "empreinte",
        "rien : dire ce que cela change pour le lecteur",
    ),
    (
        "empreintes",
        "rien : dire ce que cela change pour le lecteur",
    ),
    ("erroné", "incorrect"),
    ("erronée", "incorrecte"),
    ("erronés", "incorrects"),
    ("erronées", "incorrectes"),
    ("fournisseur", "Google ou Microsoft"),
    ("hachage", "rien : dire ce que cela change pour le lecteur"),
    ("périmé", "expiré"),
    ("périmée", "expirée"),
    ("périmés", "expirés"),
    ("périmées", "expirées"),
    ("répétition", "démonstration"),
];

/// English compounds in which a mail is no email.
const MAILBOX: &[&str] = &["mail server", "mail program", "mail programs"];

/// The faults of a file.
pub(super) fn check(file: &File) -> Vec<Fault> {
    let never = match file.language {
        "fr" => NEVER_FR,
        _ => NEVER_EN,
    };
    // People search with the words that they have.
    let keywords = file
        .content
        .lines()
        .position(|line| line.starts_with("keywords"));
    let keywords = keywords.map(|line| line + 1);
    let mut faults = Vec::new();
    for prose in &file.prose {
        let sentences = sentences(prose).into_iter();
        for sentence in sentences.filter(|sentence| Some(sentence.line) != keywords) {
            for what in of_sentence(&sentence.text, never) {
                let begin: String = sentence.text.chars().take(60).collect();
                faults.push(file.fault(sentence.line, format!("{what} (“{}…”)", begin.trim())));
            }
        }
    }
    faults
}

fn of_sentence(text: &str, never: &[(&str, &str)]) -> Vec<String> {
    let mut found = Vec::new();
    if text.contains(';') {
        found.push("has a semicolon: make two sentences".to_owned());
    }
    let words = text.split_whitespace();
    let words = words.filter(|word| word.contains(|c: char| c.is_alphanumeric() || c == STAND_IN));
    let count = words.count();
    if count > LONGEST {
        found.push(format!(
            "has a sentence of {count} words, {LONGEST} at most"
        ));
    }
    let plain = spaced(text);
    let plain = MAILBOX
        .iter()
        .fold(plain, |text, compound| text.replace(compound, "mailbox"));
    let wrong = never
        .iter()
        .filter(|(word, _)| plain.contains(&format!(" {word} ")));
    found.extend(wrong.map(|(word, right)| format!("says “{word}” in place of “{right}”")));
    found
}

/// Sentences of fewer words are labels.
const LABEL: usize = 4;

/// The mean length of the sentences of a language, and the share that is passive, as far as the forms of words tell.
pub(super) fn averages(language: &str, files: &[File]) -> String {
    let own = files.iter().filter(|file| file.language == language);
    let sentences = own.flat_map(|file| file.prose.iter().flat_map(sentences));
    let (mut count, mut words, mut passive) = (0_u32, 0_u32, 0_u32);
    for sentence in sentences {
        let spaced = spaced(&sentence.text);
        let all: Vec<&str> = spaced.split_whitespace().collect();
        if all.len() >= LABEL {
            count += 1;
            words += u32::try_from(all.len()).unwrap_or(0);
            passive += u32::from(is_passive(language, &all));
        }
    }
    let count = f64::from(count.max(1));
    format!(
        "{language}: {:.1} words a sentence, {:.0} % passive",
        f64::from(words) / count,
        100.0 * f64::from(passive) / count
    )
}

/// Whether a form of "be" is followed by a participle.
fn is_passive(language: &str, words: &[&str]) -> bool {
    let (be, endings): (&[&str], &[&str]) = match language {
        "fr" => (
            &[
                "est", "sont", "été", "être", "sera", "seront", "était", "étaient",
            ],
            &["é", "ée", "és", "ées", "uit", "uite", "ise", "ises", "erte"],
        ),
        _ => (
            &["is", "are", "was", "were", "be", "been", "being"],
            &[
                "ed", "wn", "ten", "ken", "sen", "sent", "told", "made", "kept",
            ],
        ),
    };
    let is_participle = |word: &str| endings.iter().any(|ending| word.ends_with(ending));
    words
        .windows(2)
        .any(|pair| be.contains(&pair[0]) && is_participle(pair[1]))
}

/// Lower case, with a single space around each word; a hyphen stays in its word.
fn spaced(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric() && c != '-');
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    format!(" {} ", words.join(" "))
}

struct Sentence {
    line: usize,
    text: String,
}

/// The sentences: each ends at `.`, `?`, `!` or `…` before a space, and at the end of a block.
fn sentences(prose: &Prose) -> Vec<Sentence> {
    let letters = prose.letters();
    let mut found = vec![];
    let mut text = String::new();
    for (position, (letter, line)) in letters.iter().enumerate() {
        text.push(*letter);
        let next = letters.get(position + 1).map(|(letter, _)| *letter);
        let is_end = matches!(letter, '.' | '?' | '!' | '…') && next.is_none_or(ends);
        if *letter == '\n' || next.is_none() || is_end {
            let text = std::mem::take(&mut text);
            if !text.trim().is_empty() {
                found.push(Sentence { line: *line, text });
            }
        }
    }
    found
}

/// Whether a sentence ends before this letter: a space, a closing sign, or what a template puts in another one's place.
fn ends(next: char) -> bool {
    next.is_whitespace() || next.is_uppercase() || matches!(next, '”' | '»' | ')' | STAND_IN)
}
