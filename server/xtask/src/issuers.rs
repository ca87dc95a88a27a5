//! Google and Microsoft beside the demo server: the issuers of the browser tests, on loopback, with people to choose from.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::command::must;
use crate::progress::Ticker;
use crate::project::Project;

/// Starts both issuers for a server with this origin, and gives its settings as environment variables. They end with this
/// process, or with the program that takes its place.
pub fn open(project: &Project, origin: &str, ticker: &Ticker) -> Result<BTreeMap<String, String>> {
    let mut compiler = project.npm_tool("tsc");
    must(compiler.args(["--project", "issuers"]), ticker)?;
    let folder = project.end2end().join("node_modules/.cache/issuers");
    // Node takes no other word for it below `node_modules`.
    fs::write(folder.join("package.json"), r#"{"type":"module"}"#)?;
    let mut issuers = Command::new("node")
        .arg(folder.join("serve.js"))
        .arg(origin)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("node, which runs the issuers, could not be started")?;
    let output = issuers
        .stdout
        .take()
        .context("the issuers have no output")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    serde_json::from_str(&line).context("the issuers did not print their settings")
}
