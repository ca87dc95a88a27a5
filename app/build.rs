//! Turns `../locales/{en,fr}/*.json` into checked Rust code: a key that is used and missing, or a
//! placeholder that is not filled, does not compile.
//!
//! `leptos_i18n_build` would do the same in three lines, and compiles ninety crates of ICU data tools
//! for formatters that these texts do not use. Its two halves are here for the macros anyway.

#![expect(
    clippy::disallowed_methods,
    reason = "cargo hands its settings to build scripts as variables"
)]

use leptos_i18n_parser::parse_locales::{
    options::{Config, ParseOptions},
    parse_locales,
};
use std::{env, error::Error, fs, path::PathBuf};

/// One file per area, in both languages.
const NAMESPACES: &[&str] = &[
    "account",
    "activity",
    "common",
    "components",
    "data",
    "desk",
    "details",
    "errors",
    "help",
    "home",
    "ict",
    "invitation",
    "leaving",
    "mailbox",
    "password",
    "platform",
    "providers",
    "registration",
    "sessions",
    "sign_in",
    "strength",
    "two_factor",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let options = ParseOptions::default().interpolate_display(true);
    let config = Config::new("en")?
        .add_locale("fr")?
        .add_namespaces(NAMESPACES.iter().copied())?
        .locales_path("../locales")
        .parse_options(options);
    let texts = parse_locales(None, config)?;
    for warning in texts.diag.warnings().iter() {
        println!("cargo::warning={warning}");
    }
    for error in texts.diag.errors().iter() {
        println!("cargo::error={error}");
    }
    for path in texts.tracked_files.iter().flatten() {
        println!("cargo::rerun-if-changed={path}");
    }
    // The crate's own path, no diagnostics in the code, no attributes, no documentation of each key.
    let code = leptos_i18n_codegen::gen_code(&texts, None, false, None, false)?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("i18n.rs"), code.to_string())?;
    Ok(())
}
