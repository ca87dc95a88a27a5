//! After registering: what became of the mail, its code, and the way on when nothing arrives.

use crate::{
    components::{
        Actions, Button, ButtonKind, ButtonLink, CodeField, Disclosure, Field, Form, Hidden,
        Notice, Section, Tone,
    },
    context::{Page, PageContext},
    i18n::Locale,
    islands::WatchMail,
    pages::{help::article::mail_link, registration::register, sheet::Sheet},
    paths, words,
};
use contract::{
    Answer, Door, Field as Of, MailCause, ParticipationDone, Problem, RegistrationDone, Suggestion,
    Waiting, WaitingMail,
};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page. In a browser that registered nothing it is the page for registering.
pub async fn page(context: PageContext) -> Answer<Page> {
    if !matches!(context.door, Door::Platform(_)) {
        return Err(Problem::NotFound);
    }
    let Some(waiting) = context.backend.waiting().await? else {
        return register::page(context).await;
    };
    if waiting.confirmed {
        return Ok(confirmed(context, waiting.email));
    }
    if let Some(at) = waiting.denied_at.clone() {
        return Ok(denied(context, waiting, at.text));
    }
    let t = context.texts();
    let title = td_string!(t, registration.waiting_title);
    let page = Page::new(title, move || {
        let lead = td_string!(t, registration.waiting_lead, email = waiting.email.clone());
        view! {
            <Sheet context=context.clone() title=title lead=lead>
                {done(&context)}
                {supports(&context, &waiting)}
                {live(&context, &waiting)}
                {correction(&context, &waiting)}
            </Sheet>
        }
    });
    Ok(page.with_islands())
}

/// What changes while the page is open; its code field does not.
fn live(context: &PageContext, waiting: &Waiting) -> impl IntoView + use<> {
    let live = format!("{}{}", context.door.entrance(paths::WAITING), paths::LIVE);
    let version = waiting.version.clone();
    let parts = view! {
        {state(context, waiting)}
        {suggestion(context, waiting)}
        {code_form(context, waiting)}
        {nothing_came(context, waiting)}
    };
    view! {
        <WatchMail>
            <div class="waiting" data-live=live data-version=version>
                {parts}
            </div>
        </WatchMail>
    }
}

/// The link was used in another browser: this one is not signed in by it.
fn confirmed(context: PageContext, email: String) -> Page {
    let t = context.texts();
    let title = td_string!(t, registration.confirmed_title);
    Page::new(title, move || {
        let lead = td_string!(t, registration.confirmed_lead, email = email);
        view! {
            <Sheet context=context.clone() title=title lead=lead>
                <Actions>
                    <ButtonLink
                        text=td_string!(t, sign_in.submit)
                        href=context.entrance(paths::SIGN_IN)
                    />
                </Actions>
            </Sheet>
        }
    })
}

/// The owner of the address said that they did not register: another one is to be given.
fn denied(context: PageContext, waiting: Waiting, when: String) -> Page {
    let t = context.texts();
    let title = td_string!(t, registration.denied_here_title);
    Page::new(title, move || {
        let email = waiting.email.clone();
        let lead = td_string!(t, registration.denied_here, email = email, at = when);
        let way_on = match correction(&context, &waiting) {
            Some(form) => form.into_any(),
            None => no_more_mails(&context).into_any(),
        };
        view! {
            <Sheet context=context.clone() title=title lead=lead>
                {way_on}
            </Sheet>
        }
    })
}

fn done(context: &PageContext) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    if context.has_done(ParticipationDone::ConfirmFirst) {
        let (word, text) = (
            td_string!(t, common.word_info),
            td_string!(t, platform.confirm_first),
        );
        return Some(view! { <Notice tone=Tone::Info word=word live=true>{text}</Notice> });
    }
    let text = if context.has_done(RegistrationDone::MailAsked) {
        td_string!(t, registration.mail_asked)
    } else if context.has_done(RegistrationDone::Corrected) {
        td_string!(t, registration.corrected)
    } else {
        return None;
    };
    let word = td_string!(t, common.word_done);
    Some(view! { <Notice tone=Tone::Success word=word live=true>{text}</Notice> })
}

/// What waits for the confirmation.
fn supports(context: &PageContext, waiting: &Waiting) -> Vec<impl IntoView + use<>> {
    let t = context.texts();
    let supports = waiting.supports.iter();
    supports
        .map(
            |title| view! { <p>{td_string!(t, platform.support_waits, title = title.clone())}</p> },
        )
        .collect()
}

/// Where the mail stands. It is read out when it changes.
fn state(context: &PageContext, waiting: &Waiting) -> impl IntoView + use<> {
    let t = context.texts();
    let (tone, title, text) = match &waiting.mail {
        WaitingMail::None => (
            Tone::Info,
            td_string!(t, registration.state_none),
            td_string!(t, registration.state_none_text).to_owned(),
        ),
        WaitingMail::Forgotten => (
            Tone::Info,
            td_string!(t, registration.state_forgotten),
            td_string!(t, registration.state_forgotten_text).to_owned(),
        ),
        WaitingMail::Queued if context.site.mailbox => (
            Tone::Info,
            td_string!(t, registration.state_demo),
            td_string!(t, registration.state_demo_text).to_owned(),
        ),
        WaitingMail::Queued => (
            Tone::Info,
            td_string!(t, registration.state_queued),
            td_string!(t, registration.state_queued_text).to_owned(),
        ),
        WaitingMail::Postponed(cause) => (
            Tone::Warning,
            td_string!(t, registration.state_postponed),
            postponed(t, *cause).to_owned(),
        ),
        WaitingMail::Sent { by, at } => (
            Tone::Success,
            td_string!(t, registration.state_sent),
            td_string!(
                t,
                registration.state_sent_text,
                at = at.text.clone(),
                server = by.clone()
            ),
        ),
        WaitingMail::Refused { by, cause, at } => {
            let (at, server) = (at.text.clone(), by.clone());
            let (title, what) = match cause {
                MailCause::Later | MailCause::Ours => (
                    td_string!(t, registration.state_given_up),
                    td_string!(t, registration.given_up_at, at = at),
                ),
                _ => (
                    td_string!(t, registration.state_refused),
                    td_string!(t, registration.refused_at, at = at, server = server),
                ),
            };
            (
                Tone::Danger,
                title,
                format!("{what} {}", refused(t, *cause)),
            )
        }
        WaitingMail::Returned { cause, at } => {
            let at = at.text.clone();
            let (title, what) = match cause {
                MailCause::Challenge => (
                    td_string!(t, registration.state_challenged),
                    td_string!(t, registration.challenged_at, at = at),
                ),
                _ => (
                    td_string!(t, registration.state_returned),
                    td_string!(t, registration.returned_at, at = at),
                ),
            };
            (
                Tone::Danger,
                title,
                format!("{what} {}", refused(t, *cause)),
            )
        }
    };
    let mailbox = (context.site.mailbox && waiting.mail == WaitingMail::Queued).then(|| {
        let href = context.href(paths::MAILBOX);
        view! { <p><a href=href>{td_string!(t, registration.state_demo_link)}</a></p> }
    });
    view! {
        <div id="mail-state" role="status">
            <Notice tone=tone word=title>
                <p>{text}</p>
                {mailbox}
            </Notice>
        </div>
    }
}

/// Asks whether another address is meant; one button sends the mail there. Its place is always there, so that what
/// comes later is read out.
fn suggestion(context: &PageContext, waiting: &Waiting) -> impl IntoView + use<> {
    let found = waiting.suggestion.as_ref();
    let found = found.filter(|_| waiting.mails_left > 0);
    let notice = found.map(|found| suggestion_notice(context, found));
    view! {
        <div id="mail-suggestion" role="status">
            {notice}
        </div>
    }
}

fn suggestion_notice(context: &PageContext, found: &Suggestion) -> impl IntoView + use<> {
    let (t, domain) = (context.texts(), found.domain.clone());
    let wrong = if found.exists {
        td_string!(t, registration.domain_takes_none, domain = domain)
    } else {
        td_string!(t, registration.domain_missing, domain = domain)
    };
    let meant = match found.emails.as_slice() {
        [first, second] => td_string!(
            t,
            registration.meant_either,
            first = first.clone(),
            second = second.clone()
        ),
        emails => {
            let email = emails.first().cloned().unwrap_or_default();
            td_string!(t, registration.meant, email = email)
        }
    };
    let forms = found.emails.iter().cloned().map(|email| {
        let text = td_string!(t, registration.meant_submit, email = email.clone());
        view! {
            <Form action="/api/correct_registration" carry=context.carry()>
                <Hidden name="email" value=email />
                <Actions>
                    <Button text=text />
                </Actions>
            </Form>
        }
    });
    let forms = forms.collect::<Vec<_>>();
    view! {
        <Notice tone=Tone::Warning word=td_string!(t, common.word_note)>
            <p>{format!("{wrong} {meant}")}</p>
            {forms}
        </Notice>
    }
}

/// Why a mail was not taken, and what to do.
fn refused(t: Locale, cause: MailCause) -> &'static str {
    match cause {
        MailCause::NoMailbox => td_string!(t, registration.refused_mailbox),
        MailCause::NoDomain => td_string!(t, registration.refused_domain),
        MailCause::Full => td_string!(t, registration.refused_full),
        MailCause::Policy => td_string!(t, registration.refused_policy),
        MailCause::Later => td_string!(t, registration.refused_later),
        MailCause::Challenge => td_string!(t, registration.refused_challenge),
        MailCause::Ours => td_string!(t, registration.refused_ours),
    }
}

fn postponed(t: Locale, cause: MailCause) -> &'static str {
    match cause {
        MailCause::Full => td_string!(t, registration.postponed_full),
        MailCause::Policy => td_string!(t, registration.postponed_policy),
        MailCause::NoMailbox | MailCause::NoDomain | MailCause::Challenge | MailCause::Later => {
            td_string!(t, registration.postponed_later)
        }
        MailCause::Ours => td_string!(t, registration.postponed_ours),
    }
}

fn code_form(context: &PageContext, waiting: &Waiting) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    if waiting.mail == WaitingMail::None {
        return None;
    }
    let error = words::beside(t, &context.flash_of("code"), Of::Code);
    Some(view! {
        <p>{td_string!(t, registration.open_link)}</p>
        <Form action="/api/confirm_by_code" carry=context.carry() busy=td_string!(t, common.one_moment)>
            <CodeField
                label=td_string!(t, password.code)
                name="code"
                digits=false
                hint=td_string!(t, registration.code_hint)
                error=error
            />
            <Actions>
                <Button text=td_string!(t, registration.code_submit) wide=true />
            </Actions>
        </Form>
    })
}

/// The two causes that nearly always explain it, and the way on (promises A37 and A38).
fn nothing_came(context: &PageContext, waiting: &Waiting) -> impl IntoView + use<> {
    let t = context.texts();
    let again = again(context, waiting);
    if waiting.mail == WaitingMail::None {
        return again.into_any();
    }
    let email = waiting.email.clone();
    view! {
        <Section title=td_string!(t, password.sent_none)>
            <ul>
                <li>{td_string!(t, registration.spam)}</li>
                <li>
                    {td_string!(t, registration.typo)} " "
                    <strong>{email}</strong>
                </li>
            </ul>
            {again}
        </Section>
    }
    .into_any()
}

fn again(context: &PageContext, waiting: &Waiting) -> impl IntoView + use<> {
    let t = context.texts();
    if waiting.mails_left == 0 {
        return no_more_mails(context).into_any();
    }
    let (text, kind) = if waiting.mail == WaitingMail::None {
        (
            td_string!(t, sign_in.send_confirmation),
            ButtonKind::Primary,
        )
    } else {
        (td_string!(t, registration.again), ButtonKind::Secondary)
    };
    let wait = (waiting.wait_s > 0).then(|| {
        let seconds = waiting.wait_s.to_string();
        let text = td_string!(t, registration.again_wait, seconds = seconds.clone());
        let words = td_string!(t, registration.again_wait, seconds = "#");
        view! {
            <p class="help-line" data-seconds=seconds data-words=words>
                {text}
            </p>
        }
    });
    view! {
        <div class="waiting-again" id="mail-again">
            <Form action="/api/send_confirmation" carry=context.carry()>
                <Actions>
                    <Button text=text kind=kind />
                </Actions>
            </Form>
            {wait}
        </div>
    }
    .into_any()
}

fn no_more_mails(context: &PageContext) -> impl IntoView + use<> {
    let (t, support) = (context.texts(), context.site.support_email.clone());
    let text = td_string!(t, registration.no_more_mails, email = support.clone());
    view! { <p>{mail_link(&text, &support)}</p> }
}

/// The address can be corrected in place.
fn correction(context: &PageContext, waiting: &Waiting) -> Option<impl IntoView + use<>> {
    let (t, context) = (context.texts(), context.clone());
    if waiting.mails_left == 0 {
        return None;
    }
    let flash = context.flash_of("correct");
    let is_wrong = waiting.denied_at.is_some()
        || matches!(
            waiting.mail,
            WaitingMail::Refused { .. } | WaitingMail::Returned { .. }
        );
    let open = is_wrong || flash.problem.is_some();
    let error = words::beside(t, &flash, Of::Email);
    let email = flash
        .typed("email")
        .unwrap_or_else(|| waiting.email.clone());
    Some(view! {
        <Disclosure summary=td_string!(t, registration.correct) open=open>
            <Form
                action="/api/correct_registration"
                carry=context.carry()
                busy=td_string!(t, common.one_moment)
            >
                <Field
                    label=td_string!(t, sign_in.email)
                    name="email"
                    kind="email"
                    autocomplete="email"
                    inputmode="email"
                    hint=td_string!(t, registration.correct_hint)
                    value=email
                    error=error
                    required=true
                />
                <Actions>
                    <Button text=td_string!(t, registration.correct_submit) />
                </Actions>
            </Form>
        </Disclosure>
    })
}
