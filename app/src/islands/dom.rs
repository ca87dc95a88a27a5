//! The few things that islands do to the page.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Document, Element, Event, EventTarget, Headers, HtmlElement, RequestInit, Response,
    UrlSearchParams, window,
};

/// The page.
pub(super) fn document() -> Option<Document> {
    window()?.document()
}

/// The element with this id.
pub(super) fn by_id(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// Shows what was hidden until now.
pub(super) fn show(element: &Element) {
    let _ = element.remove_attribute("hidden");
}

/// Listens for as long as the page lives.
pub(super) fn listen(target: &EventTarget, event: &str, heard: impl FnMut(Event) + 'static) {
    let heard = Closure::<dyn FnMut(Event)>::new(heard);
    let _ = target.add_event_listener_with_callback(event, heard.as_ref().unchecked_ref());
    heard.forget();
}

/// What the pressed element, or the nearest one around it, says in this attribute.
pub(super) fn said(event: &Event, attribute: &str) -> Option<String> {
    let mut element = event.target()?.dyn_into::<Element>().ok();
    while let Some(current) = element {
        if let Some(value) = current.get_attribute(attribute) {
            return Some(value);
        }
        element = current.parent_element();
    }
    None
}

/// Calls a function of the server for its data; `None` when no answer came.
pub(super) async fn post(url: &str, fields: &[(&str, &str)]) -> Option<Response> {
    let body = UrlSearchParams::new().ok()?;
    for (name, value) in fields {
        body.append(name, value);
    }
    let headers = Headers::new().ok()?;
    headers.append("accept", "application/json").ok()?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&body);
    let asked = window()?.fetch_with_str_and_init(url, &init);
    asked.await.ok()?.dyn_into().ok()
}

/// Fills the status in this element with the words that it keeps in `data-says`, so that they are
/// read out.
pub(super) fn say(within: &Element) {
    if let Some(status) = status(within) {
        status.set_text_content(status.get_attribute("data-says").as_deref());
    }
}

/// Empties the status again.
pub(super) fn hush(within: &Element) {
    if let Some(status) = status(within) {
        status.set_text_content(None);
    }
}

fn status(within: &Element) -> Option<Element> {
    within.query_selector("[role=status]").ok()?
}

/// The text of an element as a person sees it, line by line.
pub(super) fn text_of(id: &str) -> Option<String> {
    let element = by_id(id)?.dyn_into::<HtmlElement>().ok()?;
    Some(element.inner_text().trim().to_owned())
}

/// Copies, and says so when it is done.
pub(super) fn copy(text: &str, within: Element) {
    if let Some(window) = window() {
        let after = Closure::once(move |_| say(&within));
        let _ = window.navigator().clipboard().write_text(text).then(&after);
        after.forget();
    }
}
