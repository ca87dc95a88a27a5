//! Behind the link in the mail to a new address: one button makes it the account's.

use crate::{
    components::{Actions, Button, Form, Hidden},
    pages::sheet::{DeadLink, Sheet, dead_link},
    paths,
    visit::{Page, Visit},
};
use contract::Answer;
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page. Opening the link changes nothing: mail scanners open links too.
pub async fn page(visit: Visit) -> Answer<Page> {
    let token = visit.query("token").unwrap_or_default().to_owned();
    let page = match visit.backend.new_email(&token).await? {
        Some(email) => open(visit, token, email),
        None => dead(visit),
    };
    Ok(page.with_secret_address())
}

fn open(visit: Visit, token: String, email: String) -> Page {
    let t = visit.texts();
    let title = td_string!(t, details.confirm_title);
    let page = Page::new(title, move || {
        let lead = td_string!(t, details.confirm_lead, email = email.clone());
        view! {
            <Sheet visit=visit.clone() title=title lead=lead>
                <Form
                    action="/api/confirm_email"
                    carry=visit.carry()
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

fn dead(visit: Visit) -> Page {
    let t = visit.texts();
    let dead = DeadLink {
        why: td_string!(t, details.confirm_dead),
        next: None,
        way_on: td_string!(t, details.confirm_again),
        href: visit.own(paths::EMAIL),
    };
    dead_link(visit, dead)
}
