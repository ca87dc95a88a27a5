//! Fields of one line: text, password, one-time code.

use leptos::prelude::*;

use super::labelled::{Labelled, Ties};
use super::{Glyph, Icon, Maybe, Text};
use crate::islands::RevealPassword;

/// A field of one line.
#[component]
pub fn Field(
    /// The label above it.
    #[prop(into)]
    label: Text,
    /// The name under which it is posted.
    #[prop(into)]
    name: Text,
    /// Its id; the name, when left out.
    #[prop(into, optional)]
    id: Maybe,
    /// Help under the label.
    #[prop(into, optional)]
    hint: Maybe,
    /// What is wrong with it, and how to put it right.
    #[prop(into, optional)]
    error: Maybe,
    /// What was typed before.
    #[prop(into, optional)]
    value: Maybe,
    /// The `type` of the input; "text" when left out.
    #[prop(into, optional)]
    kind: Maybe,
    /// What browsers and password managers may fill in.
    #[prop(into, optional)]
    autocomplete: Maybe,
    /// Which keyboard a phone shows.
    #[prop(into, optional)]
    inputmode: Maybe,
    /// Whether it must be filled in.
    #[prop(optional)]
    required: bool,
    /// Whether it takes the focus when the page opens.
    #[prop(optional)]
    autofocus: bool,
    /// "words" for names, "sentences" for prose, whose spelling is then checked too; "none" when
    /// left out.
    #[prop(into, optional)]
    autocapitalize: Maybe,
    /// Whether it is as narrow as what belongs in it.
    #[prop(optional)]
    short: bool,
) -> impl IntoView {
    let ties = Ties::new(id, &name, &hint, &error);
    let autocapitalize = autocapitalize.or("none");
    let spellcheck = if autocapitalize == "sentences" {
        "true"
    } else {
        "false"
    };
    view! {
        <Labelled ties=ties.clone() label hint error>
            <input
                class="input"
                class:short=short
                type=kind.or("text")
                id=ties.id.clone()
                name=name
                value=value.get()
                autocomplete=autocomplete.get()
                inputmode=inputmode.get()
                required=required
                autofocus=autofocus
                spellcheck=spellcheck
                autocapitalize=autocapitalize
                aria-describedby=ties.described_by()
                aria-invalid=ties.invalid()
            />
        </Labelled>
    }
}

/// A password: never filled in by the page, never cut short, and shown in clear on request.
///
/// "Show" is an island. Without a script the button is not there, and nothing else is missing.
#[component]
pub fn PasswordField(
    /// The label above it.
    #[prop(into)]
    label: Text,
    /// The name under which it is posted.
    #[prop(into)]
    name: Text,
    /// "Show".
    #[prop(into)]
    show: Text,
    /// "Hide".
    #[prop(into)]
    hide: Text,
    /// What is shown and hidden, heard and not seen: "password".
    #[prop(into)]
    what: Text,
    /// Its id; the name, when left out.
    #[prop(into, optional)]
    id: Maybe,
    /// Help under the label.
    #[prop(into, optional)]
    hint: Maybe,
    /// What is wrong with it, and how to put it right.
    #[prop(into, optional)]
    error: Maybe,
    /// "current-password" when left out; "new-password" where one is chosen.
    #[prop(into, optional)]
    autocomplete: Maybe,
    /// Whether it takes the focus when the page opens.
    #[prop(optional)]
    autofocus: bool,
    /// A line under the field, such as the way for who forgot it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let ties = Ties::new(id, &name, &hint, &error);
    view! {
        <Labelled ties=ties.clone() label hint error>
            <div class="input-with">
                <input
                    class="input"
                    type="password"
                    id=ties.id.clone()
                    name=name
                    autocomplete=autocomplete.or("current-password")
                    required
                    autofocus=autofocus
                    spellcheck="false"
                    autocapitalize="none"
                    aria-describedby=ties.described_by()
                    aria-invalid=ties.invalid()
                />
                <RevealPassword>
                    <button type="button" class="reveal" aria-controls=ties.id.clone()>
                        <Icon glyph=Glyph::Eye />
                        <span class="reveal-show">{show}</span>
                        <span class="reveal-hide">{hide}</span>
                        <span class="heard">{what}</span>
                    </button>
                </RevealPassword>
            </div>
            {children.map(|children| view! { <p class="under">{children()}</p> })}
        </Labelled>
    }
}

/// A code from an application, a mail or the sheet of recovery codes: one field with large, evenly
/// wide figures.
///
/// There is no `maxlength`: it would cut a pasted "123 456" to "123 45". The server drops spaces
/// and hyphens.
#[component]
pub fn CodeField(
    /// The label above it.
    #[prop(into)]
    label: Text,
    /// The name under which it is posted.
    #[prop(into)]
    name: Text,
    /// Its id; the name, when left out.
    #[prop(into, optional)]
    id: Maybe,
    /// Where the code comes from.
    #[prop(into, optional)]
    hint: Maybe,
    /// Why it was not accepted.
    #[prop(into, optional)]
    error: Maybe,
    /// Whether it takes the focus when the page opens.
    #[prop(optional)]
    autofocus: bool,
    /// Whether it holds digits only. Recovery codes hold letters too: another keyboard, and nothing
    /// to fill in from a message.
    #[prop(default = true)]
    digits: bool,
) -> impl IntoView {
    let ties = Ties::new(id, &name, &hint, &error);
    view! {
        <Labelled ties=ties.clone() label hint error>
            <input
                class="input code"
                class:letters=!digits
                type="text"
                id=ties.id.clone()
                name=name
                autocomplete=if digits { "one-time-code" } else { "off" }
                inputmode=digits.then_some("numeric")
                required
                autofocus=autofocus
                spellcheck="false"
                autocapitalize="none"
                aria-describedby=ties.described_by()
                aria-invalid=ties.invalid()
            />
        </Labelled>
    }
}
