//! Turns `../locales/{en,fr}/*.json` into checked Rust code: a key that is used and missing, or a
//! placeholder that is not filled, does not compile.

#![expect(
    clippy::disallowed_methods,
    reason = "cargo hands its settings to build scripts as variables"
)]

use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};
use std::{env, error::Error, path::PathBuf};

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
    let texts = TranslationsInfos::parse(config)?;
    texts.emit_diagnostics();
    texts.rerun_if_locales_changed();
    let out = PathBuf::from(env::var("OUT_DIR")?);
    texts.generate_i18n_module(out.join("i18n"))?;
    Ok(())
}
