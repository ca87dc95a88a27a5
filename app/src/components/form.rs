//! Forms, and what stands between their fields.
//!
//! Every form posts to the server and needs nothing else. `novalidate` is on: the server answers in
//! the page's own words and language, with all errors at once, where a browser's bubbles speak the
//! browser's language one at a time.

use leptos::prelude::*;

use super::{Maybe, Text};
use crate::islands::SubmitOnce;

/// What every form brings back, since the address that it posts to says neither: the language in
/// which the answer is to come, and the door that the page stands behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carry {
    /// The language's tag.
    pub locale: &'static str,
    /// The door's tag; empty for the back office.
    pub door: String,
}

impl From<&'static str> for Carry {
    /// A form of the back office in this language.
    fn from(locale: &'static str) -> Self {
        Self {
            locale,
            door: String::new(),
        }
    }
}

/// A form that posts.
#[component]
pub fn Form(
    /// Where it posts.
    #[prop(into)]
    action: Text,
    /// The language and the door of the page.
    #[prop(into)]
    carry: Carry,
    /// Its id, where something points at it.
    #[prop(into, optional)]
    id: Maybe,
    /// Said while the answer is on its way; also keeps a second press from sending twice. Places an
    /// island.
    #[prop(into, optional)]
    busy: Maybe,
    /// Fields and buttons.
    children: Children,
) -> impl IntoView {
    view! {
        <form method="post" action=action id=id.get() novalidate>
            <Carried carry />
            {children()}
            {busy
                .get()
                .map(|text| {
                    view! {
                        <SubmitOnce>
                            <p role="status" data-says=text></p>
                        </SubmitOnce>
                    }
                })}
        </form>
    }
}

/// The hidden fields of a [`Carry`].
#[component]
pub fn Carried(
    /// The language and the door of the page.
    carry: Carry,
) -> impl IntoView {
    let door = (!carry.door.is_empty()).then(|| view! { <Hidden name="door" value=carry.door /> });
    view! {
        <Hidden name="locale" value=carry.locale />
        {door}
    }
}

/// Something that the form must bring back: an id, a step.
#[component]
pub fn Hidden(
    /// Its name.
    #[prop(into)]
    name: Text,
    /// Its value.
    #[prop(into)]
    value: Text,
) -> impl IntoView {
    view! { <input type="hidden" name=name value=value /> }
}

/// The buttons at the end of a form, or of a sheet.
#[component]
pub fn Actions(
    /// Buttons and links.
    children: Children,
) -> impl IntoView {
    view! { <div class="actions">{children()}</div> }
}

/// Fields that belong together, under one name.
#[component]
pub fn Fieldset(
    /// What they are about.
    #[prop(into)]
    legend: Text,
    /// Help for all of them.
    #[prop(into, optional)]
    hint: Maybe,
    /// The fields.
    children: Children,
) -> impl IntoView {
    view! {
        <fieldset class="fieldset">
            <legend>{legend}</legend>
            {hint.get().map(|text| view! { <p class="hint">{text}</p> })}
            {children()}
        </fieldset>
    }
}

/// "or", between two ways of doing the same.
#[component]
pub fn Divider(
    /// The word.
    #[prop(into)]
    text: Text,
) -> impl IntoView {
    view! {
        <p class="divider">
            <span>{text}</span>
        </p>
    }
}
