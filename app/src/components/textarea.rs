//! Text of several lines: the only place of the site that writes a `<textarea>`.
//!
//! Leptos 0.8 does not escape the text inside a `<textarea>` when it renders on the server, so text
//! that a user typed could close the element and go on as markup. This block escapes it first; a
//! test keeps it so.

use leptos::prelude::*;

use super::labelled::{Labelled, Ties};
use super::{Maybe, Text};

/// A field of several lines.
#[component]
pub fn TextArea(
    /// The label above it.
    #[prop(into)]
    label: Text,
    /// The name under which it is posted.
    #[prop(into)]
    name: Text,
    /// Its id; the name, when left out.
    #[prop(into, optional)]
    id: Maybe,
    /// Help under the label.
    #[prop(into, optional)]
    hint: Maybe,
    /// What is wrong with it, and how to put it right.
    #[prop(into, optional)]
    error: Maybe,
    /// What was typed before.
    #[prop(into, optional)]
    value: Maybe,
    /// How many lines are seen at once.
    #[prop(default = 5)]
    rows: u32,
) -> impl IntoView {
    let ties = Ties::new(id, &name, &hint, &error);
    let text = inside_textarea(&value.or(""));
    view! {
        <Labelled ties=ties.clone() label hint error>
            <textarea
                class="input"
                id=ties.id.clone()
                name=name
                rows=rows
                aria-describedby=ties.described_by()
                aria-invalid=ties.invalid()
            >
                {text}
            </textarea>
        </Labelled>
    }
}

/// Escapes text for the inside of a `<textarea>`. Browsers drop one line break right after the
/// start tag; the one written here is that one, so a text that begins with an empty line keeps it.
fn inside_textarea(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    out.push('\n');
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(c),
        }
    }
    out
}
