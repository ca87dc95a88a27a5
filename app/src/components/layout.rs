//! The frame of a page: where it begins, how wide it is, what it is called.

use leptos::prelude::*;

use super::{Maybe, Text};

/// How wide a page's column is, and how it is composed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// One form: 34 rem.
    #[default]
    Form,
    /// Lists, settings, the set-up of two-factor: 72 rem.
    List,
    /// An article: 42 rem, with its contents beside it where there is room.
    Article,
    /// Sign-in: the form, and on wide screens the street beside it.
    Door,
}

impl Width {
    const fn class(self) -> &'static str {
        match self {
            Self::Form => "page page-form",
            Self::List => "page page-list",
            Self::Article => "page page-article",
            Self::Door => "page page-door",
        }
    }
}

/// The first stop of the Tab key: over the header, to the page.
#[component]
pub fn SkipLink(
    /// "Skip to the page".
    #[prop(into)]
    text: Text,
) -> impl IntoView {
    view! {
        <a class="skip" href="#main">
            {text}
        </a>
    }
}

/// The page itself, between header and footer.
#[component]
pub fn Main(
    /// How wide and how composed.
    #[prop(optional)]
    width: Width,
    /// The page.
    children: Children,
) -> impl IntoView {
    view! {
        <main id="main" tabindex="-1" class=width.class()>
            {children()}
        </main>
    }
}

/// The page's title, with where it stands above it and what it is for below it.
#[component]
pub fn PageTitle(
    /// The heading.
    #[prop(into)]
    title: Text,
    /// Where this is: "Step 2 of 2", "Back office".
    #[prop(into, optional)]
    kicker: Maybe,
    /// One or two sentences under the heading.
    #[prop(into, optional)]
    lead: Maybe,
) -> impl IntoView {
    view! {
        <div class="title">
            {kicker.get().map(|text| view! { <p class="kicker">{text}</p> })}
            <h1>{title}</h1>
            {lead.get().map(|text| view! { <p class="lead">{text}</p> })}
        </div>
    }
}

/// The sheet on which a form or a table lies.
#[component]
pub fn Panel(
    /// What lies on it.
    children: Children,
) -> impl IntoView {
    view! { <div class="panel">{children()}</div> }
}
