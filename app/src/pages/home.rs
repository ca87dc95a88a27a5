//! The front page: which door, and where to get help.

use crate::{
    components::{Actions, ButtonKind, ButtonLink, Main, PageTitle, Panel, StreetScene, Width},
    routes::paths,
    visit::{Page, Visit},
};
use contract::Answer;
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(visit: Visit) -> Answer<Page> {
    let t = visit.texts();
    let title = td_string!(t, home.title);
    let page = Page::new(title, move || {
        view! {
            <Main width=Width::Door>
                <Panel>
                    <PageTitle title=title lead=td_string!(t, home.lead) />
                    <Actions>
                        <ButtonLink text=td_string!(t, home.enter) href=visit.href(paths::BACK_OFFICE) />
                        <ButtonLink text=td_string!(t, home.help_link) href=visit.href(paths::HELP) kind=ButtonKind::Secondary />
                    </Actions>
                    <p class="help-line">{td_string!(t, home.help_text)}</p>
                </Panel>
                <StreetScene />
            </Main>
        }
    });
    Ok(page.with_description(td_string!(t, home.lead)))
}
