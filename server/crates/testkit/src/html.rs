//! What can be read off a document, for a browser without JavaScript.

use scraper::{ElementRef, Html, Selector};
use std::collections::BTreeMap;

/// An element of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its name in small letters.
    pub name: String,
    /// The text that a reader sees in it.
    pub text: String,
    attributes: BTreeMap<String, String>,
}

impl Element {
    pub(crate) fn new(found: ElementRef<'_>) -> Self {
        let attributes = found.value().attrs();
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self {
            name: found.value().name().to_owned(),
            text: visible_text(found),
            attributes: attributes.map(owned).collect(),
        }
    }

    /// The value of an attribute; empty for one without value.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    /// The names of its attributes.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.attributes.keys().map(String::as_str)
    }
}

/// The elements that a CSS selector finds, in the order of the document.
pub fn select(html: &str, css: &str) -> Vec<Element> {
    let document = Html::parse_document(html);
    document.select(&selector(css)).map(Element::new).collect()
}

/// # Panics
/// When it is no selector.
pub(crate) fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|error| panic!("{css}: {error}"))
}

/// The text that a reader sees, spaces and line breaks made one.
pub(crate) fn visible_text(root: ElementRef<'_>) -> String {
    let mut text = String::new();
    write_text(root, &mut text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn write_text(element: ElementRef<'_>, text: &mut String) {
    if ["head", "script", "style", "template"].contains(&element.value().name()) {
        return;
    }
    text.push(' ');
    for child in element.children() {
        if let Some(words) = child.value().as_text() {
            text.push_str(words);
        } else if let Some(child) = ElementRef::wrap(child) {
            write_text(child, text);
        }
    }
    text.push(' ');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_text_is_left_out_and_spaces_are_made_one() {
        let html = "<!DOCTYPE html><head><title>T</title></head><p class=x hidden>a &amp; b<br>c
            <script>if (a < b) {}</script><b>d</b>";
        assert_eq!(select(html, "html")[0].text, "a & b c d");
        let paragraph = &select(html, "p.x")[0];
        assert_eq!(paragraph.attribute("hidden"), Some(""));
        assert_eq!(paragraph.attribute("id"), None);
    }
}
