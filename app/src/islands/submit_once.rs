//! One press, one post.
//!
//! The server does not rely on it: every act there happens once whatever the browser sends. This
//! only spares the person the doubt.

use leptos::prelude::*;
use web_sys::{Element, window};

use super::dom::{hush, listen, say};

/// Stands inside a form. After the first submit it refuses others and says that the answer is on
/// its way. Its child is the status, with the words to say in `data-says`.
#[island]
pub fn SubmitOnce(
    /// The status.
    children: Children,
) -> impl IntoView {
    view! { <div class="busy" use:submit_once>{children()}</div> }
}

fn submit_once(root: Element) {
    let Ok(Some(form)) = root.closest("form") else {
        return;
    };
    let (sent, within) = (form.clone(), root.clone());
    listen(&form, "submit", move |event| {
        if sent.has_attribute("data-busy") {
            event.prevent_default();
        } else {
            let _ = sent.set_attribute("data-busy", "");
            say(&within);
        }
    });
    // A page that comes back from the browser's memory is ready to be sent again.
    if let Some(window) = window() {
        listen(&window, "pageshow", move |_| {
            let _ = form.remove_attribute("data-busy");
            hush(&root);
        });
    }
}
