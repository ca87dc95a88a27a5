//! The files for the browser: built, named after their content, compressed, and left for the server to embed.
//!
//! The result lies in `<target>/site`:
//!
//! ```text
//! manifest.json                  {"app.css": "app.3f2a91c0.css", …}: plain names to the names below
//! assets/app.3f2a91c0.css        may be kept by a browser for ever, since other content has another name
//! assets/app.3f2a91c0.css.br     what nearly every browser is really sent; .gz for the others
//! root/robots.txt                the few files whose address is fixed by custom
//! ```
//!
//! A file is written only when it differs, so that cargo embeds anew only what changed.

mod assets;
mod compress;
mod style;
mod wasm;

use anyhow::Result;

pub use assets::files_below;
pub use compress::Effort;
pub use wasm::{PROFILE, TARGET};

use crate::progress::{Progress, Ticker};
use crate::project::Project;
use crate::setup;

/// `cargo xtask site`: the files alone, as a release has them.
pub fn run(project: &Project) -> Result<bool> {
    let mut progress = Progress::new(2);
    progress.step("Looking at the machine", |ticker| {
        setup::for_build(project, ticker)
    })?;
    let summary = progress.step("Building the pages for the browser", |ticker| {
        build(project, Effort::Full, ticker)
    })?;
    println!("\n{summary}\n{}", project.show(&project.site()));
    Ok(true)
}

/// Builds everything that the browser is sent, and says in a line what that weighs.
pub fn build(project: &Project, effort: Effort, ticker: &Ticker) -> Result<String> {
    wasm::compile(project, ticker)?;
    bundle(project, effort, ticker)
}

/// The same for the tests, from a build that fails for any warning.
pub fn build_with_lints(project: &Project, ticker: &Ticker) -> Result<String> {
    wasm::compile_with_lints(project, ticker)?;
    bundle(project, Effort::Quick, ticker)
}

fn bundle(project: &Project, effort: Effort, ticker: &Ticker) -> Result<String> {
    let mut site = assets::Site::new();
    site.add_public(&project.root.join("frontend/public"))?;
    add_font(project, &mut site)?;
    // The styles name pictures and the font, the glue is given the address of its WASM by the page: so styles
    // come after what they name, and nothing else has an order.
    let style = style::bundle(project, ticker)?;
    site.add_asset("app.css", site.with_hashed_addresses(&style).into_bytes());
    let browser = wasm::finish(project, ticker)?;
    site.add_asset("app.js", browser.glue);
    site.add_asset("app.wasm", browser.wasm);
    ticker.tick("compressing");
    site.write(&project.site(), effort)
}

/// The one typeface of the pages, from the npm package, with the licence that must travel with it.
fn add_font(project: &Project, site: &mut assets::Site) -> Result<()> {
    let package = project
        .end2end()
        .join("node_modules/@fontsource-variable/atkinson-hyperlegible-next");
    let latin = package.join("files/atkinson-hyperlegible-next-latin-wght-normal.woff2");
    site.add_asset("atkinson.woff2", assets::read(&latin)?);
    site.add_asset(
        "atkinson-licence.txt",
        assets::read(&package.join("LICENSE"))?,
    );
    Ok(())
}
