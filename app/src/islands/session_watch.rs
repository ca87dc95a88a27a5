//! The warning for a user who types while the session is about to end.
//!
//! Typing alone does not reach the server, so a session can end meanwhile. A user who has
//! typed is warned in time and can extend it with one button; the focus stays in the field.
//! Times are kept as points of the clock and looked at again and again: a computer may have slept,
//! and a timer with it. Numbers become text in the browser: what Rust needs to write a fraction
//! would be larger than all the rest.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::futures::spawn_local;
use js_sys::{Date, Math, Number, Reflect};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, Response, window};

use super::dom::{document, listen, post, show};

/// How often the clock is looked at, in milliseconds.
const LOOK_EVERY: i32 = 10_000;
/// From here on the words are said once more, in milliseconds.
const SOON: f64 = 120_000.0;
/// The status of an answer after the session has ended.
const SIGN_IN_FIRST: u16 = 401;

/// Its child keeps the times in seconds in `data-idle`, `data-age` and `data-warning`, the door and
/// the words in other `data-` attributes; in it stand the status and the button.
#[island]
pub fn WatchSession(
    /// The line.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="session-live" hidden use:watch>
            {children()}
        </div>
    }
}

fn watch(root: Element) {
    let (Some(line), Some(document), Some(window)) = (Line::find(&root), document(), window())
    else {
        return;
    };
    let line = Rc::new(line);
    let typing = Rc::clone(&line);
    listen(&document, "input", move |event| typing.typed(&event));
    for (target, event) in [
        (document.as_ref(), "visibilitychange"),
        (window.as_ref(), "pageshow"),
    ] {
        let looking = Rc::clone(&line);
        listen(target, event, move |_| looking.look());
    }
    let pressed = Rc::clone(&line);
    listen(&line.button, "click", move |_| {
        spawn_local(keep(Rc::clone(&pressed)));
    });
    let looking = Closure::<dyn FnMut()>::new(move || line.look());
    let look = looking.as_ref().unchecked_ref();
    let _ = window.set_interval_with_callback_and_timeout_and_arguments_0(look, LOOK_EVERY);
    // It is called for as long as the page lives.
    looking.forget();
    show(&root);
}

/// Asks the server to keep the session, and shows the result.
async fn keep(line: Rc<Line>) {
    match ask(&line.kept("door")).await {
        Ok((idle, age)) => {
            line.set_ends(idle, age);
            line.go_back_to_typing();
            line.tell("kept", &line.kept("kept"));
        }
        Err(SIGN_IN_FIRST) => {
            line.set_ends(0.0, 0.0);
            line.go_back_to_typing();
            line.look();
        }
        Err(_) => line.tell("failed", &line.kept("failed")),
    }
}

/// The seconds that are left, unused and at most; or the status of the refusal, zero without one.
async fn ask(door: &str) -> Result<(f64, f64), u16> {
    let answer: Option<Response> = post("/api/keep_session", &[("door", door)]).await;
    let answer = answer.ok_or(0_u16)?;
    if !answer.ok() {
        return Err(answer.status());
    }
    let left = match answer.json() {
        Ok(left) => left.await.map_err(|_| 0_u16)?,
        Err(_) => return Err(0),
    };
    let seconds = |name: &str| {
        let value = Reflect::get(&left, &JsValue::from_str(name)).ok();
        value.and_then(|value| value.as_f64()).ok_or(0_u16)
    };
    Ok((seconds("idle_s")?, seconds("age_s")?))
}

struct Line {
    /// What keeps the words and shows the state.
    place: Element,
    status: Element,
    button: Element,
    /// Points in time, in milliseconds.
    idle_end: Cell<f64>,
    age_end: Cell<f64>,
    /// The length of the warning, in milliseconds.
    warning: f64,
    /// The field that was typed into last.
    field: RefCell<Option<HtmlElement>>,
}

impl Line {
    fn find(root: &Element) -> Option<Self> {
        let place = root.query_selector("[data-warning]").ok()??;
        let seconds = |name: &str| {
            let text = place.get_attribute(name)?;
            text.parse::<u32>().ok().map(f64::from)
        };
        let line = Self {
            status: root.query_selector("[role=status]").ok()??,
            button: root.query_selector("button").ok()??,
            idle_end: Cell::new(0.0),
            age_end: Cell::new(0.0),
            warning: seconds("data-warning")? * 1000.0,
            field: RefCell::new(None),
            place: place.clone(),
        };
        line.set_ends(seconds("data-idle")?, seconds("data-age")?);
        Some(line)
    }

    fn set_ends(&self, idle: f64, age: f64) {
        let now = Date::now();
        self.idle_end.set(now + idle * 1000.0);
        self.age_end.set(now + age * 1000.0);
    }

    /// Something was typed into a form.
    fn typed(&self, event: &Event) {
        let field = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlElement>().ok());
        let field = field.filter(|field| matches!(field.closest("form"), Ok(Some(_))));
        if field.is_some() {
            self.field.replace(field);
            self.look();
        }
    }

    /// Looks at the clock and says what there is to say, once.
    fn look(&self) {
        if self.field.borrow().is_none() {
            return;
        }
        let now = Date::now();
        let (idle, age) = (self.idle_end.get() - now, self.age_end.get() - now);
        let left = idle.min(age);
        if left <= 0.0 {
            self.tell("over", &self.kept("over"));
        } else if left > self.warning {
            // That it goes on stays until there is something else to say.
            if self.state().as_deref() != Some("kept") {
                self.tell("", "");
            }
        } else {
            let why = if idle < age { "idle" } else { "age" };
            let state = if left > SOON {
                why.to_owned()
            } else {
                format!("{why}-soon")
            };
            if self.state().as_deref() != Some(&state) {
                self.tell(&state, &self.in_minutes(why, left / 60_000.0));
            }
        }
    }

    fn in_minutes(&self, why: &str, minutes: f64) -> String {
        if minutes <= 1.0 {
            self.kept(&format!("{why}-one"))
        } else {
            let minutes = Number::from(Math::ceil(minutes)).to_string_with_radix(10);
            let minutes = minutes.map(String::from).unwrap_or_default();
            self.kept(&format!("{why}-many")).replace('#', &minutes)
        }
    }

    fn kept(&self, what: &str) -> String {
        let kept = self.place.get_attribute(&format!("data-{what}"));
        kept.unwrap_or_default()
    }

    fn state(&self) -> Option<String> {
        self.place.get_attribute("data-state")
    }

    fn tell(&self, state: &str, words: &str) {
        let _ = self.place.set_attribute("data-state", state);
        if self.status.text_content().as_deref() != Some(words) {
            self.status.set_text_content(Some(words));
        }
    }

    /// The button goes away: the focus returns to the field that the user typed in.
    fn go_back_to_typing(&self) {
        let focused = document().and_then(|document| document.active_element());
        if focused.as_ref() == Some(&self.button)
            && let Some(field) = &*self.field.borrow()
        {
            let _ = field.focus();
        }
    }
}
