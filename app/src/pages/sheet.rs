//! The frame that most pages share: one sheet with what went wrong, a title, and a form below it.
//! And what several of these forms share. And the one page of all mailed links that no longer work.

use crate::{
    components::{
        Actions, Button, ButtonKind, ButtonLink, ErrorSummary, Glyph, Icon, Main, Maybe,
        NewPasswordField, Notice, PageTitle, Panel, PasswordField, ProviderLink, Text, Tone,
    },
    context::{Page, PageContext},
    paths, words,
};
use contract::{Answer, Field, Provider};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// A page of one sheet.
#[component]
pub fn Sheet(
    /// The page's context: what went wrong with its last form is said at the top.
    context: PageContext,
    /// The heading.
    #[prop(into)]
    title: Text,
    /// Where this is: "Step 2 of 2".
    #[prop(into, optional)]
    kicker: Maybe,
    /// One or two sentences under the heading.
    #[prop(into, optional)]
    lead: Maybe,
    /// Everything else.
    children: Children,
) -> impl IntoView {
    let t = context.texts();
    let errors = words::summary(t, &context.flash, &context.site.support_email);
    view! {
        <Main>
            <Panel>
                <ErrorSummary title=td_string!(t, errors.summary) errors=errors />
                <PageTitle title=title kicker=kicker lead=lead />
                {children()}
            </Panel>
        </Main>
    }
}

/// The end of a form of the settings: its button, and the way back without it.
#[component]
pub fn SaveOrCancel(
    /// The page's context.
    context: PageContext,
    /// The words of the button.
    #[prop(into)]
    text: Text,
    /// How much the button asks for attention.
    #[prop(optional)]
    kind: ButtonKind,
) -> impl IntoView {
    let t = context.texts();
    view! {
        <Actions>
            <Button text=text kind=kind />
            <ButtonLink
                text=td_string!(t, common.cancel)
                href=context.own(paths::SETTINGS)
                kind=ButtonKind::Quiet
            />
        </Actions>
    }
}

/// Whose account a sheet is about, for a user who is not signed in.
#[component]
pub fn Whose(
    /// The account in words.
    text: String,
) -> impl IntoView {
    view! {
        <p class="who">
            <Icon glyph=Glyph::Person />
            {text}
        </p>
    }
}

/// The field of a form in which a password is chosen.
#[component]
pub fn ChosenPassword(
    /// The page's context.
    context: PageContext,
    /// The address of the account: password managers file the new password under it.
    email: String,
    /// What the field is called.
    #[prop(into)]
    label: Text,
    /// The least number of characters.
    minimum: u32,
) -> impl IntoView {
    let t = context.texts();
    view! {
        <input type="email" name="username" autocomplete="username" value=email hidden />
        <NewPasswordField
            label=label
            name="password"
            minimum=minimum
            words=words::new_password(t, minimum)
            error=words::beside(t, &context.flash, Field::Password)
        />
    }
}

/// Password or code, to show once more who one is.
#[component]
pub fn ProofField(
    /// The page's context.
    context: PageContext,
    /// Why it is asked for; the last proof being too old, when left out.
    #[prop(into, optional)]
    hint: Maybe,
    /// The provider that a user without a password signs in with again, from [`signs_in_with`].
    #[prop(default = None)]
    again: Option<Provider>,
    /// Whether the password is not enough.
    #[prop(default = false)]
    needs_code: bool,
) -> impl IntoView {
    let t = context.texts();
    let again =
        again.map(|provider| view! { <SignInAgain context=context.clone() provider=provider /> });
    let has_codes = context.viewer.as_ref();
    let (label, reason) = if needs_code {
        (
            td_string!(t, two_factor.proof_code),
            td_string!(t, two_factor.code_hint),
        )
    } else if has_codes.is_some_and(|viewer| viewer.second_factor) {
        (
            td_string!(t, two_factor.proof),
            td_string!(t, two_factor.proof_password_hint),
        )
    } else {
        (
            td_string!(t, two_factor.proof_password),
            td_string!(t, two_factor.proof_password_hint),
        )
    };
    // Password managers fill in the password of this account, and file no other under it.
    let username = context.viewer.as_ref().map(|viewer| viewer.email.clone());
    let username = username.map(|email| {
        view! { <input type="email" name="username" autocomplete="username" value=email hidden /> }
    });
    view! {
        {again}
        {username}
        <PasswordField
            label=label
            name="proof"
            hint=hint.or(reason)
            show=td_string!(t, common.show)
            hide=td_string!(t, common.hide)
            what=td_string!(t, common.password_word)
            error=words::beside(t, &context.flash, Field::Proof)
        />
    }
}

/// The provider that a user without a password signs in with again, as a proof; none for others.
///
/// # Errors
/// [`contract::Problem::SignInFirst`].
pub async fn signs_in_with(context: &PageContext) -> Answer<Option<Provider>> {
    let states = context.backend.providers().await?;
    let mut usable = states
        .iter()
        .filter(|state| !state.has_password && state.configured && state.linked.is_some());
    Ok(usable.next().map(|state| state.provider))
}

/// The way to a fresh proof without a password: signing in again, and coming back to this page.
#[component]
pub fn SignInAgain(
    /// The page's context.
    context: PageContext,
    /// With whom.
    provider: Provider,
) -> impl IntoView {
    let t = context.texts();
    let href = paths::start(provider, context.locale, Some(context.path.as_str()));
    view! {
        <Notice tone=Tone::Info word=td_string!(t, common.word_info)>
            <p>{td_string!(t, providers.again, provider = provider.name())}</p>
            <ProviderLink provider=provider text=words::provider::sign_in(t, provider) href=href />
        </Notice>
    }
}

/// Why a mailed link is dead, and the way on.
pub struct DeadLink {
    /// The reasons that there can be.
    pub why: &'static str,
    /// What else there is to know.
    pub next: Option<String>,
    /// The words of the one button.
    pub way_on: &'static str,
    /// Where it leads.
    pub href: String,
}

/// The page of a link that was used, replaced, or is too old.
pub fn dead_link(context: PageContext, dead: DeadLink) -> Page {
    let t = context.texts();
    let title = td_string!(t, errors.dead_link_title);
    let page = Page::new(title, move || {
        let next = dead.next.map(|text| view! { <p>{text}</p> });
        view! {
            <Sheet context=context title=title lead=dead.why>
                {next}
                <Actions>
                    <ButtonLink text=dead.way_on href=dead.href />
                </Actions>
            </Sheet>
        }
    });
    page.with_status(410)
}

/// A page of a link that did its work, after which a new password is to be chosen.
pub fn choose_anew(
    context: PageContext,
    title: &'static str,
    lead: &'static str,
    why: &'static str,
    link: &'static str,
) -> Page {
    Page::new(title, move || {
        let href = context.entrance(paths::FORGOT_PASSWORD);
        view! {
            <Sheet context=context title=title lead=lead>
                <p>{why}</p>
                <Actions>
                    <ButtonLink text=link href=href />
                </Actions>
            </Sheet>
        }
    })
}
