//! The home of the back office: one's organisations and their projects.

use crate::{
    components::{ButtonLink, EmptyState, Main, Notice, PageTitle, Section, Tag, Tone, Width},
    routes::paths,
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
                <PageTitle title=shown lead=td_string!(t, account.home_lead) />
                {advice}
                {organisations}
            </Main>
        }
    }))
}

/// A word to those whose password is all there is, or who had to use a recovery code.
fn advice(visit: &Visit, home: &Home) -> Option<impl IntoView + use<>> {
    let t = visit.texts();
    let link = view! {
        <ButtonLink text=td_string!(t, account.advice_link) href=visit.href(paths::TWO_FACTOR) />
    };
    let recovered = visit.flash.done == Some(Done::RecoveryCodeUsed);
    let (tone, title, text) = if recovered {
        let text = td_string!(t, two_factor.recovery_used);
        (Tone::Warning, td_string!(t, common.word_note), text)
    } else if home.two_factor {
        return None;
    } else {
        (
            Tone::Info,
            td_string!(t, account.advice_title),
            td_string!(t, account.advice_text),
        )
    };
    Some(view! {
        <Notice tone=tone word=title>
            <p>{text}</p>
            {link}
        </Notice>
    })
}

/// Organisations as sections; also shown on the profile.
pub(crate) fn organisations(visit: &Visit, cards: &[OrganisationCard]) -> AnyView {
    let t = visit.texts();
    if cards.is_empty() {
        let (title, text) = (
            td_string!(t, account.home_none),
            td_string!(t, account.home_none_text),
        );
        return view! { <EmptyState title=title text=text/> }.into_any();
    }
    let section = |card: &OrganisationCard| {
        let role = if card.manages_all {
            td_string!(t, account.role_all)
        } else {
            td_string!(t, account.role_content)
        };
        let projects = if card.projects.is_empty() {
            view! { <p>{td_string!(t, account.no_projects)}</p> }.into_any()
        } else {
            let items = card
                .projects
                .iter()
                .map(|name| view! { <li>{name.clone()}</li> })
                .collect_view();
            view! { <ul>{items}</ul> }.into_any()
        };
        view! {
            <Section title=card.name.clone()>
                <p><Tag tone=Tone::Neutral text=role /></p>
                {projects}
            </Section>
        }
    };
    cards.iter().map(section).collect_view().into_any()
}
