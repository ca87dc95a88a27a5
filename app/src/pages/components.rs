//! Every building block with all its states, on one page of the rehearsal.
//!
//! It is for whoever builds a page, and for whoever looks whether a change of the style broke
//! something: open it in both themes, at 320 pixels, in forced colours. Its words are samples, and
//! English in both languages; real words come from `locales`.

use contract::{Answer, Provider};
use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::components::{
    Actions, Breadcrumb, Button, ButtonKind, ButtonLink, Checkbox, Choice, CodeActions, CodeField,
    CodeSheet, Contents, ContentsItem, DescriptionList, Dialog, DialogButton, Disclosure, Divider,
    EmptyState, ErrorSummary, Field, FieldError, Fieldset, Form, Glyph, Icon, Letter, Main,
    NewPasswordField, Notice, PageTitle, PasswordField, Prose, ProviderButton, ProviderLink,
    QrFigure, RadioGroup, Rehearsal, SecretKey, Section, Select, SessionLine, SettingRow, Step,
    Steps, StreetScene, Strength, Table, Tag, Text, TextArea, Tone, Vote, VoteButtons, Width,
};
use crate::i18n::Locale;
use crate::visit::{Page, Visit};
use crate::words;

/// Draws the page. It asks no port.
pub async fn page(visit: Visit) -> Answer<Page> {
    let title = td_string!(visit.texts(), common.components);
    Ok(Page::new(title, move || body(title)).with_islands())
}

fn body(title: &'static str) -> impl IntoView {
    let errors = vec![
        FieldError::new(
            "wrong",
            "Enter the address of your account, such as name@town.be",
        ),
        FieldError::new("wrong-code", "Wait for the next code and enter it"),
        FieldError::general("Something that is about no field"),
    ];
    view! {
        <Main width=Width::List>
            <ErrorSummary title="There is a problem" errors />
            <PageTitle kicker="Rehearsal" title lead="Every building block, with its states." />
            <Section title="Buttons">{buttons()}</Section>
            <Section title="Fields">{fields()}</Section>
            <Section title="Choices">{choices()}</Section>
            <Section title="Messages">{messages()}</Section>
            <Section title="Strength of a password">{strength()}</Section>
            <Section title="Codes">{codes()}</Section>
            <Section title="Settings and tables">{settings()}</Section>
            <Section title="Text">{text()}</Section>
            <Section title="Drawings">{drawings()}</Section>
        </Main>
    }
}

fn buttons() -> impl IntoView {
    view! {
        <Form action="#" carry="en">
            <Actions>
                <Button text="Primary" />
                <Button text="Secondary" kind=ButtonKind::Secondary />
                <Button text="Danger" kind=ButtonKind::Danger />
                <Button text="Quiet" kind=ButtonKind::Quiet />
                <ButtonLink href="#" text="A link, with an icon" glyph=Glyph::Arrow kind=ButtonKind::Secondary />
            </Actions>
            <Button text="As wide as the form" wide=true />
            <Divider text="or" />
            <ProviderLink provider=Provider::Google text="Sign in with Google" href="#" />
            <ProviderLink provider=Provider::Microsoft text="Sign in with Microsoft" href="#" />
            <ProviderButton provider=Provider::Microsoft text="Continue with Microsoft" />
        </Form>
    }
}

fn fields() -> impl IntoView {
    let long = "Adresse électronique de la personne qui gère l’organisation";
    view! {
        <Form action="#" carry="en" busy="One moment …">
            <Field label="E-mail address" name="plain" kind="email" hint="The one you sign in with" value="marie@oosterdal.example" />
            <Field label="E-mail address, refused" name="wrong" kind="email" error="Enter the address of your account, such as name@town.be" value="marie@" />
            <Field label=long name="long" hint="A long label, as French often needs" autocapitalize="sentences" />
            <Field label="Postcode" name="short" short=true inputmode="numeric" />
            <PasswordField label="Password" name="password" show="Show" hide="Hide" what="password">
                <a href="#">"Forgot your password?"</a>
            </PasswordField>
            <NewPasswordField label="New password" name="new-password" minimum=15 words=words::new_password(Locale::en, 15) />
            <NewPasswordField label="New password, refused" name="new-password-wrong" minimum=15 words=words::new_password(Locale::en, 15) error="Use at least 15 characters" />
            <CodeField label="Code of 6 digits" name="code" hint="From your authenticator application" />
            <CodeField label="Code of 6 digits, refused" name="wrong-code" error="Wait for the next code and enter it" />
            <CodeField label="Recovery code" name="letters" digits=false hint="From the sheet that you kept" />
            <TextArea label="Your comment" name="comment" hint="Without passwords or codes" value="</textarea> stays text" />
            <Actions>
                <Button text="Send, and watch the button" />
            </Actions>
        </Form>
    }
}

fn choices() -> impl IntoView {
    let languages = vec![
        (Text::from("en"), Text::from("English")),
        ("fr".into(), "Français".into()),
    ];
    let roles = vec![
        Choice::new("organisation", "Organisation manager")
            .with_hint("Looks after people and projects"),
        Choice::new("content", "Content manager").with_hint("Looks after texts and pictures"),
    ];
    let wrong = vec![Choice::new("yes", "Yes"), Choice::new("no", "No")];
    view! {
        <Form action="#" carry="en">
            <Select label="Language" name="language" options=languages selected="fr" />
            <RadioGroup legend="Role" name="role" options=roles selected="content" />
            <RadioGroup legend="May others see it?" name="seen" options=wrong error="Choose yes or no" />
            <Fieldset legend="Mails" hint="Security mails always come">
                <Checkbox label="News of my projects" name="news" checked=true />
                <Checkbox label="A digest every week" name="digest" hint="On Monday morning" />
            </Fieldset>
            <Actions>
                <Button text="Save" />
            </Actions>
            <Checkbox label="I have kept them" name="kept" error="Tick this box when you have kept the codes" />
        </Form>
    }
}

fn messages() -> impl IntoView {
    view! {
        <Notice tone=Tone::Success word="Done"><p>"Two-factor authentication is on."</p></Notice>
        <Notice tone=Tone::Info word="Please note"><p>"The next code comes in half a minute."</p></Notice>
        <Notice tone=Tone::Warning word="Take care"><p>"This is your last recovery code."</p></Notice>
        <Notice tone=Tone::Danger word="Not done"><p>"The mail could not be sent."</p></Notice>
        <Notice tone=Tone::Neutral word="Note"><p>"Nothing to do."</p></Notice>
        <SessionLine says="Your session ends in 10 minutes." keep="Keep the session open" />
        <Actions>
            <Tag text="Invited" />
            <Tag tone=Tone::Success text="Confirmed" />
            <Tag tone=Tone::Info text="New" />
            <Tag tone=Tone::Warning text="Waiting" />
            <Tag tone=Tone::Danger text="Locked" />
        </Actions>
        <EmptyState title="No participants yet" text="They appear here when they register.">
            <ButtonLink href="#" text="Add a participant" kind=ButtonKind::Secondary />
        </EmptyState>
        <Rehearsal title="Rehearsal town"><p>"What exists in the rehearsal only."</p></Rehearsal>
        <DialogButton target="sample-dialog" text="Open the dialog" />
        <Dialog id="sample-dialog" title="End this session?" close="Cancel">
            <p>"The device will have to sign in again."</p>
            <Form action="#" carry="en"><Button text="End the session" kind=ButtonKind::Danger /></Form>
        </Dialog>
    }
}

/// What stands under the field of a new password, in each of its states: as the island leaves it.
fn strength() -> impl IntoView {
    let states = [
        ("", ""),
        ("wait", "5 more characters needed."),
        ("short", "5 more characters needed."),
        ("weak", "This password is easy to guess."),
        ("later", "Long enough."),
        ("good", "Good."),
    ];
    let states = states.map(|(state, says)| view! { <Strength state says /> });
    states.collect_view()
}

/// Not a code that can be scanned: three corners, for the look.
const PICTURE: &str = r##"<svg viewBox="0 0 29 29" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h29v29H0z"/><path d="M4 4h7v7H4zm14 0h7v7h-7zM4 18h7v7H4zm9-12h3v2h-3zm0 5h2v3h-2zm4 3h2v2h-2zm4 1h3v2h-3zm-3 4h2v3h-2zm5 2h2v4h-2zm-9 1h2v3h-2zM4 13h3v2H4zm5 1h2v2H9z"/><path fill="#fff" d="M5 5h5v5H5zm14 0h5v5h-5zM5 19h5v5H5z"/><path d="M6 6h3v3H6zm14 0h3v3h-3zM6 20h3v3H6z"/></svg>"##;

fn codes() -> impl IntoView {
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
        <QrFigure svg=PICTURE alt="Sample of a picture to scan" caption="For marie@oosterdal.example" />
        <SecretKey label="Key" value="JBSW Y3DP EHPK 3PXP" copy="Copy the key" copied="Copied" />
        <CodeSheet title="Recovery codes" owner="marie@oosterdal.example" made="Made on 21 May 2025" codes=sheet note="Keep this sheet where you keep important papers." />
        <CodeActions codes_id="codes" print="Print" copy="Copy" copied="Copied" download="Download" filename="sample.txt" />
    }
}

fn settings() -> impl IntoView {
    let heads = ["Person", "State", "Last seen", "Action"]
        .map(Text::from)
        .to_vec();
    let rows = vec![
        vec![
            "Marie Dupont".into_any(),
            view! { <Tag tone=Tone::Success text="Confirmed" /> }.into_any(),
            "21 May 2025".into_any(),
            view! { <ButtonLink href="#" text="Edit" kind=ButtonKind::Secondary /> }.into_any(),
        ],
        vec![
            "Jan Peeters".into_any(),
            view! { <Tag tone=Tone::Warning text="Waiting" /> }.into_any(),
            "Never".into_any(),
            ().into_any(),
        ],
    ];
    let facts = vec![
        (Text::from("Name"), "Marie Dupont".into_any()),
        (
            "E-mail address".into(),
            "marie@oosterdal.example".into_any(),
        ),
    ];
    view! {
        <SettingRow title="Password" state="Changed on 3 May"><ButtonLink href="#" text="Change" kind=ButtonKind::Secondary /></SettingRow>
        <SettingRow title="Two-factor authentication" state="On since 3 May, last used today" tone=Tone::Success><ButtonLink href="#" text="Disable" kind=ButtonKind::Secondary /></SettingRow>
        <SettingRow title="Recovery codes" state="2 of 10 left" tone=Tone::Warning><ButtonLink href="#" text="Make new codes" kind=ButtonKind::Secondary /></SettingRow>
        <Table caption="People" heads rows />
        <DescriptionList items=facts />
    }
}

fn text() -> impl IntoView {
    let html = "<p>A paragraph with <a href=\"#\">a link</a>, <strong>weight</strong> and <code>0O 1lI</code>.</p><h2>A heading</h2><ol><li>A first step</li><li>A second step</li></ol><ul><li>A point</li><li>Another</li></ul><blockquote><p>Something to keep in mind.</p></blockquote>";
    let above = vec![(Text::from("#"), Text::from("Help"))];
    let contents = vec![
        ContentsItem::new("#main", "1. A section"),
        ContentsItem::new("#main", "A part of it").sub(),
    ];
    let heads = vec![(Text::from("To"), Text::from("marie@oosterdal.example"))];
    view! {
        <Breadcrumb label="You are here" items=above current="This page" />
        <Contents title="On this page" items=contents />
        <Prose html />
        <Steps>
            <Step title="Do this"><p>"How to do it."</p></Step>
            <Step title="Then that"><p>"And how to do that."</p></Step>
        </Steps>
        <Disclosure summary="What most people do not need"><p>"One press away."</p></Disclosure>
        <Vote title="Did this article answer your questions?">
            <Form action="#" carry="en"><VoteButtons yes="Yes" no="No" /></Form>
        </Vote>
        <Letter subject="A sample mail" heads body="Good morning,\n\nThis is the text of a mail.\n" html_href="#" html_text="As HTML" />
    }
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
