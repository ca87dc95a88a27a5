//! The styles: `style/main.css` and what it imports, in one small file.

use std::fs;

use anyhow::{Context, Result};

use crate::command::must;
use crate::progress::Ticker;
use crate::project::Project;

/// The oldest browsers for which syntax is translated; older ones still get readable pages, since every page is
/// plain HTML first.
const BROWSERS: &str = "chrome 109, edge 109, firefox 115, safari 15.6, ios_saf 15.6";

/// Bundles and minifies.
pub fn bundle(project: &Project, ticker: &Ticker) -> Result<String> {
    ticker.tick("styles");
    let bundled = project.target.join("site-work/app.css");
    if let Some(folder) = bundled.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut lightningcss = project.npm_tool("lightningcss");
    lightningcss
        .args([
            "--bundle",
            "--minify",
            "--targets",
            BROWSERS,
            "--output-file",
        ])
        .arg(&bundled)
        .arg(project.root.join("style/main.css"));
    must(&mut lightningcss, ticker)?;
    fs::read_to_string(&bundled).context("the bundled styles cannot be read")
}
