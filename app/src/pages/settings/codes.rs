//! The sheet of recovery codes: shown until they are saved.

use crate::{
    components::{
        Actions, Button, ButtonKind, ButtonLink, CodeActions, CodeSheet, Form, Hidden, Main,
        Notice, PageTitle, Tone, Width,
    },
    context::{Page, PageContext},
    locale::texts,
    paths,
};
use contract::{Locale, TwoFactorDone, UnsavedCodes};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// The id of the sheet, for the buttons that print and copy it.
const SHEET: &str = "codes";

/// The page of a session whose codes are not saved yet.
pub fn page(context: PageContext, unsaved: UnsavedCodes) -> Page {
    let t = context.texts();
    let title = td_string!(t, two_factor.recovery_codes);
    let page = Page::new(title, move || {
        let made = td_string!(t, two_factor.codes_made, when = unsaved.made.text);
        view! {
            <Main width=Width::List>
                {done(&context)}
                <PageTitle title=title lead=td_string!(t, two_factor.codes_lead) />
                <CodeSheet
                    id=SHEET
                    title=title
                    site=unsaved.site
                    owner=unsaved.email
                    made=made
                    codes=unsaved.codes
                    note=td_string!(t, two_factor.codes_note)
                />
                <noscript>
                    <p>{td_string!(t, two_factor.codes_by_hand)}</p>
                </noscript>
                <CodeActions
                    codes_id=SHEET
                    print=td_string!(t, common.print)
                    copy=td_string!(t, common.copy)
                    copied=td_string!(t, common.copied)
                />
                <Form action="/api/download_recovery_codes" carry=context.carry()>
                    <Actions>
                        <Button
                            text=td_string!(t, common.download)
                            kind=ButtonKind::Secondary
                        />
                    </Actions>
                </Form>
                <Form action="/api/recovery_codes_saved" carry=context.carry()>
                    <Hidden name="mark" value=unsaved.mark />
                    <Actions>
                        <Button text=td_string!(t, two_factor.codes_kept) />
                    </Actions>
                </Form>
            </Main>
        }
    });
    page.with_islands()
}

/// Name and text of the file. Found years later, it must say what its codes sign in to.
pub(crate) fn file(locale: Locale, unsaved: &UnsavedCodes) -> (String, String) {
    let t = texts(locale);
    let UnsavedCodes {
        codes,
        site,
        email,
        made,
        mark: _,
    } = unsaved;
    let above = [
        td_string!(t, two_factor.recovery_codes),
        site,
        email,
        &td_string!(t, two_factor.codes_made, when = made.text.clone()),
    ];
    let (above, codes) = (above.join("\r\n"), codes.join("\r\n"));
    let note = td_string!(t, two_factor.codes_note);
    let text = format!("{above}\r\n\r\n{codes}\r\n\r\n{note}\r\n");
    let day = made.machine.split('T').next().unwrap_or_default();
    let name = td_string!(t, two_factor.codes_file);
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || ".@+-".contains(c) {
            c
        } else {
            '_'
        }
    };
    let email: String = email.chars().map(safe).collect();
    (format!("{name}-{email}-{day}.txt"), text)
}

/// What was just done; nothing when the page was opened again.
fn done(context: &PageContext) -> impl IntoView + use<> {
    let t = context.texts();
    let (word, text) = if context.has_done(TwoFactorDone::On) {
        (
            td_string!(t, two_factor.done),
            td_string!(t, two_factor.done_text),
        )
    } else if context.has_done(TwoFactorDone::CodesMade) {
        (
            td_string!(t, common.word_done),
            td_string!(t, two_factor.codes_new),
        )
    } else {
        return ().into_any();
    };
    view! {
        <Notice tone=Tone::Success word=word live=true>
            <p>{text}</p>
        </Notice>
    }
    .into_any()
}

/// The way back to codes that were made in this session and not saved yet.
pub(crate) fn codes_unsaved(context: &PageContext) -> impl IntoView + use<> {
    let t = context.texts();
    let (text, href) = (
        td_string!(t, two_factor.codes_show),
        context.own(paths::TWO_FACTOR),
    );
    view! {
        <Notice tone=Tone::Warning word=td_string!(t, common.word_note)>
            <p>{td_string!(t, two_factor.codes_unsaved)}</p>
            <ButtonLink text=text href=href />
        </Notice>
    }
}

/// What to do about a lost phone, for a user whose last code was a recovery code.
pub(crate) fn phone_missing(context: &PageContext) -> impl IntoView + use<> {
    let t = context.texts();
    let page = context.own(paths::TWO_FACTOR);
    view! {
        <Notice tone=Tone::Warning word=td_string!(t, common.word_note) live=true>
            <p>{td_string!(t, two_factor.recovery_used)}</p>
            <ButtonLink text=td_string!(t, two_factor.new_phone) href=format!("{page}#new-phone") />
        </Notice>
    }
}
