//! A project: public to read; taking part needs an account.

use crate::{
    components::{
        Actions, ButtonKind, ButtonLink, Main, Notice, PageTitle, Panel, Section, StreetScene,
        Tone, Width,
    },
    context::{Page, PageContext},
    pages::{platform::proposal, settings::codes::phone_missing},
    paths,
};
use contract::{Answer, Door, Problem, ProjectLink, Proposal, RegistrationDone, SignInDone};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let Door::Platform(door) = context.door.clone() else {
        return Err(Problem::NotFound);
    };
    let project = context.backend.project().await?;
    let t = context.texts();
    let lead = td_string!(
        t,
        platform.project_lead,
        organisation = door.organisation_name.clone()
    );
    let (title, shown) = (door.project_name.clone(), lead.clone());
    let summary = project.description.first().cloned().unwrap_or(lead);
    let page = Page::new(door.project_name.clone(), move || {
        view! {
            <Main width=Width::Door>
                <Panel>
                    {notice(&context)}
                    <PageTitle title=title lead=shown />
                    {about(project.description)}
                    {hidden(&context, project.is_readable, &door.organisation_name)}
                    {take_part(&context)}
                    {proposals(&context, &project.proposals)}
                    {others(&context, door.organisation_name, &project.neighbours)}
                </Panel>
                <StreetScene />
            </Main>
        }
    });
    Ok(page.with_description(summary))
}

/// What was done a moment ago.
fn notice(context: &PageContext) -> Option<AnyView> {
    let t = context.texts();
    if context.has_done(SignInDone::RecoveryCodeUsed) {
        return Some(phone_missing(context).into_any());
    }
    context
        .has_done(RegistrationDone::ConfirmedAndSignedIn)
        .then(|| {
            let (word, text) = (
                td_string!(t, common.word_done),
                td_string!(t, registration.confirmed_here),
            );
            view! { <Notice tone=Tone::Success word=word live=true>{text}</Notice> }.into_any()
        })
}

/// What the organisation says about it, when it has said something.
fn about(description: Vec<String>) -> Option<impl IntoView + use<>> {
    let paragraphs = description.into_iter();
    let paragraphs: Vec<_> = paragraphs.map(|text| view! { <p>{text}</p> }).collect();
    (!paragraphs.is_empty()).then(|| view! { <div class="prose">{paragraphs}</div> })
}

fn take_part(context: &PageContext) -> AnyView {
    let t = context.texts();
    if let Some(viewer) = &context.viewer {
        let text = td_string!(t, platform.signed_in_as, name = viewer.name.clone());
        return view! { <p>{text}</p> }.into_any();
    }
    let Door::Platform(door) = &context.door else {
        return ().into_any();
    };
    let register = door.takes_registrations.then(|| {
        let href = context.entrance(paths::REGISTER);
        view! { <ButtonLink text=td_string!(t, registration.title) href=href /> }
    });
    let sign_in = door.takes_sign_ins.then(|| {
        let href = context.entrance(paths::SIGN_IN);
        view! { <ButtonLink text=td_string!(t, sign_in.submit) href=href kind=ButtonKind::Secondary /> }
    });
    let text = match (door.takes_registrations, door.takes_sign_ins) {
        (true, true) => td_string!(t, platform.take_part),
        (false, true) => td_string!(t, platform.registration_closed),
        (_, false) => td_string!(t, platform.sign_in_closed),
    };
    let actions = (register.is_some() || sign_in.is_some())
        .then(|| view! { <Actions>{register} {sign_in}</Actions> });
    view! {
        <p>{text}</p>
        {actions}
    }
    .into_any()
}

/// Why a private project shows nothing else, and what to do.
fn hidden(
    context: &PageContext,
    is_readable: bool,
    organisation: &str,
) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    (!is_readable).then(|| {
        let organisation = organisation.to_owned();
        let next = if context.viewer.is_some() {
            td_string!(t, platform.private_other, organisation = organisation)
        } else {
            td_string!(t, platform.private_sign_in, organisation = organisation)
        };
        view! {
            <Notice tone=Tone::Info word=td_string!(t, platform.private)>{next}</Notice>
        }
    })
}

/// What the project proposes: each with its own page, where it can be supported.
fn proposals(context: &PageContext, proposals: &[Proposal]) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    let items: Vec<_> = proposals
        .iter()
        .map(|found| {
            let href = context.entrance(&paths::proposal(&found.id));
            let (title, count) = (found.title.clone(), proposal::count(t, found.supports));
            view! {
                <li>
                    <a href=href>{title}</a>
                    " – "
                    {count}
                    " "
                    {proposal::tag(t, found.reader)}
                </li>
            }
        })
        .collect();
    (!items.is_empty()).then(|| {
        view! {
            <Section title=td_string!(t, platform.proposals)>
                <ul>{items}</ul>
            </Section>
        }
    })
}

fn others(
    context: &PageContext,
    organisation: String,
    neighbours: &[ProjectLink],
) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    let links = links(context, neighbours);
    (!neighbours.is_empty()).then(|| {
        let title = td_string!(t, platform.others, organisation = organisation);
        view! { <Section title=title>{links}</Section> }
    })
}

/// Projects as a list of links; also shown on the front page.
pub(crate) fn links(context: &PageContext, projects: &[ProjectLink]) -> impl IntoView + use<> {
    let items = projects
        .iter()
        .map(|project| {
            let (href, name) = (context.href(&project.path), project.name.clone());
            view! {
                <li>
                    <a href=href>{name}</a>
                </li>
            }
        })
        .collect_view();
    view! { <ul>{items}</ul> }
}
