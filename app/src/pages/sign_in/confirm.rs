//! Behind the link in the mail to an address that is not confirmed yet.

use crate::{
    components::{Actions, Button, Form, Hidden, PasswordField},
    context::{Page, PageContext},
    pages::sheet::{DeadLink, Sheet, Whose, dead_link},
    paths, words,
};
use contract::{Answer, Confirmation, Field};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page. Opening the link changes nothing: mail scanners open links too.
pub async fn page(context: PageContext) -> Answer<Page> {
    let token = context.query("token").unwrap_or_default().to_owned();
    let page = match context.backend.confirmation(&token).await? {
        Some(confirmation) => open(context, token, confirmation),
        None => dead(context),
    };
    Ok(page.with_secret_address())
}

fn open(context: PageContext, token: String, confirmation: Confirmation) -> Page {
    let t = context.texts();
    let title = td_string!(t, sign_in.confirm_title);
    let Confirmation {
        email,
        asks_password,
    } = confirmation;
    let page = Page::new(title, move || {
        let lead = if asks_password {
            td_string!(t, sign_in.confirm_password)
        } else {
            td_string!(t, sign_in.confirm_here)
        };
        let whose = email.clone();
        let password = asks_password.then(|| password(&context, email));
        view! {
            <Sheet context=context.clone() title=title lead=lead>
                <Whose text=whose />
                <Form
                    action="/api/confirm_address"
                    carry=context.carry()
                    busy=td_string!(t, common.one_moment)
                >
                    <Hidden name="token" value=token />
                    {password}
                    <Actions>
                        <Button text=td_string!(t, sign_in.confirm_submit) />
                    </Actions>
                </Form>
            </Sheet>
        }
    });
    page.with_islands()
}

fn password(context: &PageContext, email: String) -> impl IntoView + use<> {
    let (t, forgotten) = (context.texts(), context.entrance(paths::FORGOT_PASSWORD));
    view! {
        <input type="email" name="username" autocomplete="username" value=email hidden />
        <PasswordField
            label=td_string!(t, sign_in.password)
            name="password"
            show=td_string!(t, common.show)
            hide=td_string!(t, common.hide)
            what=td_string!(t, common.password_word)
            error=words::beside(t, &context.flash, Field::Password)
        >
            <a href=forgotten>{td_string!(t, password.forgot)}</a>
        </PasswordField>
    }
}

fn dead(context: PageContext) -> Page {
    let t = context.texts();
    let dead = DeadLink {
        why: td_string!(t, sign_in.confirm_dead),
        next: None,
        way_on: td_string!(t, sign_in.submit),
        href: context.entrance(paths::SIGN_IN),
    };
    dead_link(context, dead)
}
