//! How a new password stands, said under its field while it is typed.
//!
//! Whether it is long enough is counted here. What makes a password easy to guess needs lists that
//! are far too heavy for a page, so that the server is asked once the person pauses; it keeps
//! nothing of it. When it cannot answer, the user is told to go on: the same rules are
//! applied to what is sent.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::futures::spawn_local;
use js_sys::{Function, JsString};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlInputElement, window};

use super::dom::{by_id, listen, post, show};

/// The pause after which a person is spoken to, in milliseconds: long enough not to talk into her
/// typing, nor to ask the server at every key.
const PAUSE: i32 = 700;
/// The longest password that the server judges, in bytes.
const MAX_BYTES: usize = 1024;

/// Its child names the field in `data-field` and the minimum in `data-minimum`, and keeps the words
/// for each verdict in `data-` attributes. In it stands the [`Strength`] that is kept up to date.
///
/// [`Strength`]: crate::components::Strength
#[island]
pub fn PasswordStrength(
    /// The meter and the status.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="strength-live" hidden use:watch>
            {children()}
        </div>
    }
}

fn watch(root: Element) {
    let Some(strength) = Strength::find(&root).map(Rc::new) else {
        return;
    };
    let paused = Rc::clone(&strength);
    let pause = Closure::<dyn FnMut()>::new(move || paused.look());
    let then: Function = pause.as_ref().unchecked_ref::<Function>().clone();
    // It is called for as long as the page lives.
    pause.forget();
    let input = strength.input.clone();
    listen(&input, "input", move |_| strength.wait(&then));
    show(&root);
}

struct Strength {
    /// What keeps the words.
    words: Element,
    /// What shows the state.
    panel: Element,
    status: Element,
    input: HtmlInputElement,
    minimum: usize,
    timer: Cell<Option<i32>>,
}

impl Strength {
    fn find(root: &Element) -> Option<Self> {
        let words = root.query_selector("[data-field]").ok()??;
        let input = by_id(&words.get_attribute("data-field")?)?;
        Some(Self {
            status: root.query_selector("[role=status]").ok()??,
            input: input.dyn_into().ok()?,
            minimum: words.get_attribute("data-minimum")?.parse().ok()?,
            panel: root.query_selector("[data-state]").ok()??,
            words,
            timer: Cell::new(None),
        })
    }

    /// A key was pressed: what was said is out of date, and what is to be said waits for a pause.
    fn wait(&self, then: &Function) {
        let Some(window) = window() else { return };
        if let Some(timer) = self.timer.take() {
            window.clear_timeout_with_handle(timer);
        }
        self.set_state("wait");
        let timer = window.set_timeout_with_callback_and_timeout_and_arguments_0(then, PAUSE);
        self.timer.set(timer.ok());
    }

    fn look(self: &Rc<Self>) {
        let typed = self.typed();
        let length = typed.chars().count();
        if length == 0 {
            self.tell("", "");
        } else if length < self.minimum {
            self.tell("short", &self.missing(self.minimum - length));
        } else if typed.len() > MAX_BYTES {
            self.tell_kept("weak", "too-long");
        } else {
            let asking = Rc::clone(self);
            spawn_local(async move {
                let verdict = asking.ask(&typed).await;
                // She may have gone on typing in the meantime.
                if asking.typed() == typed {
                    asking.judge(verdict.as_deref());
                }
            });
        }
    }

    /// What stands in the field, composed as the server will compose it.
    fn typed(&self) -> String {
        JsString::from(self.input.value()).normalize("NFC").into()
    }

    fn judge(&self, verdict: Option<&str>) {
        match verdict {
            Some("good") => self.tell_kept("good", "good"),
            Some(why @ ("personal" | "common" | "guessable")) => self.tell_kept("weak", why),
            _ => self.tell_kept("later", "later"),
        }
    }

    /// Asks the server; `None` when there is no verdict.
    async fn ask(&self, typed: &str) -> Option<String> {
        let [token, door] = ["token", "door"].map(|name| self.field(name).unwrap_or_default());
        let fields = [("password", typed), ("token", &token), ("door", &door)];
        let answer = post("/api/judge_password", &fields).await?;
        if !answer.ok() {
            return None;
        }
        let verdict: JsValue = answer.json().ok()?.await.ok()?;
        verdict.as_string()
    }

    /// Another field of the form: the token, if it stands on the page of a link, and the door.
    fn field(&self, name: &str) -> Option<String> {
        let selector = format!("[name={name}]");
        let field = self.input.form()?.query_selector(&selector).ok()??;
        Some(field.dyn_into::<HtmlInputElement>().ok()?.value())
    }

    fn missing(&self, count: usize) -> String {
        if count == 1 {
            self.kept("short-one")
        } else {
            self.kept("short-many").replace('#', &count.to_string())
        }
    }

    fn kept(&self, what: &str) -> String {
        let kept = self.words.get_attribute(&format!("data-{what}"));
        kept.unwrap_or_default()
    }

    fn tell_kept(&self, state: &str, what: &str) {
        self.tell(state, &self.kept(what));
    }

    /// Says it once: words that stand there already are not written, and so not read, again.
    fn tell(&self, state: &str, words: &str) {
        self.set_state(state);
        if self.status.text_content().as_deref() != Some(words) {
            self.status.set_text_content(Some(words));
        }
    }

    fn set_state(&self, state: &str) {
        let _ = self.panel.set_attribute("data-state", state);
    }
}
