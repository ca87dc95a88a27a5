//! Settings: what protects the account, one action each.

use super::{
    activity,
    codes::{codes_unsaved, phone_missing},
    details, own_data, provider,
};
use crate::{
    components::{
        Button, ButtonKind, ButtonLink, Form, Main, Notice, PageTitle, Section, SettingRow, Tone,
        Width,
    },
    context::{Page, PageContext},
    paths,
};
use contract::{Answer, Done, LeavingDone, PasswordDone, Profile, ProviderState, TwoFactorState};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let profile = context.backend.profile().await?;
    let state = context.backend.two_factor().await?;
    let providers = context.backend.providers().await?;
    let enrolling = context.backend.enrolment().await?.is_some();
    let has_unsaved_codes = context.backend.unsaved_codes().await?.is_some();
    let t = context.texts();
    let title = td_string!(t, account.settings_title);
    Ok(Page::new(title, move || {
        let about = details::rows(&context, &profile);
        let password = match profile.password_set.clone() {
            Some(set) => td_string!(t, account.password_since, when = set.text),
            None => td_string!(t, account.password_none).to_string(),
        };
        let password_action = password_action(&context, &profile);
        let done = done(&context);
        let missing = matches!(
            state,
            TwoFactorState::On {
                phone_missing: true,
                ..
            }
        )
        .then(|| phone_missing(&context));
        let unsaved = has_unsaved_codes.then(|| codes_unsaved(&context));
        let providers = providers_section(&context, &providers);
        let two_factor = two_factor(&context, &state, enrolling);
        let sessions = sessions(&context);
        let activity = activity::row(&context);
        let own_data = own_data::rows(&context);
        view! {
            <Main width=Width::List>
                {done}
                <PageTitle title=title lead=td_string!(t, account.settings_lead) />
                {missing}
                {unsaved}
                {about}
                <Section title=td_string!(t, account.section_sign_in)>
                    <SettingRow title=td_string!(t, account.password) state=password>
                        {password_action}
                    </SettingRow>
                    {two_factor}
                    {sessions}
                </Section>
                {providers}
                <Section title=td_string!(t, activity.section)>
                    {activity}
                </Section>
                <Section title=td_string!(t, data.section)>
                    {own_data}
                </Section>
            </Main>
        }
    }))
}

/// An account without a password gets one by mail, since there is none to ask for.
fn password_action(context: &PageContext, profile: &Profile) -> impl IntoView + use<> {
    let t = context.texts();
    let (text, href) = if profile.password_set.is_some() {
        (td_string!(t, password.change), context.own(paths::PASSWORD))
    } else {
        (
            td_string!(t, providers.choose_password),
            context.entrance(paths::FORGOT_PASSWORD),
        )
    };
    view! { <ButtonLink text=text href=href kind=ButtonKind::Secondary /> }
}

/// One row for each provider; nothing where none is set up.
fn providers_section(
    context: &PageContext,
    states: &[ProviderState],
) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    if states.is_empty() {
        return None;
    }
    let rows = states
        .iter()
        .map(|state| provider::row(context, state))
        .collect_view();
    Some(view! {
        <Section
            title=td_string!(t, providers.section)
            lead=td_string!(t, providers.section_lead)
            id="providers"
        >
            {rows}
        </Section>
    })
}

/// What was done a moment ago.
fn done(context: &PageContext) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    let text = match context.flash.done? {
        Done::Password(PasswordDone::Changed) => td_string!(t, password.changed),
        Done::Details(done) => details::saved(context, done)?,
        Done::Leaving(LeavingDone::Stopped) => td_string!(t, leaving.kept),
        _ => return None,
    };
    Some(view! {
        <Notice tone=Tone::Success word=td_string!(t, common.word_done) live=true>
            {text}
        </Notice>
    })
}

fn sessions(context: &PageContext) -> impl IntoView + use<> {
    let t = context.texts();
    let (title, state) = (
        td_string!(t, sessions.row),
        td_string!(t, sessions.row_state),
    );
    let (text, href) = (
        td_string!(t, sessions.row_action),
        context.own(paths::SESSIONS),
    );
    view! {
        <SettingRow title=title state=state>
            <ButtonLink text=text href=href kind=ButtonKind::Secondary />
        </SettingRow>
    }
}

fn two_factor(
    context: &PageContext,
    state: &TwoFactorState,
    enrolling: bool,
) -> impl IntoView + use<> {
    let t = context.texts();
    let (tone, words) = match state {
        TwoFactorState::Off { .. } => (
            Tone::Neutral,
            td_string!(t, two_factor.state_off).to_string(),
        ),
        TwoFactorState::On {
            since, last_used, ..
        } => {
            let (since, used) = (since.text.clone(), last_used.text.clone());
            (
                Tone::Success,
                td_string!(t, two_factor.state_on, since = since, used = used),
            )
        }
    };
    let href = context.own(paths::TWO_FACTOR);
    let action = match state {
        TwoFactorState::Off { needs_proof: true } if !enrolling => {
            // The page asks for the proof first.
            view! { <ButtonLink text=td_string!(t, two_factor.enable) href=href /> }.into_any()
        }
        TwoFactorState::Off { .. } if !enrolling => view! {
            <Form action="/api/begin_two_factor" carry=context.carry()>
                <Button text=td_string!(t, two_factor.enable) />
            </Form>
        }
        .into_any(),
        TwoFactorState::Off { .. } => {
            view! { <ButtonLink text=td_string!(t, two_factor.continue_set_up) href=href /> }
                .into_any()
        }
        TwoFactorState::On { .. } => {
            let text = td_string!(t, two_factor.manage);
            view! { <ButtonLink text=text href=href kind=ButtonKind::Secondary /> }.into_any()
        }
    };
    view! { <SettingRow title=td_string!(t, two_factor.name) state=words tone=tone>{action}</SettingRow> }
}
