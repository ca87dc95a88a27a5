//! What a source may not say, whatever its crate depends on: the standard library is there for all.
//!
//! Only the product is read: `src` of each crate, without what follows `#[cfg(test)]` and without comments.

use std::path::Path;

use anyhow::Result;

use super::tables::{Forbidden, UNSAID};
use crate::site::files_below;

/// Every forbidden word, one sentence each.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for rule in &UNSAID {
        for folder in rule.below {
            for path in files_below(&root.join(folder))? {
                let name = path.strip_prefix(root).unwrap_or(&path);
                let name = name.to_string_lossy().replace('\\', "/");
                let source = path.extension().is_some_and(|extension| extension == "rs");
                if source && !rule.but.contains(&name.as_str()) {
                    faults.extend(said(&name, &std::fs::read_to_string(&path)?, rule));
                }
            }
        }
    }
    Ok(faults)
}

fn said(name: &str, text: &str, rule: &Forbidden) -> Vec<String> {
    let product = text.lines().take_while(|line| *line != "#[cfg(test)]");
    let mut faults = Vec::new();
    for (number, line) in product.enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        let found = rule.words.iter().filter(|word| code.contains(**word));
        faults.extend(found.map(|word| {
            let number = number + 1;
            format!("{name}:{number} must not say {word}: {}", rule.why)
        }));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_reads_the_environment_or_the_clock_is_found() {
        let [environment, still] = &UNSAID;
        let text = "//! std::env::vars\nlet a = 1;\nlet b = std::env::var_os(\"HOME\");\n";
        assert_eq!(
            said("server/src/serve.rs", text, environment),
            ["server/src/serve.rs:3 must not say env::var: the settings are server/src/config.rs"]
        );
        assert_eq!(said("x.rs", "SystemTime::now()", still).len(), 1);
        let tested = "fn rule() {}\n#[cfg(test)]\nmod tests { use std::time::Instant; }\n";
        assert_eq!(said("x.rs", tested, still), [""; 0]);
    }

    /// A table that names a file or folder which is gone checks nothing.
    #[test]
    fn every_place_of_the_table_is_there() -> Result<()> {
        let root = crate::project::Project::find()?.root;
        for rule in &UNSAID {
            for place in rule.below.iter().chain(rule.but) {
                assert!(root.join(place).exists(), "{place}");
            }
        }
        Ok(())
    }
}
