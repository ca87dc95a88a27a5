//! Print, copy and download, for the sheet of recovery codes.
//!
//! The file is made in the browser from what the page already shows: the server has forgotten the
//! codes by then.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, Element, HtmlAnchorElement, Url, window};

use super::dom::{copy, document, hush, listen, said, show, text_of};

/// Its children are a row with the id of the codes in `data-codes`, the name of the file in
/// `data-file` and what stands above the codes in it in `data-head`; in it the buttons, each with its `data-deed`, and the status that says when the
/// codes are copied.
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
        match deed.as_str() {
            "print" => {
                let _ = window().map(|window| window.print());
            }
            "copy" => copy(&text, within.clone()),
            _ => {
                let file = said(&event, "data-file").unwrap_or_default();
                let text = match said(&event, "data-head") {
                    Some(head) => format!("{head}\n\n{text}"),
                    None => text,
                };
                let _ = download(&text, &file);
            }
        }
    });
    show(&root);
}

fn download(text: &str, file: &str) -> Result<(), JsValue> {
    let mut text = text.to_owned();
    text.push('\n');
    let parts = js_sys::Array::of1(&JsValue::from_str(&text));
    let url = Url::create_object_url_with_blob(&Blob::new_with_str_sequence(&parts)?)?;
    if let Some(document) = document() {
        let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
        link.set_href(&url);
        link.set_download(file);
        link.click();
    }
    Url::revoke_object_url(&url)
}
