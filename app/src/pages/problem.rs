//! The calm page for everything that can go wrong, with the way on.

use crate::{
    components::{Actions, ButtonKind, ButtonLink, Main, PageTitle, Panel},
    context::{Page, PageContext},
    paths, words,
};
use contract::Problem;
use leptos::prelude::*;
use leptos_i18n::td_string;

/// A page that shows nothing but a problem. `retry` is where trying again makes sense.
pub fn page(context: PageContext, problem: &Problem, retry: Option<String>) -> Page {
    let t = context.texts();
    let title = words::title(t, problem);
    let text = words::problem(t, problem, &context.site.support_email);
    let shown = title.clone();
    let mut page = Page::new(title, move || {
        let retry = retry
            .map(|href| view! { <ButtonLink text=td_string!(t, errors.busy_again) href=href /> });
        let kind = if retry.is_some() {
            ButtonKind::Secondary
        } else {
            ButtonKind::Primary
        };
        view! {
            <Main>
                <Panel>
                    <PageTitle title=shown lead=text />
                    <Actions>
                        {retry}
                        <ButtonLink text=td_string!(t, errors.go_home) href=context.href(paths::HOME) kind=kind />
                        <ButtonLink text=td_string!(t, errors.go_help) href=context.entrance(paths::HELP) kind=ButtonKind::Secondary />
                    </Actions>
                </Panel>
            </Main>
        }
    });
    page.translated = false;
    page.with_status(problem.status())
}
