//! The support desk: what readers say about the articles.

use crate::{
    components::{EmptyState, Main, PageTitle, Section, Table, Tag, Text, Tone, Width},
    context::{Page, PageContext},
    i18n::Locale as Texts,
    paths,
};
use contract::{Answer, Locale, VoteCount, VoteRow};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let counts = context.backend.vote_counts().await?;
    let votes = context.backend.votes().await?;
    let t = context.texts();
    let title = td_string!(t, desk.title);
    Ok(Page::new(title, move || {
        let body = if votes.is_empty() {
            let (title, text) = (td_string!(t, desk.none), td_string!(t, desk.none_text));
            view! { <EmptyState title=title text=text/> }.into_any()
        } else {
            view! {
                {count_table(&context, &counts)}
                {vote_table(&context, votes)}
            }
            .into_any()
        };
        view! {
            <Main width=Width::List>
                <PageTitle title=title />
                <Section title=td_string!(t, desk.feedback) lead=td_string!(t, desk.lead)>{body}</Section>
            </Main>
        }
    }))
}

fn article(context: &PageContext, slug: &str) -> AnyView {
    let title = context
        .backend
        .article(context.locale, slug)
        .map(|article| article.title);
    let href = context.href(&paths::article(slug));
    view! { <a href=href>{title.unwrap_or_else(|| slug.to_owned())}</a> }.into_any()
}

/// The name of a language in the page's own.
fn language(t: Texts, locale: Locale) -> &'static str {
    match locale {
        Locale::En => td_string!(t, desk.language_en),
        Locale::Fr => td_string!(t, desk.language_fr),
    }
}

fn count_table(context: &PageContext, counts: &[VoteCount]) -> impl IntoView + use<> {
    let t = context.texts();
    let row = |count: &VoteCount| {
        vec![
            article(context, &count.article),
            language(t, count.locale).into_any(),
            count.helpful.to_string().into_any(),
            count.unhelpful.to_string().into_any(),
        ]
    };
    let heads: Vec<Text> = vec![
        td_string!(t, desk.article).into(),
        td_string!(t, desk.language).into(),
        td_string!(t, desk.helpful).into(),
        td_string!(t, desk.unhelpful).into(),
    ];
    let rows: Vec<_> = counts.iter().map(row).collect();
    view! { <Table caption=td_string!(t, desk.counts) heads=heads rows=rows /> }
}

fn vote_table(context: &PageContext, votes: Vec<VoteRow>) -> impl IntoView + use<> {
    let t = context.texts();
    let row = |vote: VoteRow| {
        let (tone, text) = if vote.helpful {
            (Tone::Success, td_string!(t, desk.helpful))
        } else {
            (Tone::Warning, td_string!(t, desk.unhelpful))
        };
        vec![
            view! { <time datetime=vote.at.machine>{vote.at.text}</time> }.into_any(),
            article(context, &vote.article),
            language(t, vote.locale).into_any(),
            vote.version.into_any(),
            view! { <Tag tone=tone text=text /> }.into_any(),
            vote.comment.into_any(),
        ]
    };
    let heads: Vec<Text> = vec![
        td_string!(t, desk.when).into(),
        td_string!(t, desk.article).into(),
        td_string!(t, desk.language).into(),
        td_string!(t, desk.version).into(),
        td_string!(t, desk.verdict).into(),
        td_string!(t, desk.comment).into(),
    ];
    let rows: Vec<_> = votes.into_iter().map(row).collect();
    view! { <Table caption=td_string!(t, desk.latest) heads=heads rows=rows /> }
}
