//! Writes the elements of an article.
//!
//! The formatter of comrak does most of it. Ours are: headings with the ids that `tree` gave them, callouts as
//! notes with a name, illustrations with their size, and labels of the interface.

use std::fmt::{self, Write as _};

use comrak::Options;
use comrak::html::{ChildRendering, Context, format_document_with_formatter, format_node_default};
use comrak::nodes::{AlertType, AstNode, NodeAlert, NodeLink, NodeValue};
use comrak::options::Plugins;

use super::{Heading, Images};
use crate::placeholder::Values;

/// The formatter's state between nodes.
struct State<'a> {
    headings: &'a [Heading],
    values: Values<'a>,
    images: &'a Images<'a>,
    heading: usize,
    callout: usize,
}

/// The HTML of a rewritten tree, not yet cleaned.
pub(super) fn write<'a>(
    root: &'a AstNode<'a>,
    options: &Options<'_>,
    headings: &[Heading],
    values: Values<'_>,
    images: &Images<'_>,
) -> String {
    let state = State {
        headings,
        values,
        images,
        heading: 0,
        callout: 0,
    };
    let mut out = String::new();
    let written = format_document_with_formatter(
        root,
        options,
        &mut out,
        &Plugins::default(),
        format_node,
        state,
    );
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
    out
}

fn format_node<'a>(
    context: &mut Context<State<'_>>,
    node: &'a AstNode<'a>,
    entering: bool,
) -> Result<ChildRendering, fmt::Error> {
    match &node.data().value {
        NodeValue::Heading(heading) => format_heading(context, heading.level, entering)?,
        NodeValue::Alert(alert) => format_callout(context, alert, entering)?,
        NodeValue::Highlight => context.write_str(if entering {
            "<strong class=\"label\">"
        } else {
            "</strong>"
        })?,
        NodeValue::Link(link) if leads_away(link) => format_link_away(context, link, entering)?,
        // A picture on its own becomes a <figure>, which may not stand inside a <p>.
        NodeValue::Paragraph if is_one_image(node) => {}
        NodeValue::Image(image) => return format_image(context, node, image, entering),
        _ => return format_node_default(context, node, entering),
    }
    Ok(ChildRendering::HTML)
}

fn format_heading(context: &mut Context<State<'_>>, level: u8, entering: bool) -> fmt::Result {
    if entering {
        let heading = context.user.headings.get(context.user.heading);
        let id = heading.map_or("", |heading| heading.id.as_str());
        context.user.heading += 1;
        context.cr()?;
        write!(context, "<h{level} id=\"")?;
        context.escape(id)?;
        context.write_str("\">")
    } else {
        writeln!(context, "</h{level}>")
    }
}

fn leads_away(link: &NodeLink) -> bool {
    link.url.starts_with("https://")
}

/// A link to another site, without a referrer.
fn format_link_away(
    context: &mut Context<State<'_>>,
    link: &NodeLink,
    entering: bool,
) -> fmt::Result {
    if !entering {
        return context.write_str("</a>");
    }
    context.write_str("<a rel=\"noopener noreferrer\" href=\"")?;
    context.escape_href(&link.url)?;
    context.write_str("\">")
}

/// A callout: styled, and announced as a note with its title by screen readers.
fn format_callout(
    context: &mut Context<State<'_>>,
    alert: &NodeAlert,
    entering: bool,
) -> fmt::Result {
    if !entering {
        context.cr()?;
        return context.write_str("</div>\n");
    }
    context.user.callout += 1;
    let (number, kind) = (context.user.callout, kind(alert.alert_type));
    let Values { labels, locale, .. } = context.user.values;
    let title = match &alert.title {
        Some(title) => title,
        // `Library` has checked that these texts exist.
        None => labels.text(locale, &title_key(kind)).unwrap_or(kind),
    };
    context.cr()?;
    write!(
        context,
        "<div class=\"callout callout-{kind}\" role=\"note\" aria-labelledby=\"callout-{number}\">\n\
         <p class=\"callout-title\" id=\"callout-{number}\">"
    )?;
    context.escape(title)?;
    context.write_str("</p>\n")
}

/// The kinds of callout, which are also the ends of their classes and of the keys of their titles.
pub(crate) const KINDS: [&str; 5] = ["note", "tip", "important", "warning", "caution"];

/// The key of the title that a callout has unless the author gives another.
pub(crate) fn title_key(kind: &str) -> String {
    format!("help.callout.{kind}")
}

fn kind(alert: AlertType) -> &'static str {
    match alert {
        AlertType::Note => KINDS[0],
        AlertType::Tip => KINDS[1],
        AlertType::Important => KINDS[2],
        AlertType::Warning => KINDS[3],
        AlertType::Caution => KINDS[4],
    }
}

fn is_one_image<'a>(node: &'a AstNode<'a>) -> bool {
    let mut children = node.children();
    let first_is_image = children
        .next()
        .is_some_and(|child| matches!(child.data().value, NodeValue::Image(_)));
    first_is_image && children.next().is_none()
}

/// `![what it shows](/help/name.svg "caption")`, with the size, so that the text below does not jump.
fn format_image<'a>(
    context: &mut Context<State<'_>>,
    node: &'a AstNode<'a>,
    image: &NodeLink,
    entering: bool,
) -> Result<ChildRendering, fmt::Error> {
    let figure = node.parent().is_some_and(is_one_image);
    if entering {
        if figure {
            context.write_str("<figure>")?;
        }
        context.write_str("<img src=\"")?;
        context.escape_href(&image.url)?;
        context.write_str("\" alt=\"")?;
        return Ok(ChildRendering::Plain);
    }
    let size = context
        .user
        .images
        .iter()
        .find(|(url, ..)| *url == image.url);
    let (width, height) = size.map_or((0, 0), |(_, width, height)| (*width, *height));
    write!(
        context,
        "\" width=\"{width}\" height=\"{height}\" loading=\"lazy\">"
    )?;
    if figure && !image.title.is_empty() {
        context.write_str("<figcaption>")?;
        context.escape(&image.title)?;
        context.write_str("</figcaption>")?;
    }
    if figure {
        context.write_str("</figure>\n")?;
    }
    Ok(ChildRendering::HTML)
}
