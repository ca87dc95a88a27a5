//! "My profile": the account as its owner sees it. Whoever linked an account at a provider comes back
//! to it.

use super::provider;
use crate::{
    components::{
        Actions, ButtonLink, DescriptionList, Main, Notice, PageTitle, Section, Text, Tone, Width,
    },
    pages::{back_office::home::organisations_within, sign_in::refused},
    paths,
    visit::{Page, Visit},
    words::provider as say,
};
use contract::{Answer, Door, Locale, Profile, RefusedBecause};
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
                {provider::done(&visit)}
                {refused(&visit)}
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

/// Why the account at a provider was not linked a moment ago; nothing was changed.
fn refused(visit: &Visit) -> Option<impl IntoView + use<>> {
    let refusal = refused::of(&visit.flash)?;
    let t = visit.texts();
    // To have turned back is no fault.
    let (tone, word) = if refusal.why == RefusedBecause::Cancelled {
        (Tone::Info, td_string!(t, common.word_info))
    } else {
        (Tone::Danger, td_string!(t, common.word_error))
    };
    let letter = refused::letter(visit, &refusal);
    let advice = say::advice(t, &refusal, true)
        .into_iter()
        .map(|line| view! { <p>{line}</p> })
        .collect_view();
    let reference = refused::reference(visit, &refusal);
    Some(view! {
        <Notice tone=tone word=word title=say::title(t, &refusal) live=true>
            <p>{say::what(t, &refusal)}</p>
            {advice}
            {letter}
            {reference}
        </Notice>
    })
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
