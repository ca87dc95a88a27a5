//! `.br` and `.gz` beside every file that gains from it, so that the server never compresses the same bytes twice.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

/// How much time compression may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// While developing and testing.
    Quick,
    /// The last per cent, for what citizens are sent.
    Full,
}

impl Effort {
    fn brotli_quality(self) -> i32 {
        match self {
            Self::Quick => 5,
            Self::Full => 11,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Full => "full",
        }
    }
}

/// What stands beside a file once it is compressed.
pub struct Compressed {
    /// The files.
    pub paths: [PathBuf; 2],
    /// Bytes over the wire for nearly every browser.
    pub brotli: usize,
}

/// Text and WASM shrink; fonts and pictures are compressed by their own format.
pub fn is_worth_it(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(
        extension,
        Some(
            "css" | "html" | "ico" | "js" | "json" | "svg" | "txt" | "wasm" | "webmanifest" | "xml"
        )
    )
}

/// Writes both compressed forms of a file, unless they are there for the same content.
pub fn beside(path: &Path, bytes: &[u8], anew: bool, effort: Effort) -> Result<Compressed> {
    let paths = [with_suffix(path, ".br"), with_suffix(path, ".gz")];
    if anew || !paths.iter().all(|path| path.is_file()) {
        fs::write(&paths[0], brotli(bytes, effort)?)?;
        fs::write(&paths[1], gzip(bytes, effort)?)?;
    }
    let brotli = usize::try_from(fs::metadata(&paths[0])?.len())?;
    Ok(Compressed { paths, brotli })
}

/// Whether the folder was compressed with another effort, or never.
pub fn effort_changed(folder: &Path, effort: Effort) -> bool {
    fs::read_to_string(effort_mark(folder)).is_ok_and(|name| name != effort.name())
}

/// Keeps the effort beside the folder, for the next run.
pub fn remember_effort(folder: &Path, effort: Effort) -> Result<()> {
    fs::write(effort_mark(folder), effort.name()).context("the mark of the site cannot be written")
}

fn effort_mark(folder: &Path) -> PathBuf {
    folder.with_file_name("site.effort")
}

fn brotli(mut bytes: &[u8], effort: Effort) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: effort.brotli_quality(),
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut bytes, &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(bytes: &[u8], effort: Effort) -> Result<Vec<u8>> {
    let level = match effort {
        Effort::Quick => Compression::default(),
        Effort::Full => Compression::best(),
    };
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}
