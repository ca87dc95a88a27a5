//! One's own account at Google or Microsoft: linking it, looking at it, unlinking it.

use crate::{
    components::{
        Button, ButtonKind, ButtonLink, DescriptionList, Form, Hidden, Notice, SettingRow, Text,
        Tone,
    },
    context::{Page, PageContext},
    pages::sheet::{ProofField, SaveOrCancel, Sheet, SignInAgain},
    paths,
    words::provider as say,
};
use contract::{
    Answer, AskedProof, Done, Field as Of, LinkedAccount, Moment, Problem, Provider, ProviderDone,
    ProviderState,
};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page in the state that the account is in.
///
/// # Errors
/// [`Problem::NotFound`] for a provider that is neither set up nor linked.
pub async fn page(context: PageContext) -> Answer<Page> {
    let provider = Provider::parse(context.param("provider")).ok_or(Problem::NotFound)?;
    let states = context.backend.providers().await?;
    let other = states.iter().find(|state| state.linked.is_some());
    let other = other.map(|state| state.provider);
    let state = states.iter().find(|state| state.provider == provider);
    let state = state.cloned().ok_or(Problem::NotFound)?;
    Ok(match state.linked.clone() {
        Some(linked) => manage(context, state, linked),
        None if state.configured => link(context, state, other),
        None => return Err(Problem::NotFound),
    })
}

fn manage(context: PageContext, state: ProviderState, linked: LinkedAccount) -> Page {
    let t = context.texts();
    let title = say::account(t, state.provider);
    let page = Page::new(title, move || {
        let facts = facts(&context, &linked);
        let end = if linked.can_unlink {
            unlink(&context, &state).into_any()
        } else {
            only_way_in(&context)
        };
        view! {
            <Sheet context=context.clone() title=title>
                <DescriptionList items=facts />
                {end}
            </Sheet>
        }
    });
    page.with_islands()
}

fn facts(context: &PageContext, linked: &LinkedAccount) -> Vec<(Text, AnyView)> {
    let t = context.texts();
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

fn unlink(context: &PageContext, state: &ProviderState) -> impl IntoView + use<> {
    let t = context.texts();
    let provider = state.provider;
    let proof = proof(context, state, Some(provider));
    let can_prove = can_prove(context, state);
    let context = context.clone();
    let end = can_prove.then(|| {
        view! { <SaveOrCancel context=context.clone() text=td_string!(t, providers.unlink) kind=ButtonKind::Danger /> }
    });
    view! {
        <p>{td_string!(t, providers.unlink_text)}</p>
        {again(&context, provider)}
        <Form action="/api/unlink_provider" carry=context.carry() busy=td_string!(t, common.one_moment)>
            <Hidden name="provider" value=provider.as_str() />
            {proof}
            {end}
        </Form>
    }
}

/// Google's first sign-in goes by the address (B10), so unlinking does not keep out an account that has
/// the right one.
fn again(context: &PageContext, provider: Provider) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    (provider == Provider::Google).then(|| view! { <p>{td_string!(t, providers.again_google)}</p> })
}

/// What to do first, so that the account stays open to its owner.
fn only_way_in(context: &PageContext) -> AnyView {
    let t = context.texts();
    let (text, href) = (
        td_string!(t, providers.choose_password),
        context.entrance(paths::FORGOT_PASSWORD),
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

fn link(context: PageContext, state: ProviderState, other: Option<Provider>) -> Page {
    let t = context.texts();
    let (provider, name) = (state.provider, state.provider.name());
    let title = say::link(t, provider);
    let page = Page::new(title, move || {
        let lead = td_string!(t, providers.link_lead, provider = name);
        let asks = td_string!(t, providers.link_asks, provider = name);
        let proof = proof(&context, &state, other);
        let end = can_prove(&context, &state).then(|| {
            view! { <SaveOrCancel context=context.clone() text=title /> }
        });
        view! {
            <Sheet context=context.clone() title=title lead=lead>
                <p>{asks}</p>
                <p>{td_string!(t, providers.link_ends)}</p>
                <Form action="/api/link_provider" carry=context.carry() busy=td_string!(t, common.one_moment)>
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

/// The form of this page: only the form with a field for the proof reports that it was missing.
pub(crate) const FORM: &str = "provider";

/// Whether a proof must be given, and can be given here.
fn can_prove(context: &PageContext, state: &ProviderState) -> bool {
    state.has_password || !asks_proof(context, state)
}

fn asks_proof(context: &PageContext, state: &ProviderState) -> bool {
    let refused = context.flash.problem.as_ref().and_then(Problem::field) == Some(Of::Proof);
    state.asks != AskedProof::Nothing || refused
}

/// A field for the proof, or for who has no password the way to sign in again.
fn proof(context: &PageContext, state: &ProviderState, with: Option<Provider>) -> Option<AnyView> {
    if !asks_proof(context, state) {
        return None;
    }
    if state.has_password {
        let needs_code = state.asks == AskedProof::Code;
        return Some(
            view! { <ProofField context=context.clone() needs_code=needs_code /> }.into_any(),
        );
    }
    with.map(|provider| {
        view! { <SignInAgain context=context.clone() provider=provider /> }.into_any()
    })
}

/// The row of a provider on the overview of the settings.
pub(crate) fn row(context: &PageContext, state: &ProviderState) -> impl IntoView + use<> {
    let t = context.texts();
    let provider = state.provider;
    let (tone, words) = match &state.linked {
        Some(linked) => (Tone::Success, linked_words(context, linked)),
        None => (
            Tone::Neutral,
            td_string!(t, providers.not_linked_state).to_string(),
        ),
    };
    let action = if state.linked.is_some() {
        let (text, href) = (
            td_string!(t, two_factor.manage),
            context.own(&paths::provider(provider)),
        );
        view! { <ButtonLink text=text href=href kind=ButtonKind::Secondary /> }.into_any()
    } else {
        view! {
            <Form action="/api/link_provider" carry=context.carry()>
                <Hidden name="provider" value=provider.as_str() />
                <Button text=say::link(t, provider) kind=ButtonKind::Secondary />
            </Form>
        }
        .into_any()
    };
    view! { <SettingRow title=say::account(t, provider) state=words tone=tone>{action}</SettingRow> }
}

fn linked_words(context: &PageContext, linked: &LinkedAccount) -> String {
    let t = context.texts();
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
pub(crate) fn done(context: &PageContext) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    let (text, again) = match context.flash.done? {
        Done::Provider(ProviderDone::Linked(provider)) => (
            td_string!(t, providers.linked, provider = provider.name()),
            None,
        ),
        Done::Provider(ProviderDone::Unlinked(provider)) => (
            td_string!(t, providers.unlinked, provider = provider.name()),
            again(context, provider),
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
