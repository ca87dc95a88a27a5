//! An organisation and its projects: the page of a project's address without its last part.

use super::project::links;
use crate::{
    components::{Main, PageTitle, Panel, StreetScene, Width},
    context::{Page, PageContext},
};
use contract::{Answer, Door, Problem, ProjectLink};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let Door::Platform(door) = context.door.clone() else {
        return Err(Problem::NotFound);
    };
    let mut projects = context.backend.project().await?.neighbours;
    projects.push(ProjectLink {
        name: door.project_name,
        path: context.door.home(),
    });
    projects.sort_by(|one, other| one.name.cmp(&other.name));
    let lead = td_string!(context.texts(), platform.towns);
    let (title, description) = (door.organisation_name.clone(), lead);
    let page = Page::new(door.organisation_name, move || {
        let projects = links(&context, &projects);
        view! {
            <Main width=Width::Door>
                <Panel>
                    <PageTitle title=title lead=lead />
                    {projects}
                </Panel>
                <StreetScene />
            </Main>
        }
    });
    Ok(page.with_description(description))
}
