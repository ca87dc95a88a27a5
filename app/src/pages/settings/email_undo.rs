//! Behind the link in the mail to a replaced address: one button takes the change back.

use crate::{
    components::{Actions, Button, Form, Hidden},
    context::{Page, PageContext},
    pages::sheet::{DeadLink, Sheet, dead_link},
    paths,
};
use contract::{Answer, DetailsDone};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page. Opening the link changes nothing: mail scanners open links too.
pub async fn page(context: PageContext) -> Answer<Page> {
    if context.has_done(DetailsDone::EmailUndone) {
        return Ok(undone(context));
    }
    let token = context.query("token").unwrap_or_default().to_owned();
    let page = match context.backend.previous_email(&token).await? {
        Some(email) => open(context, token, &email),
        None => dead(context),
    };
    Ok(page.with_secret_address())
}

fn open(context: PageContext, token: String, email: &str) -> Page {
    let t = context.texts();
    let title = td_string!(t, details.undo_title);
    let lead = td_string!(t, details.undo_lead, email = email.to_owned());
    let page = Page::new(title, move || {
        view! {
            <Sheet context=context.clone() title=title lead=lead>
                <p>{td_string!(t, details.undo_password)}</p>
                <Form
                    action="/api/undo_email"
                    carry=context.carry()
                    busy=td_string!(t, common.one_moment)
                >
                    <Hidden name="token" value=token />
                    <Actions>
                        <Button text=td_string!(t, details.undo_submit) />
                    </Actions>
                </Form>
            </Sheet>
        }
    });
    page.with_islands()
}

fn undone(context: PageContext) -> Page {
    let t = context.texts();
    let title = td_string!(t, details.undone_title);
    Page::new(title, move || {
        let email = context.flash.typed("email").unwrap_or_default();
        let lead = td_string!(t, details.undone_lead, email = email.clone());
        view! {
            <Sheet context=context.clone() title=title lead=lead>
                <p>{td_string!(t, details.undone_password)}</p>
                <Form action="/api/forgot_password" carry=context.carry()>
                    <Hidden name="email" value=email />
                    <Actions>
                        <Button text=td_string!(t, details.undone_link) />
                    </Actions>
                </Form>
            </Sheet>
        }
    })
}

fn dead(context: PageContext) -> Page {
    let t = context.texts();
    let support = context.site.support_email.clone();
    let dead = DeadLink {
        why: td_string!(t, details.undo_dead),
        next: Some(td_string!(t, details.undo_dead_next, email = support)),
        way_on: td_string!(t, sign_in.submit),
        href: context.entrance(paths::SIGN_IN),
    };
    dead_link(context, dead)
}
