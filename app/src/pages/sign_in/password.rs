//! Sign-in, first step: address and password.

use crate::{
    components::{
        Actions, Button, Checkbox, Divider, ErrorSummary, Field, Form, Hidden, Main, Notice,
        PageTitle, Panel, PasswordField, ProviderLink, StreetScene, Tone, Width,
    },
    context::{Page, PageContext},
    pages::{demo::accounts::DemoAccounts, registration::register::with_next},
    paths, words,
};
use contract::{
    Answer, DetailsDone, Done, Door, EndedBy, Field as Of, PasswordDone, Problem, RegistrationDone,
    SessionEnd, SignInDone, SignInProblem,
};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// The article that helps those who cannot sign in.
const TROUBLES: &str = "troubles-or-issues-with-signing-in";

/// From so many seconds on, a new password by mail is quicker than the wait.
const A_LONG_WAIT_S: u64 = 60;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    // Asked only for who brings something to ask about: the page is the same for all others.
    let ended = if context.knows_session {
        context.backend.ended_session().await?
    } else {
        None
    };
    let t = context.texts();
    let title = td_string!(t, sign_in.title);
    let lead = match &context.door {
        Door::BackOffice => td_string!(t, sign_in.lead).to_string(),
        Door::Platform(door) => {
            let organisation = door.organisation_name.clone();
            td_string!(t, platform.sign_in_lead, organisation = organisation)
        }
    };
    let shown = lead.clone();
    let page = Page::new(title, move || {
        let troubles = match &context.door {
            Door::BackOffice => context.entrance(&paths::article(TROUBLES)),
            Door::Platform(_) => {
                format!("{}#citizens", context.entrance(&paths::article(TROUBLES)))
            }
        };
        let accounts = context.demo_accounts();
        let demo = (!accounts.is_empty())
            .then(|| view! { <DemoAccounts context=context.clone() accounts=accounts /> });
        view! {
            <Main width=Width::Door>
                <Panel>
                    <ErrorSummary
                        title=td_string!(t, errors.summary)
                        errors=words::summary(t, &context.flash, &context.site.support_email)
                    />
                    {way_out(&context)}
                    {confirmation(&context)}
                    {notice(&context, ended.as_ref())}
                    <PageTitle title=title lead=shown />
                    {match &context.door {
                        Door::Platform(door) if !door.takes_sign_ins => closed(&context).into_any(),
                        _ => form(&context, ended).into_any(),
                    }}
                    {providers(&context)}
                    <p class="help-line">
                        {td_string!(t, sign_in.trouble)} " "
                        <a href=troubles>{td_string!(t, sign_in.trouble_link)}</a>
                    </p>
                    {elsewhere(&context)}
                </Panel>
                <StreetScene />
                {demo}
            </Main>
        }
    });
    Ok(page.with_islands().with_description(lead))
}

/// What stands in place of the form where the project takes no sign-ins.
fn closed(context: &PageContext) -> impl IntoView + use<> {
    let (t, home) = (context.texts(), context.href(&context.door.home()));
    view! {
        <Notice tone=Tone::Info word=td_string!(t, platform.sign_in_closed)>
            <a href=home>{td_string!(t, platform.sign_in_closed_next)}</a>
        </Notice>
    }
}

fn form(context: &PageContext, ended: Option<SessionEnd>) -> impl IntoView + use<> {
    let t = context.texts();
    let context = context.clone();
    let next = context.query("next").unwrap_or_default().to_owned();
    let offer = context.stay_offer();
    let hint = td_string!(
        t,
        sign_in.stay_hint,
        days = offer.days.to_string(),
        idle = offer.idle_days.to_string()
    );
    // What was typed into another form is not for these fields.
    let flash = context.flash_of("sign_in");
    let email = flash.typed("email").or(ended.and_then(|ended| ended.email));
    let stay = flash.typed("stay").as_deref() == Some("true");
    view! {
        <Form action="/api/sign_in" carry=context.carry() busy=td_string!(t, common.one_moment)>
            <Hidden name="next" value=next />
            <Field
                label=td_string!(t, sign_in.email)
                name="email"
                kind="email"
                autocomplete="username"
                inputmode="email"
                autocapitalize="none"
                value=email
                error=words::beside(t, &context.flash, Of::Email)
                required=true
            />
            <PasswordField
                label=td_string!(t, sign_in.password)
                name="password"
                show=td_string!(t, common.show)
                hide=td_string!(t, common.hide)
                what=td_string!(t, common.password_word)
                error=words::beside(t, &context.flash, Of::Password)
            >
                <a href=context.entrance(paths::FORGOT_PASSWORD)>{td_string!(t, password.forgot)}</a>
            </PasswordField>
            <Checkbox label=td_string!(t, sign_in.stay) name="stay" hint=hint checked=stay />
            <Actions>
                <Button text=td_string!(t, sign_in.submit) wide=true />
            </Actions>
        </Form>
    }
}

/// The two other ways in, for those that the operator has set up; the back office alone has them.
fn providers(context: &PageContext) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    if !context.door.is_back_office() || context.site.providers.is_empty() {
        return None;
    }
    let links = context.site.providers.iter().map(|provider| {
        let href = paths::start(*provider, context.locale, context.query("next"));
        view! { <ProviderLink provider=*provider text=words::provider::sign_in(t, *provider) href=href /> }
    });
    let links = links.collect_view();
    Some(view! {
        <Divider text=td_string!(t, providers.or) />
        <div class="providers">{links}</div>
    })
}

/// Where the people sign in for whom this page is not, and what to do without an account.
fn elsewhere(context: &PageContext) -> impl IntoView + use<> {
    let t = context.texts();
    if context.door.is_back_office() {
        let text = td_string!(t, sign_in.elsewhere_participants);
        return view! { <p class="help-line">{text}</p> }.into_any();
    }
    let managers = context.href(paths::SIGN_IN);
    let takes = matches!(&context.door, Door::Platform(door) if door.takes_registrations);
    let register = takes.then(|| {
        let href = with_next(context.entrance(paths::REGISTER), context.query("next"));
        view! {
            <p class="help-line">
                {td_string!(t, sign_in.no_account)} " "
                <a href=href>{td_string!(t, registration.title)}</a>
            </p>
        }
    });
    view! {
        {register}
        <p class="help-line">
            {td_string!(t, sign_in.elsewhere_managers)} " "
            <a href=managers>{td_string!(t, sign_in.elsewhere_managers_link)}</a>
        </p>
    }
    .into_any()
}

/// What ends the wait after too many wrong passwords. One of some seconds is over before a mail is read.
fn way_out(context: &PageContext) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    let waits = match context.flash_of("sign_in").problem {
        Some(Problem::TooManyTries { wait_s }) => wait_s >= A_LONG_WAIT_S,
        Some(Problem::SignIn(SignInProblem::ResetNeeded)) => true,
        _ => false,
    };
    let forgotten = context.entrance(paths::FORGOT_PASSWORD);
    waits.then(|| {
        view! {
            <p class="help-line">
                {td_string!(t, sign_in.way_out)} " " <a href=forgotten>{td_string!(t, sign_in.way_out_link)}</a>
            </p>
        }
    })
}

/// The mail that confirms the address, after the right password of an address that is not confirmed.
fn confirmation(context: &PageContext) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    let problem = context.flash_of("sign_in").problem;
    (problem == Some(Problem::SignIn(SignInProblem::Unconfirmed))).then(|| {
        view! {
            <Form action="/api/send_confirmation" carry=context.carry()>
                <Actions>
                    <Button text=td_string!(t, sign_in.send_confirmation) wide=true />
                </Actions>
            </Form>
        }
    })
}

/// What was done a moment ago, or why the person stands here.
fn notice(context: &PageContext, ended: Option<&SessionEnd>) -> Option<AnyView> {
    let t = context.texts();
    let text = match context.flash.done {
        Some(Done::SignIn(SignInDone::SignedOut)) => td_string!(t, sign_in.signed_out),
        Some(Done::SignIn(SignInDone::AccountSetUp)) => td_string!(t, sign_in.set_up),
        Some(Done::Registration(RegistrationDone::Confirmed)) => {
            td_string!(t, registration.confirmed_sign_in)
        }
        Some(Done::Password(PasswordDone::Reset)) => td_string!(t, password.reset_done),
        Some(Done::Details(DetailsDone::EmailChanged)) => td_string!(t, details.confirm_sign_in),
        _ => return why_here(context, ended),
    };
    let word = td_string!(t, common.word_done);
    Some(view! { <Notice tone=Tone::Success word=word live=true>{text}</Notice> }.into_any())
}

/// That the session ended and whether a draft was kept, or that a page needs signing in.
fn why_here(context: &PageContext, ended: Option<&SessionEnd>) -> Option<AnyView> {
    let t = context.texts();
    let text = match ended.map(|ended| ended.why) {
        Some(EndedBy::Idle(span)) => td_string!(t, sign_in.ended_idle, span = words::span(t, span)),
        Some(EndedBy::Age(span)) => td_string!(t, sign_in.ended_age, span = words::span(t, span)),
        Some(EndedBy::Revoked) => td_string!(t, sign_in.ended_elsewhere).to_string(),
        None if context.query("cookies").is_some() => td_string!(t, sign_in.no_cookies).to_string(),
        None if context.query("next").is_some() && context.flash.problem.is_none() => {
            td_string!(t, sign_in.wanted).to_string()
        }
        None => return None,
    };
    // This problem comes with a text that could not be kept; what is kept is older.
    let refused = context.flash.problem == Some(Problem::SignInFirst);
    let kept = (!refused && ended.is_some_and(|ended| ended.kept))
        .then(|| view! { <p>{td_string!(t, sign_in.kept)}</p> });
    let word = td_string!(t, common.word_info);
    Some(
        view! {
            <Notice tone=Tone::Info word=word live=true>
                <p>{text}</p>
                {kept}
            </Notice>
        }
        .into_any(),
    )
}
