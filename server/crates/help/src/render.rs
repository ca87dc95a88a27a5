//! From Markdown to safe HTML.
//!
//! Four steps, each in its own file: [`tree`] reads the Markdown and replaces what an author may write instead of
//! HTML (placeholders, `article:` links, section ids), [`html`] writes the elements, [`clean`] removes what is
//! not on an allow-list, and [`sections`] collects the plain text for the search.
//!
//! Our own articles are treated as untrusted input: HTML in them is a fault, and would be shown as text or removed
//! if it passed the checks.

mod clean;
mod html;
mod sections;
mod tree;

use comrak::{Arena, Options, parse_document};

use crate::fault::What;
use crate::placeholder::Values;

pub(crate) use html::{KINDS as CALLOUT_KINDS, title_key as callout_title_key};
pub(crate) use sections::Section;

/// A heading of an article, for the table of contents and for links into the article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 2, 3 or 4.
    pub level: u8,
    /// The id in the page, the same in both languages.
    pub id: String,
    /// Its text.
    pub text: String,
}

/// A link from one article to another, or to a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    /// The slug; none for the article itself.
    pub(crate) slug: Option<String>,
    /// The id of a heading there.
    pub(crate) section: Option<String>,
}

/// An article as HTML, and what is checked once all articles are rendered.
#[derive(Debug, Default)]
pub(crate) struct Rendered {
    pub(crate) html: String,
    pub(crate) headings: Vec<Heading>,
    pub(crate) references: Vec<Reference>,
    pub(crate) sections: Vec<Section>,
    pub(crate) faults: Vec<What>,
}

/// Address, width and height of each illustration.
pub(crate) type Images<'a> = [(&'a str, u32, u32)];

/// Renders one article.
pub(crate) fn render(markdown: &str, values: Values<'_>, images: &Images<'_>) -> Rendered {
    let options = options();
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &options);
    let mut rendered = tree::rewrite(&arena, root, values, images);
    rendered.sections = sections::collect(root, &rendered.headings);
    let raw = html::write(root, &options, &rendered.headings, values, images);
    rendered.html = clean::clean(&raw);
    rendered
}

/// Plain Markdown, tables and callouts; no raw HTML, no guessing of links.
fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.alerts = true;
    options.extension.table = true;
    options.render.escape = true;
    options
}

#[cfg(test)]
mod tests;
