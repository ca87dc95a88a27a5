//! Behind the link of a mail: choose a new password.

use crate::{
    components::{Actions, Button, CodeField, Form, Hidden},
    pages::sheet::{ChosenPassword, DeadLink, Sheet, Whose, dead_link},
    paths,
    visit::{Page, Visit},
    words,
};
use contract::{Answer, Field as Of, PasswordReset};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page. Opening the link uses nothing up: mail scanners open links too.
pub async fn page(visit: Visit) -> Answer<Page> {
    let token = visit.query("token").unwrap_or_default().to_owned();
    let page = match visit.backend.password_reset(&token).await? {
        Some(reset) => open(visit, token, reset),
        None => dead(visit),
    };
    Ok(page.with_secret_address())
}

fn open(visit: Visit, token: String, reset: PasswordReset) -> Page {
    let t = visit.texts();
    let title = td_string!(t, password.reset_title);
    let page = Page::new(title, move || {
        view! {
            <Sheet visit=visit.clone() title=title>
                <Whose text=td_string!(t, password.reset_for, email = reset.email.clone()) />
                {form(&visit, &token, &reset)}
                <p class="help-line">{td_string!(t, password.reset_note)}</p>
            </Sheet>
        }
    });
    page.with_islands()
}

fn form(visit: &Visit, token: &str, reset: &PasswordReset) -> impl IntoView + use<> {
    let (t, visit) = (visit.texts(), visit.clone());
    let (minimum, email, token) = (reset.minimum, reset.email.clone(), token.to_owned());
    let code = reset.second_factor.then(|| {
        let error = words::beside(t, &visit.flash, Of::Code);
        view! {
            <CodeField
                label=td_string!(t, password.second_factor)
                name="code"
                hint=td_string!(t, password.second_factor_hint)
                error=error
            />
        }
    });
    view! {
        <Form action="/api/reset_password" carry=visit.carry() busy=td_string!(t, common.one_moment)>
            <Hidden name="token" value=token />
            <ChosenPassword
                visit=visit.clone()
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

fn dead(visit: Visit) -> Page {
    let t = visit.texts();
    let dead = DeadLink {
        why: td_string!(t, password.dead_text),
        next: None,
        way_on: td_string!(t, password.dead_again),
        href: visit.entrance(paths::FORGOT_PASSWORD),
    };
    dead_link(visit, dead)
}
