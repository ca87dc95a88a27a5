//! After asking for a new password: where the mail is, and the code that it carries.
//!
//! The page says the same whether there is an account or not, and can be opened again for as long
//! as the mail works.

use crate::{
    components::{Actions, Button, ButtonKind, CodeField, Form, Hidden, Section},
    context::{Page, PageContext},
    pages::{help::article::mail_link, sheet::Sheet},
    paths, words,
};
use contract::{Answer, Field as Of, PasswordDone};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page. In a browser that asked for nothing it is the page for asking.
pub async fn page(context: PageContext) -> Answer<Page> {
    if !context.backend.waits_for_reset() {
        return super::forgotten::page(context).await;
    }
    let t = context.texts();
    // After "this was not me" there is an account, and the mail is on its way.
    let secured = context.has_done(PasswordDone::MadeSafe);
    let title = if secured {
        td_string!(t, password.safe_title)
    } else {
        td_string!(t, password.sent_title)
    };
    let email = context.flash.typed("email").unwrap_or_default();
    let page = Page::new(title, move || {
        let lead = match (secured, email.is_empty()) {
            (true, _) => td_string!(t, password.safe_lead, email = email.clone()),
            (false, true) => td_string!(t, password.sent_lead_plain).to_string(),
            (false, false) => td_string!(t, password.sent_lead, email = email.clone()),
        };
        let support = context.site.support_email.clone();
        let next = td_string!(t, password.safe_next, email = support.clone());
        let next = secured.then(|| view! { <p>{mail_link(&next, &support)}</p> });
        view! {
            <Sheet context=context.clone() title=title lead=lead>
                <p>{td_string!(t, password.sent_link)}</p>
                {code_form(&context, &email)}
                {nothing_came(&context, &email)}
                {next}
            </Sheet>
        }
    });
    Ok(page.with_islands())
}

fn code_form(context: &PageContext, email: &str) -> impl IntoView + use<> {
    let t = context.texts();
    let error = words::beside(t, &context.flash_of("code"), Of::Code);
    let email = email.to_owned();
    view! {
        <Form action="/api/give_reset_code" carry=context.carry() busy=td_string!(t, common.one_moment)>
            <Hidden name="email" value=email />
            <CodeField
                label=td_string!(t, password.code)
                name="code"
                digits=false
                hint=td_string!(t, password.code_hint)
                error=error
            />
            <Actions>
                <Button text=td_string!(t, password.code_submit) wide=true />
            </Actions>
        </Form>
    }
}

/// The two causes that nearly always explain it, and the way on (promises A37 and A38).
fn nothing_came(context: &PageContext, email: &str) -> impl IntoView + use<> {
    let t = context.texts();
    let another = context.entrance(paths::FORGOT_PASSWORD);
    let again = (!email.is_empty()).then(|| {
        let email = email.to_owned();
        view! {
            <Form action="/api/forgot_password" carry=context.carry()>
                <Hidden name="email" value=email />
                <Button text=td_string!(t, password.again) kind=ButtonKind::Secondary />
            </Form>
        }
    });
    view! {
        <Section title=td_string!(t, password.sent_none)>
            <ul>
                <li>{td_string!(t, password.sent_spam)}</li>
                <li>{td_string!(t, password.sent_typo)}</li>
            </ul>
            {again}
            <p class="help-line">
                <a href=another>{td_string!(t, password.another)}</a>
            </p>
        </Section>
    }
}
