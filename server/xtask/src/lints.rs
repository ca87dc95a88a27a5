//! What rustc and clippy have to say about our own crates while they are compiled.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::command::run;
use crate::progress::Ticker;

/// A line of cargo's output.
#[derive(Deserialize)]
struct Line {
    message: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    code: Option<Code>,
    /// As a person reads it.
    rendered: Option<String>,
}

/// The lint, or the error.
#[derive(Deserialize)]
struct Code {
    code: String,
}

/// Runs a build of cargo, and gives its errors and warnings but for those of the lints in `allowed`. Cargo shows none
/// of other people's crates, and repeats those of crates that it need not compile again.
///
/// # Errors
/// When the build fails for another reason.
pub fn found(cargo: &mut Command, allowed: &[&str], ticker: &Ticker) -> Result<Vec<String>> {
    let finished = run(cargo.args(["--message-format", "json"]), ticker)?;
    let found = diagnostics(&finished.stdout, allowed)?;
    ensure!(finished.ok || !found.is_empty(), "{}", finished.tail());
    Ok(found)
}

/// Fails if anything was found.
pub fn none(mut faults: Vec<String>) -> Result<()> {
    faults.sort();
    faults.dedup();
    ensure!(
        faults.is_empty(),
        "{}\n{} faults",
        faults.join("\n"),
        faults.len()
    );
    Ok(())
}

fn diagnostics(stdout: &str, allowed: &[&str]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for line in stdout.lines() {
        let line: Line = serde_json::from_str(line).with_context(|| line.to_owned())?;
        let diagnostic = line.message.filter(|message| {
            let code = message.code.as_ref().map(|code| code.code.as_str());
            message.level != "note" && code.is_none_or(|code| !allowed.contains(&code))
        });
        found.extend(diagnostic.and_then(|message| message.rendered));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_of_the_compiler_are_found() -> Result<()> {
        let stdout = r#"{"reason":"compiler-artifact","target":{"name":"domain"}}
{"reason":"compiler-message","message":{"level":"warning","rendered":"warning: unused"}}
{"reason":"compiler-message","message":{"level":"warning","code":{"code":"dead_code"},"rendered":"warning: never used"}}
{"reason":"build-finished","success":true}"#;
        assert_eq!(
            diagnostics(stdout, &[])?,
            ["warning: unused", "warning: never used"]
        );
        assert_eq!(diagnostics(stdout, &["dead_code"])?, ["warning: unused"]);
        Ok(())
    }
}
