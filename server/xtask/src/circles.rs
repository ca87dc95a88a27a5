//! Circles between the modules of a crate: modules of which each needs the others.
//!
//! A module needs another one when its product code imports something that is defined there, or names it by a
//! path. What a parent only passes on (`pub use child::Thing`) is no need of the parent, and importing it from there
//! is a need of the child. A child belongs to its parents: what it takes from them is not counted. Tests are not
//! read. Methods that are called without an import are not seen.

mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::project::Project;
use crate::site::files_below;
use source::{Import, Source};

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    src_path: PathBuf,
}

/// The modules of one crate by their paths; the root is the empty path.
type Modules = BTreeMap<String, Source>;

/// Prints every circle; `false` when there is one.
pub fn run(project: &Project) -> Result<bool> {
    let (faults, modules) = search(project)?;
    for fault in &faults {
        println!("{fault}");
    }
    println!("circles: {} in {modules} modules", faults.len());
    Ok(faults.is_empty())
}

/// Every circle, one sentence each.
pub fn check(project: &Project) -> Result<Vec<String>> {
    Ok(search(project)?.0)
}

fn search(project: &Project) -> Result<(Vec<String>, usize)> {
    let output = project
        .cargo()
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()?;
    let metadata: Metadata = serde_json::from_slice(&output.stdout)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    let (mut faults, mut count) = (Vec::new(), 0);
    for package in metadata.packages {
        let has_lib = package.targets.iter().any(|target| target.is("lib"));
        let kind = if has_lib { "lib" } else { "bin" };
        for target in package.targets.iter().filter(|target| target.is(kind)) {
            let modules = read(&target.src_path)?;
            count += modules.len();
            let named = |circle: &BTreeSet<String>| {
                let names: Vec<&str> = circle.iter().map(|name| shown(name)).collect();
                format!("{}: {} need each other", package.name, names.join(", "))
            };
            faults.extend(circles(&needs(&modules)).iter().map(named));
        }
    }
    Ok((faults, count))
}

impl Target {
    fn is(&self, kind: &str) -> bool {
        self.kind.iter().any(|own| own == kind)
    }
}

fn shown(module: &str) -> &str {
    if module.is_empty() { "crate" } else { module }
}

/// Reads the sources of a crate, given its root.
fn read(root: &Path) -> Result<Modules> {
    let folder = root.parent().unwrap_or(root);
    let mut modules = Modules::new();
    for path in files_below(folder)? {
        let below = path.strip_prefix(folder).unwrap_or(&path);
        let name = below.to_string_lossy().replace('\\', "/");
        let Some(name) = name.strip_suffix(".rs") else {
            continue;
        };
        let module = if path == root {
            String::new()
        } else {
            name.strip_suffix("/mod").unwrap_or(name).replace('/', "::")
        };
        let is_test = module.split("::").any(|part| part == "tests");
        let other_root = path != root && ["lib", "main"].contains(&module.as_str());
        if !is_test && !other_root {
            modules.insert(module, Source::read(&std::fs::read_to_string(&path)?));
        }
    }
    Ok(modules)
}

/// Which modules each module needs.
fn needs(modules: &Modules) -> BTreeMap<String, BTreeSet<String>> {
    let need = |(name, source): (&String, &Source)| {
        let found = source.imports.iter().filter(|import| !import.passed_on);
        let paths = found.map(|import| &import.path).chain(&source.paths);
        let mut needed: BTreeSet<String> = paths
            .filter_map(|path| resolve(modules, name, path, 0))
            .collect();
        needed.retain(|other| !is_within(name, other));
        (name.clone(), needed)
    };
    modules.iter().map(need).collect()
}

/// The module in which the thing at `path` is defined, as seen from `module`; `None` for what is no module of ours.
fn resolve(modules: &Modules, module: &str, path: &[String], depth: usize) -> Option<String> {
    // Names that are passed on in a ring are an error that the compiler finds.
    if depth > 16 {
        return None;
    }
    let mut here = module.to_owned();
    let mut rest = path;
    let mut inside = false;
    while let [first, others @ ..] = rest {
        match first.as_str() {
            "crate" if !inside => here.clear(),
            "self" => {}
            "super" => here.truncate(parent(&here).len()),
            name => {
                let child = joined(&here, name);
                if modules.contains_key(&child) {
                    here = child;
                } else if let Some(import) = import(modules, &here, name) {
                    // Where the name comes from, and then further.
                    let origin = import.path.iter().chain(others).cloned();
                    return resolve(modules, &here, &origin.collect::<Vec<_>>(), depth + 1);
                } else {
                    return inside.then_some(here);
                }
            }
        }
        inside = true;
        rest = others;
    }
    Some(here)
}

fn import<'a>(modules: &'a Modules, module: &str, name: &str) -> Option<&'a Import> {
    let imports = &modules.get(module)?.imports;
    let found = imports.iter().find(|import| import.name == name);
    // `use serde::de;` must not be looked up in itself.
    found.filter(|import| import.path.first().is_none_or(|first| first != name))
}

/// Whether `module` is `other` or a part of it.
fn is_within(module: &str, other: &str) -> bool {
    let below = module.strip_prefix(other);
    other.is_empty() || below.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn joined(module: &str, name: &str) -> String {
    if module.is_empty() {
        name.to_owned()
    } else {
        format!("{module}::{name}")
    }
}

fn parent(module: &str) -> &str {
    module.rsplit_once("::").map_or("", |(parent, _)| parent)
}

/// The sets of modules that need each other.
fn circles(needs: &BTreeMap<String, BTreeSet<String>>) -> Vec<BTreeSet<String>> {
    let reach: BTreeMap<&String, BTreeSet<&String>> = needs
        .keys()
        .map(|module| (module, reached(needs, module)))
        .collect();
    let mut found: Vec<BTreeSet<String>> = Vec::new();
    for (module, reached) in &reach {
        if found.iter().any(|circle| circle.contains(*module)) {
            continue;
        }
        let back = |other: &&&String| reach.get(**other).is_some_and(|own| own.contains(module));
        let circle: BTreeSet<String> = reached
            .iter()
            .filter(back)
            .map(|one| (*one).clone())
            .collect();
        if circle.len() > 1 {
            found.push(circle);
        }
    }
    found
}

fn reached<'a>(
    needs: &'a BTreeMap<String, BTreeSet<String>>,
    module: &'a String,
) -> BTreeSet<&'a String> {
    let mut found = BTreeSet::new();
    let mut open = vec![module];
    while let Some(module) = open.pop() {
        for next in needs.get(module).into_iter().flatten() {
            if found.insert(next) {
                open.push(next);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sources: &[(&str, &str)]) -> Vec<BTreeSet<String>> {
        let read = |(name, text): &(&str, &str)| ((*name).to_owned(), Source::read(text));
        circles(&needs(&sources.iter().map(read).collect()))
    }

    #[test]
    fn the_project_has_no_circle() -> Result<()> {
        let faults = check(&Project::find()?)?;
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        Ok(())
    }

    #[test]
    fn two_modules_that_need_each_other_are_found() {
        let circle = found(&[
            ("", "mod a; mod b; pub use a::A;"),
            ("a", "use super::b::{B, other};\npub struct A;"),
            ("b", "pub struct B(crate::A);"),
        ]);
        assert_eq!(circle, [BTreeSet::from(["a".to_owned(), "b".to_owned()])]);
    }

    #[test]
    fn what_a_parent_passes_on_is_the_childs_and_a_child_may_use_its_parent() {
        let parent = "mod a; mod b; pub use a::A; use b::run; fn start() { run() }";
        assert!(found(&[("", parent), ("a", "struct A;"), ("b", "use crate::A;")]).is_empty());
        let own = [("", "mod b; struct A(b::B);"), ("b", "use super::A;")];
        assert!(found(&own).is_empty());
    }

    #[test]
    fn tests_comments_and_texts_are_not_read() {
        let a = "// crate::b::B\nconst B: &str = \"crate::b::B\";\n#[cfg(test)]\nmod tests { use crate::b::B; }";
        assert!(found(&[("", ""), ("a", a), ("b", "use crate::a::B;")]).is_empty());
    }
}
