//! What became of a mail, shown while the page is open.
//!
//! The server says that something has changed, and the page fetches itself and takes the new parts: so the words are those
//! of the server, and the same as after a reload. A hidden page does not listen.

use js_sys::futures::spawn_local;
use leptos::prelude::*;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Document, DomParser, Element, EventSource, MessageEvent, Response, SupportedType, Window,
    window,
};

use super::dom::{document, listen};

/// The parts of the page that change, by their ids.
const PARTS: [&str; 3] = ["mail-state", "mail-suggestion", "mail-again"];
/// One second, in milliseconds.
const SECOND: i32 = 1_000;
/// How long the page waits before it listens again, after it was sent away.
const AGAIN: i32 = 15 * SECOND;

/// Its child keeps the address of the events in `data-live` and the shown version in `data-version`. An element in it with
/// `data-seconds` counts down, with the words in `data-words`, where `#` stands for the seconds.
#[island]
pub fn WatchMail(
    /// What changes.
    children: Children,
) -> impl IntoView {
    view! { <div use:watch>{children()}</div> }
}

fn watch(root: Element) {
    let (Some(document), Some(window)) = (document(), window()) else {
        return;
    };
    let Ok(Some(place)) = root.query_selector("[data-live]") else {
        return;
    };
    let counted = place.clone();
    let counting = Closure::<dyn FnMut()>::new(move || count_down(&counted));
    let count = counting.as_ref().unchecked_ref();
    let _ = window.set_interval_with_callback_and_timeout_and_arguments_0(count, SECOND);
    // It is called for as long as the page lives.
    counting.forget();
    let source = Rc::new(RefCell::new(open(&place)));
    let (page, again) = (document.clone(), (Rc::clone(&source), place.clone()));
    listen(&document, "visibilitychange", move |_| {
        if let Some(open) = source.take() {
            open.close();
        }
        if !page.hidden() {
            source.replace(open(&place));
        }
    });
    listen_again(&document, &window, again);
}

/// A browser gives up on an answer that is no stream of events: of a server that starts, or is full. Then the page listens
/// again after a while.
fn listen_again(
    document: &Document,
    window: &Window,
    (source, place): (Rc<RefCell<Option<EventSource>>>, Element),
) {
    let page = document.clone();
    let looking = Closure::<dyn FnMut()>::new(move || {
        let is_closed = |open: &EventSource| open.ready_state() == EventSource::CLOSED;
        let is_over = source.borrow().as_ref().is_none_or(is_closed);
        if is_over && !page.hidden() {
            source.replace(open(&place));
        }
    });
    let look = looking.as_ref().unchecked_ref();
    let _ = window.set_interval_with_callback_and_timeout_and_arguments_0(look, AGAIN);
    // It is called for as long as the page lives.
    looking.forget();
}

fn open(place: &Element) -> Option<EventSource> {
    let source = EventSource::new(&place.get_attribute("data-live")?).ok()?;
    let place = place.clone();
    listen(&source, "message", move |event| {
        let version = event.dyn_into::<MessageEvent>().ok();
        let version = version.and_then(|event| event.data().as_string());
        if version != place.get_attribute("data-version") {
            spawn_local(renew(place.clone()));
        }
    });
    Some(source)
}

/// Takes what has changed from the page as it is now. Where it is another page by now, that one is opened.
async fn renew(place: Element) {
    let Some(new) = fetched().await else {
        return;
    };
    let Ok(Some(newer)) = new.query_selector("[data-live]") else {
        if let Some(window) = window() {
            let _ = window.location().reload();
        }
        return;
    };
    let version = newer.get_attribute("data-version").unwrap_or_default();
    let _ = place.set_attribute("data-version", &version);
    for id in PARTS {
        let shown = document().and_then(|document| document.get_element_by_id(id));
        if let (Some(shown), Some(newer)) = (shown, new.get_element_by_id(id)) {
            shown.set_inner_html(&newer.inner_html());
        }
    }
}

/// This page as the server draws it now.
async fn fetched() -> Option<Document> {
    let window = window()?;
    let address = window.location().href().ok()?;
    let answer = window.fetch_with_str(&address).await.ok()?;
    let text = answer
        .dyn_into::<Response>()
        .ok()?
        .text()
        .ok()?
        .await
        .ok()?;
    let parser = DomParser::new().ok()?;
    let text = text.as_string()?;
    parser
        .parse_from_string(&text, SupportedType::TextHtml)
        .ok()
}

fn count_down(place: &Element) {
    let Ok(Some(line)) = place.query_selector("[data-seconds]") else {
        return;
    };
    let seconds = line.get_attribute("data-seconds").unwrap_or_default();
    let left = seconds.parse::<u32>().unwrap_or(0).saturating_sub(1);
    if left == 0 {
        line.remove();
        return;
    }
    let left = left.to_string();
    let words = line.get_attribute("data-words").unwrap_or_default();
    let _ = line.set_attribute("data-seconds", &left);
    line.set_text_content(Some(&words.replace('#', &left)));
}
