//! The e-mail address: the current one, the one to be confirmed, and the form to change it.

use crate::{
    components::{
        Button, ButtonKind, ErrorSummary, Field, Form, Glyph, Icon, Main, Notice, PageTitle, Panel,
        Tone,
    },
    context::{Page, PageContext},
    pages::sheet::{ProofField, SaveOrCancel, signs_in_with},
    words,
};
use contract::{Answer, DetailsDone, EmailSettings, Field as Of, Problem, Provider};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let settings = context.backend.email_settings().await?;
    let again = signs_in_with(&context).await?;
    let t = context.texts();
    let title = td_string!(t, details.email_title);
    let page = Page::new(title, move || {
        let present = td_string!(t, details.email_present, email = settings.email.clone());
        view! {
            <Main>
                {under_way(&context, &settings)}
                <Panel>
                    <ErrorSummary
                        title=td_string!(t, errors.summary)
                        errors=words::summary(t, &context.flash, &context.site.support_email)
                    />
                    <PageTitle title=title />
                    <p class="who">
                        <Icon glyph=Glyph::Person />
                        {present}
                    </p>
                    {form(&context, &settings, again)}
                </Panel>
            </Main>
        }
    });
    Ok(page.with_islands())
}

/// What was done a moment ago, or the address that waits.
fn under_way(context: &PageContext, settings: &EmailSettings) -> Option<AnyView> {
    let t = context.texts();
    let Some((email, until)) = settings.pending.clone() else {
        let done = context.has_done(DetailsDone::EmailWithdrawn);
        return done.then(|| {
            view! {
                <Notice tone=Tone::Success word=td_string!(t, common.word_done) live=true>
                    {td_string!(t, details.withdrawn)}
                </Notice>
            }
            .into_any()
        });
    };
    let asked = context
        .has_done(DetailsDone::EmailAsked)
        .then(|| td_string!(t, details.email_asked, email = email.clone()));
    let (live, carry) = (asked.is_some(), context.carry());
    Some(
        view! {
            <Notice tone=Tone::Info word=td_string!(t, common.word_info) live=live>
                {asked.map(|text| view! { <p>{text}</p> })}
                <p>{td_string!(t, details.email_pending, email = email, until = until.text)}</p>
                <p>{td_string!(t, details.email_no_mail)}</p>
                <Form action="/api/withdraw_email" carry=carry>
                    <Button text=td_string!(t, details.withdraw) kind=ButtonKind::Secondary />
                </Form>
            </Notice>
        }
        .into_any(),
    )
}

fn form(
    context: &PageContext,
    settings: &EmailSettings,
    again: Option<Provider>,
) -> impl IntoView + use<> {
    let t = context.texts();
    let context = context.clone();
    let refused = context.flash.problem.as_ref().and_then(Problem::field) == Some(Of::Proof);
    let proof = (settings.needs_proof || refused)
        .then(|| view! { <ProofField context=context.clone() again=again /> });
    view! {
        <Form action="/api/ask_for_email" carry=context.carry() busy=td_string!(t, common.one_moment)>
            <Field
                label=td_string!(t, details.email_label)
                name="email"
                kind="email"
                autocomplete="email"
                inputmode="email"
                autocapitalize="none"
                hint=td_string!(t, details.email_hint)
                value=context.flash.typed("email")
                error=words::beside(t, &context.flash, Of::Email)
                required=true
            />
            {proof}
            <SaveOrCancel context=context.clone() text=td_string!(t, details.email_submit) />
        </Form>
    }
}
