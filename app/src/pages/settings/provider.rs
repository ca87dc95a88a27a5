//! One's own account at Google or Microsoft: linking it, looking at it, unlinking it.

use crate::{
    components::{
        Button, ButtonKind, ButtonLink, DescriptionList, Form, Hidden, Notice, SettingRow, Text,
        Tone,
    },
    pages::sheet::{ProofField, SaveOrCancel, Sheet, SignInAgain},
    paths,
    visit::{Page, Visit},
    words::provider as say,
};
use contract::{
    Answer, Done, Field as Of, LinkedAccount, Moment, Problem, Provider, ProviderState,
};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page in the state that the account is in.
///
/// # Errors
/// [`Problem::NotFound`] for a provider that is neither set up nor linked.
pub async fn page(visit: Visit) -> Answer<Page> {
    let provider = Provider::parse(visit.param("provider")).ok_or(Problem::NotFound)?;
    let states = visit.backend.providers().await?;
    let other = states.iter().find(|state| state.linked.is_some());
    let other = other.map(|state| state.provider);
    let state = states.iter().find(|state| state.provider == provider);
    let state = state.cloned().ok_or(Problem::NotFound)?;
    Ok(match state.linked.clone() {
        Some(linked) => manage(visit, state, linked),
        None if state.configured => link(visit, state, other),
        None => return Err(Problem::NotFound),
    })
}

fn manage(visit: Visit, state: ProviderState, linked: LinkedAccount) -> Page {
    let t = visit.texts();
    let title = say::account(t, state.provider);
    let page = Page::new(title, move || {
        let facts = facts(&visit, &linked);
        let end = if linked.can_unlink {
            unlink(&visit, &state).into_any()
        } else {
            only_way_in(&visit)
        };
        view! {
            <Sheet visit=visit.clone() title=title>
                <DescriptionList items=facts />
                {end}
            </Sheet>
        }
    });
    page.with_islands()
}

fn facts(visit: &Visit, linked: &LinkedAccount) -> Vec<(Text, AnyView)> {
    let t = visit.texts();
    let email = linked
        .email
        .clone()
        .unwrap_or_else(|| td_string!(t, providers.no_address).to_string());
    let time = |Moment { text, machine }: Moment| {
        view! { <time datetime=machine>{text}</time> }.into_any()
    };
    let used = match linked.last_used.clone() {
        Some(used) => time(used),
        None => td_string!(t, providers.never).into_any(),
    };
    vec![
        (td_string!(t, providers.email).into(), email.into_any()),
        (
            td_string!(t, providers.since).into(),
            time(linked.since.clone()),
        ),
        (td_string!(t, providers.last_used).into(), used),
    ]
}

fn unlink(visit: &Visit, state: &ProviderState) -> impl IntoView + use<> {
    let t = visit.texts();
    let provider = state.provider;
    let proof = proof(visit, state, Some(provider));
    let can_prove = can_prove(visit, state);
    let visit = visit.clone();
    let end = can_prove.then(|| {
        view! { <SaveOrCancel visit=visit.clone() text=td_string!(t, providers.unlink) kind=ButtonKind::Danger /> }
    });
    view! {
        <p>{td_string!(t, providers.unlink_text)}</p>
        {again(&visit, provider)}
        <Form action="/api/unlink_provider" carry=visit.carry() busy=td_string!(t, common.one_moment)>
            <Hidden name="provider" value=provider.as_str() />
            {proof}
            {end}
        </Form>
    }
}

/// Google's first sign-in goes by the address (B10), so unlinking does not keep out an account that has
/// the right one.
fn again(visit: &Visit, provider: Provider) -> Option<impl IntoView + use<>> {
    let t = visit.texts();
    (provider == Provider::Google).then(|| view! { <p>{td_string!(t, providers.again_google)}</p> })
}

/// What to do first, so that the account stays open to its owner.
fn only_way_in(visit: &Visit) -> AnyView {
    let t = visit.texts();
    let (text, href) = (
        td_string!(t, providers.choose_password),
        visit.entrance(paths::FORGOT_PASSWORD),
    );
    view! {
        <Notice tone=Tone::Warning word=td_string!(t, common.word_note)>
            <p>{td_string!(t, errors.only_way_in)}</p>
            <p>{td_string!(t, providers.only_password)}</p>
            <ButtonLink text=text href=href kind=ButtonKind::Secondary />
        </Notice>
    }
    .into_any()
}

fn link(visit: Visit, state: ProviderState, other: Option<Provider>) -> Page {
    let t = visit.texts();
    let (provider, name) = (state.provider, state.provider.name());
    let title = say::link(t, provider);
    let page = Page::new(title, move || {
        let lead = td_string!(t, providers.link_lead, provider = name);
        let asks = td_string!(t, providers.link_asks, provider = name);
        let proof = proof(&visit, &state, other);
        let end = can_prove(&visit, &state).then(|| {
            view! { <SaveOrCancel visit=visit.clone() text=title /> }
        });
        view! {
            <Sheet visit=visit.clone() title=title lead=lead>
                <p>{asks}</p>
                <p>{td_string!(t, providers.link_ends)}</p>
                <Form action="/api/link_provider" carry=visit.carry() busy=td_string!(t, common.one_moment)>
                    <Hidden name="provider" value=provider.as_str() />
                    <Hidden name="form" value=FORM />
                    {proof}
                    {end}
                </Form>
            </Sheet>
        }
    });
    page.with_islands()
}

/// The form of this page: only the one that had a field for the proof is told that it was missing.
pub(crate) const FORM: &str = "provider";

/// Whether a proof must be given, and can be given here.
fn can_prove(visit: &Visit, state: &ProviderState) -> bool {
    state.has_password || !asks_proof(visit, state)
}

fn asks_proof(visit: &Visit, state: &ProviderState) -> bool {
    let refused = visit.flash.problem.as_ref().and_then(Problem::field) == Some(Of::Proof);
    state.needs_proof || refused
}

/// A field for the proof, or for who has no password the way to sign in again.
fn proof(visit: &Visit, state: &ProviderState, with: Option<Provider>) -> Option<AnyView> {
    if !asks_proof(visit, state) {
        return None;
    }
    if state.has_password {
        return Some(view! { <ProofField visit=visit.clone() /> }.into_any());
    }
    with.map(|provider| view! { <SignInAgain visit=visit.clone() provider=provider /> }.into_any())
}

/// The row of a provider on the overview of the settings.
pub(crate) fn row(visit: &Visit, state: &ProviderState) -> impl IntoView + use<> {
    let t = visit.texts();
    let provider = state.provider;
    let (tone, words) = match &state.linked {
        Some(linked) => (Tone::Success, linked_words(visit, linked)),
        None => (
            Tone::Neutral,
            td_string!(t, providers.not_linked_state).to_string(),
        ),
    };
    let action = if state.linked.is_some() {
        let (text, href) = (
            td_string!(t, two_factor.manage),
            visit.own(&paths::provider(provider)),
        );
        view! { <ButtonLink text=text href=href kind=ButtonKind::Secondary /> }.into_any()
    } else {
        view! {
            <Form action="/api/link_provider" carry=visit.carry()>
                <Hidden name="provider" value=provider.as_str() />
                <Button text=say::link(t, provider) kind=ButtonKind::Secondary />
            </Form>
        }
        .into_any()
    };
    view! { <SettingRow title=say::account(t, provider) state=words tone=tone>{action}</SettingRow> }
}

fn linked_words(visit: &Visit, linked: &LinkedAccount) -> String {
    let t = visit.texts();
    let account = linked
        .email
        .clone()
        .unwrap_or_else(|| td_string!(t, providers.no_address).to_string());
    let since = linked.since.text.clone();
    if let Some(used) = linked.last_used.clone() {
        td_string!(
            t,
            providers.linked_used,
            account = account,
            since = since,
            used = used.text
        )
    } else {
        td_string!(t, providers.linked_unused, account = account, since = since)
    }
}

/// That an account was linked or unlinked a moment ago.
pub(crate) fn done(visit: &Visit) -> Option<impl IntoView + use<>> {
    let t = visit.texts();
    let (text, again) = match visit.flash.done? {
        Done::Linked(provider) => (
            td_string!(t, providers.linked, provider = provider.name()),
            None,
        ),
        Done::Unlinked(provider) => (
            td_string!(t, providers.unlinked, provider = provider.name()),
            again(visit, provider),
        ),
        _ => return None,
    };
    let word = td_string!(t, common.word_done);
    Some(view! {
        <Notice tone=Tone::Success word=word live=true>
            <p>{text}</p>
            {again}
        </Notice>
    })
}
