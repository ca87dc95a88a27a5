//! `cargo xtask promises`: what the help articles promise, beside the tests that prove it.
//!
//! `server/xtask/promises.txt` lists the promises. A test proves one by carrying its id in its name (see
//! [`names`]). A promise is *proved* when a test that carries it passed and none failed, *red* when one failed,
//! *missing* when none ran. Nothing may be lost: `server/xtask/proved.txt` holds what was proved once, and grows
//! with `--record`.

mod catalogue;
mod names;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::progress::Ticker;
use crate::project::Project;
use crate::report::{Outcome, Report, TestResult};
use crate::test::{browser_results, rust_results};
use catalogue::{Catalogue, Id, ranges};

/// What the command was asked for.
#[derive(Debug, Default)]
pub struct Options {
    record: bool,
    tests: bool,
}

impl Options {
    /// Reads the arguments after `promises`.
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        for argument in arguments {
            match argument.as_str() {
                "--record" => options.record = true,
                "--tests" => options.tests = true,
                other => bail!("promises does not know {other}: only --record and --tests"),
            }
        }
        Ok(options)
    }
}

/// What the tests that ran last say about every promise.
struct Standing {
    catalogue: Catalogue,
    proved: BTreeSet<Id>,
    red: BTreeSet<Id>,
    /// Proved once and not now.
    lost: BTreeSet<Id>,
    /// Ids in test names that promise nothing.
    unknown: BTreeSet<Id>,
    tests: BTreeMap<Id, Vec<TestResult>>,
}

/// `cargo xtask promises`
pub fn run(project: &Project, options: &Options) -> Result<bool> {
    let standing = Standing::now(project)?;
    if options.tests {
        standing.print_tests();
    }
    standing.print();
    if options.record && standing.is_good() {
        standing.record(project)?;
    }
    println!("{}", standing.summary());
    Ok(standing.is_good())
}

/// The last stage of `cargo xtask test`.
pub fn stage(project: &Project, _: &Ticker) -> Result<Report> {
    let standing = Standing::now(project)?;
    if !standing.is_good() {
        standing.print();
        bail!("{}", standing.summary());
    }
    Ok(Report {
        note: standing.summary(),
        ..Report::default()
    })
}

impl Standing {
    fn now(project: &Project) -> Result<Self> {
        let mut by_id: BTreeMap<Id, Vec<TestResult>> = BTreeMap::new();
        for result in rust_results(project)? {
            for id in names::of_rust_test(&result.name) {
                by_id.entry(id).or_default().push(result.clone());
            }
        }
        for result in browser_results(project)? {
            for id in names::of_browser_test(&result.name) {
                by_id.entry(id).or_default().push(result.clone());
            }
        }
        let before =
            Catalogue::ids_of(&fs::read_to_string(proved_file(project)).unwrap_or_default())?;
        Ok(Self::of(Catalogue::read()?, by_id, &before))
    }

    fn of(
        catalogue: Catalogue,
        tests: BTreeMap<Id, Vec<TestResult>>,
        before: &BTreeSet<Id>,
    ) -> Self {
        let with = |outcome: Outcome| -> BTreeSet<Id> {
            let has =
                |results: &Vec<TestResult>| results.iter().any(|result| result.outcome == outcome);
            tests
                .iter()
                .filter(|(_, results)| has(results))
                .map(|(id, _)| *id)
                .collect()
        };
        let red = with(Outcome::Failed);
        let proved: BTreeSet<Id> = with(Outcome::Passed)
            .difference(&red)
            .copied()
            .filter(|id| catalogue.texts.contains_key(id))
            .collect();
        let unknown = tests
            .keys()
            .copied()
            .filter(|id| !catalogue.texts.contains_key(id))
            .collect();
        let lost = before.difference(&proved).copied().collect();
        Self {
            catalogue,
            proved,
            red,
            lost,
            unknown,
            tests,
        }
    }

    fn is_good(&self) -> bool {
        self.red.is_empty() && self.lost.is_empty() && self.unknown.is_empty()
    }

    fn missing(&self) -> BTreeSet<Id> {
        let known = self.catalogue.texts.keys().copied();
        known
            .filter(|id| !self.proved.contains(id) && !self.red.contains(id))
            .collect()
    }

    fn summary(&self) -> String {
        format!(
            "promises: {} proved, {} missing, {} red",
            self.proved.len(),
            self.missing().len(),
            self.red.len()
        )
    }

    fn print(&self) {
        let missing = self.missing();
        for (article, title) in &self.catalogue.articles {
            let of = |ids: &BTreeSet<Id>| -> BTreeSet<Id> {
                ids.iter()
                    .copied()
                    .filter(|id| id.article == *article)
                    .collect()
            };
            let (proved, missing, red) = (of(&self.proved), of(&missing), of(&self.red));
            let all = proved.len() + missing.len() + red.len();
            println!("{article}  {title}: {} of {all} proved", proved.len());
            print_ids("missing", &missing);
            print_ids("red", &red);
        }
        for id in self.red.iter().chain(&self.lost) {
            let text = self.catalogue.texts.get(id).map_or("", String::as_str);
            let why = if self.red.contains(id) {
                "red"
            } else {
                "was proved before and is no longer"
            };
            println!("{id} {why}: {text}");
        }
        if !self.unknown.is_empty() {
            println!(
                "Tests carry ids that promise nothing: {}",
                ranges(&self.unknown)
            );
        }
        println!();
    }

    fn print_tests(&self) {
        for (id, text) in &self.catalogue.texts {
            println!("{id}  {text}");
            for result in self.tests.get(id).into_iter().flatten() {
                println!("       {:?}: {}", result.outcome, result.name);
            }
        }
        println!();
    }

    fn record(&self, project: &Project) -> Result<()> {
        let mut text = String::from(
            "# Promises that were proved once. Kept by `cargo xtask promises --record`; none may be lost.\n",
        );
        for id in &self.proved {
            text.push_str(&id.to_string());
            text.push('\n');
        }
        fs::write(proved_file(project), text)
            .context("the list of proved promises cannot be written")
    }
}

fn print_ids(what: &str, ids: &BTreeSet<Id>) {
    if !ids.is_empty() {
        println!("   {what}: {}", ranges(ids));
    }
}

fn proved_file(project: &Project) -> PathBuf {
    project.root.join("server/xtask/proved.txt")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Id {
        Id::parse(text).expect("the tests write ids well")
    }

    fn standing(results: &[(&str, Outcome)], before: &[&str]) -> Result<Standing> {
        let mut tests: BTreeMap<Id, Vec<TestResult>> = BTreeMap::new();
        for (text, outcome) in results {
            let result = TestResult {
                name: (*text).to_owned(),
                outcome: *outcome,
            };
            tests.entry(id(text)).or_default().push(result);
        }
        let before = before.iter().map(|text| id(text)).collect();
        Ok(Standing::of(Catalogue::read()?, tests, &before))
    }

    #[test]
    fn one_failed_test_makes_a_promise_red() -> Result<()> {
        let standing = standing(&[("C03", Outcome::Passed), ("C03", Outcome::Failed)], &[])?;
        assert_eq!(standing.summary(), "promises: 0 proved, 179 missing, 1 red");
        assert!(!standing.is_good());
        Ok(())
    }

    #[test]
    fn a_skipped_test_proves_nothing() -> Result<()> {
        let standing = standing(&[("C03", Outcome::Skipped), ("C04", Outcome::Passed)], &[])?;
        assert_eq!(standing.summary(), "promises: 1 proved, 179 missing, 0 red");
        assert!(standing.is_good());
        Ok(())
    }

    #[test]
    fn what_was_proved_may_not_be_lost() -> Result<()> {
        assert!(!standing(&[], &["A01"])?.is_good());
        Ok(())
    }

    #[test]
    fn an_id_that_promises_nothing_is_a_mistake() -> Result<()> {
        assert!(!standing(&[("C77", Outcome::Passed)], &[])?.is_good());
        Ok(())
    }
}
