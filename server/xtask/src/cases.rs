//! The gate on `docs/security-cases.md`: every case has a row, and every test that a row names is there.
//!
//! The table is worth something as long as its tests run. A test that is renamed or removed
//! therefore fails here until the table says what stands in its place. The table is read, not the results of a run,
//! so that this costs nothing; that the tests hold is the business of the stages that run them.
//!
//! A row is `| 27 | advisory | what is tried | tests |`. Its tests stand in backticks, as `path.rs::function` or
//! `path.spec.ts: title`; a row without a test says why, after [`NOT_YET`].

use std::collections::BTreeMap;
use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// The table, below the root of the project.
const TABLE: &str = "docs/security-cases.md";
/// The numbers of the cases.
const CASES: RangeInclusive<u32> = 1..=55;
/// How the last column of a row begins that has no test.
const NOT_YET: &str = "Not yet: ";

/// Every fault of the table of the project below `root`, one sentence each.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let table = fs::read_to_string(root.join(TABLE)).with_context(|| format!("read {TABLE}"))?;
    let rows = rows(&table);
    // A gate that reads nothing finds nothing: better to say so.
    ensure!(!rows.is_empty(), "{TABLE} has no rows");
    Ok(faults(&rows, |path| {
        fs::read_to_string(root.join(path)).ok()
    }))
}

/// A row of the table.
#[derive(Debug)]
struct Row<'a> {
    line: usize,
    case: u32,
    proof: &'a str,
}

fn rows(table: &str) -> Vec<Row<'_>> {
    let numbered = table.lines().enumerate();
    numbered
        .filter_map(|(index, line)| {
            let columns: Vec<&str> = line.trim().trim_matches('|').split('|').collect();
            let case = columns.first()?.trim().parse().ok()?;
            let proof = columns.last()?.trim();
            Some(Row {
                line: index + 1,
                case,
                proof,
            })
        })
        .collect()
}

/// `read` gives the text of a file by its path below the root, where there is one.
fn faults(rows: &[Row], read: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut faults = Vec::new();
    let mut seen: BTreeMap<u32, usize> = BTreeMap::new();
    for row in rows {
        *seen.entry(row.case).or_default() += 1;
        let mut fault = |what: String| faults.push(format!("{TABLE}:{}: {what}", row.line));
        let tests: Vec<&str> = row.proof.split('`').skip(1).step_by(2).collect();
        if tests.is_empty() && !row.proof.starts_with(NOT_YET) {
            fault(format!(
                "case {} names no test; if there is none, begin with “{NOT_YET}” and the reason",
                row.case
            ));
        }
        for test in tests {
            if !exists(test, &read) {
                fault(format!("there is no test `{test}`"));
            }
        }
    }
    for case in CASES {
        match seen.get(&case) {
            Some(1) => {}
            Some(_) => faults.push(format!("{TABLE}: case {case} has several rows")),
            None => faults.push(format!("{TABLE}: case {case} has no row")),
        }
    }
    faults
}

fn exists(test: &str, read: &impl Fn(&str) -> Option<String>) -> bool {
    if let Some((path, function)) = test.split_once("::") {
        read(path).is_some_and(|source| has_rust_test(&source, function))
    } else if let Some((path, title)) = test.split_once(": ") {
        read(path).is_some_and(|source| has_browser_test(&source, title))
    } else {
        false
    }
}

/// Whether a file runs this function as a test: by an attribute, or in the list of tests on top of it.
fn has_rust_test(source: &str, function: &str) -> bool {
    let declared = format!("fn {function}(");
    let mut attribute = false;
    let mut found = false;
    let mut listed = false;
    for line in source.lines().map(str::trim) {
        found |= line.contains(&declared);
        if line.contains(&declared) && attribute {
            return true;
        }
        attribute = match line {
            line if line.starts_with("#[test]") || line.starts_with("#[tokio::test") => true,
            // More attributes and comments may stand in between.
            line => attribute && (line.starts_with("#[") || line.starts_with("//")),
        };
        let name = line.strip_suffix(',').unwrap_or(line);
        let name = name.split(" with ").next().unwrap_or(name);
        listed |= name == function;
    }
    found && listed
}

/// Whether a file has a browser test with this title, whatever promises it carries.
fn has_browser_test(source: &str, title: &str) -> bool {
    source
        .lines()
        .any(|line| line.trim_start().starts_with("test(") && line.contains(title))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TESTS: &str = "\
both! {
    a_link_works_once,
    a_limit_holds with PROXY,
}

async fn a_link_works_once(server: &TestServer) {}
async fn a_limit_holds(server: &TestServer) {}
async fn a_helper(server: &TestServer) {}

#[tokio::test(flavor = \"multi_thread\")]
// Slow, and worth it.
async fn on_its_own() {}
";
    const SPEC: &str = "  test('[C14] the code can be scanned', async () => {});\n";

    fn read(path: &str) -> Option<String> {
        match path {
            "it/links.rs" => Some(TESTS.to_owned()),
            "links.spec.ts" => Some(SPEC.to_owned()),
            _ => None,
        }
    }

    /// The faults of a table in which the first row ends like this, and all others are as they should be.
    fn with(proof: &str) -> Vec<String> {
        let others = (2..=55).map(|case| format!("| {case} | Not yet: there is no such thing |"));
        let others: Vec<_> = others.collect();
        let table = format!(
            "| case | tests |\n|---|---|\n| 1 | {proof} |\n{}\n",
            others.join("\n")
        );
        faults(&rows(&table), read)
    }

    #[test]
    fn what_is_there_is_found() {
        for proof in [
            "`it/links.rs::a_link_works_once`",
            "`it/links.rs::a_limit_holds`, `it/links.rs::on_its_own`",
            "`links.spec.ts: the code can be scanned`",
            "Not yet: nobody signs in with it",
        ] {
            assert_eq!(with(proof), Vec::<String>::new(), "{proof}");
        }
    }

    #[test]
    fn a_test_that_is_gone_is_a_fault() {
        for proof in [
            "`it/links.rs::a_link_works`",
            "`it/links.rs::a_helper`",
            "`it/gone.rs::a_link_works_once`",
            "`links.spec.ts: another title`",
            "`a_link_works_once`",
            "`it/links.rs::a_link_works_once`, `it/links.rs::gone`",
        ] {
            let faults = with(proof);
            assert_eq!(faults.len(), 1, "{proof}: {faults:?}");
            assert!(faults[0].starts_with("docs/security-cases.md:3: there is no test"));
        }
    }

    #[test]
    fn a_case_is_proved_or_says_why_not() {
        assert_eq!(with("by care").len(), 1);
        let one = rows("| 1 | Not yet: x |\n| 1 | Not yet: x |");
        let faults = faults(&one, read);
        assert_eq!(faults.len(), 55);
        assert!(faults[0].ends_with("case 1 has several rows"), "{faults:?}");
        assert!(faults[1].ends_with("case 2 has no row"));
    }
}
