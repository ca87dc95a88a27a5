//! A category of the help and its articles.

use crate::{
    components::{Main, PageTitle, Width},
    pages::help::trail,
    paths,
    visit::{Page, Visit},
};
use contract::{Answer, ArticleCard, Problem};
use leptos::prelude::*;

/// Loads the page.
pub async fn page(visit: Visit) -> Answer<Page> {
    let found = visit.backend.category(visit.locale, visit.param("slug"));
    let category = found.ok_or(Problem::NotFound)?;
    let description = category.description.clone();
    let page = Page::new(category.title.clone(), move || {
        view! {
            <Main width=Width::Article>
                {trail(&visit, Vec::new(), category.title.clone().into())}
                <PageTitle title=category.title lead=category.description />
                {articles(&visit, category.articles)}
            </Main>
        }
    });
    Ok(page.with_description(description))
}

/// Articles as a list of links with a sentence each.
pub(crate) fn articles(visit: &Visit, cards: Vec<ArticleCard>) -> impl IntoView + use<> {
    let item = |card: ArticleCard| {
        let href = visit.entrance(&paths::article(&card.slug));
        view! {
            <li>
                <a href=href>{card.title}</a>
                <p>{card.summary}</p>
            </li>
        }
    };
    let items = cards.into_iter().map(item).collect_view();
    view! { <ul class="articles">{items}</ul> }
}
