//! One mail of the demo.

use crate::{
    components::{Letter, Main, Text, Width},
    context::{Page, PageContext},
    paths,
};
use contract::Answer;
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let mail = context.backend.mail(context.param("id")).await?;
    let t = context.texts();
    let title = mail.row.subject.clone();
    let page = Page::new(title, move || {
        let heads: Vec<(Text, Text)> = vec![
            (td_string!(t, mailbox.from).into(), mail.from.into()),
            (td_string!(t, mailbox.to).into(), mail.row.to.into()),
            (td_string!(t, mailbox.date).into(), mail.row.at.text.into()),
        ];
        let html = format!("/mailbox-html/{}", mail.row.id);
        view! {
            <Main width=Width::Article>
                <p><a href=context.href(paths::MAILBOX)>{td_string!(t, mailbox.back)}</a></p>
                <Letter
                    subject=mail.row.subject
                    alone=true
                    lang=mail.row.locale.as_str()
                    heads=heads
                    body=mail.text
                    html_href=html
                    html_text=td_string!(t, mailbox.as_html)
                />
            </Main>
        }
    });
    Ok(page.with_secret_address())
}
