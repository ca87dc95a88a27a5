//! Behind the link in the mail to a new address: one button makes it the account's.

use crate::{
    components::{Actions, Button, ButtonLink, ErrorSummary, Form, Hidden, Main, PageTitle, Panel},
    routes::paths,
    visit::{Page, Visit},
    words,
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
            <Main>
                <Panel>
                    <ErrorSummary
                        title=td_string!(t, errors.summary)
                        errors=words::summary(t, &visit.flash, &visit.site.support_email)
                    />
                    <PageTitle title=title lead=lead />
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
                </Panel>
            </Main>
        }
    });
    page.with_islands()
}

fn dead(visit: Visit) -> Page {
    let t = visit.texts();
    let title = td_string!(t, invitation.dead_title);
    let page = Page::new(title, move || {
        view! {
            <Main>
                <Panel>
                    <PageTitle title=title lead=td_string!(t, details.confirm_dead) />
                    <Actions>
                        <ButtonLink
                            text=td_string!(t, details.confirm_again)
                            href=visit.own(paths::EMAIL)
                        />
                    </Actions>
                </Panel>
            </Main>
        }
    });
    page.with_status(410)
}
