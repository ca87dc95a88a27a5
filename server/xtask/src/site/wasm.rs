//! The islands: Rust to WASM, its glue, and the last fifth of its size.
//!
//! The library of wasm-bindgen is a dependency of this crate, so that one lock file pins both halves: the two
//! refuse each other when they differ by a patch.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use super::assets::{files_below, read};
use crate::command::must;
use crate::lints;
use crate::progress::Ticker;
use crate::project::Project;

/// What rustc calls a browser.
pub const TARGET: &str = "wasm32-unknown-unknown";
/// The profile of the workspace that asks for small code.
pub const PROFILE: &str = "wasm-release";
/// What wasm-bindgen made, inside the work folder.
const BOUND: &str = "bound";

/// The features that the compiler uses and browsers have. With `--all-features` instead, wasm-opt writes imports
/// in a form that Chromium refuses.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// What the browser needs to run the islands.
pub struct Browser {
    /// The module that loads the WASM; the page gives it the address.
    pub glue: Vec<u8>,
    /// The islands themselves.
    pub wasm: Vec<u8>,
}

/// Compiles.
pub fn compile(project: &Project, ticker: &Ticker) -> Result<()> {
    must(of_frontend(&mut project.cargo()), ticker).map(drop)
}

/// Compiles with clippy as the compiler: fails for any warning.
///
/// The bodies of server functions do not exist in the browser, so that what only they use is unused there. The build for
/// this machine sees the same sources with their bodies, and misses nothing.
pub fn compile_with_lints(project: &Project, ticker: &Ticker) -> Result<()> {
    let mut cargo = project.linting_cargo();
    let allowed = ["dead_code", "unused_imports"];
    lints::none(lints::found(of_frontend(&mut cargo), &allowed, ticker)?)
}

fn of_frontend(cargo: &mut Command) -> &mut Command {
    cargo.args(["build", "--package", "frontend"]);
    cargo.args(["--target", TARGET, "--profile", PROFILE])
}

/// Makes what was compiled ready for a browser; the slower steps run only when the compiler's output is a new one.
pub fn finish(project: &Project, ticker: &Ticker) -> Result<Browser> {
    let compiled = project
        .target
        .join(TARGET)
        .join(PROFILE)
        .join("frontend.wasm");

    let work = project.target.join("site-work");
    let mark = work.join("wasm.mark");
    let key = key(project, &compiled)?;
    if fs::read_to_string(&mark).is_ok_and(|old| old == key) {
        return finished(&work);
    }
    fs::create_dir_all(&work)?;
    bind(&compiled, &work.join(BOUND), ticker)?;
    optimise(project, &work, ticker)?;
    fs::write(mark, key)?;
    finished(&work)
}

/// A mark of everything on which the two last steps depend.
fn key(project: &Project, compiled: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(read(compiled)?);
    hash.update(read(&project.end2end().join("package-lock.json"))?);
    hash.update(env!("CARGO_PKG_VERSION"));
    hash.update(FEATURES.concat());
    Ok(HEXLOWER.encode(&hash.finalize()))
}

fn bind(compiled: &Path, bound: &Path, ticker: &Ticker) -> Result<()> {
    ticker.tick("wasm-bindgen");
    // Snippets of an earlier frontend must not stay.
    if bound.exists() {
        fs::remove_dir_all(bound)?;
    }
    Bindgen::new()
        .input_path(compiled)
        .out_name("app")
        .web(true)?
        .remove_producers_section(true)
        .generate(bound)
        .context("wasm-bindgen refused the compiled frontend")
}

fn optimise(project: &Project, work: &Path, ticker: &Ticker) -> Result<()> {
    ticker.tick("wasm-opt");
    let mut wasm_opt = project.npm_tool("wasm-opt");
    wasm_opt
        .args(["-Oz", "--strip-debug", "--strip-producers"])
        .args(FEATURES)
        .arg(work.join(BOUND).join("app_bg.wasm"))
        .arg("--output")
        .arg(work.join("app.wasm"));
    must(&mut wasm_opt, ticker).map(drop)
}

fn finished(work: &Path) -> Result<Browser> {
    let bound = work.join(BOUND);
    // The glue would import them from an address that the server does not have.
    ensure!(
        files_below(&bound.join("snippets"))?.is_empty(),
        "a crate of the frontend brings JavaScript of its own, for which the site has no place"
    );
    Ok(Browser {
        glue: without_comments(&fs::read_to_string(bound.join("app.js"))?).into_bytes(),
        wasm: read(&work.join("app.wasm"))?,
    })
}

/// The glue without the lines that describe types to an editor, which are a sixth of what is sent.
fn without_comments(glue: &str) -> String {
    let is_comment = |line: &&str| {
        let line = line.trim_start();
        ["/**", "* ", "*/", "//"]
            .iter()
            .any(|start| line.starts_with(start))
    };
    let mut kept: Vec<&str> = glue.lines().filter(|line| !is_comment(line)).collect();
    kept.push("");
    kept.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_code_stays() {
        let glue =
            "/**\n * @param {any} chunk\n */\nexport function f(chunk) {\n    return 2 * chunk;\n}";
        assert_eq!(
            without_comments(glue),
            "export function f(chunk) {\n    return 2 * chunk;\n}\n"
        );
    }
}
