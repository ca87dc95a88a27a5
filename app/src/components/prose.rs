//! Text to read, and instructions to follow.

use leptos::prelude::*;

use super::Text;

/// Text that was rendered from an article. The markup is trusted: who passes it has cleaned it.
#[component]
pub fn Prose(
    /// Clean HTML.
    #[prop(into)]
    html: Text,
) -> impl IntoView {
    view! { <div class="prose" inner_html=html.to_string()></div> }
}

/// Numbered steps.
#[component]
pub fn Steps(
    /// For the set-up of two-factor: one sheet, its first step across and the two others side by
    /// side where there is room, so that the field for the code stands beside the picture to scan.
    #[prop(optional)]
    paired: bool,
    /// [`Step`]s.
    children: Children,
) -> impl IntoView {
    view! {
        <ol class="steps" class:paired=paired role="list">
            {children()}
        </ol>
    }
}

/// One step.
#[component]
pub fn Step(
    /// What to do.
    #[prop(into)]
    title: Text,
    /// How to do it.
    children: Children,
) -> impl IntoView {
    view! {
        <li class="step">
            <h2>{title}</h2>
            {children()}
        </li>
    }
}
