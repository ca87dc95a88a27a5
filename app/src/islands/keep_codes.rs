//! Print and copy, for the sheet of recovery codes.

use leptos::prelude::*;
use web_sys::{Element, window};

use super::dom::{copy, hush, listen, said, show, text_of};

/// Its children are a row with the id of the codes in `data-codes`; in it the buttons, each with its `data-deed`, and the
/// status that says when the codes are copied.
#[island]
pub fn KeepCodes(
    /// The row of buttons.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="live" hidden use:keep>
            {children()}
        </div>
    }
}

fn keep(root: Element) {
    let within = root.clone();
    listen(&root, "click", move |event| {
        let codes = said(&event, "data-codes").and_then(|id| text_of(&id));
        let (Some(deed), Some(text)) = (said(&event, "data-deed"), codes) else {
            return;
        };
        hush(&within);
        if deed == "print" {
            let _ = window().map(|window| window.print());
        } else {
            copy(&text, within.clone());
        }
    });
    show(&root);
}
