//! Two-factor authentication: off, being set up, on, and the sheet of recovery codes.

use super::{
    codes::{self, phone_missing},
    enrol,
};
use crate::{
    components::{
        Actions, Button, ButtonKind, ButtonLink, ErrorSummary, Form, Main, Notice, PageTitle,
        Panel, PasswordField, Section, Tone, Width,
    },
    context::{Page, PageContext},
    i18n::Locale,
    pages::sheet::{ProofField, signs_in_with},
    paths, words,
};
use contract::{
    Answer, CodeProblem, Done, Field, Problem, Provider, TwoFactorDone, TwoFactorState,
};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page in the state that the account is in.
pub async fn page(context: PageContext) -> Answer<Page> {
    if let Some(unsaved) = context.backend.unsaved_codes().await? {
        return Ok(codes::page(context, unsaved));
    }
    if let Some(enrolment) = context.backend.enrolment().await? {
        return Ok(enrol::page(context, enrolment));
    }
    match context.backend.two_factor().await? {
        TwoFactorState::On {
            since,
            last_used,
            recovery_codes_left,
            phone_missing,
            takes_password,
            longer_password,
        } => {
            let state = td_string!(
                context.texts(),
                two_factor.state_on,
                since = since.text,
                used = last_used.text
            );
            let on = On {
                state,
                left: recovery_codes_left,
                phone_missing,
                takes_password,
                longer: longer_password,
            };
            Ok(on_page(context, on))
        }
        TwoFactorState::Off { needs_proof } => {
            let again = signs_in_with(&context).await?.filter(|_| needs_proof);
            Ok(off(context, needs_proof, again))
        }
    }
}

fn off(context: PageContext, needs_proof: bool, again: Option<Provider>) -> Page {
    let t = context.texts();
    let title = td_string!(t, two_factor.title);
    let page = Page::new(title, move || {
        let switched_off = context.has_done(TwoFactorDone::Off);
        // After disabling it, the page does not urge to enable it.
        let kind = if switched_off {
            ButtonKind::Secondary
        } else {
            ButtonKind::Primary
        };
        let proof = needs_proof.then(|| {
            let hint = td_string!(t, two_factor.proof_first);
            view! { <ProofField context=context.clone() hint=hint again=again /> }
        });
        view! {
            <Main>
                {done(&context)}
                <Panel>
                    <ErrorSummary
                        title=td_string!(t, errors.summary)
                        errors=words::summary(t, &context.flash, &context.site.support_email)
                    />
                    <PageTitle title=title lead=td_string!(t, two_factor.off_lead) />
                    <p>{td_string!(t, two_factor.off_apps)}</p>
                    {enrol::read_more(&context)}
                    <Form action="/api/begin_two_factor" carry=context.carry()>
                        {proof}
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
    });
    if needs_proof {
        page.with_islands()
    } else {
        page
    }
}

/// What was done a moment ago.
fn done(context: &PageContext) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    let text = match context.flash.done? {
        Done::TwoFactor(TwoFactorDone::Off) => td_string!(t, two_factor.disabled),
        Done::TwoFactor(TwoFactorDone::CodesSaved) => td_string!(t, two_factor.codes_saved),
        Done::TwoFactor(TwoFactorDone::PhoneReplaced) => td_string!(t, two_factor.replaced),
        _ => return None,
    };
    let word = td_string!(t, common.word_done);
    Some(view! { <Notice tone=Tone::Success word=word live=true>{text}</Notice> })
}

/// What the page of an account with two-factor shows.
struct On {
    /// Since when, and when a code was last used.
    state: String,
    /// How many recovery codes are left.
    left: u32,
    phone_missing: bool,
    takes_password: bool,
    /// The least length of the password that comes before switching it off.
    longer: Option<u32>,
}

fn on_page(context: PageContext, on: On) -> Page {
    let t = context.texts();
    let title = td_string!(t, two_factor.title);
    let page = Page::new(title, move || {
        let (renew, new_phone) = (
            proof_form(&context, RENEW, on.takes_password),
            proof_form(&context, NEW_PHONE, on.takes_password),
        );
        let missing = on.phone_missing.then(|| phone_missing(&context));
        let disable = disable(&context, &on);
        view! {
            <Main width=Width::List>
                {done(&context)}
                <ErrorSummary title=td_string!(t, errors.summary) errors=summary(&context) />
                <PageTitle title=title />
                <Notice tone=Tone::Success word=td_string!(t, two_factor.name)>{on.state}</Notice>
                {missing}
                {enrol::read_more(&context)}
                <Section title=td_string!(t, two_factor.new_phone) id="new-phone">
                    <p>{td_string!(t, two_factor.new_phone_text)}</p>
                    {new_phone}
                </Section>
                <Section title=td_string!(t, two_factor.recovery_codes) id="recovery-codes">
                    {codes_left(&context, on.left)}
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
fn disable(context: &PageContext, on: &On) -> impl IntoView + use<> {
    let t = context.texts();
    let first = on.longer.map(|minimum| {
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
    let form = proof_form(context, DISABLE, on.takes_password);
    view! {
        <Section title=td_string!(t, two_factor.disable) id="disable">
            <p>{td_string!(t, two_factor.disable_text)}</p>
            {first}
            {form}
        </Section>
    }
}

/// The page has three fields for a proof: the summary must lead to the one that was used.
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

/// A form of this page that asks for a proof.
#[derive(Clone, Copy)]
struct ProofForm {
    /// Its name, which the browser says.
    name: &'static str,
    action: &'static str,
    kind: ButtonKind,
    /// The words of its button and of its field, the latter where the password is a proof and where it is not.
    words: fn(Locale) -> [&'static str; 3],
}

const NEW_PHONE: ProofForm = ProofForm {
    name: "begin",
    action: "/api/begin_two_factor",
    kind: ButtonKind::Secondary,
    words: |t| {
        [
            td_string!(t, two_factor.new_phone),
            td_string!(t, two_factor.proof_new_phone),
            td_string!(t, two_factor.code_new_phone),
        ]
    },
};

const RENEW: ProofForm = ProofForm {
    name: "renew",
    action: "/api/renew_recovery_codes",
    kind: ButtonKind::Secondary,
    words: |t| {
        [
            td_string!(t, two_factor.renew),
            td_string!(t, two_factor.proof_renew),
            td_string!(t, two_factor.code_renew),
        ]
    },
};

const DISABLE: ProofForm = ProofForm {
    name: "disable",
    action: "/api/disable_two_factor",
    kind: ButtonKind::Danger,
    words: |t| {
        [
            td_string!(t, two_factor.disable),
            td_string!(t, two_factor.proof_disable),
            td_string!(t, two_factor.code_disable),
        ]
    },
};

fn proof_form(
    context: &PageContext,
    form: ProofForm,
    takes_password: bool,
) -> impl IntoView + use<> {
    let t = context.texts();
    let flash = context.flash_of(form.name);
    let [button, with_password, with_code] = (form.words)(t);
    let (label, hint) = if takes_password {
        (with_password, td_string!(t, two_factor.proof_hint))
    } else {
        (with_code, td_string!(t, two_factor.code_hint))
    };
    let email = context.viewer.as_ref().map(|viewer| viewer.email.clone());
    view! {
        <Form action=form.action carry=context.carry()>
            <input type="email" name="username" autocomplete="username" value=email hidden />
            <PasswordField
                label=label
                name="proof"
                id=format!("{}-proof", form.name)
                hint=hint
                show=td_string!(t, common.show)
                hide=td_string!(t, common.hide)
                what=td_string!(t, common.password_word)
                error=words::beside(t, &flash, Field::Proof)
            />
            <Actions>
                <Button text=button kind=form.kind />
            </Actions>
        </Form>
    }
}
