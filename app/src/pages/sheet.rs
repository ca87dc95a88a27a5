//! The frame that most pages share: one sheet with what went wrong, a title, and a form below it.
//! And the one page of all mailed links that no longer work.

use crate::{
    components::{Actions, ButtonLink, ErrorSummary, Main, Maybe, PageTitle, Panel, Text},
    visit::{Page, Visit},
    words,
};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// A page of one sheet.
#[component]
pub fn Sheet(
    /// The page's visit: what went wrong with its last form is said at the top.
    visit: Visit,
    /// The heading.
    #[prop(into)]
    title: Text,
    /// Where this is: "Step 2 of 2".
    #[prop(into, optional)]
    kicker: Maybe,
    /// One or two sentences under the heading.
    #[prop(into, optional)]
    lead: Maybe,
    /// Everything else.
    children: Children,
) -> impl IntoView {
    let t = visit.texts();
    let errors = words::summary(t, &visit.flash, &visit.site.support_email);
    view! {
        <Main>
            <Panel>
                <ErrorSummary title=td_string!(t, errors.summary) errors=errors />
                <PageTitle title=title kicker=kicker lead=lead />
                {children()}
            </Panel>
        </Main>
    }
}

/// Why a mailed link is dead, and the way on.
pub struct DeadLink {
    /// The reasons that there can be.
    pub why: &'static str,
    /// What else there is to know.
    pub next: Option<String>,
    /// The words of the one button.
    pub way_on: &'static str,
    /// Where it leads.
    pub href: String,
}

/// The page of a link that was used, replaced, or is too old.
pub fn dead_link(visit: Visit, dead: DeadLink) -> Page {
    let t = visit.texts();
    let title = td_string!(t, errors.dead_link_title);
    let page = Page::new(title, move || {
        let next = dead.next.map(|text| view! { <p>{text}</p> });
        view! {
            <Sheet visit=visit title=title lead=dead.why>
                {next}
                <Actions>
                    <ButtonLink text=dead.way_on href=dead.href />
                </Actions>
            </Sheet>
        }
    });
    page.with_status(410)
}
