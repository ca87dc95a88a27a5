//! The set-up link of a new account: choose the first password.

use crate::{
    components::{Actions, Button, Form, Hidden},
    pages::sheet::{ChosenPassword, DeadLink, Sheet, Whose, dead_link},
    routes::paths,
    visit::{Page, Visit},
};
use contract::{Answer, Invitation};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page. Opening the link uses nothing up: mail scanners open links too.
pub async fn page(visit: Visit) -> Answer<Page> {
    let token = visit.query("token").unwrap_or_default().to_owned();
    let page = match visit.backend.invitation(&token).await? {
        Some(invitation) => open(visit, token, invitation),
        None => dead(visit),
    };
    Ok(page.with_secret_address())
}

fn open(visit: Visit, token: String, invitation: Invitation) -> Page {
    let t = visit.texts();
    let title = td_string!(t, invitation.title);
    let page = Page::new(title, move || {
        let lead = td_string!(t, invitation.lead, name = invitation.name.clone());
        view! {
            <Sheet visit=visit.clone() title=title lead=lead>
                <Whose text=td_string!(t, invitation.account, email = invitation.email.clone()) />
                {form(&visit, &token, &invitation)}
            </Sheet>
        }
    });
    page.with_islands()
}

fn form(visit: &Visit, token: &str, invitation: &Invitation) -> impl IntoView + use<> {
    let (t, visit) = (visit.texts(), visit.clone());
    let (email, token) = (invitation.email.clone(), token.to_owned());
    let minimum = invitation.minimum;
    view! {
        <Form action="/api/accept_invitation" carry=visit.carry() busy=td_string!(t, common.one_moment)>
            <Hidden name="token" value=token />
            <ChosenPassword
                visit=visit.clone()
                email=email
                label=td_string!(t, invitation.password)
                minimum=minimum
            />
            <Actions>
                <Button text=td_string!(t, invitation.submit) />
            </Actions>
        </Form>
    }
}

fn dead(visit: Visit) -> Page {
    let t = visit.texts();
    let support = visit.site.support_email.clone();
    let dead = DeadLink {
        why: td_string!(t, invitation.dead_text),
        next: Some(td_string!(t, invitation.dead_next, email = support)),
        way_on: td_string!(t, sign_in.submit),
        href: visit.href(paths::SIGN_IN),
    };
    dead_link(visit, dead)
}
