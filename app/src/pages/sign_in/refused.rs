//! Why a provider did not open the door: what happened, with which address, and the ways on.
//!
//! The reason comes with the flash and is shown once. The same words stand on the profile page for
//! a user who came back from linking an account.

use crate::{
    components::{Actions, ButtonKind, ButtonLink, Main, PageTitle, Panel, Section},
    context::{Page, PageContext},
    paths,
    words::provider as say,
};
use contract::{Answer, Flash, Problem, ProviderProblem, ProviderRefusal, RefusedBecause as Why};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// The article about getting access.
const COLLEAGUE: &str = "add-a-new-user";

/// Loads the page. Without a reason it is the sign-in page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let Some(refusal) = of(&context.flash) else {
        return super::password::page(context).await;
    };
    let t = context.texts();
    let title = say::title(t, &refusal);
    let shown = title.clone();
    let page = Page::new(title, move || {
        let advice = advice(&context, &refusal);
        let ways = ways(&context, &refusal);
        let letter = letter(&context, &refusal);
        let reference = reference(&context, &refusal);
        view! {
            <Main>
                <Panel>
                    <PageTitle title=shown lead=say::what(t, &refusal) />
                    {advice}
                    {letter}
                    {ways}
                    {reference}
                </Panel>
            </Main>
        }
    });
    Ok(page)
}

/// What a provider refused a moment ago.
pub(crate) fn of(flash: &Flash) -> Option<ProviderRefusal> {
    match &flash.problem {
        Some(Problem::Provider(ProviderProblem::Refused(refusal))) => Some(refusal.clone()),
        _ => None,
    }
}

/// What can be done about it.
pub(crate) fn advice(context: &PageContext, refusal: &ProviderRefusal) -> Option<AnyView> {
    let t = context.texts();
    let lines = say::advice(t, refusal, context.viewer.is_some());
    if lines.is_empty() {
        return None;
    }
    let ask = say::lacks_access(refusal.why).then(|| {
        let href = context.href(&paths::article(COLLEAGUE));
        view! {
            <p>
                <a href=href>{td_string!(t, providers.hint_ask_link)}</a>
            </p>
        }
    });
    let lines = lines
        .into_iter()
        .map(|line| view! { <li>{line}</li> })
        .collect_view();
    Some(
        view! {
            <Section title=td_string!(t, providers.next)>
                <ul>{lines}</ul>
                {ask}
            </Section>
        }
        .into_any(),
    )
}

/// The letter to ICT, when a rule of the organisation stands in the way.
pub(crate) fn letter(context: &PageContext, refusal: &ProviderRefusal) -> Option<AnyView> {
    let t = context.texts();
    if !matches!(refusal.why, Why::BlockedByOrganisation(_)) {
        return None;
    }
    let href = context.href(&paths::ict(refusal.provider));
    let text = td_string!(t, providers.open_letter);
    Some(view! { <p><a href=href>{text}</a></p> }.into_any())
}

/// What to quote to support.
pub(crate) fn reference(context: &PageContext, refusal: &ProviderRefusal) -> impl IntoView + use<> {
    let text = td_string!(
        context.texts(),
        providers.reference,
        email = context.site.support_email.clone(),
        reference = refusal.reference.clone()
    );
    view! { <p class="help-line">{text}</p> }
}

/// Another account, or the password.
fn ways(context: &PageContext, refusal: &ProviderRefusal) -> impl IntoView + use<> {
    let t = context.texts();
    let name = refusal.provider.name();
    // With these it is not the account that was wrong.
    let again = matches!(
        refusal.why,
        Why::Cancelled
            | Why::BlockedByOrganisation(_)
            | Why::Unavailable
            | Why::NotTrusted
            | Why::Expired
    );
    let text = if again {
        td_string!(t, providers.try_again, provider = name)
    } else {
        td_string!(t, providers.other_account, provider = name)
    };
    let start = paths::start(refusal.provider, context.locale, None);
    let password = context.entrance(paths::SIGN_IN);
    view! {
        <Actions>
            <ButtonLink text=text href=start />
            <ButtonLink
                text=td_string!(t, providers.use_password)
                href=password
                kind=ButtonKind::Secondary
            />
        </Actions>
    }
}
