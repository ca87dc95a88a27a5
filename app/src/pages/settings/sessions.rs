//! Where one is signed in, and which devices are not asked for a code.

use crate::{
    components::{
        Actions, Button, ButtonKind, EmptyState, ErrorSummary, Form, Hidden, Main, Notice,
        PageTitle, Section, Table, Tag, Text, Tone, Width,
    },
    context::{Page, PageContext},
    pages::{
        settings::crumbs,
        sheet::{ProofField, signs_in_with},
    },
    words,
};
use contract::{
    Answer, Done, FirstStep, Moment, Provider, RememberedRow, SecondStep, SessionRow, Sessions,
    SessionsDone, SignInMethod,
};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let found = context.backend.sessions().await?;
    let others = found.sessions.iter().any(|session| !session.this_one);
    let asks = others && found.needs_proof;
    let again = if asks {
        signs_in_with(&context).await?
    } else {
        None
    };
    let t = context.texts();
    let title = td_string!(t, sessions.title);
    let page = Page::new(title, move || {
        let end_others = (others && !asks).then(|| end_others(&context));
        let proof = asks.then(|| proof_first(&context, again));
        let live = session_table(&context, &found);
        let remembered = remembered(&context, &found.remembered);
        view! {
            <Main width=Width::List>
                {crumbs(&context, title)}
                {done(&context)}
                <ErrorSummary
                    title=td_string!(t, errors.summary)
                    errors=words::summary(t, &context.flash, &context.site.support_email)
                />
                <PageTitle title=title lead=td_string!(t, sessions.lead) />
                <Section title=td_string!(t, sessions.live) id="sessions">
                    {live}
                    {end_others}
                    {proof}
                </Section>
                <Section
                    title=td_string!(t, sessions.remembered)
                    lead=td_string!(t, sessions.remembered_lead)
                    id="devices"
                >
                    {remembered}
                </Section>
            </Main>
        }
    });
    // The field for the proof is the only island.
    Ok(if asks { page.with_islands() } else { page })
}

/// What comes before the buttons that end a session.
fn proof_first(context: &PageContext, again: Option<Provider>) -> impl IntoView + use<> {
    let (t, context) = (context.texts(), context.clone());
    view! {
        <Form action="/api/prove_for_sessions" carry=context.carry()>
            <ProofField
                context=context.clone()
                hint=td_string!(t, sessions.proof_first)
                again=again
            />
            <Actions>
                <Button text=td_string!(t, sessions.show_buttons) kind=ButtonKind::Secondary />
            </Actions>
        </Form>
    }
}

/// What was done a moment ago.
fn done(context: &PageContext) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    let text = match context.flash.done? {
        Done::Sessions(SessionsDone::Ended) => td_string!(t, sessions.ended),
        Done::Sessions(SessionsDone::OthersEnded) => td_string!(t, sessions.others_ended),
        Done::Sessions(SessionsDone::DeviceForgotten) => td_string!(t, sessions.forgotten),
        _ => return None,
    };
    let word = td_string!(t, common.word_done);
    Some(view! { <Notice tone=Tone::Success word=word live=true>{text}</Notice> })
}

fn session_table(context: &PageContext, found: &Sessions) -> impl IntoView + use<> {
    let t = context.texts();
    let heads: [Text; 6] = [
        td_string!(t, sessions.device).into(),
        td_string!(t, sessions.method).into(),
        td_string!(t, sessions.began).into(),
        td_string!(t, sessions.last_seen).into(),
        td_string!(t, sessions.ends).into(),
        td_string!(t, sessions.action).into(),
    ];
    let cells = found.sessions.iter().map(|row| {
        let name = device(context, &row.device);
        let network = td_string!(t, sessions.from_network, network = row.network.clone());
        let project = row.project.clone().map(|name| view! { <br />{name} });
        let action = if row.this_one {
            let text = td_string!(t, sessions.this_one);
            view! { <Tag tone=Tone::Success text=text /> }.into_any()
        } else if found.needs_proof {
            ().into_any()
        } else {
            let text = td_string!(t, sessions.end, device = name.clone());
            button(context, "/api/end_session", &row.id, &text)
        };
        vec![
            view! { {name} {project} }.into_any(),
            method(context, row.method).into_any(),
            // The network is the one that it began from.
            view! { {time(&row.began)} <br /> {network} }.into_any(),
            time(&row.last_seen),
            ends(context, row).into_any(),
            action,
        ]
    });
    let (caption, cells) = (td_string!(t, sessions.live), cells.collect::<Vec<_>>());
    view! { <Table caption=caption caption_hidden=true heads=heads.to_vec() rows=cells /> }
}

/// When it ends at the latest, and when earlier.
fn ends(context: &PageContext, row: &SessionRow) -> String {
    let t = context.texts();
    let (until, span) = (row.ends.text.clone(), words::span(t, row.idle));
    if row.stay {
        td_string!(t, sessions.stays, until = until, span = span)
    } else {
        td_string!(t, sessions.plain_end, until = until, span = span)
    }
}

fn end_others(context: &PageContext) -> impl IntoView + use<> {
    let t = context.texts();
    view! {
        <Form action="/api/end_other_sessions" carry=context.carry()>
            <Actions>
                <Button text=td_string!(t, sessions.end_others) kind=ButtonKind::Danger />
            </Actions>
        </Form>
    }
}

fn remembered(context: &PageContext, rows: &[RememberedRow]) -> AnyView {
    let t = context.texts();
    if rows.is_empty() {
        let (title, text) = (
            td_string!(t, sessions.remembered_none),
            td_string!(t, sessions.remembered_none_text),
        );
        return view! { <EmptyState title=title text=text /> }.into_any();
    }
    let heads: [Text; 5] = [
        td_string!(t, sessions.device).into(),
        td_string!(t, sessions.network).into(),
        td_string!(t, sessions.last_seen).into(),
        td_string!(t, sessions.until).into(),
        td_string!(t, sessions.action).into(),
    ];
    let cells = rows.iter().map(|row| {
        let name = device(context, &row.device);
        let this_one = row.this_one.then(|| {
            let text = td_string!(t, sessions.this_one);
            view! { <br /><Tag tone=Tone::Success text=text /> }
        });
        let text = td_string!(t, sessions.forget, device = name.clone());
        vec![
            view! { {name} {this_one} }.into_any(),
            row.network.clone().into_any(),
            time(&row.last_seen),
            time(&row.until),
            button(context, "/api/forget_device", &row.id, &text),
        ]
    });
    let (caption, cells) = (
        td_string!(t, sessions.remembered),
        cells.collect::<Vec<_>>(),
    );
    view! { <Table caption=caption caption_hidden=true heads=heads.to_vec() rows=cells /> }
        .into_any()
}

/// A form of one button that names one row. The device is visible in the row, and is
/// heard with the button.
fn button(context: &PageContext, action: &'static str, id: &str, text: &str) -> AnyView {
    let id = id.to_owned();
    let end = text.find([':', '\u{a0}']).unwrap_or(text.len());
    let (seen, heard) = text.split_at(end);
    let (seen, heard) = (seen.to_owned(), heard.to_owned());
    view! {
        <Form action=action carry=context.carry()>
            <Hidden name="id" value=id />
            <Button text=seen heard=heard kind=ButtonKind::Secondary />
        </Form>
    }
    .into_any()
}

fn device(context: &PageContext, name: &str) -> String {
    if name.is_empty() {
        td_string!(context.texts(), sessions.unknown_device).to_string()
    } else {
        name.to_owned()
    }
}

fn method(context: &PageContext, method: SignInMethod) -> String {
    let t = context.texts();
    let FirstStep::Provider(provider) = method.first else {
        return with_password(context, method.second).to_owned();
    };
    let provider = provider.name();
    match method.second {
        None => provider.to_owned(),
        Some(SecondStep::Code) => {
            td_string!(t, sessions.method_provider_code, provider = provider)
        }
        Some(SecondStep::RecoveryCode) => {
            td_string!(
                t,
                sessions.method_provider_recovery_code,
                provider = provider
            )
        }
        Some(SecondStep::RememberedDevice) => {
            td_string!(t, sessions.method_provider_device, provider = provider)
        }
        Some(SecondStep::ProvidersOwn) => {
            td_string!(t, sessions.method_provider_own, provider = provider)
        }
    }
}

fn with_password(context: &PageContext, second: Option<SecondStep>) -> &'static str {
    let t = context.texts();
    match second {
        // A provider's second factor comes with nothing but the provider.
        None | Some(SecondStep::ProvidersOwn) => td_string!(t, sessions.method_password),
        Some(SecondStep::Code) => td_string!(t, sessions.method_code),
        Some(SecondStep::RecoveryCode) => td_string!(t, sessions.method_recovery_code),
        Some(SecondStep::RememberedDevice) => td_string!(t, sessions.method_device),
    }
}

fn time(moment: &Moment) -> AnyView {
    let Moment { text, machine } = moment.clone();
    view! { <time datetime=machine>{text}</time> }.into_any()
}
