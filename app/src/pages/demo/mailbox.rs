//! The demo's mailbox: everything that was mailed.

use crate::{
    components::{EmptyState, Main, PageTitle, Table, Text, Width},
    context::{Page, PageContext},
    paths,
};
use contract::{Answer, MailRow};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let mails = context.backend.mails().await?;
    let t = context.texts();
    let title = td_string!(t, mailbox.title);
    Ok(Page::new(title, move || {
        let body = if mails.is_empty() {
            let (title, text) = (
                td_string!(t, mailbox.empty),
                td_string!(t, mailbox.empty_text),
            );
            view! { <EmptyState title=title text=text/> }.into_any()
        } else {
            table(&context, mails)
        };
        view! {
            <Main width=Width::List>
                <PageTitle title=title lead=td_string!(t, mailbox.lead) />
                {body}
            </Main>
        }
    }))
}

fn table(context: &PageContext, mails: Vec<MailRow>) -> AnyView {
    let t = context.texts();
    let row = |mail: MailRow| {
        let href = context.href(&paths::mail(&mail.id));
        let lang = mail.locale.as_str();
        vec![
            view! { <time datetime=mail.at.machine>{mail.at.text}</time> }.into_any(),
            mail.to.into_any(),
            view! { <a href=href lang=lang>{mail.subject}</a> }.into_any(),
        ]
    };
    let heads: Vec<Text> = vec![
        td_string!(t, mailbox.date).into(),
        td_string!(t, mailbox.to).into(),
        td_string!(t, mailbox.subject).into(),
    ];
    let rows: Vec<_> = mails.into_iter().map(row).collect();
    view! { <Table caption=td_string!(t, mailbox.caption) caption_hidden=true heads=heads rows=rows /> }.into_any()
}
