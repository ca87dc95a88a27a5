//! The letter to an organisation's ICT department: what to allow, why, and how.
//!
//! Both languages stand on the page, that of the page first, because the person who asks and the
//! person who decides need not read the same one. Printed, it is a letter without header and footer.

use crate::{
    components::{DescriptionList, Main, PageTitle, Text, Width},
    context::{Page, PageContext},
    i18n, locale,
};
use contract::{Answer, IctFacts, Locale, Problem, Provider};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page; there is none for a provider that the operator has not set up.
///
/// # Errors
/// [`Problem::NotFound`].
pub async fn page(context: PageContext) -> Answer<Page> {
    let provider = Provider::parse(context.param("provider")).ok_or(Problem::NotFound)?;
    let facts = context
        .backend
        .ict_facts(provider)
        .ok_or(Problem::NotFound)?;
    let t = context.texts();
    let title = td_string!(t, ict.title);
    Ok(Page::new(title, move || {
        let own = letter(&context, context.locale, &facts);
        let other = letter(&context, context.locale.other(), &facts);
        view! {
            <Main width=Width::Article>
                <div class="on-screen">
                    <PageTitle title=title lead=td_string!(t, ict.lead) />
                </div>
                {own}
                {other}
            </Main>
        }
    }))
}

fn letter(context: &PageContext, language: Locale, facts: &IctFacts) -> impl IntoView + use<> {
    let t = locale::texts(language);
    let (brand, provider) = (context.site.brand.clone(), facts.provider.name());
    let subject = td_string!(t, ict.subject, brand = brand.clone(), provider = provider);
    let opening = td_string!(t, ict.opening, brand = brand, provider = provider);
    let id = format!("letter-{}", language.as_str());
    let labelled_by = id.clone();
    let application = application(t, facts, &context.site.support_email);
    let permissions = permissions(t, &facts.scopes);
    let steps = steps(t, facts);
    view! {
        <article class="ict-letter prose" lang=language.as_str() aria-labelledby=labelled_by>
            <h2 id=id>{subject}</h2>
            <p>{opening}</p>
            <h3>{td_string!(t, ict.facts)}</h3>
            {application}
            <h3>{td_string!(t, ict.permissions)}</h3>
            {permissions}
            <p>{td_string!(t, ict.no_more)}</p>
            <h3>{td_string!(t, ict.steps)}</h3>
            {steps}
            <p>{td_string!(t, ict.thanks)}</p>
        </article>
    }
}

fn application(t: i18n::Locale, facts: &IctFacts, support: &str) -> impl IntoView + use<> {
    let (id, back_office, callback) = (
        facts.client_id.clone(),
        facts.back_office.clone(),
        facts.callback.clone(),
    );
    let name = facts.provider.name();
    let code = |text: String| view! { <code>{text}</code> }.into_any();
    let mut rows: Vec<(Text, AnyView)> = vec![(td_string!(t, ict.client_id).into(), code(id))];
    if let Some(address) = facts.consent_url.clone() {
        let shown = address.clone();
        let link = view! { <a href=address rel="noreferrer">{shown}</a> }.into_any();
        rows.push((td_string!(t, ict.consent).into(), link));
    }
    rows.push((td_string!(t, ict.back_office).into(), code(back_office)));
    rows.push((
        td_string!(t, ict.callback, provider = name).into(),
        code(callback),
    ));
    let (mail, shown) = (format!("mailto:{support}"), support.to_owned());
    let contact = view! { <a href=mail>{shown}</a> }.into_any();
    rows.push((td_string!(t, ict.contact).into(), contact));
    view! { <DescriptionList items=rows /> }
}

fn permissions(t: i18n::Locale, scopes: &[String]) -> impl IntoView + use<> {
    let lines = scopes.iter().map(|scope| {
        let why = match scope.as_str() {
            "openid" => Some(td_string!(t, ict.scope_openid)),
            "email" => Some(td_string!(t, ict.scope_email)),
            "profile" => Some(td_string!(t, ict.scope_profile)),
            _ => None,
        };
        let why = why.map(|why| format!(" – {why}"));
        let scope = scope.clone();
        view! { <li><code>{scope}</code> {why}</li> }
    });
    let lines = lines.collect_view();
    view! { <ul>{lines}</ul> }
}

fn steps(t: i18n::Locale, facts: &IctFacts) -> impl IntoView + use<> {
    let consent = facts
        .consent_url
        .is_some()
        .then(|| td_string!(t, ict.microsoft_consent));
    let own = match facts.provider {
        Provider::Google => vec![td_string!(t, ict.google_trust)],
        Provider::Microsoft => vec![
            td_string!(t, ict.microsoft_enabled),
            td_string!(t, ict.microsoft_conditional),
        ],
    };
    let lines = consent
        .into_iter()
        .chain(own)
        .chain([td_string!(t, ict.filter)])
        .map(|line| view! { <li>{line}</li> })
        .collect_view();
    view! { <ol>{lines}</ol> }
}
