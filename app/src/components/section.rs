//! Parts of a page: sections, settings with their state, things that open.

use leptos::prelude::*;

use super::notice::glyph;
use super::{ButtonKind, Glyph, Icon, Maybe, Text, Tone};

/// A part of a page, with its heading.
#[component]
pub fn Section(
    /// The heading.
    #[prop(into)]
    title: Text,
    /// Its id, where something points at it.
    #[prop(into, optional)]
    id: Maybe,
    /// One or two sentences under the heading.
    #[prop(into, optional)]
    lead: Maybe,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="section" id=id.get()>
            <div class="section-head">
                <h2>{title}</h2>
                {lead.get().map(|text| view! { <p class="lead">{text}</p> })}
            </div>
            <div class="section-body">{children()}</div>
        </section>
    }
}

/// One thing that can be set: what it is, how it stands in words, and one action.
#[component]
pub fn SettingRow(
    /// What it is.
    #[prop(into)]
    title: Text,
    /// How it stands: "On since 3 May, last used today".
    #[prop(into)]
    state: Text,
    /// Whether that is good or needs care; draws an icon before the state.
    #[prop(optional)]
    tone: Tone,
    /// One action.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let icon = (tone != Tone::Neutral).then(|| view! { <Icon glyph=glyph(tone) /> });
    view! {
        <div class="setting">
            <div class="setting-in">
                <h3>{title}</h3>
                <p class=format!("state {}", tone.class())>{icon} <span>{state}</span></p>
            </div>
            {children.map(|children| children())}
        </div>
    }
}

/// Something that most people do not need, one press away.
#[component]
pub fn Disclosure(
    /// What is behind it.
    #[prop(into)]
    summary: Text,
    /// Its id, where something points at it.
    #[prop(into, optional)]
    id: Maybe,
    /// Whether it is open when the page opens.
    #[prop(optional)]
    open: bool,
    /// What is behind it, for who asks.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="more" id=id.get() open=open>
            <summary>
                <Icon glyph=Glyph::Chevron />
                {summary}
            </summary>
            <div class="more-in">{children()}</div>
        </details>
    }
}

/// A question on top of the page. Opened by [`DialogButton`], closed by its own button, Escape or a
/// click beside it, without a script. In a browser that has no popovers it is a section of the
/// page.
#[component]
pub fn Dialog(
    /// Its id.
    #[prop(into)]
    id: Text,
    /// The question.
    #[prop(into)]
    title: Text,
    /// "Close".
    #[prop(into)]
    close: Text,
    /// What it is about, and the form that answers it.
    children: Children,
) -> impl IntoView {
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    let target = id.clone();
    view! {
        <section class="dialog" id=id popover="auto" role="dialog" aria-labelledby=labelled_by>
            <h2 id=title_id tabindex="-1" autofocus>
                {title}
            </h2>
            {children()}
            <button
                type="button"
                class="btn btn-quiet"
                popovertarget=target
                popovertargetaction="hide"
            >
                {close}
            </button>
        </section>
    }
}

/// Opens a [`Dialog`].
#[component]
pub fn DialogButton(
    /// Id of the dialog.
    #[prop(into)]
    target: Text,
    /// Its words.
    #[prop(into)]
    text: Text,
    /// How much it asks for attention.
    #[prop(default = ButtonKind::Secondary)]
    kind: ButtonKind,
) -> impl IntoView {
    view! {
        <button type="button" class=kind.class() popovertarget=target>
            {text}
        </button>
    }
}
