//! What one is called.

use crate::{
    components::{Field, Form},
    context::{Page, PageContext},
    pages::sheet::{SaveOrCancel, Sheet},
    words,
};
use contract::{Answer, Field as Of};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let profile = context.backend.profile().await?;
    let t = context.texts();
    let title = td_string!(t, details.name_title);
    let page = Page::new(title, move || {
        let name = context.flash.typed("name").unwrap_or(profile.name);
        view! {
            <Sheet context=context.clone() title=title lead=td_string!(t, details.name_lead)>
                <Form action="/api/change_name" carry=context.carry() busy=td_string!(t, common.one_moment)>
                    <Field
                        label=td_string!(t, details.name_label)
                        name="name"
                        autocomplete="name"
                        autocapitalize="words"
                        value=name
                        error=words::beside(t, &context.flash, Of::Name)
                        required=true
                    />
                    <SaveOrCancel context=context.clone() text=td_string!(t, details.name_submit) />
                </Form>
            </Sheet>
        }
    });
    Ok(page.with_islands())
}
