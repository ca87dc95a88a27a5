//! The plain text of an article, section by section, for the search.

use comrak::nodes::{AstNode, NodeValue};

use super::Heading;

/// The text under one heading; the first section has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) heading: Option<Heading>,
    pub(crate) text: String,
}

/// Splits a rewritten tree at its headings.
pub(super) fn collect<'a>(root: &'a AstNode<'a>, headings: &[Heading]) -> Vec<Section> {
    let mut headings = headings.iter();
    let mut sections = vec![Section::default()];
    for node in root.descendants() {
        match &node.data().value {
            NodeValue::Heading(_) => sections.push(Section {
                heading: headings.next().cloned(),
                text: String::new(),
            }),
            // The alternative of an illustration describes a picture; it is no passage that answers a question.
            NodeValue::Paragraph | NodeValue::TableCell if !starts_with_image(node) => {
                if let Some(section) = sections.last_mut() {
                    append(&mut section.text, &node.collect_text());
                }
            }
            _ => {}
        }
    }
    sections.retain(|section| section.heading.is_some() || !section.text.is_empty());
    sections
}

fn starts_with_image<'a>(node: &'a AstNode<'a>) -> bool {
    node.first_child()
        .is_some_and(|child| matches!(child.data().value, NodeValue::Image(_)))
}

fn append(text: &mut String, more: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(more.trim());
}
