//! "My profile": the account as its owner sees it. Linking an account at a provider comes back
//! to it.

use super::{details, provider};
use crate::{
    components::{
        Actions, ButtonLink, DescriptionList, Main, Notice, PageTitle, Section, Tone, Width,
    },
    context::{Page, PageContext},
    pages::{back_office::home::organisations_within, sign_in::refused},
    paths,
    words::provider as say,
};
use contract::{Answer, Door, RefusedBecause};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let profile = context.backend.profile().await?;
    let t = context.texts();
    let title = td_string!(t, account.profile_title);
    Ok(Page::new(title, move || {
        let facts = details::facts(&context, &profile);
        // A participant belongs to the one organisation that stands at the top of the page.
        let organisations = (context.door == Door::BackOffice).then(|| {
            let cards = organisations_within(&context, &profile.organisations);
            view! { <Section title=td_string!(t, account.organisations)>{cards}</Section> }
        });
        view! {
            <Main width=Width::List>
                {provider::done(&context)}
                {refused(&context)}
                <PageTitle title=title />
                <DescriptionList items=facts />
                <Actions>
                    <ButtonLink text=td_string!(t, account.to_settings) href=context.own(paths::SETTINGS) />
                </Actions>
                {organisations}
            </Main>
        }
    }))
}

/// Why the account at a provider was not linked a moment ago; nothing was changed.
fn refused(context: &PageContext) -> Option<impl IntoView + use<>> {
    let refusal = refused::of(&context.flash)?;
    let t = context.texts();
    // To have turned back is no fault.
    let (tone, word) = if refusal.why == RefusedBecause::Cancelled {
        (Tone::Info, td_string!(t, common.word_info))
    } else {
        (Tone::Danger, td_string!(t, common.word_error))
    };
    let letter = refused::letter(context, &refusal);
    let advice = say::advice(t, &refusal, true)
        .into_iter()
        .map(|line| view! { <p>{line}</p> })
        .collect_view();
    let reference = refused::reference(context, &refusal);
    Some(view! {
        <Notice tone=tone word=word title=say::title(t, &refusal) live=true>
            <p>{say::what(t, &refusal)}</p>
            {advice}
            {letter}
            {reference}
        </Notice>
    })
}
