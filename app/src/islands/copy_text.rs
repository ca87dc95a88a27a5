//! A button that copies what stands beside it.

use leptos::prelude::*;
use web_sys::{Element, window};

use super::dom::{copy, listen, said, show, text_of};

/// Copies the text of another element. Its children are the button, with that element's id in
/// `data-copies`, and the status that says when it is done.
#[island]
pub fn CopyText(
    /// Button and status.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="live-actions" hidden use:copy_on_click>
            {children()}
        </div>
    }
}

fn copy_on_click(root: Element) {
    // Browsers give the clipboard to secure pages only: elsewhere the button would promise too much.
    if !window().is_some_and(|window| window.is_secure_context()) {
        return;
    }
    let within = root.clone();
    listen(&root, "click", move |event| {
        if let Some(text) = said(&event, "data-copies").and_then(|id| text_of(&id)) {
            copy(&text, within.clone());
        }
    });
    show(&root);
}
