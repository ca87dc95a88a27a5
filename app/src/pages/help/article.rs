//! An article: where it stands, in which languages, when it changed, its text, and the vote.

use super::{trail, vote::vote};
use crate::{
    components::{Contents, ContentsItem, Main, PageTitle, Prose, Text, Width},
    context::{Page, PageContext},
    i18n::Locale as Texts,
    locale, paths,
};
use contract::{Answer, ArticlePage, Locale, Problem};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let found = context
        .backend
        .article(context.locale, context.param("slug"));
    let article = found.ok_or(Problem::NotFound)?;
    let t = context.texts();
    let (title, summary) = (article.title.clone(), article.summary.clone());
    let page = Page::new(title, move || {
        let contents: Vec<ContentsItem> = article.contents.iter().map(entry).collect();
        let (_, category) = article.category.clone();
        let support = context.site.support_email.clone();
        let stuck = td_string!(t, help.stuck.text, email = support.clone());
        view! {
            <Main width=Width::Article>
                {trail(&context, vec![category_link(&context, &article)], article.title.clone().into())}
                <p class="kicker">{td_string!(t, help.articles_on, category = category)}</p>
                <PageTitle title=article.title.clone() />
                {meta(&context, &article)}
                <div class="with-contents">
                    <Contents title=td_string!(t, help.contents) items=contents />
                    <div>
                        <Prose html=prose(&context, &article.html) />
                        {vote(&context, &article)}
                        <h2>{td_string!(t, help.stuck.title)}</h2>
                        <p class="help-line">{mail_link(&stuck, &support)} " " {td_string!(t, help.stuck.safety)}</p>
                    </div>
                </div>
            </Main>
        }
    });
    Ok(page.with_description(summary))
}

fn entry(entry: &contract::ContentsEntry) -> ContentsItem {
    let item = ContentsItem::new(format!("#{}", entry.id), entry.text.clone());
    if entry.sub { item.sub() } else { item }
}

fn category_link(context: &PageContext, article: &ArticlePage) -> (Text, Text) {
    let (slug, title) = &article.category;
    let href = context.entrance(&paths::category(slug));
    (href.into(), title.clone().into())
}

/// The text, with its links to other articles and to the reader's own account leading through the
/// reader's own door.
fn prose(context: &PageContext, html: &str) -> String {
    let link = |address: String| format!("href=\"{address}");
    html.replace(
        &link(context.href(paths::HELP)),
        &link(context.entrance(paths::HELP)),
    )
    .replace(
        &link(context.href(paths::SETTINGS)),
        &link(context.own(paths::SETTINGS)),
    )
}

/// The languages it is also available in, and the date of this language's text.
fn meta(context: &PageContext, article: &ArticlePage) -> impl IntoView + use<> {
    let t = context.texts();
    let link = |other: &Locale| {
        let here = context.door.entrance(&paths::article(&article.slug));
        let href = locale::href(*other, &here);
        let lang = other.as_str();
        view! { " " <a href=href lang=lang hreflang=lang>{own_name(t, *other)}</a> }
    };
    let links = article.also_in.iter().map(link).collect_view();
    let also = (!article.also_in.is_empty()).then(|| {
        view! { <p>{td_string!(t, help.also_available)} {links}</p> }
    });
    let text = td_string!(t, help.updated_on, date = article.updated.clone());
    let (before, after) = text
        .split_once(article.updated.as_str())
        .unwrap_or((text.as_str(), ""));
    view! {
        <div class="meta">
            {also}
            <p>
                {before.to_owned()}
                <time datetime=article.updated_machine.clone()>{article.updated.clone()}</time>
                {after.to_owned()}
            </p>
        </div>
    }
}

fn own_name(t: Texts, locale: Locale) -> &'static str {
    match locale {
        Locale::En => td_string!(t, help.language.en),
        Locale::Fr => td_string!(t, help.language.fr),
    }
}

/// A sentence with the support address as a mail link.
pub(crate) fn mail_link(sentence: &str, address: &str) -> impl IntoView + use<> {
    let (before, after) = sentence.split_once(address).unwrap_or((sentence, ""));
    let href = format!("mailto:{address}");
    view! { {before.to_owned()} <a href=href>{address.to_owned()}</a> {after.to_owned()} }
}
