//! The home of the back office: one's organisations and their projects.

use crate::{
    components::{
        Actions, Button, ButtonKind, ButtonLink, EmptyState, Form, Hidden, Main, Notice, PageTitle,
        Section, Tag, Tone, Width,
    },
    context::{Page, PageContext},
    pages::{
        platform::project::links,
        settings::{codes::phone_missing, provider},
    },
    paths,
};
use contract::{Answer, Home, OrganisationCard, Problem, SignInDone};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let viewer = context.viewer.clone().ok_or(Problem::SignInFirst)?;
    let home = context.backend.home().await?;
    let t = context.texts();
    let title = td_string!(t, account.home_title, name = viewer.name);
    let shown = title.clone();
    Ok(Page::new(title, move || {
        let organisations = organisations(&context, &home.organisations);
        let advice = advice(&context, &home);
        view! {
            <Main width=Width::List>
                {provider::done(&context)}
                {set_up(&context)}
                {doubted(&context, &home)}
                <PageTitle title=shown lead=td_string!(t, account.home_lead) />
                {advice}
                {organisations}
            </Main>
        }
    }))
}

/// That the account is set up, after an invitation.
fn set_up(context: &PageContext) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    context.has_done(SignInDone::SetUpAndSignedIn).then(|| {
        let text = td_string!(t, account.set_up);
        view! { <Notice tone=Tone::Success word=td_string!(t, common.word_done) live=true>{text}</Notice> }
    })
}

/// That the domain of the address takes no mail: a form mails a link there, once it does again.
fn doubted(context: &PageContext, home: &Home) -> Option<impl IntoView + use<>> {
    let (t, context) = (context.texts(), context.clone());
    let email = home.doubted_email.clone()?;
    let (text, href) = (
        td_string!(t, account.doubted_text, email = email.clone()),
        context.href(paths::EMAIL),
    );
    Some(view! {
        <Notice tone=Tone::Warning word=td_string!(t, account.doubted_title)>
            <p>{text}</p>
            <p>{td_string!(t, account.doubted_what)}</p>
            <ButtonLink text=td_string!(t, account.doubted_change) href=href />
            <Form action="/api/ask_for_email" carry=context.carry()>
                <Hidden name="email" value=email />
                <Actions>
                    <Button
                        text=td_string!(t, account.doubted_confirm)
                        kind=ButtonKind::Secondary
                    />
                </Actions>
            </Form>
        </Notice>
    })
}

/// A word to those whose password is all there is, or who had to use a recovery code.
fn advice(context: &PageContext, home: &Home) -> Option<AnyView> {
    let t = context.texts();
    if home.phone_missing {
        return Some(phone_missing(context).into_any());
    }
    if home.two_factor {
        return None;
    }
    let href = context.href(paths::TWO_FACTOR);
    let advice = view! {
        <Notice tone=Tone::Info word=td_string!(t, account.advice_title)>
            <p>{td_string!(t, account.advice_text)}</p>
            <ButtonLink text=td_string!(t, account.advice_link) href=href />
        </Notice>
    };
    Some(advice.into_any())
}

/// Organisations as sections.
fn organisations(context: &PageContext, cards: &[OrganisationCard]) -> AnyView {
    if cards.is_empty() {
        return no_organisation(context);
    }
    let section = |card: &OrganisationCard| {
        let role = role_and_projects(context, card);
        view! { <Section title=card.name.clone()>{role}</Section> }
    };
    cards.iter().map(section).collect_view().into_any()
}

/// Organisations one below the other, for a section that is about all of them; the profile has one.
pub(crate) fn organisations_within(context: &PageContext, cards: &[OrganisationCard]) -> AnyView {
    if cards.is_empty() {
        return no_organisation(context);
    }
    let part = |card: &OrganisationCard| {
        let role = role_and_projects(context, card);
        view! {
            <h3>{card.name.clone()}</h3>
            {role}
        }
    };
    cards.iter().map(part).collect_view().into_any()
}

/// What to do instead, or whom to ask.
fn no_organisation(context: &PageContext) -> AnyView {
    let t = context.texts();
    if context
        .viewer
        .as_ref()
        .is_some_and(|viewer| viewer.is_agent)
    {
        let href = context.href(paths::DESK);
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

fn role_and_projects(context: &PageContext, card: &OrganisationCard) -> impl IntoView + use<> {
    let t = context.texts();
    let role = if card.manages_all {
        td_string!(t, account.role_all)
    } else {
        td_string!(t, account.role_content)
    };
    let projects = if card.projects.is_empty() {
        view! { <p>{td_string!(t, account.no_projects)}</p> }.into_any()
    } else {
        links(context, &card.projects).into_any()
    };
    view! {
        <p><Tag tone=Tone::Neutral text=role /></p>
        {projects}
    }
}
