//! Setting up two-factor: three steps on one page, the code field beside the QR code.

use crate::{
    components::{
        Actions, Button, ButtonKind, CodeField, Disclosure, ErrorSummary, Form, Hidden, Main,
        PageTitle, QrFigure, SecretKey, Step, Steps, Width,
    },
    context::{Page, PageContext},
    paths, words,
};
use contract::{Enrolment, Field};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// The article that explains it.
const ARTICLE: &str = "two-factor-authentication-2fa";

/// The set-up screen. Leaving it half-way switches nothing on.
pub fn page(context: PageContext, enrolment: Enrolment) -> Page {
    let t = context.texts();
    let (title, lead) = if enrolment.replaces {
        (
            td_string!(t, two_factor.new_phone_title),
            td_string!(t, two_factor.new_phone_lead),
        )
    } else {
        (
            td_string!(t, two_factor.setup_title),
            td_string!(t, two_factor.setup_lead),
        )
    };
    let page = Page::new(title, move || {
        let (scan, confirm) = (scan(&context, &enrolment), confirm(&context, &enrolment));
        view! {
            <Main width=Width::List>
                <ErrorSummary
                    title=td_string!(t, errors.summary)
                    errors=words::summary(t, &context.flash, &context.site.support_email)
                />
                <PageTitle title=title lead=lead />
                {read_more(&context)}
                <Steps paired=true>
                    <Step title=td_string!(t, two_factor.step1)>
                        <p>{td_string!(t, two_factor.step1_text)}</p>
                    </Step>
                    <Step title=td_string!(t, two_factor.step2)>{scan}</Step>
                    <Step title=td_string!(t, two_factor.step3)>{confirm}</Step>
                </Steps>
            </Main>
        }
    });
    page.with_islands()
}

/// A link to the article on two-factor.
pub(super) fn read_more(context: &PageContext) -> impl IntoView + use<> {
    let href = context.entrance(&paths::article(ARTICLE));
    let text = td_string!(context.texts(), two_factor.read_more);
    view! {
        <p class="help-line">
            <a href=href>{text}</a>
        </p>
    }
}

fn scan(context: &PageContext, enrolment: &Enrolment) -> impl IntoView + use<> {
    let t = context.texts();
    let email = enrolment.email.clone();
    let (secret, url) = (enrolment.secret_text.clone(), enrolment.otpauth_url.clone());
    let alt = td_string!(t, two_factor.qr_alt, email = email.clone());
    let (narrow, wide) = (here(context, &url), here(context, &url));
    view! {
        // On a narrow screen the app is mostly on the same device, which cannot scan itself.
        <div class="on-narrow">{narrow}</div>
        <p>{td_string!(t, two_factor.step2_text)}</p>
        <QrFigure svg=enrolment.qr_svg.clone() alt=alt />
        <Disclosure summary=td_string!(t, two_factor.cannot_scan) id="key">
            <SecretKey
                label=td_string!(t, two_factor.key_label)
                value=secret
                copy=td_string!(t, common.copy)
                copied=td_string!(t, common.copied)
            />
            <p>{td_string!(t, two_factor.key_hint, email = email)}</p>
            <div class="on-wide">{wide}</div>
        </Disclosure>
    }
}

/// The way into the app on this device.
fn here(context: &PageContext, url: &str) -> impl IntoView + use<> {
    let (t, url) = (context.texts(), url.to_owned());
    view! {
        <p>
            {td_string!(t, two_factor.on_this_phone)} " "
            <a href=url>{td_string!(t, two_factor.open_app)}</a>
        </p>
    }
}

fn confirm(context: &PageContext, enrolment: &Enrolment) -> impl IntoView + use<> {
    let t = context.texts();
    let (flash, mark) = (context.flash.clone(), enrolment.mark.clone());
    let submit = if enrolment.replaces {
        td_string!(t, two_factor.new_phone_activate)
    } else {
        td_string!(t, two_factor.activate)
    };
    view! {
        <Form action="/api/enable_two_factor" carry=context.carry() busy=td_string!(t, common.one_moment)>
            <Hidden name="shown" value=mark />
            <CodeField
                label=td_string!(t, sign_in.code_label)
                name="code"
                hint=td_string!(t, two_factor.step3_hint)
                error=words::beside(t, &flash, Field::Code)
            />
            <Actions>
                <Button text=submit />
                <Button text=td_string!(t, common.cancel) kind=ButtonKind::Quiet formaction="/api/cancel_two_factor" />
            </Actions>
        </Form>
    }
}
