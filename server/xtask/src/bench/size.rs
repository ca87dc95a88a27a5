//! What a user on a slow line waits for before signing in.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};

use super::server::Server;
use super::{Bar, Bench, Figure, count, http};
use crate::progress::Ticker;

/// The page with its styles and its font, and beside them all islands of any page.
pub fn measure(bench: &Bench, _: &Ticker) -> Result<Vec<Figure>> {
    let server = Server::start(bench, "size")?;
    let page = http::get(server.address, "/sign-in", "identity")?;
    let page = String::from_utf8_lossy(&page.body).into_owned();
    let html = http::get(server.address, "/sign-in", "br")?.wire_bytes;
    let mut styles = 0;
    for address in stylesheets(&page) {
        styles += http::get(server.address, &address, "br")?.wire_bytes;
    }
    let font = asset(bench, "atkinson.woff2", "")?;
    let islands = asset(bench, "app.wasm", ".br")? + asset(bench, "app.js", ".br")?;
    let scripts = page.matches("<script").count();
    Ok(vec![
        Figure::plain(
            "sign-in page, brotli, with its headers",
            kilobytes(html),
            "kB",
        ),
        Figure::plain(
            "styles, brotli, with their headers",
            kilobytes(styles),
            "kB",
        ),
        Figure::judged(
            "page and styles over the wire",
            kilobytes(html + styles),
            "kB",
            Bar::AtMost(20.0),
        ),
        Figure::judged("the font", kilobytes(font), "kB", Bar::AtMost(35.0)),
        Figure::judged(
            "WASM and glue of all islands, brotli",
            kilobytes(islands),
            "kB",
            Bar::AtMost(130.0),
        ),
        Figure::plain(
            "scripts on the sign-in page, none needed",
            count(scripts),
            "scripts",
        ),
    ])
}

/// The addresses of the style sheets that a page asks for.
fn stylesheets(page: &str) -> Vec<String> {
    page.split("<link ")
        .skip(1)
        .filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag))
        .filter(|tag| tag.contains("stylesheet"))
        .filter_map(|tag| Some(tag.split_once("href=\"")?.1.split_once('"')?.0.to_owned()))
        .collect()
}

/// The size of an asset by its plain name, or of what stands beside it.
fn asset(bench: &Bench, plain: &str, suffix: &str) -> Result<usize> {
    let site = bench.project.site();
    let names: BTreeMap<String, String> =
        serde_json::from_slice(&fs::read(site.join("manifest.json"))?)?;
    let hashed = names
        .get(plain)
        .with_context(|| format!("the site has no {plain}"))?;
    let bytes = fs::metadata(site.join(format!("assets/{hashed}{suffix}")))?.len();
    Ok(usize::try_from(bytes)?)
}

fn kilobytes(bytes: usize) -> f64 {
    count(bytes) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_style_sheets_are_counted() {
        let page =
            r#"<link rel="preload" href="/f"><link rel="stylesheet" href="/assets/app.1.css"/>"#;
        assert_eq!(stylesheets(page), ["/assets/app.1.css"]);
    }
}
