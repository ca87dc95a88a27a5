//! "Show" and "Hide", inside the field of a password.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::dom::{by_id, listen, show};

/// Shows the password in clear, and hides it again. Its child is the button, with the words for
/// both; the button says in `aria-controls` which field is meant.
#[island]
pub fn RevealPassword(
    /// The button.
    children: Children,
) -> impl IntoView {
    view! {
        <span class="live" hidden use:reveal>
            {children()}
        </span>
    }
}

fn reveal(root: Element) {
    let Some((button, input)) = pair(&root) else {
        return;
    };
    // Sent as clear text, the password would be remembered by some browsers as an ordinary value.
    if let Some(form) = input.form() {
        let (button, input) = (button.clone(), input.clone());
        listen(&form, "submit", move |_| set(&button, &input, false));
    }
    listen(&root, "click", move |_| {
        let shown = input.type_() == "text";
        set(&button, &input, !shown);
    });
    show(&root);
}

/// The button, and the field that it speaks of.
fn pair(root: &Element) -> Option<(Element, HtmlInputElement)> {
    let button = root.query_selector("button").ok()??;
    let field = by_id(&button.get_attribute("aria-controls")?)?;
    Some((button, field.dyn_into().ok()?))
}

fn set(button: &Element, input: &HtmlInputElement, shown: bool) {
    input.set_type(if shown { "text" } else { "password" });
    let _ = button.toggle_attribute_with_force("data-shown", shown);
}
