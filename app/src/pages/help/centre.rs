//! The help centre: search, then categories with their articles.

use crate::{
    components::{Main, PageTitle, Width},
    context::{Page, PageContext},
    pages::help::{category::articles, search::search_form, trail},
    paths,
};
use contract::{Answer, CategoryPage};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let categories = context.backend.categories(context.locale);
    let t = context.texts();
    let title = td_string!(t, help.title);
    let page = Page::new(title, move || {
        let shown = context.clone();
        let section = move |category: CategoryPage| {
            let href = context.entrance(&paths::category(&category.slug));
            view! {
                <section>
                    <h2><a href=href>{category.title}</a></h2>
                    <p>{category.description}</p>
                    {articles(&context, category.articles)}
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
