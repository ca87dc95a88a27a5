//! Two-factor authentication: off, being set up, on, and the sheet of recovery codes.

use super::{codes, enrol};
use crate::{
    components::{
        Actions, Button, ButtonKind, ButtonLink, ErrorSummary, Form, Main, Notice, PageTitle,
        Panel, PasswordField, Section, Tone, Width,
    },
    context::{Page, PageContext},
    paths, words,
};
use contract::{Answer, CodeProblem, Field, Problem, TwoFactorDone, TwoFactorState};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page in the state that the account is in.
pub async fn page(context: PageContext) -> Answer<Page> {
    if !context.flash.codes.is_empty() {
        return codes::page(context).await;
    }
    match context.backend.two_factor().await? {
        TwoFactorState::On {
            since,
            last_used,
            recovery_codes_left,
            longer_password,
        } => {
            let state = td_string!(
                context.texts(),
                two_factor.state_on,
                since = since.text,
                used = last_used.text
            );
            Ok(on(context, state, recovery_codes_left, longer_password))
        }
        TwoFactorState::Off => match context.backend.enrolment().await? {
            Some(enrolment) => Ok(enrol::page(context, enrolment)),
            None => Ok(off(context)),
        },
    }
}

fn off(context: PageContext) -> Page {
    let t = context.texts();
    let title = td_string!(t, two_factor.title);
    Page::new(title, move || {
        let switched_off = context.has_done(TwoFactorDone::Off);
        // After disabling it, the page does not urge to enable it.
        let kind = if switched_off {
            ButtonKind::Secondary
        } else {
            ButtonKind::Primary
        };
        let done = switched_off.then(|| {
            view! {
                <Notice tone=Tone::Success word=td_string!(t, common.word_done) live=true>
                    {td_string!(t, two_factor.disabled)}
                </Notice>
            }
        });
        view! {
            <Main>
                {done}
                <Panel>
                    <ErrorSummary
                        title=td_string!(t, errors.summary)
                        errors=words::summary(t, &context.flash, &context.site.support_email)
                    />
                    <PageTitle title=title lead=td_string!(t, two_factor.off_lead) />
                    <p>{td_string!(t, two_factor.off_apps)}</p>
                    {enrol::read_more(&context)}
                    <Form action="/api/begin_two_factor" carry=context.carry()>
                        <Actions>
                            <Button text=td_string!(t, two_factor.enable) kind=kind />
                            <ButtonLink
                                text=td_string!(t, two_factor.back)
                                href=context.own(paths::SETTINGS)
                                kind=ButtonKind::Quiet
                            />
                        </Actions>
                    </Form>
                </Panel>
            </Main>
        }
    })
}

fn on(context: PageContext, state: String, left: u32, longer: Option<u32>) -> Page {
    let t = context.texts();
    let title = td_string!(t, two_factor.title);
    let page = Page::new(title, move || {
        let renew = proof_form(
            &context,
            "renew",
            "/api/renew_recovery_codes",
            td_string!(t, two_factor.renew),
            ButtonKind::Secondary,
        );
        let disable = disable(&context, longer);
        view! {
            <Main width=Width::List>
                <ErrorSummary title=td_string!(t, errors.summary) errors=summary(&context) />
                <PageTitle title=title />
                <Notice tone=Tone::Success word=td_string!(t, two_factor.name)>{state}</Notice>
                {enrol::read_more(&context)}
                <Section title=td_string!(t, two_factor.recovery_codes) id="recovery-codes">
                    {codes_left(&context, left)}
                    <p>{td_string!(t, two_factor.renew_text)}</p>
                    {renew}
                </Section>
                {disable}
            </Main>
        }
    });
    page.with_islands()
}

/// Where it is disabled; with a password that cannot stand alone, what comes first is said
/// beside the form, before and after it was refused.
fn disable(context: &PageContext, longer: Option<u32>) -> impl IntoView + use<> {
    let t = context.texts();
    let first = longer.map(|minimum| {
        let problem = Problem::Code(CodeProblem::PasswordNeedsFactor { minimum });
        let text = words::problem(t, &problem, &context.site.support_email);
        let href = context.own(paths::PASSWORD);
        view! {
            <Notice tone=Tone::Warning word=td_string!(t, common.word_note)>
                <p>{text}</p>
                <p>
                    <a href=href>{td_string!(t, two_factor.longer_first)}</a>
                </p>
            </Notice>
        }
    });
    let form = proof_form(
        context,
        "disable",
        "/api/disable_two_factor",
        td_string!(t, two_factor.disable),
        ButtonKind::Danger,
    );
    view! {
        <Section title=td_string!(t, two_factor.disable) id="disable">
            <p>{td_string!(t, two_factor.disable_text)}</p>
            {first}
            {form}
        </Section>
    }
}

/// The page has two fields for a proof: the summary must lead to the one that was used.
fn summary(context: &PageContext) -> Vec<crate::components::FieldError> {
    let t = context.texts();
    let form = context.flash.form.clone().unwrap_or_default();
    let line = |problem: &Problem| {
        let id = match (problem, problem.field()) {
            // What to do first stands in the section.
            (Problem::Code(CodeProblem::PasswordNeedsFactor { .. }), _) => form.clone(),
            (_, Some(field)) => format!("{form}-{}", field.as_str()),
            (_, None) => String::new(),
        };
        crate::components::FieldError::new(
            id,
            words::problem(t, problem, &context.site.support_email),
        )
    };
    context.flash.problem.iter().map(line).collect()
}

fn codes_left(context: &PageContext, left: u32) -> impl IntoView + use<> {
    let t = context.texts();
    let words = match left {
        0 => td_string!(t, two_factor.codes_left_none).to_string(),
        1 => td_string!(t, two_factor.codes_left_single).to_string(),
        left => td_string!(t, two_factor.codes_left_many, count = left.to_string()),
    };
    let low = (left <= 3).then(|| {
        view! {
            <Notice tone=Tone::Warning word=td_string!(t, common.word_note)>
                {td_string!(t, two_factor.codes_low)}
            </Notice>
        }
    });
    view! {
        <p>{words}</p>
        {low}
    }
}

fn proof_form(
    context: &PageContext,
    form: &'static str,
    action: &'static str,
    text: &'static str,
    kind: ButtonKind,
) -> impl IntoView + use<> {
    let t = context.texts();
    let flash = context.flash_of(form);
    view! {
        <Form action=action carry=context.carry()>
            <PasswordField
                label=td_string!(t, two_factor.proof)
                name="proof"
                id=format!("{form}-proof")
                hint=td_string!(t, two_factor.proof_hint)
                show=td_string!(t, common.show)
                hide=td_string!(t, common.hide)
                what=td_string!(t, common.password_word)
                error=words::beside(t, &flash, Field::Proof)
            />
            <Actions>
                <Button text=text kind=kind />
            </Actions>
        </Form>
    }
}
