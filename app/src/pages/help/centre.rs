//! The help centre: search, then categories with their articles.

use crate::{
    components::{Main, PageTitle, Width},
    pages::help::{category::articles, search::search_form, trail},
    paths,
    visit::{Page, Visit},
};
use contract::{Answer, CategoryPage};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(visit: Visit) -> Answer<Page> {
    let categories = visit.backend.categories(visit.locale);
    let t = visit.texts();
    let title = td_string!(t, help.title);
    let page = Page::new(title, move || {
        let shown = visit.clone();
        let section = move |category: CategoryPage| {
            let href = visit.entrance(&paths::category(&category.slug));
            view! {
                <section>
                    <h2><a href=href>{category.title}</a></h2>
                    <p>{category.description}</p>
                    {articles(&visit, category.articles)}
                </section>
            }
        };
        view! {
            <Main width=Width::Article>
                {trail(&shown, Vec::new(), title.into())}
                <PageTitle title=title lead=td_string!(t, help.intro) />
                {search_form(&shown, "")}
                {categories.into_iter().map(section).collect_view()}
            </Main>
        }
    });
    Ok(page.with_description(td_string!(t, help.intro)))
}
