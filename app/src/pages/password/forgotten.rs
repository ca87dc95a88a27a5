//! Forgotten password: one field, and the same answer for every address.

use crate::{
    components::{Actions, Button, Field, Form},
    pages::sheet::Sheet,
    paths,
    visit::{Page, Visit},
    words,
};
use contract::{Answer, Field as Of};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(visit: Visit) -> Answer<Page> {
    let t = visit.texts();
    let title = td_string!(t, password.forgot_title);
    let lead = td_string!(t, password.forgot_lead);
    let page = Page::new(title, move || {
        let back = visit.entrance(paths::SIGN_IN);
        view! {
            <Sheet visit=visit.clone() title=title lead=lead>
                {form(&visit)}
                <p class="help-line">
                    <a href=back>{td_string!(t, password.to_sign_in)}</a>
                </p>
            </Sheet>
        }
    });
    Ok(page.with_islands().with_description(lead))
}

fn form(visit: &Visit) -> impl IntoView + use<> {
    let t = visit.texts();
    let (typed, error) = (
        visit.flash.typed("email"),
        words::beside(t, &visit.flash, Of::Email),
    );
    view! {
        <Form action="/api/forgot_password" carry=visit.carry() busy=td_string!(t, common.one_moment)>
            <Field
                label=td_string!(t, password.email)
                name="email"
                kind="email"
                autocomplete="username"
                inputmode="email"
                value=typed
                error=error
                required=true
            />
            <Actions>
                <Button text=td_string!(t, password.send) wide=true />
            </Actions>
        </Form>
    }
}
