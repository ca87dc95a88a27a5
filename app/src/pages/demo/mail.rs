//! One mail of the demo.

use crate::{
    components::{
        Actions, Button, ButtonKind, Carried, Hidden, Letter, Main, Section, Text, Width,
    },
    context::{Page, PageContext},
    paths,
};
use contract::{Answer, PlayedFate};
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
        let id = mail.row.id.clone();
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
                {mail.is_waited_for.then(|| play(&context, &id))}
            </Main>
        }
    });
    Ok(page.with_secret_address())
}

/// Buttons that decide what becomes of the mail: the page that waits for it shows it at once.
fn play(context: &PageContext, id: &str) -> impl IntoView + use<> {
    let t = context.texts();
    let button = |fate: PlayedFate| {
        let text = match fate {
            PlayedFate::Taken => td_string!(t, mailbox.play_taken),
            PlayedFate::Late => td_string!(t, mailbox.play_late),
            PlayedFate::Refused => td_string!(t, mailbox.play_refused),
            PlayedFate::Bounced => td_string!(t, mailbox.play_bounced),
            PlayedFate::Filtered => td_string!(t, mailbox.play_filtered),
        };
        view! {
            <form method="post" action="/api/play_mail">
                <Carried carry=context.carry() />
                <Hidden name="id" value=id.to_owned() />
                <Hidden name="fate" value=fate.as_str() />
                <Button text=text kind=ButtonKind::Secondary />
            </form>
        }
    };
    let buttons = PlayedFate::ALL.map(button).collect_view();
    view! {
        <Section title=td_string!(t, mailbox.play)>
            <p>{td_string!(t, mailbox.play_lead)}</p>
            <Actions>{buttons}</Actions>
        </Section>
    }
}
