//! The warning for a user who types while the session is about to end.

use leptos::prelude::*;

use super::{Glyph, Icon, Text};
use crate::islands::WatchSession;

/// The words of a [`SessionWatch`].
#[derive(Clone, Debug)]
pub struct SessionWatchWords {
    /// What it is about, for the name of the place.
    pub label: Text,
    /// It ends because it is not used, in less than a minute.
    pub idle_one: Text,
    /// The same in `#` minutes.
    pub idle_many: Text,
    /// It ends because of its age, in less than a minute.
    pub age_one: Text,
    /// The same in `#` minutes.
    pub age_many: Text,
    /// It is over, and what to do.
    pub over: Text,
    /// It was made longer.
    pub kept: Text,
    /// It could not be made longer.
    pub failed: Text,
    /// The button that makes it longer.
    pub keep: Text,
}

/// When the session of a page ends, counted from when the page was made, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct SessionEnds {
    /// If it is not used.
    pub idle_s: u64,
    /// At the latest.
    pub age_s: u64,
    /// How long before the end a user who types is warned.
    pub warning_s: u64,
}

/// A line at the lower edge that appears while the user types and the session is about to end. It
/// never takes the focus. Without a script it is not there: what is posted too late is kept anyway.
#[component]
pub fn SessionWatch(
    /// All its words.
    words: SessionWatchWords,
    /// When the session ends.
    ends: SessionEnds,
    /// The door's tag, to be sent along.
    #[prop(into)]
    door: Text,
) -> impl IntoView {
    let label = words.label.clone();
    view! {
        <WatchSession>
            <aside
                class="session-watch"
                aria-label=label
                data-idle=ends.idle_s.to_string()
                data-age=ends.age_s.to_string()
                data-warning=ends.warning_s.to_string()
                data-door=door
                data-idle-one=words.idle_one
                data-idle-many=words.idle_many
                data-age-one=words.age_one
                data-age-many=words.age_many
                data-over=words.over
                data-kept=words.kept
                data-failed=words.failed
            >
                <SessionLine keep=words.keep />
            </aside>
        </WatchSession>
    }
}

/// The line: a sign, the words, which are read out when they change, and the button.
#[component]
pub fn SessionLine(
    /// What is said; empty while there is nothing to say.
    #[prop(into, optional)]
    says: Text,
    /// The button that makes the session longer.
    #[prop(into)]
    keep: Text,
) -> impl IntoView {
    view! {
        <div class="session-line warning">
            <Icon glyph=Glyph::Warning />
            <p role="status">{says}</p>
            <button type="button" class="btn btn-second">
                {keep}
            </button>
        </div>
    }
}
