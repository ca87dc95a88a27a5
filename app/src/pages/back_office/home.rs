//! The home of the back office: one's organisations and their projects.

use crate::{
    components::{
        Actions, ButtonLink, EmptyState, Main, Notice, PageTitle, Section, Tag, Tone, Width,
    },
    pages::{
        platform::project::links,
        settings::{codes::after_recovery_code, provider},
    },
    paths,
    visit::{Page, Visit},
};
use contract::{Answer, Done, Home, OrganisationCard, Problem};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(visit: Visit) -> Answer<Page> {
    let viewer = visit.viewer.clone().ok_or(Problem::SignInFirst)?;
    let home = visit.backend.home().await?;
    let t = visit.texts();
    let title = td_string!(t, account.home_title, name = viewer.name);
    let shown = title.clone();
    Ok(Page::new(title, move || {
        let organisations = organisations(&visit, &home.organisations);
        let advice = advice(&visit, &home);
        view! {
            <Main width=Width::List>
                {provider::done(&visit)}
                <PageTitle title=shown lead=td_string!(t, account.home_lead) />
                {advice}
                {organisations}
            </Main>
        }
    }))
}

/// A word to those whose password is all there is, or who had to use a recovery code.
fn advice(visit: &Visit, home: &Home) -> Option<AnyView> {
    let t = visit.texts();
    if visit.flash.done == Some(Done::RecoveryCodeUsed) {
        return Some(after_recovery_code(visit).into_any());
    }
    if home.two_factor {
        return None;
    }
    let href = visit.href(paths::TWO_FACTOR);
    let advice = view! {
        <Notice tone=Tone::Info word=td_string!(t, account.advice_title)>
            <p>{td_string!(t, account.advice_text)}</p>
            <ButtonLink text=td_string!(t, account.advice_link) href=href />
        </Notice>
    };
    Some(advice.into_any())
}

/// Organisations as sections.
fn organisations(visit: &Visit, cards: &[OrganisationCard]) -> AnyView {
    if cards.is_empty() {
        return no_organisation(visit);
    }
    let section = |card: &OrganisationCard| {
        let role = role_and_projects(visit, card);
        view! { <Section title=card.name.clone()>{role}</Section> }
    };
    cards.iter().map(section).collect_view().into_any()
}

/// Organisations one below the other, for a section that is about all of them; the profile has one.
pub(crate) fn organisations_within(visit: &Visit, cards: &[OrganisationCard]) -> AnyView {
    if cards.is_empty() {
        return no_organisation(visit);
    }
    let part = |card: &OrganisationCard| {
        let role = role_and_projects(visit, card);
        view! {
            <h3>{card.name.clone()}</h3>
            {role}
        }
    };
    cards.iter().map(part).collect_view().into_any()
}

/// What to do instead, or whom to ask.
fn no_organisation(visit: &Visit) -> AnyView {
    let t = visit.texts();
    if visit.viewer.as_ref().is_some_and(|viewer| viewer.is_agent) {
        let href = visit.href(paths::DESK);
        return view! {
            <p>{td_string!(t, account.home_agent)}</p>
            <Actions>
                <ButtonLink text=td_string!(t, common.desk) href=href />
            </Actions>
        }
        .into_any();
    }
    let (title, text) = (
        td_string!(t, account.home_none),
        td_string!(t, account.home_none_text),
    );
    view! { <EmptyState title=title text=text/> }.into_any()
}

fn role_and_projects(visit: &Visit, card: &OrganisationCard) -> impl IntoView + use<> {
    let t = visit.texts();
    let role = if card.manages_all {
        td_string!(t, account.role_all)
    } else {
        td_string!(t, account.role_content)
    };
    let projects = if card.projects.is_empty() {
        view! { <p>{td_string!(t, account.no_projects)}</p> }.into_any()
    } else {
        links(visit, &card.projects).into_any()
    };
    view! {
        <p><Tag tone=Tone::Neutral text=role /></p>
        {projects}
    }
}
