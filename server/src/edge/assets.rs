//! Files for the browser, embedded in the program: compressed beforehand, named after their
//! content, cached by browsers for ever.

use crate::header_text;
use anyhow::Context as _;
use app::Assets;
use axum::{
    extract::{Path, rejection::PathRejection},
    response::{IntoResponse as _, Response},
};
use domain::colour::Colour;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};
use std::collections::HashMap;

#[derive(RustEmbed)]
#[folder = "$BPART_SITE_DIR"]
struct Embedded;

/// The names that the build gave to the files.
#[derive(Debug, Default)]
pub struct Files {
    names: HashMap<String, String>,
}

impl Files {
    /// Reads the build's list of names. Without one the pages have no styles; that is said once.
    pub fn load() -> anyhow::Result<Self> {
        let Some(manifest) = Embedded::get("manifest.json") else {
            tracing::warn!(
                "The files for the browser were not built: cargo xtask serve builds them"
            );
            return Ok(Self::default());
        };
        let names =
            serde_json::from_slice(&manifest.data).context("the list of files is damaged")?;
        Ok(Self { names })
    }

    /// The address of a file by its plain name.
    pub fn address(&self, name: &str) -> String {
        let named = self.names.get(name).map_or(name, String::as_str);
        format!("/assets/{named}")
    }
}

/// The files that pages load.
pub fn for_pages(files: &Files) -> Assets {
    Assets {
        css: files.address("app.css"),
        font: files.address("atkinson.woff2"),
        icon: files.address("favicon.svg"),
        js: files.address("app.js"),
        wasm: files.address("app.wasm"),
    }
}

/// `GET /assets/{name}`.
pub async fn asset(name: Result<Path<String>, PathRejection>, headers: HeaderMap) -> Response {
    let name = name.map(|Path(name)| name).unwrap_or_default();
    let found = find(&format!("assets/{name}"), &headers);
    match found.or_else(|| colour(&name)) {
        Some(mut response) => {
            let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
            response
                .headers_mut()
                .insert(header::CACHE_CONTROL, forever);
            response
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The style sheet of a colour, `colour-0b5c63.css`: computed, so that organisations need no file.
fn colour(name: &str) -> Option<Response> {
    let digits = name.strip_prefix("colour-")?.strip_suffix(".css")?;
    let colour = Colour::parse(digits)?;
    let css = HeaderValue::from_static("text/css; charset=utf-8");
    let mut response = colour.style_sheet().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, css);
    Some(response)
}

/// A file whose address is fixed by custom, like `/robots.txt`; `None` when there is no such file.
pub fn root_file(path: &str, headers: &HeaderMap) -> Option<Response> {
    let mut response = find(&format!("root{path}"), headers)?;
    let day = HeaderValue::from_static("public, max-age=86400");
    response.headers_mut().insert(header::CACHE_CONTROL, day);
    Some(response)
}

fn find(path: &str, headers: &HeaderMap) -> Option<Response> {
    // The compressed files stand beside the plain ones and have no address of their own.
    let plain = Embedded::get(path).filter(|_| !is_compressed(path))?;
    let accepted = header_text::first(headers, &header::ACCEPT_ENCODING);
    let packed = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(encoding, _)| accepts(&accepted, encoding))
        .find_map(|(encoding, suffix)| {
            Some((encoding, Embedded::get(&format!("{path}.{suffix}"))?))
        });
    let hash = data_encoding::HEXLOWER.encode(&plain.metadata.sha256_hash());
    let (encoding, file) = packed.map_or((None, plain), |(encoding, file)| (Some(encoding), file));
    // The bytes of each encoding are others (RFC 9110, section 8.8.3.3).
    let etag = format!("\"{}-{}\"", &hash[..16], encoding.unwrap_or("plain"));
    let mut response = if header_text::lines(headers, &header::IF_NONE_MATCH)
        .any(|known| names_etag(&known, &etag))
    {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        response(path, encoding, file)
    };
    let sent = response.headers_mut();
    sent.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    sent.extend(HeaderValue::from_str(&etag).map(|etag| (header::ETAG, etag)));
    Some(response)
}

/// Whether `If-None-Match` names the tag: it holds a list or `*`, and compares weakly (RFC 9110, section 13.1.2). Our tags
/// hold no comma.
fn names_etag(known: &str, etag: &str) -> bool {
    known
        .split(',')
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == etag)
}

fn response(path: &str, encoding: Option<&'static str>, file: EmbeddedFile) -> Response {
    let mut response = file.data.into_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(content_type(path)),
    );
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn is_compressed(path: &str) -> bool {
    [".br", ".gz"].iter().any(|suffix| path.ends_with(suffix))
}

/// Whether `Accept-Encoding` names a coding and does not forbid it.
fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        name.trim() == coding && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, suffix)| suffix) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::{accepts, names_etag};

    #[test]
    fn a_known_file_is_named_in_every_form() {
        let ours = "\"0123-br\"";
        for known in [ours, "W/\"0123-br\"", "\"a\", W/\"0123-br\"", "*", " * "] {
            assert!(names_etag(known, ours), "{known}");
        }
        for other in ["", "\"0123\"", "\"0123-plain\"", "0123-br", "W/"] {
            assert!(!names_etag(other, ours), "{other}");
        }
    }

    #[test]
    fn codings_are_read_with_their_weights() {
        assert!(accepts("gzip, deflate, br, zstd", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("identity", "gzip"));
    }
}
