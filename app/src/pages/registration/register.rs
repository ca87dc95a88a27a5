//! Registering: name, address and password.

use crate::{
    components::{
        Actions, Button, ButtonLink, Field, Form, Hidden, NewPasswordField, Notice, Tone,
    },
    context::{Page, PageContext},
    pages::{platform::privacy::own_words, sheet::Sheet},
    paths::{self, encode},
    words,
};
use contract::{Answer, Door, Field as Of, ParticipationDone, Problem};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let Door::Platform(door) = context.door.clone() else {
        return Err(Problem::NotFound);
    };
    let t = context.texts();
    let title = td_string!(t, registration.title);
    let organisation = door.organisation_name.clone();
    let lead = td_string!(t, registration.lead, organisation = organisation.clone());
    let minimum = context.backend.registration_minimum();
    let welcome = context.backend.welcome().await?;
    let shown = lead.clone();
    let page = Page::new(title, move || {
        let body = match &context.viewer {
            Some(viewer) => signed_in(&context, viewer.name.clone()),
            None if !door.takes_registrations => closed(&context).into_any(),
            None => form(&context, minimum, &organisation).into_any(),
        };
        view! {
            <Sheet context=context.clone() title=title lead=shown>
                {wanted(&context)}
                {welcome.as_ref().map(own_words)}
                {body}
            </Sheet>
        }
    });
    Ok(page.with_islands().with_description(lead))
}

/// The address of this page with the page that was wanted, or of the sign-in page.
pub(crate) fn with_next(address: String, next: Option<&str>) -> String {
    match next {
        Some(next) if !next.is_empty() => format!("{address}?next={}", encode(next)),
        _ => address,
    }
}

/// Why the reader was led here: a support needs an account.
fn wanted(context: &PageContext) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    context.has_done(ParticipationDone::AccountNeeded).then(|| {
        let word = td_string!(t, common.word_info);
        view! {
            <Notice tone=Tone::Info word=word live=true>
                {td_string!(t, platform.account_needed)}
            </Notice>
        }
    })
}

/// What stands in place of the form where the project takes no registrations.
fn closed(context: &PageContext) -> impl IntoView + use<> {
    let (t, sign_in) = (context.texts(), context.entrance(paths::SIGN_IN));
    view! {
        <Notice tone=Tone::Info word=td_string!(t, platform.registration_closed)>
            {td_string!(t, platform.registration_closed_next)}
        </Notice>
        <Actions>
            <ButtonLink text=td_string!(t, sign_in.submit) href=sign_in />
        </Actions>
    }
}

fn signed_in(context: &PageContext, name: String) -> AnyView {
    let (t, home) = (context.texts(), context.href(&context.door.home()));
    view! {
        <Notice tone=Tone::Info word=td_string!(t, common.word_info)>
            {td_string!(t, platform.signed_in_as, name = name)}
        </Notice>
        <Actions>
            <ButtonLink text=td_string!(t, registration.to_project) href=home />
        </Actions>
    }
    .into_any()
}

/// The name of a new account, with what was typed into this form before.
pub(crate) fn name_field(context: &PageContext, form: &str) -> impl IntoView + use<> {
    let t = context.texts();
    view! {
        <Field
            label=td_string!(t, registration.name)
            name="name"
            autocomplete="name"
            autocapitalize="words"
            hint=td_string!(t, registration.name_hint)
            value=context.flash_of(form).typed("name")
            error=words::beside(t, &context.flash, Of::Name)
            required=true
        />
    }
}

fn form(context: &PageContext, minimum: u32, organisation: &str) -> impl IntoView + use<> {
    let (t, context) = (context.texts(), context.clone());
    let flash = context.flash_of("register");
    let next = context.query("next").unwrap_or_default().to_owned();
    let sign_in = with_next(context.entrance(paths::SIGN_IN), context.query("next"));
    let notice = context.href(&context.door.own(paths::PRIVACY));
    let privacy = td_string!(
        t,
        registration.privacy,
        organisation = organisation.to_owned()
    );
    view! {
        <Form action="/api/register" carry=context.carry() busy=td_string!(t, common.one_moment)>
            <Hidden name="next" value=next />
            {name_field(&context, "register")}
            <Field
                label=td_string!(t, sign_in.email)
                name="email"
                kind="email"
                autocomplete="username"
                inputmode="email"
                hint=td_string!(t, registration.email_hint)
                value=flash.typed("email")
                error=words::beside(t, &context.flash, Of::Email)
                required=true
            />
            <NewPasswordField
                label=td_string!(t, registration.password)
                name="password"
                minimum=minimum
                words=words::new_password(t, minimum)
                error=words::beside(t, &context.flash, Of::Password)
            />
            <p class="help-line">
                {privacy} " " <a href=notice>{td_string!(t, platform.privacy)}</a>
            </p>
            <Actions>
                <Button text=td_string!(t, registration.submit) wide=true />
            </Actions>
        </Form>
        <p class="help-line">
            {td_string!(t, registration.has_account)} " "
            <a href=sign_in>{td_string!(t, sign_in.submit)}</a>
        </p>
    }
}
