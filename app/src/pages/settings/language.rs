//! The language of one's mails.

use crate::{
    components::{Choice, Form, RadioGroup},
    context::{Page, PageContext},
    pages::sheet::{SaveOrCancel, Sheet},
};
use contract::{Answer, Locale};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let profile = context.backend.profile().await?;
    let t = context.texts();
    let title = td_string!(t, details.language_title);
    let page = Page::new(title, move || {
        let languages = vec![
            Choice::new(Locale::En.as_str(), td_string!(t, common.language_en)),
            Choice::new(Locale::Fr.as_str(), td_string!(t, common.language_fr)),
        ];
        let present = profile.mail_language.as_str().to_owned();
        let chosen = context.flash.typed("mail_language").unwrap_or(present);
        view! {
            <Sheet context=context.clone() title=title lead=td_string!(t, details.language_lead)>
                <Form
                    action="/api/change_mail_language"
                    carry=context.carry()
                    busy=td_string!(t, common.one_moment)
                >
                    <RadioGroup
                        legend=td_string!(t, details.language_label)
                        name="mail_language"
                        options=languages
                        selected=chosen
                    />
                    <SaveOrCancel context=context.clone() text=td_string!(t, details.language_submit) />
                </Form>
            </Sheet>
        }
    });
    Ok(page.with_islands())
}
