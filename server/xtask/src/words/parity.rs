//! What exists in one language exists in the other: files, keys, variables. And no text is empty.

use std::collections::{BTreeMap, BTreeSet};

use super::Fault;
use super::catalogue::{Catalogue, File, Kind};
use super::json::Text;

/// Compares the two languages.
pub(super) fn check(catalogue: &Catalogue) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in &catalogue.files {
        match catalogue.counterpart(file) {
            None => faults.push(file.fault(1, "is missing in the other language")),
            Some(other) => faults.extend(compare(file, other)),
        }
        if file.prose.iter().any(super::prose::Prose::is_empty) {
            faults.extend(empty(file));
        }
    }
    faults
}

fn compare(file: &File, other: &File) -> Vec<Fault> {
    match (&file.kind, &other.kind) {
        (Kind::Interface(own), Kind::Interface(others)) => keys(file, own, others),
        // Said once, at the translation: which of the two is wrong, a person decides.
        _ if file.language == super::LANGUAGES[0] => Vec::new(),
        (Kind::Mail, _) => difference(
            file,
            1,
            &variables(&file.content),
            &variables(&other.content),
        ),
        _ => Vec::new(),
    }
}

fn keys(file: &File, own: &[Text], others: &[Text]) -> Vec<Fault> {
    let others: BTreeMap<&str, &Text> = others
        .iter()
        .map(|text| (text.key.as_str(), text))
        .collect();
    let mut faults = Vec::new();
    for text in own {
        match others.get(text.key.as_str()) {
            None => {
                let what = format!("`{}` is missing in the other language", text.key);
                faults.push(file.fault(text.line, what));
            }
            Some(other) if file.language != super::LANGUAGES[0] => {
                let (own, others) = (variables(&text.value), variables(&other.value));
                faults.extend(difference(file, text.line, &own, &others));
            }
            Some(_) => {}
        }
    }
    faults
}

fn difference(
    file: &File,
    line: usize,
    own: &BTreeSet<String>,
    others: &BTreeSet<String>,
) -> Vec<Fault> {
    let only = |these: &BTreeSet<String>, those: &BTreeSet<String>, what: &str| -> Vec<Fault> {
        let names = these.difference(those);
        names
            .map(|name| file.fault(line, format!("`{name}` {what}")))
            .collect()
    };
    let mut faults = only(own, others, "is not in the English text");
    faults.extend(only(others, own, "of the English text is missing"));
    faults
}

/// The variables and tags of a text: `{{ name }}` and `<name>`. The format after a comma may differ by language.
fn variables(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for part in text.split("{{").skip(1) {
        if let Some((inside, _)) = part.split_once("}}") {
            let name = inside.split([',', '|']).next().unwrap_or_default().trim();
            found.insert(format!("{{{{ {name} }}}}"));
        }
    }
    for part in text.split('<').skip(1) {
        let name: String = part
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        if !name.is_empty() && part.contains('>') {
            found.insert(format!("<{name}>"));
        }
    }
    found
}

fn empty(file: &File) -> Vec<Fault> {
    match &file.kind {
        Kind::Interface(texts) => {
            let empty = texts.iter().filter(|text| text.value.trim().is_empty());
            empty
                .map(|text| file.fault(text.line, format!("`{}` is empty", text.key)))
                .collect()
        }
        _ => vec![file.fault(1, "is empty")],
    }
}
