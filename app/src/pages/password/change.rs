//! A new password for who knows the present one.

use crate::{
    components::{Form, PasswordField},
    context::{Page, PageContext},
    pages::sheet::{ChosenPassword, SaveOrCancel, Sheet},
    paths, words,
};
use contract::{Answer, Field as Of, Problem};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let viewer = context.viewer.clone().ok_or(Problem::SignInFirst)?;
    let minimum = context.backend.password_minimum().await?;
    let t = context.texts();
    let title = td_string!(t, password.change_title);
    let page = Page::new(title, move || {
        view! {
            <Sheet context=context.clone() title=title lead=td_string!(t, password.change_lead)>
                {form(&context, viewer.email.clone(), minimum)}
            </Sheet>
        }
    });
    Ok(page.with_islands())
}

fn form(context: &PageContext, email: String, minimum: u32) -> impl IntoView + use<> {
    let (t, context) = (context.texts(), context.clone());
    let present = words::beside(t, &context.flash, Of::Present);
    let forgotten = context.entrance(paths::FORGOT_PASSWORD);
    view! {
        <Form action="/api/change_password" carry=context.carry() busy=td_string!(t, common.one_moment)>
            <PasswordField
                label=td_string!(t, password.present)
                name="present"
                show=td_string!(t, common.show)
                hide=td_string!(t, common.hide)
                what=td_string!(t, common.password_word)
                error=present
            >
                <a href=forgotten>{td_string!(t, password.forgot)}</a>
            </PasswordField>
            <ChosenPassword
                context=context.clone()
                email=email
                label=td_string!(t, password.new_one)
                minimum=minimum
            />
            <SaveOrCancel context=context.clone() text=td_string!(t, password.change_submit) />
        </Form>
    }
}
