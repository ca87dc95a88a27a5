//! The sanitizer: an allow-list of elements, attributes and schemes.
//!
//! Everything that the earlier steps write is on it; everything else is removed.

use std::collections::{HashMap, HashSet};

use ammonia::Builder;

const TAGS: [&str; 28] = [
    "a",
    "blockquote",
    "br",
    "code",
    "div",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "hr",
    "img",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
    "abbr",
    "span",
];

/// Removes what is not on the list.
pub(super) fn clean(html: &str) -> String {
    let roles = HashMap::from([("role", HashSet::from(["note"]))]);
    Builder::default()
        .tags(HashSet::from(TAGS))
        .generic_attributes(HashSet::from(["lang"]))
        .tag_attributes(attributes())
        .tag_attribute_values(HashMap::from([("div", roles)]))
        .allowed_classes(classes())
        // `html` writes it, for other sites only.
        .link_rel(None)
        .url_schemes(HashSet::from(["https", "mailto"]))
        .clean(html)
        .to_string()
}

type Allowed = HashMap<&'static str, HashSet<&'static str>>;

fn attributes() -> Allowed {
    HashMap::from([
        ("a", HashSet::from(["href", "rel"])),
        ("div", HashSet::from(["aria-labelledby"])),
        ("h2", HashSet::from(["id"])),
        ("h3", HashSet::from(["id"])),
        ("h4", HashSet::from(["id"])),
        (
            "img",
            HashSet::from(["src", "alt", "width", "height", "loading"]),
        ),
        ("ol", HashSet::from(["start"])),
        ("p", HashSet::from(["id"])),
        ("td", HashSet::from(["align"])),
        ("th", HashSet::from(["align"])),
    ])
}

fn classes() -> Allowed {
    let callouts = [
        "callout",
        "callout-note",
        "callout-tip",
        "callout-important",
        "callout-warning",
        "callout-caution",
    ];
    HashMap::from([
        ("strong", HashSet::from(["label"])),
        ("p", HashSet::from(["callout-title"])),
        ("div", HashSet::from(callouts)),
    ])
}
