//! What may not be typed by hand: the brand and the support address, and in articles the labels of the interface.

use super::Fault;
use super::catalogue::{Catalogue, File, Kind};

/// The faults of one file.
pub(super) fn check(file: &File, catalogue: &Catalogue) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (number, line) in numbered(&file.content) {
        let small = line.to_lowercase();
        if small.contains("support@") {
            faults.push(file.fault(number, "types the support address, which is a setting"));
        } else if small.contains("bpart") {
            faults.push(file.fault(number, "types the name of the platform, which is a setting"));
        }
        if file.kind == Kind::Article {
            faults.extend(unknown_labels(file, number, line, catalogue));
            faults.extend(typed_labels(file, number, line, catalogue));
            if line.contains("![](") {
                faults.push(file.fault(number, "shows an illustration without a text alternative"));
            }
        }
    }
    faults
}

fn numbered(content: &str) -> impl Iterator<Item = (usize, &str)> {
    content
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
}

/// `{{label:…}}` with a key that no file has.
fn unknown_labels(file: &File, number: usize, line: &str, catalogue: &Catalogue) -> Vec<Fault> {
    let keys = line
        .split("{{label:")
        .skip(1)
        .filter_map(|part| part.split_once("}}"));
    keys.map(|(key, _)| key.trim())
        .filter(|key| {
            let mut texts = catalogue.texts(file.language);
            !texts.any(|(namespace, text)| format!("{namespace}.{}", text.key) == **key)
        })
        .map(|key| {
            file.fault(
                number,
                format!("quotes the label `{key}`, which does not exist"),
            )
        })
        .collect()
}

/// A label in bold or in quotation marks that is not taken from the interface: it would stay when the label changes.
fn typed_labels(file: &File, number: usize, line: &str, catalogue: &Catalogue) -> Vec<Fault> {
    let quoted = [
        ("**", "**"),
        ("“", "”"),
        ("« ", " »"),
        ("«\u{a0}", "\u{a0}»"),
    ]
    .into_iter()
    .flat_map(|(opening, closing)| between(line, opening, closing));
    let mut faults = Vec::new();
    for words in quoted {
        let mut texts = catalogue.texts(file.language);
        if let Some((namespace, text)) = texts.find(|(_, text)| same(&text.value, words)) {
            let what = format!(
                "types the label “{words}”: write {{{{label:{namespace}.{}}}}}",
                text.key
            );
            faults.push(file.fault(number, what));
        }
    }
    faults
}

/// What stands between two marks, each time they come.
fn between<'a>(line: &'a str, opening: &str, closing: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((_, after)) = rest.split_once(opening) {
        let Some((inside, beyond)) = after.split_once(closing) else {
            break;
        };
        found.push(inside);
        rest = beyond;
    }
    found
}

/// Whether this label is meant: letter case, kinds of space and the sign at the end do not count.
fn same(label: &str, words: &str) -> bool {
    let normal = |text: &str| -> String {
        let spaced = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let end = |c: char| c.is_whitespace() || matches!(c, '.' | ':' | '?' | '!' | ',');
        spaced.trim_end_matches(end).to_lowercase()
    };
    let words = normal(words);
    !words.is_empty() && normal(label) == words
}
