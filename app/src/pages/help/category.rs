//! A category of the help and its articles.

use crate::{
    components::{Main, PageTitle, Width},
    context::{Page, PageContext},
    pages::help::trail,
    paths,
};
use contract::{Answer, ArticleCard, Problem};
use leptos::prelude::*;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let found = context
        .backend
        .category(context.locale, context.param("slug"));
    let category = found.ok_or(Problem::NotFound)?;
    let description = category.description.clone();
    let page = Page::new(category.title.clone(), move || {
        view! {
            <Main width=Width::Article>
                {trail(&context, Vec::new(), category.title.clone().into())}
                <PageTitle title=category.title lead=category.description />
                {articles(&context, category.articles)}
            </Main>
        }
    });
    Ok(page.with_description(description))
}

/// Articles as a list of links with a sentence each.
pub(crate) fn articles(context: &PageContext, cards: Vec<ArticleCard>) -> impl IntoView + use<> {
    let item = |card: ArticleCard| {
        let href = context.entrance(&paths::article(&card.slug));
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
