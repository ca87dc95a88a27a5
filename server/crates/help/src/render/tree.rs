//! Rewrites the parsed Markdown: placeholders, links, section ids, illustrations.
//!
//! Nothing here writes HTML. A label becomes a [`NodeValue::Highlight`] node — an element that our Markdown does
//! not have — and `html` writes it.

use comrak::nodes::{AstNode, NodeLink, NodeValue};
use comrak::{Anchorizer, Arena};
use domain::paths;

use super::{Heading, Images, Reference, Rendered};
use crate::fault::What;
use crate::placeholder::{Piece, Values, plain};

/// Rewrites the tree in place and returns the headings, links and faults that it found.
pub(super) fn rewrite<'a>(
    arena: &'a Arena<'a>,
    root: &'a AstNode<'a>,
    values: Values<'_>,
    images: &Images<'_>,
) -> Rendered {
    let mut found = Rendered::default();
    // The nodes are listed first: the rewriting adds siblings, which must not be visited again.
    let nodes: Vec<_> = root.descendants().collect();
    for node in &nodes {
        if let Err(what) = rewrite_node(arena, node, values, images, &mut found) {
            found.faults.push(what);
        }
    }
    let mut anchors = Anchorizer::new();
    for node in nodes {
        if let NodeValue::Heading(heading) = &node.data().value {
            let level = heading.level;
            if let Err(what) = name_heading(node, level, &mut anchors, &mut found.headings) {
                found.faults.push(what);
            }
        }
    }
    found
}

fn rewrite_node<'a>(
    arena: &'a Arena<'a>,
    node: &'a AstNode<'a>,
    values: Values<'_>,
    images: &Images<'_>,
    found: &mut Rendered,
) -> Result<(), What> {
    match &mut node.data_mut().value {
        NodeValue::Text(text) if text.contains("{{") => {
            let pieces = values.pieces(text)?;
            let kept = if inside_an_image(node) {
                plain(&pieces)
            } else {
                insert(arena, node, pieces);
                String::new()
            };
            *text = kept.into();
            Ok(())
        }
        NodeValue::Alert(alert) => {
            if let Some(title) = &mut alert.title {
                *title = values.plain(title)?;
            }
            Ok(())
        }
        NodeValue::Link(link) => {
            let (url, reference) = resolve(&link.url, values)?;
            link.url = url;
            found.references.extend(reference);
            Ok(())
        }
        NodeValue::Image(image) => {
            image.title = values.plain(&image.title)?;
            check_image(node, &image.url, images)
        }
        NodeValue::HtmlInline(html) => Err(What::Html(html.trim().to_owned())),
        NodeValue::HtmlBlock(block) => Err(What::Html(block.literal.trim().to_owned())),
        _ => Ok(()),
    }
}

/// A text alternative is an attribute: plain text only.
fn inside_an_image<'a>(node: &'a AstNode<'a>) -> bool {
    node.ancestors()
        .skip(1)
        .any(|above| matches!(above.data().value, NodeValue::Image(_)))
}

/// Puts the pieces after the (now empty) text node they came from.
fn insert<'a>(arena: &'a Arena<'a>, node: &'a AstNode<'a>, pieces: Vec<Piece>) {
    let new = |value: NodeValue| arena.alloc(AstNode::from(value));
    let mut last = node;
    for piece in pieces {
        let text = new(NodeValue::Text(piece.plain().to_owned().into()));
        let next: &'a AstNode<'a> = match piece {
            Piece::Text(_) => text,
            Piece::Label(_) => wrap(new(NodeValue::Highlight), text),
            Piece::Link(url, _) => {
                let title = String::new();
                let link = NodeLink { url, title };
                wrap(new(NodeValue::Link(Box::new(link))), text)
            }
        };
        last.insert_after(next);
        last = next;
    }
}

fn wrap<'a>(outer: &'a AstNode<'a>, inner: &'a AstNode<'a>) -> &'a AstNode<'a> {
    outer.append(inner);
    outer
}

/// Where a link of an article leads: `article:slug#section`, `page:/path`, `#section` or `https://…`.
fn resolve(url: &str, values: Values<'_>) -> Result<(String, Option<Reference>), What> {
    if let Some(target) = url.strip_prefix("article:") {
        let (slug, section) = match target.split_once('#') {
            Some((slug, section)) => (slug, Some(section.to_owned())),
            None => (target, None),
        };
        let mut href = paths::localized(values.locale, &paths::article(slug));
        if let Some(section) = &section {
            href = format!("{href}#{section}");
        }
        let slug = Some(slug.to_owned());
        return Ok((href, Some(Reference { slug, section })));
    }
    if let Some(path) = url
        .strip_prefix("page:")
        .filter(|path| path.starts_with('/'))
    {
        return Ok((paths::localized(values.locale, path), None));
    }
    if let Some(section) = url.strip_prefix('#') {
        let section = Some(section.to_owned());
        return Ok((
            url.to_owned(),
            Some(Reference {
                slug: None,
                section,
            }),
        ));
    }
    if url.starts_with("https://") {
        return Ok((url.to_owned(), None));
    }
    Err(What::ForeignLink(url.to_owned()))
}

fn check_image<'a>(node: &'a AstNode<'a>, url: &str, images: &Images<'_>) -> Result<(), What> {
    let known = images
        .iter()
        .any(|(address, width, height)| *address == url && *width > 0 && *height > 0);
    if !known {
        return Err(What::UnknownImage(url.to_owned()));
    }
    let described = node
        .children()
        .any(|child| !child.collect_text().trim().is_empty());
    if described {
        Ok(())
    } else {
        Err(What::NoAlternative(url.to_owned()))
    }
}

/// Removes `{#id}` from the end of a heading, or makes an id from its words.
fn name_heading<'a>(
    node: &'a AstNode<'a>,
    level: u8,
    anchors: &mut Anchorizer,
    headings: &mut Vec<Heading>,
) -> Result<(), What> {
    let stated = node.last_child().and_then(take_id);
    let text = node.collect_text().trim().to_owned();
    let id = stated.unwrap_or_else(|| anchors.anchorize(&text));
    let twice = headings.iter().any(|heading| heading.id == id);
    let wrong_level = !(2..=4).contains(&level);
    // Pushed in any case: `html` and `sections` expect one entry for each heading, in order.
    headings.push(Heading {
        level,
        id: id.clone(),
        text: text.clone(),
    });
    match (wrong_level, twice) {
        (true, _) => Err(What::HeadingLevel(text)),
        (_, true) => Err(What::TwiceTheSameId(id)),
        _ => Ok(()),
    }
}

fn take_id<'a>(last: &'a AstNode<'a>) -> Option<String> {
    let mut data = last.data_mut();
    let NodeValue::Text(text) = &mut data.value else {
        return None;
    };
    let (words, rest) = text.rsplit_once("{#")?;
    let id = rest.strip_suffix('}')?.to_owned();
    let words = words.trim_end().to_owned();
    *text = words.into();
    Some(id)
}
