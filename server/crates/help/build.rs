//! Puts the articles, the interface texts and the sizes of the illustrations into the program.
//!
//! The released server is one file, so nothing may be read from the disk at start. This script lists what lies
//! in `locales/` and writes three tables that `src/embedded.rs` includes. It checks nothing: the crate does,
//! where a fault can be explained.

#![expect(
    clippy::disallowed_methods,
    reason = "cargo hands its settings to build scripts as variables"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const LOCALES: [(&str, &str); 2] = [("en", "En"), ("fr", "Fr")];

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?)
        .join("../../..")
        .canonicalize()?;
    let mut out = String::new();
    table(&mut out, &root, "ARTICLES", "help", "md")?;
    table(&mut out, &root, "TEXTS", "", "json")?;
    images(&mut out, &root)?;
    let target = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(target.join("embedded.rs"), out)
}

/// One table of `(locale, file stem, content)` for the files of one kind in both languages.
fn table(out: &mut String, root: &Path, name: &str, folder: &str, ending: &str) -> io::Result<()> {
    line(out, &format!("const {name}: &[(Locale, &str, &str)] = &["))?;
    for (code, variant) in LOCALES {
        for file in files(&root.join("locales").join(code).join(folder), ending)? {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy();
            let path = file.display();
            line(
                out,
                &format!("    (Locale::{variant}, {stem:?}, include_str!({path:?})),"),
            )?;
        }
    }
    line(out, "];")
}

/// Address, width and height of each illustration: a page that knows them does not move while they load.
fn images(out: &mut String, root: &Path) -> io::Result<()> {
    line(out, "const IMAGES: &[(&str, u32, u32)] = &[")?;
    for file in files(&root.join("frontend/public/help"), "svg")? {
        let svg = fs::read_to_string(&file)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let (width, height) = (size(&svg, "width"), size(&svg, "height"));
        line(out, &format!("    (\"/help/{name}\", {width}, {height}),"))?;
    }
    line(out, "];")
}

/// The value of an attribute of the `<svg>` element in pixels; 0 where it is missing, which the crate refuses.
fn size(svg: &str, attribute: &str) -> u32 {
    let head = svg.split_once('>').map_or(svg, |(head, _)| head);
    head.split_once(&format!(" {attribute}=\""))
        .and_then(|(_, rest)| rest.split('"').next())
        .and_then(|value| value.parse().ok())
        .unwrap_or(0)
}

/// The files of a folder with this ending, sorted; a missing folder is an empty one.
fn files(folder: &Path, ending: &str) -> io::Result<Vec<PathBuf>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut found = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|found| found == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn line(out: &mut String, text: &str) -> io::Result<()> {
    writeln!(out, "{text}").map_err(io::Error::other)
}
