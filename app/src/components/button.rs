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

/// Who else can say who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Google.
    Google,
    /// Microsoft, for work, school and personal accounts.
    Microsoft,
}

/// The way to a provider, in the form that its guidelines ask for: its own mark, dark words on
/// white.
#[component]
pub fn ProviderLink(
    /// Whose button it is.
    provider: Provider,
    /// "Sign in with Google".
    #[prop(into)]
    text: Text,
    /// Where the way begins.
    #[prop(into)]
    href: Text,
) -> impl IntoView {
    let mark = match provider {
        Provider::Google => view! {
            <svg class="provider-mark" viewBox="0 0 48 48" aria-hidden="true">
                <path fill="#EA4335" d="M24 9.5c3.5 0 6.7 1.2 9.2 3.6l6.9-6.9A24 24 0 0 0 2.6 13.2l8 6.2A14.3 14.3 0 0 1 24 9.5Z"></path>
                <path fill="#4285F4" d="M47 24.6c0-1.6-.2-3.1-.4-4.6H24v9h12.9c-.6 3-2.3 5.5-4.8 7.2l7.7 6c4.5-4.2 7.2-10.4 7.2-17.6Z"></path>
                <path fill="#FBBC05" d="M10.5 28.6a14.5 14.5 0 0 1 0-9.2l-8-6.2a24 24 0 0 0 0 21.6l8-6.2Z"></path>
                <path fill="#34A853" d="M24 48c6.5 0 11.9-2.1 15.9-5.8l-7.7-6A14.4 14.4 0 0 1 10.5 28.6l-8 6.2A24 24 0 0 0 24 48Z"></path>
            </svg>
        }
        .into_any(),
        Provider::Microsoft => view! {
            <svg class="provider-mark" viewBox="0 0 21 21" aria-hidden="true">
                <path fill="#F25022" d="M0 0h10v10H0Z"></path>
                <path fill="#7FBA00" d="M11 0h10v10H11Z"></path>
                <path fill="#00A4EF" d="M0 11h10v10H0Z"></path>
                <path fill="#FFB900" d="M11 11h10v10H11Z"></path>
            </svg>
        }
        .into_any(),
    };
    view! {
        <a class="btn provider" href=href>
            {mark}
            {text}
        </a>
    }
}
