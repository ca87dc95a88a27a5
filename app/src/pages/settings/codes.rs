//! The sheet of recovery codes: shown once, to be kept.

use crate::{
    components::{
        Actions, ButtonLink, CodeActions, CodeSheet, Main, Notice, PageTitle, Tone, Width,
    },
    context::{Page, PageContext},
    paths,
};
use contract::{Answer, TwoFactorDone, TwoFactorState};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// The id of the sheet, for the buttons that print, copy and download it.
const SHEET: &str = "codes";

/// Loads the page from the flash: reloading it does not show the codes again.
pub async fn page(context: PageContext) -> Answer<Page> {
    let on_since = match context.backend.two_factor().await? {
        TwoFactorState::On { since, .. } => Some(since),
        TwoFactorState::Off => None,
    };
    let t = context.texts();
    let title = td_string!(t, two_factor.recovery_codes);
    let page = Page::new(title, move || {
        let made = on_since.map(|since| td_string!(t, two_factor.codes_made, when = since.text));
        let made = made.unwrap_or_default();
        let viewer = context.viewer.as_ref();
        let owner = viewer
            .map(|viewer| viewer.email.clone())
            .unwrap_or_default();
        let name = format!("{} – {title}", context.site.brand);
        // A file that is found years later must say what it opens.
        let head = format!("{name}\n{owner}\n{made}");
        view! {
            <Main width=Width::List>
                {done(&context)}
                <PageTitle title=title lead=td_string!(t, two_factor.codes_lead) />
                <CodeSheet
                    id=SHEET
                    title=name
                    owner=owner
                    made=made
                    codes=context.flash.codes.clone()
                    note=td_string!(t, two_factor.codes_note)
                />
                <CodeActions
                    codes_id=SHEET
                    print=td_string!(t, common.print)
                    copy=td_string!(t, common.copy)
                    copied=td_string!(t, common.copied)
                    download=td_string!(t, common.download)
                    head=head
                    filename=td_string!(t, two_factor.codes_file)
                />
                <Actions>
                    <ButtonLink text=td_string!(t, two_factor.codes_kept) href=context.own(paths::TWO_FACTOR) />
                </Actions>
            </Main>
        }
    });
    Ok(page.with_islands())
}

fn done(context: &PageContext) -> impl IntoView + use<> {
    let t = context.texts();
    let word = td_string!(t, common.word_done);
    if context.has_done(TwoFactorDone::On) {
        view! {
            <Notice tone=Tone::Success word=td_string!(t, two_factor.done) live=true>
                <p>{td_string!(t, two_factor.done_text)}</p>
            </Notice>
        }
        .into_any()
    } else {
        view! { <Notice tone=Tone::Success word=word live=true>{td_string!(t, two_factor.codes_new)}</Notice> }.into_any()
    }
}

/// What to do about a lost phone, for a user who signed in with a recovery code.
pub(crate) fn after_recovery_code(context: &PageContext) -> impl IntoView + use<> {
    let t = context.texts();
    let (text, href) = (
        td_string!(t, two_factor.recovery_used_link),
        context.own(paths::TWO_FACTOR),
    );
    view! {
        <Notice tone=Tone::Warning word=td_string!(t, common.word_note) live=true>
            <p>{td_string!(t, two_factor.recovery_used)}</p>
            <ButtonLink text=text href=href />
        </Notice>
    }
}
