//! What the page has to say about itself: notices, states, emptiness.

use leptos::prelude::*;

use super::{Glyph, Icon, Maybe, Text, Tone};

/// The icon of a tone.
pub(crate) const fn glyph(tone: Tone) -> Glyph {
    match tone {
        Tone::Success => Glyph::Check,
        Tone::Neutral | Tone::Info => Glyph::Info,
        Tone::Warning => Glyph::Warning,
        Tone::Danger => Glyph::Danger,
    }
}

/// A message in the page. Its word stands beside the icon, so that colour is never alone in saying
/// what it is.
#[component]
pub fn Notice(
    /// What it is about.
    tone: Tone,
    /// The word of the tone: "Done", "Please note".
    #[prop(into)]
    word: Text,
    /// What happened, in a few words; stands after the word of the tone.
    #[prop(into, optional)]
    title: Maybe,
    /// Whether it is read out when the page opens: for the answer to what was just done.
    #[prop(optional)]
    live: bool,
    /// The message.
    children: Children,
) -> impl IntoView {
    view! {
        <div class=format!("notice {}", tone.class()) role=live.then_some("status")>
            <Icon glyph=glyph(tone) />
            <div class="notice-in">
                <p class="notice-word">
                    {word} {title.get().map(|title| view! { <span>" – " {title}</span> })}
                </p>
                {children()}
            </div>
        </div>
    }
}

/// A state in one or two words.
#[component]
pub fn Tag(
    /// What it is about.
    #[prop(optional)]
    tone: Tone,
    /// The state.
    #[prop(into)]
    text: Text,
) -> impl IntoView {
    // A word that is neither good nor bad, such as a role, has no sign to stand for it.
    let icon = (tone != Tone::Neutral).then(|| view! { <Icon glyph=glyph(tone) /> });
    view! {
        <span class=format!("tag {}", tone.class())>
            {icon}
            {text}
        </span>
    }
}

/// A list without anything in it, and what could be done about that.
#[component]
pub fn EmptyState(
    /// What is not there.
    #[prop(into)]
    title: Text,
    /// Why, and what next.
    #[prop(into, optional)]
    text: Maybe,
    /// One action.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">{title}</p>
            {text.get().map(|text| view! { <p>{text}</p> })}
            {children.map(|children| children())}
        </div>
    }
}

/// A note that exists in the demo only: who can sign in, and with what.
#[component]
pub fn Demo(
    /// Its title.
    #[prop(into)]
    title: Text,
    /// What a newcomer needs to know.
    children: Children,
) -> impl IntoView {
    view! {
        <aside class="demo" aria-labelledby="demo-title">
            <h2 id="demo-title">{title}</h2>
            {children()}
        </aside>
    }
}
