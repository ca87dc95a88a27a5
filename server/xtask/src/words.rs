//! The gate on words: both languages complete, and each written as it should be.
//!
//! A missing French text does not stop the compiler, and six hundred texts are not read before a release. So this gate
//! reads them all: the interface texts (`locales/{language}/*.json`), the mails (`mail/`) and the help (`help/`).
//!
//! - [`parity`]: what exists in one language exists in the other, with the same variables.
//! - [`typography`]: no-break spaces, apostrophes, quotation marks, accented capitals, and no « tu ».
//! - [`plain`]: no words that readers have to decode, no semicolons, no long sentences.
//! - [`literals`]: the brand and the support address are settings, not words; articles quote labels by key.
//!
//! All but the first work on [`Prose`](prose::Prose): the words of a file without its markup, each with its line. A fault is a
//! sentence that begins with `file:line:`, which editors and terminals turn into a link.

mod catalogue;
mod json;
mod literals;
mod markdown;
mod markup;
mod parity;
mod plain;
mod prose;
#[cfg(test)]
mod tests;
mod typography;

use std::path::Path;

use anyhow::{Result, ensure};
use catalogue::Catalogue;

/// The languages, as the folders in `locales/` are called. The first is the one that texts are written in.
const LANGUAGES: [&str; 2] = ["en", "fr"];

/// Every fault of the words below `root`, sorted by file and line.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let catalogue = Catalogue::read(root)?;
    // A gate that reads nothing finds nothing: better to say so.
    ensure!(
        !catalogue.files.is_empty(),
        "there are no words below {}",
        root.display()
    );
    Ok(faults(&catalogue).iter().map(ToString::to_string).collect())
}

/// How long the sentences are and how many are passive, by language: a number to watch, and no fault.
pub fn averages(root: &Path) -> Result<String> {
    let catalogue = Catalogue::read(root)?;
    Ok(LANGUAGES
        .map(|language| plain::averages(language, &catalogue.files))
        .join("; "))
}

/// Every fault of some files.
fn faults(catalogue: &Catalogue) -> Vec<Fault> {
    let mut faults = catalogue.unreadable.clone();
    faults.extend(parity::check(catalogue));
    for file in &catalogue.files {
        faults.extend(typography::check(file));
        faults.extend(plain::check(file));
        faults.extend(literals::check(file, catalogue));
    }
    faults.sort();
    faults.dedup();
    faults
}

/// A fault and where it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Fault {
    file: String,
    line: usize,
    what: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}
