//! Behind the link of the mail that answers a registration.

use crate::{
    components::{Actions, Button, ButtonKind, ButtonLink, Form, Hidden, Notice, Section, Tone},
    context::{Page, PageContext},
    pages::sheet::{DeadLink, Sheet, Whose, dead_link},
    paths,
};
use contract::{Answer, Confirmation, OpenConfirmation, RegistrationDone};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page. Opening the link changes nothing: mail scanners open links too.
pub async fn page(context: PageContext) -> Answer<Page> {
    if context.has_done(RegistrationDone::Denied) {
        return Ok(denied(context));
    }
    if context.has_done(RegistrationDone::LinkAsked) {
        return Ok(asked(context));
    }
    let token = context.query("token").unwrap_or_default().to_owned();
    let page = match context.backend.confirmation(&token).await? {
        Confirmation::Open(confirmation) => open(context, token, confirmation),
        Confirmation::Confirmed => confirmed(context),
        Confirmation::Renewable => renewable(context, token),
        Confirmation::Dead => dead(context),
    };
    Ok(page.with_secret_address())
}

fn open(context: PageContext, token: String, confirmation: OpenConfirmation) -> Page {
    let t = context.texts();
    let title = td_string!(t, registration.confirm_title);
    let page = Page::new(title, move || {
        let (lead, submit) = if confirmation.signs_in {
            (
                td_string!(t, registration.confirm_here),
                td_string!(t, registration.confirm_and_sign_in),
            )
        } else {
            (
                td_string!(t, registration.confirm_elsewhere),
                td_string!(t, registration.confirm_submit),
            )
        };
        let facts = td_string!(
            t,
            registration.confirm_facts,
            name = confirmation.name.clone(),
            when = confirmation.when.text.clone(),
            device = confirmation.device.clone()
        );
        let deny = deny(&context, token.clone());
        view! {
            <Sheet context=context.clone() title=title lead=lead>
                <Whose text=confirmation.email.clone() />
                <p>{facts}</p>
                <Form
                    action="/api/confirm_address"
                    carry=context.carry()
                    busy=td_string!(t, common.one_moment)
                >
                    <Hidden name="token" value=token />
                    <Actions>
                        <Button text=submit wide=true />
                    </Actions>
                </Form>
                {deny}
            </Sheet>
        }
    });
    page.with_islands()
}

/// For the owner of the address who did not register.
fn deny(context: &PageContext, token: String) -> impl IntoView + use<> {
    let (t, carry) = (context.texts(), context.carry());
    view! {
        <Section title=td_string!(t, registration.not_me_title)>
            <p>{td_string!(t, registration.not_me_text)}</p>
            <Form action="/api/deny_registration" carry=carry>
                <Hidden name="token" value=token />
                <Actions>
                    <Button text=td_string!(t, registration.not_me) kind=ButtonKind::Secondary />
                </Actions>
            </Form>
        </Section>
    }
}

fn confirmed(context: PageContext) -> Page {
    let t = context.texts();
    let (way_on, href) = if context.viewer.is_some() {
        (
            td_string!(t, registration.to_project),
            context.href(&context.door.home()),
        )
    } else {
        (
            td_string!(t, sign_in.submit),
            context.entrance(paths::SIGN_IN),
        )
    };
    let dead = DeadLink {
        why: td_string!(t, registration.link_used),
        next: None,
        way_on,
        href,
    };
    dead_link(context, dead)
}

/// The page of a link that is too old: one press sends a new one.
fn renewable(context: PageContext, token: String) -> Page {
    let t = context.texts();
    let title = td_string!(t, registration.expired_title);
    let page = Page::new(title, move || {
        view! {
            <Sheet context=context.clone() title=title lead=td_string!(t, registration.expired)>
                <Form action="/api/renew_confirmation" carry=context.carry()>
                    <Hidden name="token" value=token />
                    <Actions>
                        <Button text=td_string!(t, registration.renew) />
                    </Actions>
                </Form>
            </Sheet>
        }
    });
    page.with_status(410)
}

fn dead(context: PageContext) -> Page {
    let t = context.texts();
    let dead = DeadLink {
        why: td_string!(t, registration.link_dead),
        next: None,
        way_on: td_string!(t, registration.submit),
        href: context.entrance(paths::REGISTER),
    };
    dead_link(context, dead)
}

fn denied(context: PageContext) -> Page {
    let t = context.texts();
    let title = td_string!(t, registration.denied_title);
    Page::new(title, move || {
        view! {
            <Sheet context=context.clone() title=title lead=td_string!(t, registration.denied)>
                <Actions>
                    <ButtonLink
                        text=td_string!(t, registration.to_project)
                        href=context.href(&context.door.home())
                        kind=ButtonKind::Secondary
                    />
                </Actions>
            </Sheet>
        }
    })
}

fn asked(context: PageContext) -> Page {
    let t = context.texts();
    let title = td_string!(t, registration.waiting_title);
    Page::new(title, move || {
        let word = td_string!(t, common.word_done);
        view! {
            <Sheet context=context.clone() title=title>
                <Notice tone=Tone::Success word=word live=true>
                    {td_string!(t, registration.renewed)}
                </Notice>
            </Sheet>
        }
    })
}
