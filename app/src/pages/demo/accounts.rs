//! Who can sign in during a demo, and with what.

use crate::{
    components::{Demo, Table, Text},
    context::PageContext,
    i18n::Locale,
    paths,
};
use contract::{DemoAccount, DemoState};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// The box on the sign-in page.
#[component]
pub fn DemoAccounts(
    /// The page's context.
    context: PageContext,
    /// The accounts.
    accounts: Vec<DemoAccount>,
) -> impl IntoView {
    let t = context.texts();
    let mailbox = td_string!(t, common.mailbox);
    let text = td_string!(t, sign_in.demo_text, mailbox = mailbox);
    let (before, after) = text.split_once(mailbox).unwrap_or((text.as_str(), ""));
    let (before, after) = (before.to_owned(), after.to_owned());
    let heads: Vec<Text> = vec![
        td_string!(t, sign_in.demo_who).into(),
        td_string!(t, sign_in.email).into(),
        td_string!(t, sign_in.demo_with).into(),
    ];
    let rows: Vec<_> = accounts
        .into_iter()
        .map(|account| row(t, account))
        .collect();
    view! {
        <Demo title=td_string!(t, sign_in.demo_title)>
            <p>{before} <a href=context.href(paths::MAILBOX)>{mailbox}</a> {after}</p>
            <Table caption=td_string!(t, sign_in.demo_caption) caption_hidden=true heads=heads rows=rows />
        </Demo>
    }
}

fn row(t: Locale, account: DemoAccount) -> Vec<AnyView> {
    let who = match account.state {
        DemoState::Plain => td_string!(t, sign_in.demo_plain),
        DemoState::TwoFactor => td_string!(t, sign_in.demo_two_factor),
        DemoState::French => td_string!(t, sign_in.demo_french),
        DemoState::Invited => td_string!(t, sign_in.demo_invited),
        DemoState::Locked => td_string!(t, sign_in.demo_locked),
        DemoState::Agent => td_string!(t, sign_in.demo_agent),
        DemoState::Participant => td_string!(t, sign_in.demo_participant),
        DemoState::Leaving => td_string!(t, sign_in.demo_leaving),
        DemoState::Unconfirmed => td_string!(t, sign_in.demo_unconfirmed),
    };
    let secret = account.totp_secret.map(|secret| {
        view! {
            <br />
            {td_string!(t, sign_in.demo_secret)}
            " "
            <code class="key">{secret}</code>
        }
    });
    let password = match account.password {
        Some(password) => view! { <code>{password}</code> }.into_any(),
        None => td_string!(t, sign_in.demo_no_password).into_any(),
    };
    vec![
        who.into_any(),
        view! { <code>{account.email}</code> }.into_any(),
        view! { {password} {secret} }.into_any(),
    ]
}
