//! What went wrong, all of it, at the top of the page, with a way to each field.
//!
//! It takes the focus by `autofocus` on an element that can hold it, which needs no script, and it
//! is an alert, so that it is read out even where the focus stays elsewhere.

use leptos::prelude::*;

use super::{Glyph, Icon, Text};

/// One thing that went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Id of the field; empty when it is about the whole form.
    pub field: Text,
    /// What is wrong, and how to put it right.
    pub text: Text,
}

impl FieldError {
    /// About one field.
    pub fn new(field: impl Into<Text>, text: impl Into<Text>) -> Self {
        Self {
            field: field.into(),
            text: text.into(),
        }
    }

    /// About the whole form.
    pub fn general(text: impl Into<Text>) -> Self {
        Self::new("", text)
    }
}

/// The summary. Without errors it is not there.
#[component]
pub fn ErrorSummary(
    /// "There is a problem".
    #[prop(into)]
    title: Text,
    /// Everything that went wrong, in the order of the fields.
    errors: Vec<FieldError>,
) -> impl IntoView {
    if errors.is_empty() {
        return None;
    }
    let lines = errors
        .into_iter()
        .map(|error| {
            let line = if error.field.is_empty() {
                error.text.into_any()
            } else {
                view! { <a href=format!("#{}", error.field)>{error.text}</a> }.into_any()
            };
            view! { <li>{line}</li> }
        })
        .collect_view();
    Some(view! {
        <div class="summary" role="alert" tabindex="-1" autofocus aria-labelledby="summary-title">
            <h2 id="summary-title">
                <Icon glyph=Glyph::Danger />
                {title}
            </h2>
            <ul role="list">{lines}</ul>
        </div>
    })
}
