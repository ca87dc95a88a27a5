//! Searching the help: a GET form that works alone.

use crate::{
    components::{Button, EmptyState, Field, Main, PageTitle, Width},
    context::{Page, PageContext},
    pages::help::trail,
    paths,
};
use contract::{Answer, SearchHit, Snippet};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let query = context.query("q").unwrap_or_default().trim().to_owned();
    let hits = context.backend.search(context.locale, &query);
    let t = context.texts();
    let title = match query.as_str() {
        "" => td_string!(t, help.search.label).to_string(),
        query => td_string!(t, help.search.results, query = query.to_owned()),
    };
    let shown = title.clone();
    Ok(Page::new(title, move || {
        view! {
            <Main width=Width::Article>
                {trail(&context, Vec::new(), td_string!(t, help.search.submit).into())}
                <PageTitle title=shown />
                {search_form(&context, &query)}
                {results(&context, &query, hits)}
            </Main>
        }
    }))
}

/// The form; also stands on the help centre's page.
pub(crate) fn search_form(context: &PageContext, query: &str) -> impl IntoView + use<> {
    let t = context.texts();
    view! {
        <form class="search" role="search" method="get" action=context.entrance(paths::HELP_SEARCH)>
            <Field
                label=td_string!(t, help.search.label)
                hint=td_string!(t, help.search.placeholder)
                name="q"
                kind="search"
                value=query.to_owned()
            />
            <Button text=td_string!(t, help.search.submit) />
        </form>
    }
}

fn results(context: &PageContext, query: &str, hits: Vec<SearchHit>) -> AnyView {
    let t = context.texts();
    if query.is_empty() {
        return view! { <p>{td_string!(t, help.search.empty)}</p> }.into_any();
    }
    let count = match hits.len() {
        0 => {
            let title = td_string!(t, help.search.none, query = query.to_owned());
            let text = td_string!(t, help.search.none_hint);
            return view! { <EmptyState title=title text=text/> }.into_any();
        }
        1 => td_string!(t, help.search.count_single).to_string(),
        count => td_string!(t, help.search.count_many, count = count.to_string()),
    };
    let item = |hit: SearchHit| {
        let href = context.entrance(&paths::article(&hit.article.slug));
        let snippet = hit.snippet.into_iter().map(piece).collect_view();
        view! {
            <li>
                <a href=href>{hit.article.title}</a>
                <p>{snippet}</p>
            </li>
        }
    };
    let items = hits.into_iter().map(item).collect_view();
    view! {
        <p role="status">{count}</p>
        <ul class="articles">{items}</ul>
    }
    .into_any()
}

fn piece(piece: Snippet) -> AnyView {
    if piece.hit {
        view! { <mark>{piece.text}</mark> }.into_any()
    } else {
        piece.text.into_any()
    }
}
