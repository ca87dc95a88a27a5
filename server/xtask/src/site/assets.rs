//! The set of files, their names, and how they reach the disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::compress::{self, Effort};

/// Files that the world looks for at the root, under these very names.
/// Pictures of help articles: texts name them, and are not rewritten.
const HELP: &str = "help/";
const AT_THE_ROOT: [&str; 3] = ["apple-touch-icon.png", "favicon.ico", "robots.txt"];
/// Where the server answers for hashed files.
const ADDRESS: &str = "/assets/";
/// So many bytes of the hash make a name: one chance in four thousand million that two contents share it.
const HASH_BYTES: usize = 4;

/// Files to be written, by their path in the site, and the names under which pages ask for them.
pub struct Site {
    files: BTreeMap<String, Vec<u8>>,
    names: BTreeMap<String, String>,
}

impl Site {
    /// Nothing yet.
    pub fn new() -> Self {
        Self {
            files: BTreeMap::new(),
            names: BTreeMap::new(),
        }
    }

    /// A file whose name carries its content.
    pub fn add_asset(&mut self, plain: &str, bytes: Vec<u8>) {
        let hashed = hashed_name(plain, &bytes);
        self.files.insert(format!("assets/{hashed}"), bytes);
        self.names.insert(plain.to_owned(), hashed);
    }

    /// The static files of the frontend: assets all, but for the few at the root
    /// and the pictures of the help.
    pub fn add_public(&mut self, folder: &Path) -> Result<()> {
        for path in files_below(folder)? {
            let name = slashed(path.strip_prefix(folder)?);
            let bytes = read(&path)?;
            if AT_THE_ROOT.contains(&name.as_str()) || name.starts_with(HELP) {
                self.files.insert(format!("root/{name}"), bytes);
            } else {
                self.add_asset(&name, bytes);
            }
        }
        Ok(())
    }

    /// Puts the names that carry a hash where a text says the plain ones.
    pub fn with_hashed_addresses(&self, text: &str) -> String {
        self.names
            .iter()
            .fold(text.to_owned(), |text, (plain, hashed)| {
                text.replace(&format!("{ADDRESS}{plain}"), &format!("{ADDRESS}{hashed}"))
            })
    }

    /// Writes what differs, compresses it, and removes what is no longer part of the site.
    pub fn write(mut self, folder: &Path, effort: Effort) -> Result<String> {
        let names = serde_json::to_vec_pretty(&self.names)?;
        self.files.insert("manifest.json".to_owned(), names);
        let recompress = compress::effort_changed(folder, effort);
        let mut kept = Vec::new();
        let mut weights = Vec::new();
        for (name, bytes) in &self.files {
            let path = folder.join(name);
            let changed = write_if_changed(&path, bytes)?;
            kept.push(path.clone());
            if name.starts_with("manifest") || !compress::is_worth_it(&path) {
                continue;
            }
            let sizes = compress::beside(&path, bytes, changed || recompress, effort)?;
            if let Some((plain, _)) = self
                .names
                .iter()
                .find(|(_, hashed)| name.ends_with(*hashed))
            {
                weights.push(format!("{plain} {:.1} kB", kilobytes(sizes.brotli)));
            }
            kept.extend(sizes.paths);
        }
        remove_others(folder, &kept)?;
        compress::remember_effort(folder, effort)?;
        Ok(format!("brotli: {}", weights.join(", ")))
    }
}

/// Reads a file, or says which.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// Writes a file unless it says so already; whether it had to.
fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<bool> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(true)
}

/// Every file below a folder, in order; none when there is no folder.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// `help/app.css` becomes `app.3f2a91c0.css`: folders are for people, addresses are flat.
fn hashed_name(plain: &str, bytes: &[u8]) -> String {
    let digest = HEXLOWER.encode(&Sha256::digest(bytes)[..HASH_BYTES]);
    let name = plain.rsplit('/').next().unwrap_or(plain);
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{digest}.{extension}"),
        None => format!("{name}.{digest}"),
    }
}

fn remove_others(folder: &Path, kept: &[PathBuf]) -> Result<()> {
    for path in files_below(folder)? {
        if !kept.contains(&path) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// The path as an address has it, on every system.
fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

#[expect(
    clippy::cast_precision_loss,
    reason = "files of the site are far smaller than 2^52 bytes"
)]
fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_carry_their_content() {
        assert_eq!(hashed_name("app.css", b""), "app.e3b0c442.css");
        assert_eq!(hashed_name("icons/check.svg", b""), "check.e3b0c442.svg");
        assert_eq!(hashed_name("a.b/c", b""), "c.e3b0c442");
        assert_ne!(hashed_name("app.css", b"a"), hashed_name("app.css", b"b"));
    }

    #[test]
    fn styles_name_the_hashed_font() {
        let mut site = Site::new();
        site.add_asset("atkinson.woff2", Vec::new());
        assert_eq!(
            site.with_hashed_addresses("src:url(/assets/atkinson.woff2)"),
            "src:url(/assets/atkinson.e3b0c442.woff2)"
        );
    }
}
