//! "Was this helpful?", at the end of an article.

use leptos::prelude::*;

use super::{Glyph, Icon, Maybe, Text};

/// The card that asks, takes a comment, or thanks.
#[component]
pub fn Vote(
    /// The question, or the thanks.
    #[prop(into)]
    title: Text,
    /// Its id, to come back to; "vote" when left out.
    #[prop(into, optional)]
    id: Maybe,
    /// Buttons, a form, or nothing more.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let id = id.or("vote");
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    view! {
        <section class="vote" id=id aria-labelledby=labelled_by>
            <h2 id=title_id>{title}</h2>
            {children.map(|children| children())}
        </section>
    }
}

/// Yes and no, as the two buttons of the form around them.
#[component]
pub fn VoteButtons(
    /// "Yes".
    #[prop(into)]
    yes: Text,
    /// "No".
    #[prop(into)]
    no: Text,
    /// The name under which "yes" or "no" is posted; "helpful" when left out.
    #[prop(into, optional)]
    name: Maybe,
) -> impl IntoView {
    let name = name.or("helpful");
    view! {
        <div class="actions">
            <button type="submit" class="btn btn-second" name=name.clone() value="yes">
                <Icon glyph=Glyph::ThumbUp />
                {yes}
            </button>
            <button type="submit" class="btn btn-second" name=name value="no">
                <Icon glyph=Glyph::ThumbDown />
                {no}
            </button>
        </div>
    }
}
