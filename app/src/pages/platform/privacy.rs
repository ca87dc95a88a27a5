//! How an organisation treats personal data: its own notice, or what this platform does in any case.

use crate::{
    context::{Page, PageContext},
    pages::sheet::Sheet,
    paths,
};
use contract::{Answer, Door, OrganisationText, Problem};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let Door::Platform(door) = context.door.clone() else {
        return Err(Problem::NotFound);
    };
    let notice = context.backend.privacy_notice().await?;
    let t = context.texts();
    let title = td_string!(t, platform.privacy);
    let lead = td_string!(
        t,
        platform.privacy_lead,
        organisation = door.organisation_name.clone()
    );
    let description = lead.clone();
    let page = Page::new(title, move || {
        let text = match &notice {
            Some(notice) => own_words(notice).into_any(),
            None => in_any_case(&context).into_any(),
        };
        view! {
            <Sheet context=context.clone() title=title lead=lead.clone()>
                <div class="prose">{text}</div>
            </Sheet>
        }
    });
    Ok(page.with_description(description))
}

/// Paragraphs that an organisation wrote, marked with their language.
pub(crate) fn own_words(text: &OrganisationText) -> impl IntoView + use<> {
    let paragraphs = text.paragraphs.clone().into_iter();
    let paragraphs: Vec<_> = paragraphs.map(|text| view! { <p>{text}</p> }).collect();
    view! { <div lang=text.locale.as_str()>{paragraphs}</div> }
}

/// What holds for every organisation.
fn in_any_case(context: &PageContext) -> impl IntoView + use<> {
    let t = context.texts();
    let (own_data, delete) = (
        context.href(&context.door.own(paths::OWN_DATA)),
        context.href(&context.door.own(paths::DELETE)),
    );
    view! {
        <ul>
            <li>{td_string!(t, platform.privacy_purpose)}</li>
            <li>{td_string!(t, platform.privacy_public)}</li>
            <li>{td_string!(t, platform.privacy_unconfirmed)}</li>
            <li>{td_string!(t, platform.privacy_cookies)}</li>
            <li>
                {td_string!(t, platform.privacy_own_data)} " "
                <a href=own_data>{td_string!(t, platform.privacy_own_data_link)}</a>
            </li>
            <li>
                {td_string!(t, platform.privacy_delete)} " "
                <a href=delete>{td_string!(t, platform.privacy_delete_link)}</a>
            </li>
        </ul>
    }
}
