//! What every field has around it: the label above, the hint under the label, the error between
//! hint and control.
//!
//! The ties between them are ids, so that a screen reader says label, hint and error in one breath.

use leptos::prelude::*;

use super::{Glyph, Icon, Maybe, Text};

/// The ids of one field, and which of them exist.
#[derive(Clone)]
pub(crate) struct Ties {
    /// Id of the control.
    pub(crate) id: Text,
    has_hint: bool,
    has_error: bool,
}

impl Ties {
    /// The control's id is its own, or its name.
    pub(crate) fn new(id: Maybe, name: &Text, hint: &Maybe, error: &Maybe) -> Self {
        Self {
            id: id.or(name.clone()),
            has_hint: hint.is_some(),
            has_error: error.is_some(),
        }
    }

    /// For `aria-describedby`.
    pub(crate) fn described_by(&self) -> Option<String> {
        match (self.has_hint, self.has_error) {
            (true, true) => Some(format!("{0}-hint {0}-error", self.id)),
            (true, false) => Some(format!("{}-hint", self.id)),
            (false, true) => Some(format!("{}-error", self.id)),
            (false, false) => None,
        }
    }

    /// For `aria-invalid`.
    pub(crate) fn invalid(&self) -> Option<&'static str> {
        self.has_error.then_some("true")
    }
}

/// Label, hint and error around one control.
#[component]
pub(crate) fn Labelled(
    /// The ids.
    ties: Ties,
    /// The label.
    label: Text,
    /// The hint.
    hint: Maybe,
    /// The error.
    error: Maybe,
    /// The control.
    children: Children,
) -> impl IntoView {
    let id = ties.id.clone();
    view! {
        <div class="field" class:wrong=ties.has_error>
            <label for=ties.id>{label}</label>
            <Around id hint error />
            {children()}
        </div>
    }
}

/// Hint and error alone, for groups whose name is a legend.
#[component]
pub(crate) fn Around(
    /// Id of the control or group.
    id: Text,
    /// The hint.
    hint: Maybe,
    /// The error.
    error: Maybe,
) -> impl IntoView {
    let hint = hint.get().map(|text| {
        view! {
            <p class="hint" id=format!("{id}-hint")>
                {text}
            </p>
        }
    });
    let error = error.get().map(|text| {
        view! {
            <p class="error" id=format!("{id}-error")>
                <Icon glyph=Glyph::Danger />
                <span>{text}</span>
            </p>
        }
    });
    view! {
        {hint}
        {error}
    }
}
