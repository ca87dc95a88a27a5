//! Sign-in, second step: the code, and the way out for a lost phone.

use crate::{
    components::{
        Actions, Button, ButtonKind, Checkbox, CodeField, Disclosure, Form, Glyph, Hidden, Icon,
    },
    context::{Page, PageContext},
    pages::sheet::Sheet,
    paths, words,
};
use contract::{Answer, Field, PendingCode, SignInProblem};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// The article that explains recovery.
const TWO_FACTOR: &str = "two-factor-authentication-2fa";

/// Loads the page. Without a begun sign-in there is nothing to show.
///
/// # Errors
/// [`SignInProblem::Expired`]: the server leads back to the first step.
pub async fn page(context: PageContext) -> Answer<Page> {
    let pending = context
        .backend
        .pending_code()
        .await?
        .ok_or(SignInProblem::Expired)?;
    let t = context.texts();
    let title = td_string!(t, sign_in.code_title);
    let page = Page::new(title, move || {
        view! {
            <Sheet context=context.clone() title=title kicker=td_string!(t, sign_in.step)>
                <p class="who">
                    <Icon glyph=Glyph::Person />
                    {td_string!(t, sign_in.signing_in_as, email = pending.email.clone())}
                </p>
                {code_form(&context, &pending)}
                {lost(&context, &pending)}
                <p class="help-line">
                    <a href=context.entrance(paths::SIGN_IN)>{td_string!(t, sign_in.start_again)}</a>
                </p>
            </Sheet>
        }
    });
    Ok(page.with_islands())
}

fn code_form(context: &PageContext, pending: &PendingCode) -> impl IntoView + use<> {
    let t = context.texts();
    let flash = context.flash_of("code");
    let calm = context.flash.problem.is_none();
    let remember = flash.typed("remember").as_deref() == Some("true");
    let shown = pending.email.clone();
    view! {
        <Form action="/api/give_code" carry=context.carry() busy=td_string!(t, common.one_moment)>
            <Hidden name="form" value="code" />
            <Hidden name="shown" value=shown />
            <CodeField
                label=td_string!(t, sign_in.code_label)
                name="code"
                hint=td_string!(t, sign_in.code_hint)
                error=words::beside(t, &flash, Field::Code)
                autofocus=calm
            />
            <Checkbox
                label=td_string!(t, sessions.remember)
                name="remember"
                hint=td_string!(t, sessions.remember_hint)
                checked=remember
            />
            <Actions>
                <Button text=td_string!(t, sign_in.code_submit) wide=true />
            </Actions>
        </Form>
    }
}

/// What to do without the phone (promise C25): a recovery code, or a letter to support.
fn lost(context: &PageContext, pending: &PendingCode) -> impl IntoView + use<> {
    let t = context.texts();
    let support = context.site.support_email.clone();
    let flash = context.flash_of("recovery");
    let open = flash.problem.is_some();
    let recovery = pending
        .has_recovery_codes
        .then(|| recovery_form(context, pending));
    let mail = format!("mailto:{support}");
    let text = td_string!(t, sign_in.lost_support, email = support.clone());
    let (before, after) = text
        .split_once(support.as_str())
        .unwrap_or((text.as_str(), ""));
    let (before, after) = (before.to_owned(), after.to_owned());
    let article = context.entrance(&paths::article(TWO_FACTOR));
    view! {
        <Disclosure summary=td_string!(t, sign_in.lost_device) open=open id="lost">
            {recovery}
            <p>{before} <a href=mail>{support}</a> {after}</p>
            <ul>
                <li>{td_string!(t, sign_in.lost_name)}</li>
                <li>{td_string!(t, sign_in.lost_organisation)}</li>
                <li>{td_string!(t, sign_in.lost_explanation)}</li>
            </ul>
            <p>
                <a href=article>{td_string!(t, sign_in.lost_article)}</a>
            </p>
        </Disclosure>
    }
}

fn recovery_form(context: &PageContext, pending: &PendingCode) -> impl IntoView + use<> {
    let t = context.texts();
    let shown = pending.email.clone();
    let flash = context.flash_of("recovery");
    view! {
        <p>{td_string!(t, sign_in.lost_recovery)}</p>
        <Form action="/api/give_code" carry=context.carry()>
            <Hidden name="form" value="recovery" />
            <Hidden name="shown" value=shown />
            <CodeField
                label=td_string!(t, sign_in.recovery_label)
                name="code"
                id=words::RECOVERY_CODE
                digits=false
                hint=td_string!(t, sign_in.recovery_hint)
                error=words::beside(t, &flash, Field::Code)
            />
            <Actions>
                <Button text=td_string!(t, sign_in.use_recovery_code) kind=ButtonKind::Secondary />
            </Actions>
        </Form>
    }
}
