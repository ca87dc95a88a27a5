//! Behind the link in the mail to a replaced address: one button takes the change back.

use crate::{
    components::{
        Actions, Button, ButtonKind, ButtonLink, ErrorSummary, Form, Hidden, Main, PageTitle, Panel,
    },
    routes::paths,
    visit::{Page, Visit},
    words,
};
use contract::{Answer, Done};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page. Opening the link changes nothing: mail scanners open links too.
pub async fn page(visit: Visit) -> Answer<Page> {
    if visit.flash.done == Some(Done::EmailUndone) {
        return Ok(undone(visit));
    }
    let token = visit.query("token").unwrap_or_default().to_owned();
    let page = match visit.backend.previous_email(&token).await? {
        Some(email) => open(visit, token, &email),
        None => dead(visit),
    };
    Ok(page.with_secret_address())
}

fn open(visit: Visit, token: String, email: &str) -> Page {
    let t = visit.texts();
    let title = td_string!(t, details.undo_title);
    let lead = td_string!(t, details.undo_lead, email = email.to_owned());
    let page = Page::new(title, move || {
        view! {
            <Main>
                <Panel>
                    <ErrorSummary
                        title=td_string!(t, errors.summary)
                        errors=words::summary(t, &visit.flash, &visit.site.support_email)
                    />
                    <PageTitle title=title lead=lead />
                    <p>{td_string!(t, details.undo_password)}</p>
                    <Form
                        action="/api/undo_email"
                        carry=visit.carry()
                        busy=td_string!(t, common.one_moment)
                    >
                        <Hidden name="token" value=token />
                        <Actions>
                            <Button text=td_string!(t, details.undo_submit) kind=ButtonKind::Danger />
                        </Actions>
                    </Form>
                </Panel>
            </Main>
        }
    });
    page.with_islands()
}

fn undone(visit: Visit) -> Page {
    let t = visit.texts();
    let title = td_string!(t, details.undone_title);
    Page::new(title, move || {
        view! {
            <Main>
                <Panel>
                    <PageTitle title=title lead=td_string!(t, details.undone_lead) />
                    <p>{td_string!(t, details.undo_password)}</p>
                    <Actions>
                        <ButtonLink
                            text=td_string!(t, details.undone_link)
                            href=visit.entrance(paths::FORGOT_PASSWORD)
                        />
                    </Actions>
                </Panel>
            </Main>
        }
    })
}

fn dead(visit: Visit) -> Page {
    let t = visit.texts();
    let title = td_string!(t, invitation.dead_title);
    let page = Page::new(title, move || {
        let support = visit.site.support_email.clone();
        view! {
            <Main>
                <Panel>
                    <PageTitle title=title lead=td_string!(t, details.undo_dead) />
                    <p>{td_string!(t, details.undo_dead_next, email = support)}</p>
                    <Actions>
                        <ButtonLink
                            text=td_string!(t, sign_in.submit)
                            href=visit.entrance(paths::SIGN_IN)
                        />
                    </Actions>
                </Panel>
            </Main>
        }
    });
    page.with_status(410)
}
