//! Where one is, and what else the page holds.

use leptos::prelude::*;

use super::Text;

/// The way from the beginning to this page.
#[component]
pub fn Breadcrumb(
    /// What this is: "You are here".
    #[prop(into)]
    label: Text,
    /// Address and words of the pages above this one, outermost first.
    items: Vec<(Text, Text)>,
    /// This page.
    #[prop(into)]
    current: Text,
) -> impl IntoView {
    let above = items
        .into_iter()
        .map(|(href, text)| {
            view! {
                <li>
                    <a href=href>{text}</a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="crumbs" aria-label=label>
            <ol role="list">
                {above} <li>
                    <span aria-current="page">{current}</span>
                </li>
            </ol>
        </nav>
    }
}

/// One line of a table of contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentsItem {
    href: Text,
    text: Text,
    inner: bool,
}

impl ContentsItem {
    /// A section of the page: "#id" and its heading.
    pub fn new(href: impl Into<Text>, text: impl Into<Text>) -> Self {
        Self {
            href: href.into(),
            text: text.into(),
            inner: false,
        }
    }

    /// The same, one level down.
    #[must_use]
    pub fn sub(mut self) -> Self {
        self.inner = true;
        self
    }
}

/// The table of contents of an article.
#[component]
pub fn Contents(
    /// "On this page".
    #[prop(into)]
    title: Text,
    /// The sections.
    items: Vec<ContentsItem>,
) -> impl IntoView {
    let lines = items
        .into_iter()
        .map(|item| {
            view! {
                <li class:inner=item.inner>
                    <a href=item.href>{item.text}</a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="contents" aria-labelledby="contents-title">
            <h2 id="contents-title">{title}</h2>
            <ol role="list">{lines}</ol>
        </nav>
    }
}
