//! The direction of dependencies, as tables that are compared with what cargo knows.
//!
//! The arrows keep the domain out of the browser, SQL out of the pages and HTTP out of the rules. A new edge in a
//! `Cargo.toml` fails here until it is written down. What a table allows need not exist. What sources may not call
//! is said to clippy, in `.clippy.toml`.

mod tables;

use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::project::Project;
use crate::site::files_below;
use tables::{EDGES, HOMES, ONLY, TEST_EDGES};

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

/// Every arrow that points the wrong way, one sentence each.
pub fn check(project: &Project) -> Result<Vec<String>> {
    let output = project
        .cargo()
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()?;
    let metadata: Metadata = serde_json::from_slice(&output.stdout)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    let mut faults: Vec<String> = metadata.packages.iter().flat_map(wrong).collect();
    faults.extend(feature_switches(&project.root.join("app/src"))?);
    Ok(faults)
}

/// The dependencies of a crate that no table allows.
fn wrong(package: &Package) -> Vec<String> {
    let from = package.name.as_str();
    let Some(ours) = row(&EDGES, from) else {
        return vec![format!(
            "{from} is not in server/xtask/src/arrows/tables.rs"
        )];
    };
    let in_tests = row(&TEST_EDGES, from).unwrap_or_default();
    let may = |dependency: &Dependency| {
        let to = dependency.name.as_str();
        let is_for_tests = dependency.kind.as_deref() == Some("dev");
        let is_allowed = match row(&HOMES, to) {
            Some(homes) => homes.contains(&from),
            None => row(&EDGES, to).is_none() || ours.contains(&to),
        };
        let only = row(&ONLY, from).filter(|_| !is_for_tests);
        (is_allowed && only.is_none_or(|only| only.contains(&to)))
            || (is_for_tests && in_tests.contains(&to))
    };
    let wrong = package.dependencies.iter().filter(|one| !may(one));
    wrong
        .map(|one| format!("{from} must not depend on {}", one.name))
        .collect()
}

fn row(
    table: &[(&'static str, &'static [&'static str])],
    name: &str,
) -> Option<&'static [&'static str]> {
    let mut rows = table.iter();
    rows.find(|(known, _)| *known == name).map(|(_, row)| *row)
}

/// Places where a page asks whether it is compiled for the server or for the browser.
fn feature_switches(folder: &Path) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for path in files_below(folder)? {
        let text = std::fs::read_to_string(&path)?;
        let switch = text.lines().position(|line| {
            let code = line.split("//").next().unwrap_or_default();
            code.contains("cfg") && code.contains("feature =")
        });
        faults.extend(switch.map(|line| {
            format!(
                "{}:{} must not depend on a feature",
                path.display(),
                line + 1
            )
        }));
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(name: &str, dependency: &str, kind: Option<&str>) -> Vec<String> {
        let dependencies = vec![Dependency {
            name: dependency.to_owned(),
            kind: kind.map(str::to_owned),
        }];
        wrong(&Package {
            name: name.to_owned(),
            dependencies,
        })
    }

    #[test]
    fn every_arrow_of_the_project_points_one_way() -> Result<()> {
        let faults = check(&Project::find()?)?;
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        Ok(())
    }

    #[test]
    fn a_wrong_arrow_is_found() {
        for (from, to) in [
            ("app", "store"),
            ("app", "sqlx"),
            ("store", "subtle"),
            ("store", "testkit"),
            ("domain", "anyhow"),
        ] {
            let expected = format!("{from} must not depend on {to}");
            assert_eq!(faults(from, to, None), [expected]);
        }
        assert_eq!(faults("utils", "serde", None).len(), 1, "not in the tables");
    }

    #[test]
    fn tests_may_name_more() {
        for (from, to) in [
            ("store", "testkit"),
            ("server", "sqlx"),
            ("domain", "proptest"),
        ] {
            assert!(faults(from, to, Some("dev")).is_empty(), "{from}, {to}");
        }
        assert_eq!(faults("store", "server", Some("dev")).len(), 1);
    }
}
