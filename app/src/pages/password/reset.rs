//! Behind the link of a mail: choose a new password.

use crate::{
    components::{Actions, Button, CodeField, Form, Hidden},
    context::{Page, PageContext},
    pages::{
        registration::register::name_field,
        sheet::{ChosenPassword, DeadLink, Sheet, Whose, dead_link},
    },
    paths, words,
};
use contract::{Answer, Field as Of, PasswordReset};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page. Opening the link uses nothing up: mail scanners open links too.
pub async fn page(context: PageContext) -> Answer<Page> {
    let token = context.query("token").unwrap_or_default().to_owned();
    let page = match context.backend.password_reset(&token).await? {
        Some(reset) => open(context, token, reset),
        None => dead(context),
    };
    Ok(page.with_secret_address())
}

fn open(context: PageContext, token: String, reset: PasswordReset) -> Page {
    let t = context.texts();
    let title = td_string!(t, password.reset_title);
    let page = Page::new(title, move || {
        view! {
            <Sheet context=context.clone() title=title>
                <Whose text=td_string!(t, password.reset_for, email = reset.email.clone()) />
                {form(&context, &token, &reset)}
                <p class="help-line">{td_string!(t, password.reset_note)}</p>
            </Sheet>
        }
    });
    page.with_islands()
}

fn form(context: &PageContext, token: &str, reset: &PasswordReset) -> impl IntoView + use<> {
    let (t, context) = (context.texts(), context.clone());
    let (minimum, email, token) = (reset.minimum, reset.email.clone(), token.to_owned());
    let code = reset.second_factor.then(|| {
        let error = words::beside(t, &context.flash, Of::Code);
        view! {
            <CodeField
                label=td_string!(t, password.second_factor)
                name="code"
                hint=td_string!(t, password.second_factor_hint)
                error=error
            />
        }
    });
    let name = reset.asks_name.then(|| name_field(&context, "reset"));
    view! {
        <Form action="/api/reset_password" carry=context.carry() busy=td_string!(t, common.one_moment)>
            <Hidden name="token" value=token />
            {name}
            <ChosenPassword
                context=context.clone()
                email=email
                label=td_string!(t, password.new_one)
                minimum=minimum
            />
            {code}
            <Actions>
                <Button text=td_string!(t, password.reset_submit) wide=true />
            </Actions>
        </Form>
    }
}

fn dead(context: PageContext) -> Page {
    let t = context.texts();
    let dead = DeadLink {
        why: td_string!(t, password.dead_text),
        next: None,
        way_on: td_string!(t, password.dead_again),
        href: context.entrance(paths::FORGOT_PASSWORD),
    };
    dead_link(context, dead)
}
