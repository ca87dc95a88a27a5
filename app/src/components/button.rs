//! Buttons, and links that look like them. A button does something; a link leads somewhere.

use leptos::prelude::*;

use super::{Glyph, Icon, Maybe, Text};

/// How much a button asks for attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing to do here.
    #[default]
    Primary,
    /// Another thing that can be done here.
    Secondary,
    /// Removes or weakens something.
    Danger,
    /// Cancel, later, not now.
    Quiet,
}

impl ButtonKind {
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Primary => "btn",
            Self::Secondary => "btn btn-second",
            Self::Danger => "btn btn-danger",
            Self::Quiet => "btn btn-quiet",
        }
    }
}

/// A button that sends the form around it.
#[component]
pub fn Button(
    /// A verb, and what it does it to.
    #[prop(into)]
    text: Text,
    /// What is only heard after the words, where several buttons have the same ones.
    #[prop(into, optional)]
    heard: Maybe,
    /// How much it asks for attention.
    #[prop(optional)]
    kind: ButtonKind,
    /// A name, where a form has several buttons.
    #[prop(into, optional)]
    name: Maybe,
    /// The value that goes with the name.
    #[prop(into, optional)]
    value: Maybe,
    /// Where this button sends the form instead.
    #[prop(into, optional)]
    formaction: Maybe,
    /// An icon before the words.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// Whether it is as wide as the form.
    #[prop(optional)]
    wide: bool,
) -> impl IntoView {
    view! {
        <button
            type="submit"
            class=kind.class()
            class:wide=wide
            name=name.get()
            value=value.get()
            formaction=formaction.get()
        >
            {glyph.map(|glyph| view! { <Icon glyph /> })}
            {text}
            {heard.get().map(|heard| view! { <span class="heard">{heard}</span> })}
        </button>
    }
}

/// A link that looks like a button: the next step of a path, or a file.
#[component]
pub fn ButtonLink(
    /// Where it leads.
    #[prop(into)]
    href: Text,
    /// Its words.
    #[prop(into)]
    text: Text,
    /// How much it asks for attention.
    #[prop(optional)]
    kind: ButtonKind,
    /// An icon before the words.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// Whether what it leads to is kept as a file.
    #[prop(optional)]
    download: bool,
) -> impl IntoView {
    view! {
        <a class=kind.class() href=href download=download.then_some("")>
            {glyph.map(|glyph| view! { <Icon glyph /> })}
            {text}
        </a>
    }
}
