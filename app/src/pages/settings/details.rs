//! The details of one's own account: where each is shown, and the forms that change them. The
//! e-mail address has a page of its own, `email.rs`.

use crate::{
    components::{
        ButtonKind, ButtonLink, Choice, Field, Form, RadioGroup, Section, SettingRow, Text,
    },
    context::{Page, PageContext},
    pages::sheet::{SaveOrCancel, Sheet},
    paths, words,
};
use contract::{Answer, DetailsDone, Field as Of, Locale, Profile};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// The rows of the settings, one action each.
pub(crate) fn rows(context: &PageContext, profile: &Profile) -> impl IntoView + use<> {
    let t = context.texts();
    let email = match profile.wanted_email.clone() {
        Some(wanted) => {
            td_string!(
                t,
                details.email_waits,
                email = profile.email.clone(),
                wanted = wanted
            )
        }
        None => profile.email.clone(),
    };
    let name = profile.name.clone();
    let language = language_name(context, profile.mail_language);
    let action = |path: &str, text: &'static str| {
        let href = context.own(path);
        view! { <ButtonLink text=text href=href kind=ButtonKind::Secondary /> }
    };
    let change_name = action(paths::NAME, td_string!(t, details.change_name));
    let change_language = action(paths::MAIL_LANGUAGE, td_string!(t, details.change_language));
    let change_email = action(paths::EMAIL, td_string!(t, details.change_email));
    view! {
        <Section title=td_string!(t, details.section)>
            <SettingRow title=td_string!(t, account.name) state=name>{change_name}</SettingRow>
            <SettingRow title=td_string!(t, account.mail_language) state=language>
                {change_language}
            </SettingRow>
            <SettingRow title=td_string!(t, account.email) state=email>{change_email}</SettingRow>
        </Section>
    }
}

/// The list of the profile.
pub(crate) fn facts(context: &PageContext, profile: &Profile) -> Vec<(Text, AnyView)> {
    let t = context.texts();
    let lang = profile.mail_language.as_str();
    let language = language_name(context, profile.mail_language);
    let since = profile.member_since.clone();
    vec![
        (
            td_string!(t, account.name).into(),
            profile.name.clone().into_any(),
        ),
        (
            td_string!(t, account.email).into(),
            profile.email.clone().into_any(),
        ),
        (
            td_string!(t, account.mail_language).into(),
            view! { <span lang=lang>{language}</span> }.into_any(),
        ),
        (
            td_string!(t, account.since).into(),
            view! { <time datetime=since.machine>{since.text}</time> }.into_any(),
        ),
    ]
}

/// What was saved a moment ago, as the settings say it; none for what another page says.
pub(crate) fn saved(context: &PageContext, done: DetailsDone) -> Option<&'static str> {
    let t = context.texts();
    match done {
        DetailsDone::NameChanged => Some(td_string!(t, details.name_done)),
        DetailsDone::LanguageChanged => Some(td_string!(t, details.language_done)),
        DetailsDone::EmailChanged => Some(td_string!(t, details.confirm_done)),
        DetailsDone::EmailAsked | DetailsDone::EmailWithdrawn | DetailsDone::EmailUndone => None,
    }
}

fn language_name(context: &PageContext, locale: Locale) -> &'static str {
    let t = context.texts();
    match locale {
        Locale::En => td_string!(t, common.language_en),
        Locale::Fr => td_string!(t, common.language_fr),
    }
}

/// Loads the page of the name.
pub async fn name(context: PageContext) -> Answer<Page> {
    let profile = context.backend.profile().await?;
    let t = context.texts();
    let title = td_string!(t, details.name_title);
    let page = Page::new(title, move || {
        let name = context.flash.typed("name").unwrap_or(profile.name);
        view! {
            <Sheet context=context.clone() title=title lead=td_string!(t, details.name_lead)>
                <Form action="/api/change_name" carry=context.carry() busy=td_string!(t, common.one_moment)>
                    <Field
                        label=td_string!(t, details.name_label)
                        name="name"
                        autocomplete="name"
                        autocapitalize="words"
                        value=name
                        error=words::beside(t, &context.flash, Of::Name)
                        required=true
                    />
                    <SaveOrCancel context=context.clone() text=td_string!(t, details.name_submit) />
                </Form>
            </Sheet>
        }
    });
    Ok(page.with_islands())
}

/// Loads the page of the language of mails.
pub async fn language(context: PageContext) -> Answer<Page> {
    let profile = context.backend.profile().await?;
    let t = context.texts();
    let title = td_string!(t, details.language_title);
    let page = Page::new(title, move || {
        let languages =
            Locale::ALL.map(|locale| Choice::new(locale.as_str(), language_name(&context, locale)));
        let present = profile.mail_language.as_str().to_owned();
        let chosen = context.flash.typed("mail_language").unwrap_or(present);
        view! {
            <Sheet context=context.clone() title=title lead=td_string!(t, details.language_lead)>
                <Form
                    action="/api/change_mail_language"
                    carry=context.carry()
                    busy=td_string!(t, common.one_moment)
                >
                    <RadioGroup
                        legend=td_string!(t, details.language_label)
                        name="mail_language"
                        options=languages.into()
                        selected=chosen
                    />
                    <SaveOrCancel context=context.clone() text=td_string!(t, details.language_submit) />
                </Form>
            </Sheet>
        }
    });
    Ok(page.with_islands())
}
