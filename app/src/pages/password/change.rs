//! A new password for who knows the present one.

use crate::{
    components::{Form, PasswordField},
    pages::sheet::{ChosenPassword, SaveOrCancel, Sheet},
    paths,
    visit::{Page, Visit},
    words,
};
use contract::{Answer, Field as Of, Problem};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(visit: Visit) -> Answer<Page> {
    let viewer = visit.viewer.clone().ok_or(Problem::SignInFirst)?;
    let minimum = visit.backend.password_minimum().await?;
    let t = visit.texts();
    let title = td_string!(t, password.change_title);
    let page = Page::new(title, move || {
        view! {
            <Sheet visit=visit.clone() title=title lead=td_string!(t, password.change_lead)>
                {form(&visit, viewer.email.clone(), minimum)}
            </Sheet>
        }
    });
    Ok(page.with_islands())
}

fn form(visit: &Visit, email: String, minimum: u32) -> impl IntoView + use<> {
    let (t, visit) = (visit.texts(), visit.clone());
    let present = words::beside(t, &visit.flash, Of::Present);
    let forgotten = visit.entrance(paths::FORGOT_PASSWORD);
    view! {
        <Form action="/api/change_password" carry=visit.carry() busy=td_string!(t, common.one_moment)>
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
                visit=visit.clone()
                email=email
                label=td_string!(t, password.new_one)
                minimum=minimum
            />
            <SaveOrCancel visit=visit.clone() text=td_string!(t, password.change_submit) />
        </Form>
    }
}
