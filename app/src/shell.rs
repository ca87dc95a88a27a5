//! The document around every page: head, skip link, header, footer.

use crate::{
    components::{
        Button, ButtonKind, Carried, FooterLink, LanguageLink, MenuLink, MenuPost, Notice,
        ProfileMenu, SessionEnds, SessionWatch, SiteFooter, SiteHeader, SkipLink, StartScript,
        Tone,
    },
    context::{Page, PageContext},
    locale,
    paths::{self, encode},
    words,
};
use contract::{Done, Door};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// The whole document. The caller writes `<!DOCTYPE html>` before it.
pub fn document(context: &PageContext, page: Page) -> impl IntoView + use<> {
    let t = context.texts();
    let title = title(context, &page);
    let start = page.islands.then(|| start_script(context));
    let head = head(context, &page, title);
    let header = header(context, page.secret_address);
    let footer = footer(context);
    let leaving = leaving(context);
    let returned = returned(context);
    let visit = visit(context);
    // No page loads a script for it alone: what is posted too late is kept without one.
    let watch = page.islands.then(|| session_watch(context));
    let body = (page.body)();
    view! {
        <html lang=context.locale.as_str() dir="ltr">
            <head>{head} {start}</head>
            <body>
                <SkipLink text=td_string!(t, common.skip) />
                {header}
                {visit}
                {leaving}
                {returned}
                {body}
                {watch}
                {footer}
            </body>
        </html>
    }
}

/// What a tab and a screen reader say first: whether something went wrong, the page, the brand.
fn title(context: &PageContext, page: &Page) -> String {
    let title = format!("{} – {}", page.title, context.site.brand);
    match &context.flash.problem {
        Some(problem) if problem.is_fault() => {
            td_string!(context.texts(), errors.title, title = title)
        }
        _ => title,
    }
}

fn head(context: &PageContext, page: &Page, title: String) -> impl IntoView + use<> {
    let site = &context.site;
    let referrer = page
        .secret_address
        .then(|| view! { <meta name="referrer" content="strict-origin" /> });
    let description = page
        .description
        .clone()
        .map(|text| view! { <meta name="description" content=text /> });
    let hidden = (context.viewer.is_some() || page.secret_address)
        .then(|| view! { <meta name="robots" content="noindex" /> });
    let colour = colour(context);
    let canonical = canonical(context);
    let alternates = page.translated.then(|| {
        let links = [contract::Locale::En, contract::Locale::Fr].map(|other| {
            let href = format!("{}{}", site.public_url, locale::href(other, &context.path));
            view! { <link rel="alternate" hreflang=other.as_str() href=href /> }
        });
        links.collect_view()
    });
    let alternates = alternates.filter(|_| !page.secret_address && canonical.is_none());
    let canonical = canonical.map(|href| view! { <link rel="canonical" href=href /> });
    view! {
        <meta charset="utf-8" />
        <title>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {referrer}
        {description}
        {hidden}
        <link rel="preload" href=site.assets.font.clone() r#as="font" r#type="font/woff2" crossorigin="anonymous" />
        <link rel="stylesheet" href=site.assets.css.clone() />
        {colour}
        <link rel="icon" href=site.assets.icon.clone() r#type="image/svg+xml" />
        {canonical}
        {alternates}
    }
}

/// The colour of the organisation, for screens: what is printed is black.
fn colour(context: &PageContext) -> Option<impl IntoView + use<>> {
    let Door::Platform(door) = &context.door else {
        return None;
    };
    let colour = door.colour.as_ref()?.trim_start_matches('#').to_owned();
    let href = format!("/assets/colour-{colour}.css");
    Some(view! { <link rel="stylesheet" media="screen" href=href /> })
}

/// The help is the same behind every door: search engines should index one copy.
fn canonical(context: &PageContext) -> Option<String> {
    let Door::Platform(_) = context.door else {
        return None;
    };
    let path = context.path.strip_prefix(&context.door.entrance(""))?;
    path.starts_with(paths::HELP).then(|| context.href(path))
}

fn start_script(context: &PageContext) -> impl IntoView + use<> {
    let assets = &context.site.assets;
    view! { <StartScript js_url=assets.js.clone() wasm_url=assets.wasm.clone() nonce=context.nonce.clone() /> }
}

fn header(context: &PageContext, secret_address: bool) -> impl IntoView + use<> {
    let t = context.texts();
    let other = context.locale.other();
    let query = kept_query(context, secret_address);
    let language = locale::href(other, &format!("{}{query}", context.path));
    let name = match other {
        contract::Locale::En => td_string!(t, common.language_en),
        contract::Locale::Fr => td_string!(t, common.language_fr),
    };
    let menu = context.viewer.as_ref().map(|viewer| menu(context, viewer));
    let door = match &context.door {
        Door::Platform(door) => Some(door.organisation_name.clone()),
        Door::BackOffice if is_outside(&context.path) => None,
        Door::BackOffice => Some(td_string!(t, common.back_office).to_string()),
    };
    // A signed-in user never gets a page from the cache (decision 0012).
    let logo = match &context.door {
        Door::Platform(door) => door.logo.clone(),
        Door::BackOffice => None,
    };
    let home = match &context.door {
        Door::BackOffice if context.viewer.is_none() => paths::HOME.to_owned(),
        door => door.home(),
    };
    view! {
        <SiteHeader brand=context.site.brand.clone() home=context.href(&home) door=door logo=logo>
            <LanguageLink href=language lang=other.as_str() text=name />
            {menu}
        </SiteHeader>
    }
}

/// Above every page of a user who requested the deletion of the account: when, and the way to
/// keep it. The page of leaving says so itself.
fn leaving(context: &PageContext) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    let leaves = context
        .viewer
        .as_ref()
        .and_then(|viewer| viewer.leaves.clone())?;
    let here = context.path == context.door.own(paths::DELETE);
    let carry = context.carry();
    (!here).then(|| {
        let text = td_string!(t, leaving.banner, when = leaves.text);
        view! {
            <aside class="banner" aria-label=td_string!(t, leaving.banner_label)>
                <Notice tone=Tone::Warning word=text>
                    <form method="post" action="/api/keep_account">
                        <Carried carry=carry />
                        <Button text=td_string!(t, leaving.keep) kind=ButtonKind::Secondary />
                    </form>
                </Notice>
            </aside>
        }
    })
}

/// Above every page of a project for somebody who is signed in to the back office: whose eyes see it, and the way back.
fn visit(context: &PageContext) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    context.is_visit.then(|| {
        let text = td_string!(t, common.visitor);
        let back = context.href(paths::BACK_OFFICE);
        view! {
            <aside class="banner" aria-label=text>
                <Notice tone=Tone::Info word=text>
                    <a href=back>{td_string!(t, common.visitor_back)}</a>
                </Notice>
            </aside>
        }
    })
}

/// That what was typed before the last session ended stands in the form again.
fn returned(context: &PageContext) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    (context.flash.done == Some(Done::TextReturned)).then(|| {
        let word = td_string!(t, common.word_info);
        view! {
            <aside class="returned" aria-label=word>
                <Notice tone=Tone::Info word=word live=true>
                    {td_string!(t, sessions.returned)}
                </Notice>
            </aside>
        }
    })
}

/// Warns a user who types while the session is about to end.
fn session_watch(context: &PageContext) -> Option<impl IntoView + use<>> {
    let left = context.viewer.as_ref()?.left;
    let ends = SessionEnds {
        idle_s: left.idle_s,
        age_s: left.age_s,
        warning_s: left.warning_s,
    };
    let words = words::session_watch(context.texts());
    Some(view! { <SessionWatch words=words ends=ends door=context.door.tag() /> })
}

/// What the language link keeps of the query: a search in the help, and on a page
/// with a secret address its token, since the page in the other language is the same secret one. A
/// token that strayed into any other address goes no further.
fn kept_query(context: &PageContext, secret_address: bool) -> String {
    let name = if secret_address {
        "token"
    } else if context.path == context.door.entrance(paths::HELP_SEARCH) {
        "q"
    } else {
        return String::new();
    };
    let value = context.query(name);
    value.map_or_else(String::new, |value| format!("?{name}={}", encode(value)))
}

/// The front page, the help and the demo stand behind no door.
fn is_outside(path: &str) -> bool {
    path == paths::HOME
        || [paths::HELP, paths::MAILBOX, paths::COMPONENTS]
            .iter()
            .any(|room| path.starts_with(room))
}

fn menu(context: &PageContext, viewer: &contract::Viewer) -> impl IntoView + use<> {
    let t = context.texts();
    let context = context.clone();
    let desk = viewer.is_agent.then(|| {
        view! { <MenuLink href=context.href(paths::DESK) text=td_string!(t, common.desk) current=context.path == paths::DESK /> }
    });
    let home = match &context.door {
        Door::BackOffice => td_string!(t, common.back_office).to_string(),
        Door::Platform(door) => door.project_name.clone(),
    };
    let link = |path: String, text: String| {
        let current = context.path == path;
        view! { <MenuLink href=context.href(&path) text=text current=current /> }
    };
    let door = &context.door;
    let links = [
        link(door.home(), home),
        link(
            door.own(paths::PROFILE),
            td_string!(t, common.my_profile).to_string(),
        ),
        link(
            door.own(paths::SETTINGS),
            td_string!(t, common.settings).to_string(),
        ),
    ];
    view! {
        <ProfileMenu name=viewer.name.clone() label=td_string!(t, common.account_menu)>
            {links.collect_view()}
            {desk}
            <MenuPost action="/api/sign_out" text=td_string!(t, common.sign_out) carry=context.carry() />
        </ProfileMenu>
    }
}

fn footer(context: &PageContext) -> impl IntoView + use<> {
    let t = context.texts();
    let context = context.clone();
    let demo = context.site.mailbox.then(|| {
        view! {
            <FooterLink href=context.href(paths::MAILBOX) text=td_string!(t, common.mailbox) />
            <FooterLink href=context.href(paths::COMPONENTS) text=td_string!(t, common.components) />
        }
    });
    let mail = format!("mailto:{}", context.site.support_email);
    let privacy = matches!(context.door, Door::Platform(_)).then(|| {
        let href = context.href(&context.door.own(paths::PRIVACY));
        view! { <FooterLink href=href text=td_string!(t, platform.privacy) /> }
    });
    view! {
        <SiteFooter label=td_string!(t, common.footer_label)>
            <FooterLink href=context.entrance(paths::HELP) text=td_string!(t, common.help) />
            <FooterLink href=mail text=td_string!(t, common.support) />
            {privacy}
            {demo}
        </SiteFooter>
    }
}
