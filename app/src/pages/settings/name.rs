//! What one is called.

use crate::{
    components::{Field, Form},
    pages::sheet::{SaveOrCancel, Sheet},
    visit::{Page, Visit},
    words,
};
use contract::{Answer, Field as Of};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(visit: Visit) -> Answer<Page> {
    let profile = visit.backend.profile().await?;
    let t = visit.texts();
    let title = td_string!(t, details.name_title);
    let page = Page::new(title, move || {
        let name = visit.flash.typed("name").unwrap_or(profile.name);
        view! {
            <Sheet visit=visit.clone() title=title lead=td_string!(t, details.name_lead)>
                <Form action="/api/change_name" carry=visit.carry() busy=td_string!(t, common.one_moment)>
                    <Field
                        label=td_string!(t, details.name_label)
                        name="name"
                        autocomplete="name"
                        autocapitalize="words"
                        value=name
                        error=words::beside(t, &visit.flash, Of::Name)
                        required=true
                    />
                    <SaveOrCancel visit=visit.clone() text=td_string!(t, details.name_submit) />
                </Form>
            </Sheet>
        }
    });
    Ok(page.with_islands())
}
