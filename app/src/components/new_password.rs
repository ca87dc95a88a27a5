//! The field in which a new password is chosen.

use leptos::prelude::*;

use super::{Glyph, Icon, Maybe, PasswordField, Text};
use crate::islands::PasswordStrength;

/// Every word around the field but its label and its error.
#[derive(Clone, Debug)]
pub struct NewPasswordWords {
    /// What a good one is like, with the minimum.
    pub hint: Text,
    /// "Show".
    pub show: Text,
    /// "Hide".
    pub hide: Text,
    /// What is shown and hidden, heard and not seen: "password".
    pub what: Text,
    /// One character is missing.
    pub short_one: Text,
    /// Several are missing; `#` stands for how many.
    pub short_many: Text,
    /// More than the server takes.
    pub too_long: Text,
    /// Made of the person's own data.
    pub personal: Text,
    /// On the list of common ones.
    pub common: Text,
    /// Easy to guess.
    pub guessable: Text,
    /// It would be taken.
    pub good: Text,
    /// Long enough, and not judged now.
    pub later: Text,
}

/// A new password: the hint says what is asked for, and while it is typed the words under the field
/// say how it stands. Inside a form with a field `token`, it is judged for the owner of the token.
///
/// How it stands is an island. Without a script there is the hint, and the same rules after the
/// form was sent.
#[component]
pub fn NewPasswordField(
    /// The label above it.
    #[prop(into)]
    label: Text,
    /// The name under which it is posted.
    #[prop(into)]
    name: Text,
    /// The least number of characters.
    minimum: u32,
    /// All other words.
    words: NewPasswordWords,
    /// Its id; the name, when left out.
    #[prop(into, optional)]
    id: Maybe,
    /// What is wrong with it, and how to put it right.
    #[prop(into, optional)]
    error: Maybe,
    /// Whether it takes the focus when the page opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let field = id.clone().or(name.clone());
    view! {
        <div class="new-password">
            <PasswordField
                label
                name
                id
                error
                autofocus
                autocomplete="new-password"
                hint=words.hint
                show=words.show
                hide=words.hide
                what=words.what
            />
            <PasswordStrength>
                <div
                    data-field=field
                    data-minimum=minimum.to_string()
                    data-short-one=words.short_one
                    data-short-many=words.short_many
                    data-too-long=words.too_long
                    data-personal=words.personal
                    data-common=words.common
                    data-guessable=words.guessable
                    data-good=words.good
                    data-later=words.later
                >
                    <Strength />
                </div>
            </PasswordStrength>
        </div>
    }
}

/// How a password stands: a meter for the eye, a sign, and the words, which are read out when they
/// change. States are "short", "weak", "later" (not judged now), "good", and "wait" while the user
/// types.
#[component]
pub fn Strength(
    /// How it stands; empty while nothing was typed.
    #[prop(into, optional)]
    state: Text,
    /// What is said about it.
    #[prop(into, optional)]
    says: Text,
) -> impl IntoView {
    view! {
        <div class="strength" data-state=state>
            // The words say the same.
            <span class="strength-meter" aria-hidden="true">
                <span></span>
                <span></span>
                <span></span>
            </span>
            <Icon glyph=Glyph::Warning />
            <Icon glyph=Glyph::Check />
            <p role="status">{says}</p>
        </div>
    }
}
