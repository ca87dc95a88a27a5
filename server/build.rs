//! Tells the server where the files for the browser lie, which `cargo xtask` builds beforehand.
//!
//! The folder must exist even for `cargo check` on a fresh clone; an empty one makes a server
//! without styles, and the server says so when it starts.

#![expect(
    clippy::disallowed_methods,
    reason = "cargo hands its settings to build scripts as variables"
)]

use std::{env, fs, io, path::PathBuf};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=BPART_SITE_DIR");
    let site = match env::var_os("BPART_SITE_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => target_folder().join("site"),
    };
    fs::create_dir_all(&site)?;
    println!("cargo::rustc-env=BPART_SITE_DIR={}", site.display());
    println!("cargo::rerun-if-changed={}", site.display());
    Ok(())
}

/// The folder that cargo builds into: the one above `debug/build/server-…/out`.
fn target_folder() -> PathBuf {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let is_profile =
        |folder: &&std::path::Path| folder.join("build").is_dir() && folder.join("deps").is_dir();
    let profile = out.ancestors().find(is_profile);
    profile
        .and_then(|folder| folder.parent())
        .map_or(out.clone(), PathBuf::from)
}
