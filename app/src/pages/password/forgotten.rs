//! Forgotten password: one field, and the same answer for every address.

use crate::{
    components::{Actions, Button, Field, Form},
    context::{Page, PageContext},
    pages::sheet::Sheet,
    paths, words,
};
use contract::{Answer, Field as Of};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let t = context.texts();
    let title = td_string!(t, password.forgot_title);
    let lead = td_string!(t, password.forgot_lead);
    let page = Page::new(title, move || {
        let back = context.entrance(paths::SIGN_IN);
        view! {
            <Sheet context=context.clone() title=title lead=lead>
                {form(&context)}
                <p class="help-line">
                    <a href=back>{td_string!(t, password.to_sign_in)}</a>
                </p>
            </Sheet>
        }
    });
    Ok(page.with_islands().with_description(lead))
}

fn form(context: &PageContext) -> impl IntoView + use<> {
    let t = context.texts();
    let (typed, error) = (
        context.flash.typed("email"),
        words::beside(t, &context.flash, Of::Email),
    );
    view! {
        <Form action="/api/forgot_password" carry=context.carry() busy=td_string!(t, common.one_moment)>
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
