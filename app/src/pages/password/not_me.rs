//! "This was not me": what happened, what the button does, and the button.

use crate::{
    components::{Actions, Button, Form, Hidden, Notice, Section, Tone},
    context::{Page, PageContext},
    pages::sheet::{DeadLink, Sheet, dead_link},
    paths,
    words::names,
};
use contract::{Answer, NotMe};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let token = context.query("token").unwrap_or_default().to_owned();
    let page = match context.backend.not_me(&token).await? {
        Some(told) => open(context, token, told),
        None => dead(context),
    };
    Ok(page.with_secret_address())
}

fn open(context: PageContext, token: String, told: NotMe) -> Page {
    let t = context.texts();
    let title = td_string!(t, password.not_me_title);
    Page::new(title, move || {
        let lead = td_string!(t, password.not_me_lead, email = told.email.clone());
        let what = names::event(t, told.event).to_owned();
        let when = told.when;
        // Nothing but a manager's account is ever linked to one of these.
        let provider = context
            .door
            .is_back_office()
            .then(|| view! { <li>{td_string!(t, password.not_me_provider)}</li> });
        view! {
            <Sheet context=context.clone() title=title lead=lead>
                <Notice tone=Tone::Warning word=what>
                    <time datetime=when.machine>{when.text}</time>
                </Notice>
                <Section title=td_string!(t, password.not_me_what)>
                    <ul>
                        <li>{td_string!(t, password.not_me_out)}</li>
                        <li>{td_string!(t, password.not_me_password)}</li>
                        <li>{td_string!(t, password.not_me_factor)}</li>
                        <li>{td_string!(t, password.not_me_deletion)}</li>
                        {provider}
                        <li>{td_string!(t, password.not_me_mail)}</li>
                    </ul>
                </Section>
                <Form action="/api/say_not_me" carry=context.carry()>
                    <Hidden name="token" value=token />
                    <Actions>
                        <Button text=td_string!(t, password.not_me_submit) />
                    </Actions>
                </Form>
                <p class="help-line">{td_string!(t, password.not_me_was_me)}</p>
            </Sheet>
        }
    })
}

fn dead(context: PageContext) -> Page {
    let t = context.texts();
    let dead = DeadLink {
        why: td_string!(t, password.not_me_dead),
        next: None,
        way_on: td_string!(t, password.dead_again),
        href: context.entrance(paths::FORGOT_PASSWORD),
    };
    dead_link(context, dead)
}
