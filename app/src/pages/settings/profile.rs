//! "My profile": the account as its owner sees it.

use crate::{
    components::{Actions, ButtonLink, DescriptionList, Main, PageTitle, Section, Text, Width},
    pages::back_office::home::organisations_within,
    routes::paths,
    visit::{Page, Visit},
};
use contract::{Answer, Door, Locale, Profile};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(visit: Visit) -> Answer<Page> {
    let profile = visit.backend.profile().await?;
    let t = visit.texts();
    let title = td_string!(t, account.profile_title);
    Ok(Page::new(title, move || {
        let facts = facts(&visit, &profile);
        // A participant belongs to the one organisation that stands at the top of the page.
        let organisations = (visit.door == Door::BackOffice).then(|| {
            let cards = organisations_within(&visit, &profile.organisations);
            view! { <Section title=td_string!(t, account.organisations)>{cards}</Section> }
        });
        view! {
            <Main width=Width::List>
                <PageTitle title=title />
                <DescriptionList items=facts />
                <Actions>
                    <ButtonLink text=td_string!(t, account.to_settings) href=visit.own(paths::SETTINGS) />
                </Actions>
                {organisations}
            </Main>
        }
    }))
}

fn facts(visit: &Visit, profile: &Profile) -> Vec<(Text, AnyView)> {
    let t = visit.texts();
    let language = match profile.mail_language {
        Locale::En => td_string!(t, common.language_en),
        Locale::Fr => td_string!(t, common.language_fr),
    };
    let lang = profile.mail_language.as_str();
    let since = profile.member_since.clone();
    vec![
        (
            td_string!(t, account.name).into(),
            profile.name.clone().into_any(),
        ),
        (
            td_string!(t, account.email).into(),
            profile.email.clone().into_any(),
        ),
        (
            td_string!(t, account.mail_language).into(),
            view! { <span lang=lang>{language}</span> }.into_any(),
        ),
        (
            td_string!(t, account.since).into(),
            view! { <time datetime=since.machine>{since.text}</time> }.into_any(),
        ),
    ]
}
