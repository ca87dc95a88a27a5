//! The front page: which door, and where to get help.

use crate::{
    components::{
        Actions, ButtonKind, ButtonLink, Main, PageTitle, Panel, Section, StreetScene, Width,
    },
    context::{Page, PageContext},
    pages::platform::project::links,
    paths,
};
use contract::{Answer, Organisation};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let organisations = context.backend.organisations().await?;
    let t = context.texts();
    let title = td_string!(t, home.title);

    let page = Page::new(title, move || {
        let open = open(&context, &organisations);
        view! {
            <Main width=Width::Door>
                <Panel>
                    <PageTitle title=title lead=td_string!(t, home.lead) />
                    <Actions>
                        <ButtonLink text=td_string!(t, home.enter) href=context.href(paths::BACK_OFFICE) />
                        <ButtonLink text=td_string!(t, home.help_link) href=context.href(paths::HELP) kind=ButtonKind::Secondary />
                    </Actions>
                    <p class="help-line">{td_string!(t, home.help_text)}</p>
                    {open}
                </Panel>
                <StreetScene />
            </Main>
        }
    });
    Ok(page.with_description(td_string!(t, home.lead)))
}

/// The projects of every organisation that has any.
fn open(context: &PageContext, organisations: &[Organisation]) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    let lists: Vec<_> = organisations
        .iter()
        .filter(|organisation| !organisation.projects.is_empty())
        .map(|organisation| {
            let links = links(context, &organisation.projects);
            view! {
                <h3>{organisation.name.clone()}</h3>
                {links}
            }
        })
        .collect();
    (!lists.is_empty()).then(|| {
        view! { <Section title=td_string!(t, platform.towns)>{lists}</Section> }
    })
}
