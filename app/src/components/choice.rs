//! Choosing: from a list, yes or no, one of several.

use leptos::prelude::*;

use super::labelled::{Around, Labelled, Ties};
use super::{Maybe, Text};

/// A list to choose one thing from.
#[component]
pub fn Select(
    /// The label above it.
    #[prop(into)]
    label: Text,
    /// The name under which it is posted.
    #[prop(into)]
    name: Text,
    /// Value and words of each choice.
    options: Vec<(Text, Text)>,
    /// The value that is chosen now.
    #[prop(into, optional)]
    selected: Maybe,
    /// Its id; the name, when left out.
    #[prop(into, optional)]
    id: Maybe,
    /// Help under the label.
    #[prop(into, optional)]
    hint: Maybe,
    /// What is wrong with it, and how to put it right.
    #[prop(into, optional)]
    error: Maybe,
) -> impl IntoView {
    let ties = Ties::new(id, &name, &hint, &error);
    let selected = selected.get();
    let options = options
        .into_iter()
        .map(|(value, words)| {
            let chosen = selected.as_ref() == Some(&value);
            view! {
                <option value=value selected=chosen>
                    {words}
                </option>
            }
        })
        .collect_view();
    view! {
        <Labelled ties=ties.clone() label hint error>
            <select
                class="input"
                id=ties.id.clone()
                name=name
                aria-describedby=ties.described_by()
                aria-invalid=ties.invalid()
            >
                {options}
            </select>
        </Labelled>
    }
}

/// Yes or no.
#[component]
pub fn Checkbox(
    /// The words beside it.
    #[prop(into)]
    label: Text,
    /// The name under which it is posted, when ticked.
    #[prop(into)]
    name: Text,
    /// Its id; the name, when left out.
    #[prop(into, optional)]
    id: Maybe,
    /// What is posted; "true" when left out.
    #[prop(into, optional)]
    value: Maybe,
    /// Help under the words.
    #[prop(into, optional)]
    hint: Maybe,
    /// What is wrong with it, and how to put it right.
    #[prop(into, optional)]
    error: Maybe,
    /// Whether it is ticked.
    #[prop(optional)]
    checked: bool,
    /// Whether it must be ticked.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let ties = Ties::new(id, &name, &hint, &error);
    let around = ties.id.clone();
    let wrong = error.is_some();
    view! {
        <div class="field tick" class:wrong=wrong>
            <input
                type="checkbox"
                id=ties.id.clone()
                name=name
                value=value.or("true")
                checked=checked
                required=required
                aria-describedby=ties.described_by()
                aria-invalid=ties.invalid()
            />
            <label for=ties.id>{label}</label>
            <Around id=around hint error />
        </div>
    }
}

/// One of several things to choose.
#[derive(Clone, Debug)]
pub struct Choice {
    value: Text,
    label: Text,
    hint: Maybe,
}

impl Choice {
    /// A choice with its value and its words.
    pub fn new(value: impl Into<Text>, label: impl Into<Text>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            hint: Maybe::default(),
        }
    }

    /// The same with a line of help.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<Maybe>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// One of several, all of them in sight.
#[component]
pub fn RadioGroup(
    /// The question.
    #[prop(into)]
    legend: Text,
    /// The name under which the answer is posted.
    #[prop(into)]
    name: Text,
    /// The answers.
    options: Vec<Choice>,
    /// The value that is chosen now.
    #[prop(into, optional)]
    selected: Maybe,
    /// Help under the question.
    #[prop(into, optional)]
    hint: Maybe,
    /// What is wrong with it, and how to put it right.
    #[prop(into, optional)]
    error: Maybe,
) -> impl IntoView {
    let ties = Ties::new(Maybe::default(), &name, &hint, &error);
    let selected = selected.get();
    let described_by = ties.described_by();
    let wrong = error.is_some();
    let answers = options
        .into_iter()
        .enumerate()
        .map(|(index, choice)| {
            let chosen = selected.as_ref() == Some(&choice.value);
            // The first answer carries the group's name as its id: that is where an error summary points.
            let id = if index == 0 {
                name.clone()
            } else {
                Text::from(format!("{name}-{index}"))
            };
            answer(id, name.clone(), choice, chosen)
        })
        .collect_view();
    view! {
        <fieldset class="fieldset field" class:wrong=wrong aria-describedby=described_by>
            <legend>{legend}</legend>
            <Around id=ties.id hint error />
            {answers}
        </fieldset>
    }
}

fn answer(id: Text, name: Text, choice: Choice, chosen: bool) -> impl IntoView {
    let ties = Ties::new(Maybe::from(id), &name, &choice.hint, &Maybe::default());
    view! {
        <div class="tick">
            <input
                type="radio"
                id=ties.id.clone()
                name=name
                value=choice.value
                checked=chosen
                aria-describedby=ties.described_by()
            />
            <label for=ties.id.clone()>{choice.label}</label>
            <Around id=ties.id hint=choice.hint error=Maybe::default() />
        </div>
    }
}
