//! The set-up link of a new account: choose the first password, or an account at a provider.

use crate::{
    components::{Actions, Button, Divider, Form, Hidden, Notice, ProviderButton, Tone},
    context::{Page, PageContext},
    pages::{
        help::article::mail_link,
        sheet::{ChosenPassword, Sheet, Whose},
    },
    paths,
    words::provider as say,
};
use contract::{Answer, Invitation, SignInDone};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page. Opening the link uses nothing up: mail scanners open links too.
pub async fn page(context: PageContext) -> Answer<Page> {
    let token = context.query("token").unwrap_or_default().to_owned();
    let page = match context.backend.invitation(&token).await? {
        Some(invitation) => open(context, token, invitation),
        None => dead(context, token),
    };
    Ok(page.with_secret_address())
}

fn open(context: PageContext, token: String, invitation: Invitation) -> Page {
    let t = context.texts();
    let title = td_string!(t, invitation.title);
    let page = Page::new(title, move || {
        let name = invitation.name.clone();
        let lead = if context.site.providers.is_empty() {
            td_string!(t, invitation.lead, name = name)
        } else {
            td_string!(t, invitation.lead_choice, name = name)
        };
        view! {
            <Sheet context=context.clone() title=title lead=lead>
                <Whose text=td_string!(t, invitation.account, email = invitation.email.clone()) />
                {form(&context, &token, &invitation)}
                {providers(&context, &token)}
            </Sheet>
        }
    });
    page.with_islands()
}

fn form(context: &PageContext, token: &str, invitation: &Invitation) -> impl IntoView + use<> {
    let (t, context) = (context.texts(), context.clone());
    let (email, token) = (invitation.email.clone(), token.to_owned());
    let minimum = invitation.minimum;
    view! {
        <Form action="/api/accept_invitation" carry=context.carry() busy=td_string!(t, common.one_moment)>
            <Hidden name="token" value=token />
            <ChosenPassword
                context=context.clone()
                email=email
                label=td_string!(t, invitation.password)
                minimum=minimum
            />
            <Actions>
                <Button text=td_string!(t, invitation.submit) />
            </Actions>
        </Form>
    }
}

/// The other ways to complete it; the link is consumed when the person comes back from there.
fn providers(context: &PageContext, token: &str) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    if context.site.providers.is_empty() {
        return None;
    }
    let forms = context.site.providers.iter().map(|provider| {
        let (provider, token) = (*provider, token.to_owned());
        view! {
            <Form action="/api/accept_invitation_with" carry=context.carry()>
                <Hidden name="token" value=token />
                <Hidden name="provider" value=provider.as_str() />
                <ProviderButton provider=provider text=say::go_on(t, provider) />
            </Form>
        }
    });
    let forms = forms.collect_view();
    Some(view! {
        <Divider text=td_string!(t, providers.or) />
        <div class="providers">{forms}</div>
    })
}

/// The page of a link that was used, replaced, or is too old: its owner can have a new one.
fn dead(context: PageContext, token: String) -> Page {
    let t = context.texts();
    let title = td_string!(t, errors.dead_link_title);
    let page = Page::new(title, move || {
        let support = context.site.support_email.clone();
        let next = td_string!(t, invitation.dead_next, email = support.clone());
        let way_on = if context.has_done(SignInDone::LinkAsked) {
            asked(&context).into_any()
        } else {
            renew(&context, token).into_any()
        };
        view! {
            <Sheet context=context.clone() title=title lead=td_string!(t, invitation.dead_text)>
                {way_on}
                <p>{mail_link(&next, &support)}</p>
                <p class="help-line">
                    <a href=context.href(paths::SIGN_IN)>{td_string!(t, sign_in.submit)}</a>
                </p>
            </Sheet>
        }
    });
    page.with_status(410)
}

fn renew(context: &PageContext, token: String) -> impl IntoView + use<> {
    let t = context.texts();
    view! {
        <Form action="/api/renew_invitation" carry=context.carry()>
            <Hidden name="token" value=token />
            <Actions>
                <Button text=td_string!(t, invitation.renew) />
            </Actions>
        </Form>
    }
}

fn asked(context: &PageContext) -> impl IntoView + use<> {
    let t = context.texts();
    let word = td_string!(t, common.word_done);
    view! { <Notice tone=Tone::Success word=word live=true>{td_string!(t, invitation.renewed)}</Notice> }
}
