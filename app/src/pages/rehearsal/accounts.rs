//! Who can sign in during a rehearsal, and with what.

use crate::{
    components::{Rehearsal, Table, Text},
    context::PageContext,
    i18n::Locale,
    paths,
};
use contract::{RehearsalAccount, RehearsalState};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// The box on the sign-in page.
#[component]
pub fn RehearsalAccounts(
    /// The page's context.
    context: PageContext,
    /// The accounts.
    accounts: Vec<RehearsalAccount>,
) -> impl IntoView {
    let t = context.texts();
    let mailbox = td_string!(t, common.mailbox);
    let text = td_string!(t, sign_in.rehearsal_text, mailbox = mailbox);
    let (before, after) = text.split_once(mailbox).unwrap_or((text.as_str(), ""));
    let (before, after) = (before.to_owned(), after.to_owned());
    let heads: Vec<Text> = vec![
        td_string!(t, sign_in.rehearsal_who).into(),
        td_string!(t, sign_in.email).into(),
        td_string!(t, sign_in.rehearsal_with).into(),
    ];
    let rows: Vec<_> = accounts
        .into_iter()
        .map(|account| row(t, account))
        .collect();
    view! {
        <Rehearsal title=td_string!(t, sign_in.rehearsal_title)>
            <p>{before} <a href=context.href(paths::MAILBOX)>{mailbox}</a> {after}</p>
            <Table caption=td_string!(t, sign_in.rehearsal_caption) caption_hidden=true heads=heads rows=rows />
        </Rehearsal>
    }
}

fn row(t: Locale, account: RehearsalAccount) -> Vec<AnyView> {
    let who = match account.state {
        RehearsalState::Plain => td_string!(t, sign_in.rehearsal_plain),
        RehearsalState::TwoFactor => td_string!(t, sign_in.rehearsal_two_factor),
        RehearsalState::French => td_string!(t, sign_in.rehearsal_french),
        RehearsalState::Invited => td_string!(t, sign_in.rehearsal_invited),
        RehearsalState::Locked => td_string!(t, sign_in.rehearsal_locked),
        RehearsalState::Agent => td_string!(t, sign_in.rehearsal_agent),
        RehearsalState::Participant => td_string!(t, sign_in.rehearsal_participant),
        RehearsalState::Leaving => td_string!(t, sign_in.rehearsal_leaving),
        RehearsalState::Unconfirmed => td_string!(t, sign_in.rehearsal_unconfirmed),
    };
    let secret = account.totp_secret.map(|secret| {
        view! {
            <br />
            {td_string!(t, sign_in.rehearsal_secret)}
            " "
            <code class="key">{secret}</code>
        }
    });
    let password = match account.password {
        Some(password) => view! { <code>{password}</code> }.into_any(),
        None => td_string!(t, sign_in.rehearsal_no_password).into_any(),
    };
    vec![
        who.into_any(),
        view! { <code>{account.email}</code> }.into_any(),
        view! { {password} {secret} }.into_any(),
    ]
}
