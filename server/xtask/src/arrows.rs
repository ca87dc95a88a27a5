//! The direction of dependencies, as tables that a test compares with what cargo knows.
//!
//! The arrows keep the domain out of the browser, SQL out of the pages and HTTP out of the rules. They are worth
//! more than the habit of keeping them, so a new edge in a `Cargo.toml` fails here until it is written down. What
//! a table allows need not exist.

mod sources;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::project::Project;
use crate::site::files_below;
use tables::{ABSENT, CONTRACT, EDGES, HOMES, TEST_EDGES, WITHOUT_FEATURES};

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// `None` for what the product needs, `"build"` or `"dev"`.
    kind: Option<String>,
}

impl Dependency {
    fn is_for_tests(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

/// Every arrow that points the wrong way, one sentence each.
pub fn check(project: &Project) -> Result<Vec<String>> {
    let packages = workspace(project)?;
    let mut faults = wrong_edges(&packages);
    faults.extend(strangers(&packages));
    for (package, arguments, absent) in ABSENT {
        let tree = tree(project, package, arguments)?;
        faults.extend(absent.iter().filter(|name| tree.contains(**name)).map(|name| {
            format!("{package} must not reach {name}: cargo tree --package {package} --edges normal,no-proc-macro --invert {name}")
        }));
    }
    for folder in WITHOUT_FEATURES {
        faults.extend(feature_switches(&project.root, folder)?);
    }
    faults.extend(sources::check(&project.root)?);
    Ok(faults)
}

fn workspace(project: &Project) -> Result<Vec<Package>> {
    let output = project
        .cargo()
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()?;
    let metadata: Metadata = serde_json::from_slice(&output.stdout)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    Ok(metadata.packages)
}

/// Edges between our own crates that no table allows.
fn wrong_edges(packages: &[Package]) -> Vec<String> {
    let allowed: BTreeMap<_, _> = EDGES.into_iter().collect();
    let mut faults = Vec::new();
    for package in packages {
        let from = package.name.as_str();
        let Some(edges) = allowed.get(from) else {
            faults.push(format!(
                "{from} is not in the tables of server/xtask/src/arrows/tables.rs"
            ));
            continue;
        };
        for dependency in &package.dependencies {
            let to = dependency.name.as_str();
            let wrong = allowed.contains_key(to) && !edges.contains(&to);
            if wrong && !is_for_its_tests(from, dependency) {
                faults.push(format!("{from} must not depend on {to}"));
            }
        }
    }
    faults
}

/// Crates of others outside their home.
fn strangers(packages: &[Package]) -> Vec<String> {
    let homes: BTreeMap<_, _> = HOMES.into_iter().collect();
    let mut faults = Vec::new();
    for package in packages {
        let from = package.name.as_str();
        for dependency in &package.dependencies {
            let to = dependency.name.as_str();
            let home = homes.get(to).filter(|home| !home.contains(&from));
            if let Some(home) = home.filter(|_| !is_for_its_tests(from, dependency)) {
                faults.push(format!(
                    "{from} must not depend on {to}: its home is {}",
                    home.join(", ")
                ));
            }
            if from == "contract" && !dependency.is_for_tests() && !CONTRACT.contains(&to) {
                faults.push(format!(
                    "contract must not depend on {to}: only {}",
                    CONTRACT.join(" and ")
                ));
            }
        }
    }
    faults
}

/// Whether only the tests of a crate need this, and may.
fn is_for_its_tests(from: &str, dependency: &Dependency) -> bool {
    let mut edges = TEST_EDGES
        .into_iter()
        .filter(|(crate_name, _)| *crate_name == from);
    dependency.is_for_tests() && edges.any(|(_, edges)| edges.contains(&dependency.name.as_str()))
}

/// The names of everything that is compiled into a crate.
fn tree(project: &Project, package: &str, arguments: &[&str]) -> Result<BTreeSet<String>> {
    let output = project
        .cargo()
        .args([
            "tree",
            "--package",
            package,
            "--edges",
            "normal,no-proc-macro",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ])
        .args(arguments)
        .output()?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect())
}

/// Places where a source asks for which world it is compiled.
fn feature_switches(root: &Path, folder: &str) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for path in files_below(&root.join(folder))? {
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path)?;
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if code.contains("cfg") && code.contains("feature =") {
                let path = path.strip_prefix(root).unwrap_or(&path).display();
                faults.push(format!(
                    "{path}:{} must not depend on a feature",
                    number + 1
                ));
            }
        }
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[(&str, Option<&str>)]) -> Package {
        Package {
            name: name.to_owned(),
            dependencies: dependencies
                .iter()
                .map(|(name, kind)| Dependency {
                    name: (*name).to_owned(),
                    kind: kind.map(str::to_owned),
                })
                .collect(),
        }
    }

    #[test]
    fn every_arrow_of_the_project_points_one_way() -> Result<()> {
        let faults = check(&Project::find()?)?;
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        Ok(())
    }

    #[test]
    fn a_page_that_reaches_for_the_storage_is_found() {
        let app = package(
            "app",
            &[("contract", None), ("store", None), ("sqlx", None)],
        );
        assert_eq!(
            wrong_edges(&[package("app", &[("store", None)])]),
            ["app must not depend on store"]
        );
        assert_eq!(
            strangers(&[app]),
            ["app must not depend on sqlx: its home is store, testkit"]
        );
        assert_eq!(
            strangers(&[package("store", &[("subtle", None)])]),
            ["store must not depend on subtle: its home is domain, identity"]
        );
    }

    #[test]
    fn the_kit_of_the_tests_stays_in_the_tests() {
        assert!(wrong_edges(&[package("store", &[("testkit", Some("dev"))])]).is_empty());
        assert_eq!(
            wrong_edges(&[package("store", &[("testkit", None)])]),
            ["store must not depend on testkit"]
        );
        assert!(strangers(&[package("server", &[("sqlx", Some("dev"))])]).is_empty());
        assert_eq!(strangers(&[package("server", &[("sqlx", None)])]).len(), 1);
    }

    #[test]
    fn a_new_crate_has_to_be_written_down() {
        assert_eq!(wrong_edges(&[package("utils", &[])]).len(), 1);
    }
}
