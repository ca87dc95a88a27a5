//! The set-up link of a new account: choose the first password.

use crate::{
    components::{Actions, Button, Form, Glyph, Hidden, Icon, NewPasswordField},
    pages::sheet::{DeadLink, Sheet, dead_link},
    routes::paths,
    visit::{Page, Visit},
    words,
};
use contract::{Answer, Field, Invitation};
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
                <p class="who">
                    <Icon glyph=Glyph::Person />
                    {td_string!(t, invitation.account, email = invitation.email.clone())}
                </p>
                {form(&visit, &token, &invitation)}
            </Sheet>
        }
    });
    page.with_islands()
}

fn form(visit: &Visit, token: &str, invitation: &Invitation) -> impl IntoView + use<> {
    let t = visit.texts();
    let minimum = invitation.minimum;
    let (token, email) = (token.to_owned(), invitation.email.clone());
    let error = words::beside(t, &visit.flash, Field::Password);
    view! {
        <Form action="/api/accept_invitation" carry=visit.carry() busy=td_string!(t, common.one_moment)>
            <Hidden name="token" value=token />
            // Tells password managers which account the new password belongs to.
            <input type="email" name="username" autocomplete="username" value=email hidden />
            <NewPasswordField
                label=td_string!(t, invitation.password)
                name="password"
                minimum=minimum
                words=words::new_password(t, minimum)
                error=error
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
