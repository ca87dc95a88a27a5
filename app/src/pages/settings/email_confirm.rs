//! Behind the link in the mail to a new address: one button makes it the account's.

use crate::{
    components::{Actions, Button, Form, Hidden},
    context::{Page, PageContext},
    pages::sheet::{DeadLink, Sheet, dead_link},
    paths,
};
use contract::Answer;
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page. Opening the link changes nothing: mail scanners open links too.
pub async fn page(context: PageContext) -> Answer<Page> {
    let token = context.query("token").unwrap_or_default().to_owned();
    let page = match context.backend.new_email(&token).await? {
        Some(email) => open(context, token, email),
        None => dead(context),
    };
    Ok(page.with_secret_address())
}

fn open(context: PageContext, token: String, email: String) -> Page {
    let t = context.texts();
    let title = td_string!(t, details.confirm_title);
    let page = Page::new(title, move || {
        let lead = td_string!(t, details.confirm_lead, email = email.clone());
        view! {
            <Sheet context=context.clone() title=title lead=lead>
                <Form
                    action="/api/confirm_email"
                    carry=context.carry()
                    busy=td_string!(t, common.one_moment)
                >
                    <Hidden name="token" value=token />
                    <Hidden name="email" value=email />
                    <Actions>
                        <Button text=td_string!(t, details.confirm_submit) />
                    </Actions>
                </Form>
            </Sheet>
        }
    });
    page.with_islands()
}

fn dead(context: PageContext) -> Page {
    let t = context.texts();
    let dead = DeadLink {
        why: td_string!(t, details.confirm_dead),
        next: None,
        way_on: td_string!(t, details.confirm_again),
        href: context.own(paths::EMAIL),
    };
    dead_link(context, dead)
}
