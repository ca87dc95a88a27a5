//! Every building block with all its states, on one page of the demo.
//!
//! It is for developers who build a page, and for checking whether a change of the style broke
//! something: open it in both themes, at 320 pixels, in forced colours. Its words are samples;
//! those that other pages use as well come from there, the others from `locales/*/components.json`.

use contract::{Answer, Provider};
use leptos::prelude::*;
use leptos_i18n::{Locale as _, td_string};

use crate::components::{
    Actions, Breadcrumb, Button, ButtonKind, ButtonLink, Checkbox, Choice, CodeActions, CodeField,
    CodeSheet, Contents, ContentsItem, Demo, DescriptionList, Dialog, DialogButton, Disclosure,
    Divider, EmptyState, ErrorSummary, Field, FieldError, Fieldset, Form, Glyph, Icon, Letter,
    Main, NewPasswordField, Notice, PageTitle, PasswordField, Prose, ProviderButton, ProviderLink,
    QrFigure, RadioGroup, SecretKey, Section, Select, SessionLine, SettingRow, Step, Steps,
    StreetScene, Strength, Table, Tag, Text, TextArea, Tone, Vote, VoteButtons, Width,
};
use crate::context::{Page, PageContext};
use crate::i18n::Locale;
use crate::words;

/// One of the samples.
macro_rules! say {
    ($t:expr, $key:ident) => {
        td_string!($t, components.$key)
    };
}

/// Draws the page. It asks no port.
pub async fn page(context: PageContext) -> Answer<Page> {
    let title = td_string!(context.texts(), common.components);
    let t = context.texts();
    Ok(Page::new(title, move || body(t, title)).with_islands())
}

fn body(t: Locale, title: &'static str) -> impl IntoView {
    let errors = vec![
        FieldError::new("wrong", say!(t, error_field)),
        FieldError::new("wrong-code", say!(t, error_code)),
        FieldError::general(say!(t, error_general)),
    ];
    view! {
        <Main width=Width::List>
            <ErrorSummary title=td_string!(t, errors.summary) errors />
            <PageTitle kicker=say!(t, kicker) title lead=say!(t, lead) />
            <Section title=say!(t, buttons)>{buttons(t)}</Section>
            <Section title=say!(t, fields)>{fields(t)}</Section>
            <Section title=say!(t, choices)>{choices(t)}</Section>
            <Section title=say!(t, messages)>{messages(t)}</Section>
            <Section title=say!(t, strength)>{strength(t)}</Section>
            <Section title=say!(t, codes)>{codes(t)}</Section>
            <Section title=say!(t, settings)>{settings(t)}</Section>
            <Section title=say!(t, text)>{text(t)}</Section>
            <Section title=say!(t, drawings)>{drawings()}</Section>
        </Main>
    }
}

fn buttons(t: Locale) -> impl IntoView {
    view! {
        <Form action="#" carry=t.as_str()>
            <Actions>
                <Button text=say!(t, primary) />
                <Button text=say!(t, secondary) kind=ButtonKind::Secondary />
                <Button text=say!(t, danger) kind=ButtonKind::Danger />
                <Button text=say!(t, quiet) kind=ButtonKind::Quiet />
                <ButtonLink href="#" text=say!(t, link) glyph=Glyph::Arrow kind=ButtonKind::Secondary />
            </Actions>
            <Button text=say!(t, wide) wide=true />
            <Divider text=say!(t, or) />
            <ProviderLink provider=Provider::Google text=say!(t, google) href="#" />
            <ProviderLink provider=Provider::Microsoft text=say!(t, microsoft) href="#" />
            <ProviderButton provider=Provider::Microsoft text=say!(t, microsoft_button) />
        </Form>
    }
}

fn fields(t: Locale) -> impl IntoView {
    view! {
        <Form action="#" carry=t.as_str() busy=td_string!(t, common.one_moment)>
            <Field label=td_string!(t, sign_in.email) name="plain" kind="email" hint=say!(t, email_hint) value="marie@oosterdal.example" />
            <Field label=say!(t, email_refused) name="wrong" kind="email" error=say!(t, error_field) value="marie@" />
            <Field label=say!(t, long) name="long" hint=say!(t, long_hint) autocapitalize="sentences" />
            <Field label=say!(t, postcode) name="short" short=true inputmode="numeric" />
            <PasswordField label=td_string!(t, sign_in.password) name="password" show=td_string!(t, common.show) hide=td_string!(t, common.hide) what=td_string!(t, common.password_word)>
                <a href="#">{td_string!(t, password.forgot)}</a>
            </PasswordField>
            <NewPasswordField label=say!(t, new_password) name="new-password" minimum=15 words=words::new_password(t, 15) />
            <NewPasswordField label=say!(t, new_password_refused) name="new-password-wrong" minimum=15 words=words::new_password(t, 15) error=say!(t, too_short) />
            <CodeField label=td_string!(t, sign_in.code_label) name="code" hint=td_string!(t, sign_in.code_hint) />
            <CodeField label=say!(t, code_refused) name="wrong-code" error=say!(t, error_code) />
            <CodeField label=td_string!(t, sign_in.recovery_label) name="letters" digits=false hint=td_string!(t, sign_in.recovery_hint) />
            <TextArea label=td_string!(t, help.feedback.comment) name="comment" hint=td_string!(t, help.feedback.comment_hint) value="</textarea> stays text" />
            <Actions>
                <Button text=say!(t, send) />
            </Actions>
        </Form>
    }
}

fn choices(t: Locale) -> impl IntoView {
    let languages = vec![
        (Text::from("en"), Text::from("English")),
        ("fr".into(), "Français".into()),
    ];
    let roles = vec![
        Choice::new("organisation", say!(t, role_all)).with_hint(say!(t, role_all_hint)),
        Choice::new("content", say!(t, role_content)).with_hint(say!(t, role_content_hint)),
    ];
    let wrong = vec![
        Choice::new("yes", say!(t, yes)),
        Choice::new("no", say!(t, no)),
    ];
    view! {
        <Form action="#" carry=t.as_str()>
            <Select label=td_string!(t, desk.language) name="language" options=languages selected="fr" />
            <RadioGroup legend=say!(t, role) name="role" options=roles selected="content" />
            <RadioGroup legend=say!(t, seen) name="seen" options=wrong error=say!(t, seen_error) />
            <Fieldset legend=say!(t, mails) hint=say!(t, mails_hint)>
                <Checkbox label=say!(t, news) name="news" checked=true />
                <Checkbox label=say!(t, digest) name="digest" hint=say!(t, digest_hint) />
            </Fieldset>
            <Actions>
                <Button text=say!(t, save) />
            </Actions>
            <Checkbox label=td_string!(t, two_factor.codes_kept) name="kept" error=say!(t, kept_error) />
        </Form>
    }
}

fn messages(t: Locale) -> impl IntoView {
    view! {
        <Notice tone=Tone::Success word=td_string!(t, common.word_done)><p>{say!(t, note_success)}</p></Notice>
        <Notice tone=Tone::Info word=td_string!(t, common.word_info)><p>{say!(t, note_info)}</p></Notice>
        <Notice tone=Tone::Warning word=td_string!(t, common.word_note)><p>{say!(t, note_warning)}</p></Notice>
        <Notice tone=Tone::Danger word=td_string!(t, common.word_error)><p>{say!(t, note_danger)}</p></Notice>
        <Notice tone=Tone::Neutral word=td_string!(t, common.word_info)><p>{say!(t, note_neutral)}</p></Notice>
        <SessionLine says=say!(t, session_ends) keep=td_string!(t, sessions.keep) />
        <Actions>
            <Tag text=say!(t, tag_neutral) />
            <Tag tone=Tone::Success text=say!(t, tag_success) />
            <Tag tone=Tone::Info text=say!(t, tag_info) />
            <Tag tone=Tone::Warning text=say!(t, tag_warning) />
            <Tag tone=Tone::Danger text=say!(t, tag_danger) />
        </Actions>
        <EmptyState title=say!(t, empty) text=say!(t, empty_text)>
            <ButtonLink href="#" text=say!(t, add) kind=ButtonKind::Secondary />
        </EmptyState>
        <Demo title=say!(t, demo)><p>{say!(t, demo_text)}</p></Demo>
        <DialogButton target="sample-dialog" text=say!(t, dialog_open) />
        <Dialog id="sample-dialog" title=say!(t, dialog) close=td_string!(t, common.cancel)>
            <p>{say!(t, dialog_text)}</p>
            <Form action="#" carry=t.as_str()><Button text=say!(t, dialog_submit) kind=ButtonKind::Danger /></Form>
        </Dialog>
    }
}

/// What stands under the field of a new password, in each of its states: as the island leaves it.
fn strength(t: Locale) -> impl IntoView {
    let states = [
        ("", ""),
        ("wait", say!(t, characters)),
        ("short", say!(t, characters)),
        ("weak", say!(t, weak)),
        ("later", say!(t, later)),
        ("good", say!(t, good)),
    ];
    let states = states.map(|(state, says)| view! { <Strength state says /> });
    states.collect_view()
}

/// Not a code that can be scanned: three corners, for the look.
const PICTURE: &str = r##"<svg viewBox="0 0 29 29" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h29v29H0z"/><path d="M4 4h7v7H4zm14 0h7v7h-7zM4 18h7v7H4zm9-12h3v2h-3zm0 5h2v3h-2zm4 3h2v2h-2zm4 1h3v2h-3zm-3 4h2v3h-2zm5 2h2v4h-2zm-9 1h2v3h-2zM4 13h3v2H4zm5 1h2v2H9z"/><path fill="#fff" d="M5 5h5v5H5zm14 0h5v5h-5zM5 19h5v5H5z"/><path d="M6 6h3v3H6zm14 0h3v3h-3zM6 20h3v3H6z"/></svg>"##;

fn codes(t: Locale) -> impl IntoView {
    let sheet = [
        "7KQ4-M2XN",
        "PW8D-3RTH",
        "V6CJ-9ZBE",
        "4FNX-L7QA",
        "H3SY-K5GD",
    ];
    let sheet = [
        sheet,
        [
            "Z9TM-2WPV",
            "B7RE-J4CX",
            "N5QL-8HKF",
            "D2VG-T6YS",
            "X8AP-5MNC",
        ],
    ];
    let sheet = sheet.concat().into_iter().map(String::from).collect();
    view! {
        <QrFigure svg=PICTURE alt=say!(t, picture) caption=say!(t, picture_for) />
        <SecretKey label=say!(t, key) value="JBSW Y3DP EHPK 3PXP" copy=say!(t, copy_key) copied=td_string!(t, common.copied) />
        <CodeSheet title=td_string!(t, two_factor.recovery_codes) site="Bpart – https://bpart.example" owner="marie@oosterdal.example" made=say!(t, made) codes=sheet note=say!(t, sheet_note) />
        <CodeActions codes_id="codes" print=td_string!(t, common.print) copy=td_string!(t, common.copy) copied=td_string!(t, common.copied) />
    }
}

fn settings(t: Locale) -> impl IntoView {
    let heads = [
        say!(t, person),
        say!(t, state),
        say!(t, seen_last),
        say!(t, action),
    ]
    .map(Text::from)
    .to_vec();
    let rows = vec![
        vec![
            "Marie Dupont".into_any(),
            view! { <Tag tone=Tone::Success text=say!(t, tag_success) /> }.into_any(),
            say!(t, day).into_any(),
            view! { <ButtonLink href="#" text=say!(t, edit) kind=ButtonKind::Secondary /> }
                .into_any(),
        ],
        vec![
            "Jan Peeters".into_any(),
            view! { <Tag tone=Tone::Warning text=say!(t, tag_warning) /> }.into_any(),
            say!(t, never).into_any(),
            ().into_any(),
        ],
    ];
    let facts = vec![
        (Text::from(say!(t, name)), "Marie Dupont".into_any()),
        (
            td_string!(t, sign_in.email).into(),
            "marie@oosterdal.example".into_any(),
        ),
    ];
    view! {
        <SettingRow title=td_string!(t, sign_in.password) state=say!(t, changed)><ButtonLink href="#" text=say!(t, change) kind=ButtonKind::Secondary /></SettingRow>
        <SettingRow title=td_string!(t, two_factor.name) state=say!(t, on_since) tone=Tone::Success><ButtonLink href="#" text=say!(t, switch_off) kind=ButtonKind::Secondary /></SettingRow>
        <SettingRow title=td_string!(t, two_factor.recovery_codes) state=say!(t, codes_left) tone=Tone::Warning><ButtonLink href="#" text=say!(t, new_codes) kind=ButtonKind::Secondary /></SettingRow>
        <Table caption=say!(t, people) heads rows />
        <DescriptionList items=facts />
    }
}

fn text(t: Locale) -> impl IntoView {
    let html = prose(t);
    let above = vec![(Text::from("#"), Text::from(td_string!(t, common.help)))];
    let contents = vec![
        ContentsItem::new("#main", say!(t, section)),
        ContentsItem::new("#main", say!(t, part)).sub(),
    ];
    let heads = vec![(
        Text::from(say!(t, to)),
        Text::from("marie@oosterdal.example"),
    )];
    view! {
        <Breadcrumb label=td_string!(t, common.you_are_here) items=above current=say!(t, here) />
        <Contents title=say!(t, on_this_page) items=contents />
        <Prose html />
        <Steps>
            <Step title=say!(t, step_one)><p>{say!(t, step_one_text)}</p></Step>
            <Step title=say!(t, step_two)><p>{say!(t, step_two_text)}</p></Step>
        </Steps>
        <Disclosure summary=say!(t, more)><p>{say!(t, more_text)}</p></Disclosure>
        <Vote title=say!(t, vote)>
            <Form action="#" carry=t.as_str()><VoteButtons yes=say!(t, yes) no=say!(t, no) /></Form>
        </Vote>
        <Letter subject=say!(t, letter) heads body=say!(t, letter_text) html_href="#" html_text=say!(t, as_html) />
    }
}

/// What an article may hold.
fn prose(t: Locale) -> String {
    let item = |text: &str| format!("<li>{text}</li>");
    format!(
        "<p>{} <a href=\"#\">{}</a>, <strong>{}</strong> {} <code>0O 1lI</code>.</p>\
         <h2>{}</h2><ol>{}{}</ol><ul>{}{}</ul><blockquote><p>{}</p></blockquote>",
        say!(t, paragraph),
        say!(t, a_link),
        say!(t, weight),
        say!(t, and),
        say!(t, heading),
        item(say!(t, first_step)),
        item(say!(t, second_step)),
        item(say!(t, point)),
        item(say!(t, another)),
        say!(t, quote),
    )
}

fn drawings() -> impl IntoView {
    let glyphs = [
        Glyph::Arrow,
        Glyph::Check,
        Glyph::Chevron,
        Glyph::Copy,
        Glyph::Danger,
        Glyph::Download,
        Glyph::Eye,
        Glyph::Globe,
        Glyph::Info,
        Glyph::Key,
        Glyph::Mail,
        Glyph::Person,
        Glyph::Phone,
        Glyph::Print,
        Glyph::Search,
        Glyph::Shield,
        Glyph::ThumbDown,
        Glyph::ThumbUp,
        Glyph::Warning,
    ];
    view! {
        <Actions>{glyphs.map(|glyph| view! { <Icon glyph /> }).collect_view()}</Actions>
        <StreetScene />
    }
}
