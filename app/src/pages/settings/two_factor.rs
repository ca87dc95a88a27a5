//! Two-factor authentication: off, being set up, on, and the sheet of recovery codes.

use super::{codes, enrol};
use crate::{
    components::{
        Actions, Button, ButtonKind, ButtonLink, ErrorSummary, Form, Main, Notice, PageTitle,
        Panel, PasswordField, Section, Tone, Width,
    },
    paths,
    visit::{Page, Visit},
    words,
};
use contract::{Answer, Done, Field, Problem, TwoFactorState};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page in the state that the account is in.
pub async fn page(visit: Visit) -> Answer<Page> {
    if !visit.flash.codes.is_empty() {
        return codes::page(visit).await;
    }
    match visit.backend.two_factor().await? {
        TwoFactorState::On {
            since,
            last_used,
            recovery_codes_left,
            longer_password,
        } => {
            let state = td_string!(
                visit.texts(),
                two_factor.state_on,
                since = since.text,
                used = last_used.text
            );
            Ok(on(visit, state, recovery_codes_left, longer_password))
        }
        TwoFactorState::Off => match visit.backend.enrolment().await? {
            Some(enrolment) => Ok(enrol::page(visit, enrolment)),
            None => Ok(off(visit)),
        },
    }
}

fn off(visit: Visit) -> Page {
    let t = visit.texts();
    let title = td_string!(t, two_factor.title);
    Page::new(title, move || {
        let switched_off = visit.flash.done == Some(Done::TwoFactorOff);
        // Whoever has just switched it off is not urged to switch it on.
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
                        errors=words::summary(t, &visit.flash, &visit.site.support_email)
                    />
                    <PageTitle title=title lead=td_string!(t, two_factor.off_lead) />
                    <p>{td_string!(t, two_factor.off_apps)}</p>
                    {enrol::read_more(&visit)}
                    <Form action="/api/begin_two_factor" carry=visit.carry()>
                        <Actions>
                            <Button text=td_string!(t, two_factor.enable) kind=kind />
                            <ButtonLink
                                text=td_string!(t, two_factor.back)
                                href=visit.own(paths::SETTINGS)
                                kind=ButtonKind::Quiet
                            />
                        </Actions>
                    </Form>
                </Panel>
            </Main>
        }
    })
}

fn on(visit: Visit, state: String, left: u32, longer: Option<u32>) -> Page {
    let t = visit.texts();
    let title = td_string!(t, two_factor.title);
    let page = Page::new(title, move || {
        let renew = proof_form(
            &visit,
            "renew",
            "/api/renew_recovery_codes",
            td_string!(t, two_factor.renew),
            ButtonKind::Secondary,
        );
        let disable = disable(&visit, longer);
        view! {
            <Main width=Width::List>
                <ErrorSummary title=td_string!(t, errors.summary) errors=summary(&visit) />
                <PageTitle title=title />
                <Notice tone=Tone::Success word=td_string!(t, two_factor.name)>{state}</Notice>
                {enrol::read_more(&visit)}
                <Section title=td_string!(t, two_factor.recovery_codes) id="recovery-codes">
                    {codes_left(&visit, left)}
                    <p>{td_string!(t, two_factor.renew_text)}</p>
                    {renew}
                </Section>
                {disable}
            </Main>
        }
    });
    page.with_islands()
}

/// Where it is switched off; with a password that cannot stand alone, what comes first is said
/// beside the form, before and after it was refused.
fn disable(visit: &Visit, longer: Option<u32>) -> impl IntoView + use<> {
    let t = visit.texts();
    let first = longer.map(|minimum| {
        let problem = Problem::PasswordNeedsFactor { minimum };
        let text = words::problem(t, &problem, &visit.site.support_email);
        let href = visit.own(paths::PASSWORD);
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
        visit,
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
fn summary(visit: &Visit) -> Vec<crate::components::FieldError> {
    let t = visit.texts();
    let form = visit.flash.form.clone().unwrap_or_default();
    let line = |problem: &Problem| {
        let id = match (problem, problem.field()) {
            // What to do first stands in the section.
            (Problem::PasswordNeedsFactor { .. }, _) => form.clone(),
            (_, Some(field)) => format!("{form}-{}", field.name()),
            (_, None) => String::new(),
        };
        crate::components::FieldError::new(
            id,
            words::problem(t, problem, &visit.site.support_email),
        )
    };
    visit.flash.problem.iter().map(line).collect()
}

fn codes_left(visit: &Visit, left: u32) -> impl IntoView + use<> {
    let t = visit.texts();
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
    visit: &Visit,
    form: &'static str,
    action: &'static str,
    text: &'static str,
    kind: ButtonKind,
) -> impl IntoView + use<> {
    let t = visit.texts();
    let flash = visit.flash_of(form);
    view! {
        <Form action=action carry=visit.carry()>
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
