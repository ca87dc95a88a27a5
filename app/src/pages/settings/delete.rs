//! Deleting one's own account: what is deleted, what is retained and for how long; once it was asked
//! for, how to stop it.

use crate::{
    components::{Actions, Button, ButtonKind, ButtonLink, Form, Notice, Section, Tone},
    context::{Page, PageContext},
    pages::sheet::{ProofField, Sheet},
    paths,
};
use contract::{Answer, Deleted, Leaving, LeavingDone, Moment, Retained};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// The article about access for another person.
const COLLEAGUE: &str = "add-a-new-user";

/// Loads the page in the state that the account is in.
pub async fn page(context: PageContext) -> Answer<Page> {
    let leaving = context.backend.leaving().await?;
    Ok(match leaving.due.clone() {
        Some(due) => asked(context, due),
        None => preview(context, leaving),
    })
}

fn asked(context: PageContext, due: Moment) -> Page {
    let t = context.texts();
    let title = td_string!(t, leaving.due_title);
    let page = Page::new(title, move || {
        let lead = td_string!(t, leaving.due_lead, when = due.text);
        let asked = context.has_done(LeavingDone::Asked).then(|| {
            view! {
                <Notice tone=Tone::Info word=td_string!(t, common.word_done) live=true>
                    <p>{td_string!(t, leaving.due_asked)}</p>
                </Notice>
            }
        });
        view! {
            <Sheet context=context.clone() title=title lead=lead>
                {asked}
                <p>{td_string!(t, leaving.due_text)}</p>
                <Form
                    action="/api/keep_account"
                    carry=context.carry()
                    busy=td_string!(t, common.one_moment)
                >
                    <Actions>
                        <Button text=td_string!(t, leaving.keep) />
                    </Actions>
                </Form>
            </Sheet>
        }
    });
    page.with_islands()
}

fn preview(context: PageContext, leaving: Leaving) -> Page {
    let t = context.texts();
    let title = td_string!(t, leaving.title);
    let may_leave = leaving.alone_in.is_empty();
    let page = Page::new(title, move || {
        let days = leaving.days.to_string();
        let deleted = leaving.deleted.iter();
        let deleted = deleted.filter_map(|(what, count)| deleted_words(&context, *what, *count));
        let deleted = deleted.map(|text| view! { <li>{text}</li> }).collect_view();
        let retained = leaving.retained.iter();
        let retained = retained.filter_map(|what| retained_words(&context, what));
        let retained = retained
            .map(|text| view! { <li>{text}</li> })
            .collect_view();
        let end = if may_leave {
            form(&context, &days).into_any()
        } else {
            alone(&context, &leaving.alone_in).into_any()
        };
        view! {
            <Sheet context=context.clone() title=title lead=td_string!(t, leaving.lead, days = days)>
                <p>
                    <a href=context.own(paths::OWN_DATA)>{td_string!(t, leaving.data_first)}</a>
                </p>
                <Section title=td_string!(t, leaving.goes)>
                    <ul>{deleted}</ul>
                </Section>
                <Section title=td_string!(t, leaving.stays)>
                    <ul>{retained}</ul>
                </Section>
                {end}
            </Sheet>
        }
    });
    // Without a form there is no island.
    if may_leave { page.with_islands() } else { page }
}

fn form(context: &PageContext, days: &str) -> impl IntoView + use<> {
    let t = context.texts();
    let (context, settings) = (context.clone(), context.own(paths::SETTINGS));
    let submit = td_string!(t, leaving.submit, days = days.to_owned());
    view! {
        <p>{td_string!(t, leaving.what_next)}</p>
        <Form action="/api/delete_account" carry=context.carry() busy=td_string!(t, common.one_moment)>
            <ProofField context=context.clone() hint=td_string!(t, leaving.proof_hint) />
            <Actions>
                <Button text=submit kind=ButtonKind::Danger />
                <ButtonLink text=td_string!(t, common.cancel) href=settings kind=ButtonKind::Quiet />
            </Actions>
        </Form>
    }
}

/// The last manager of an organisation cannot leave it alone: what to do first.
fn alone(context: &PageContext, organisations: &[String]) -> impl IntoView + use<> {
    let t = context.texts();
    let email = context.site.support_email.clone();
    let how = td_string!(t, leaving.alone_how, email = email);
    let article = context.entrance(&paths::article(COLLEAGUE));
    let lines = organisations.iter().map(|organisation| {
        let text = td_string!(t, leaving.alone, organisation = organisation.clone());
        view! { <p>{text}</p> }
    });
    let lines = lines.collect_view();
    view! {
        <Notice tone=Tone::Warning word=td_string!(t, leaving.alone_title)>
            {lines}
            <p>{how}</p>
            <p>
                <a href=article>{td_string!(t, leaving.alone_article)}</a>
            </p>
        </Notice>
    }
}

/// What is deleted, in words; nothing when there is none of it.
fn deleted_words(context: &PageContext, what: Deleted, count: u64) -> Option<String> {
    let t = context.texts();
    let count = match count {
        0 => return None,
        1 => None,
        many => Some(many.to_string()),
    };
    Some(match (what, count) {
        (Deleted::Profile, _) => td_string!(t, leaving.goes_profile).to_string(),
        (Deleted::Credentials, _) => td_string!(t, leaving.goes_keys).to_string(),
        (Deleted::Organisations, None) => {
            td_string!(t, leaving.goes_organisations_single).to_string()
        }
        (Deleted::Organisations, Some(count)) => {
            td_string!(t, leaving.goes_organisations_many, count = count)
        }
        (Deleted::Sessions, None) => td_string!(t, leaving.goes_sessions_single).to_string(),
        (Deleted::Sessions, Some(count)) => {
            td_string!(t, leaving.goes_sessions_many, count = count)
        }
        (Deleted::Devices, None) => td_string!(t, leaving.goes_devices_single).to_string(),
        (Deleted::Devices, Some(count)) => td_string!(t, leaving.goes_devices_many, count = count),
        (Deleted::ActivityEntries, None) => td_string!(t, leaving.goes_lines_single).to_string(),
        (Deleted::ActivityEntries, Some(count)) => {
            td_string!(t, leaving.goes_lines_many, count = count)
        }
        (Deleted::Mails, None) => td_string!(t, leaving.goes_mails_single).to_string(),
        (Deleted::Mails, Some(count)) => td_string!(t, leaving.goes_mails_many, count = count),
    })
}

/// What is retained, in words; nothing when there is none of it.
fn retained_words(context: &PageContext, what: &Retained) -> Option<String> {
    let t = context.texts();
    Some(match what {
        Retained::EntriesByActor { count: 0 } => return None,
        Retained::EntriesByActor { count: 1 } => {
            td_string!(t, leaving.stays_deeds_single).to_string()
        }
        Retained::EntriesByActor { count } => {
            td_string!(t, leaving.stays_deeds_many, count = count.to_string())
        }
        Retained::Record { days } => {
            td_string!(t, leaving.stays_record, span = span(context, *days))
        }
        Retained::LastMail { days } => td_string!(t, leaving.stays_mail, days = days.to_string()),
        Retained::Votes { days } => td_string!(t, leaving.stays_votes, span = span(context, *days)),
    })
}

/// How long something stays, as people say it: a year is not counted in days.
fn span(context: &PageContext, days: u64) -> String {
    let t = context.texts();
    match days {
        365 => td_string!(t, leaving.year).to_string(),
        730 => td_string!(t, leaving.years).to_string(),
        1 => td_string!(t, sessions.day).to_string(),
        days => td_string!(t, sessions.days, count = days.to_string()),
    }
}
