//! The document around every page: head, skip link, header, footer.

use crate::{
    components::{
        Button, ButtonKind, Carried, FooterLink, LanguageLink, MenuLink, MenuPost, Notice,
        ProfileMenu, SessionEnds, SessionWatch, SiteFooter, SiteHeader, SkipLink, StartScript,
        Tone,
    },
    locale,
    paths::{self, encode},
    visit::{Page, Visit},
    words,
};
use contract::{Done, Door};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// The whole document. The caller writes `<!DOCTYPE html>` before it.
pub fn document(visit: &Visit, page: Page) -> impl IntoView + use<> {
    let t = visit.texts();
    let title = format!("{} – {}", page.title, visit.site.brand);
    let start = page.islands.then(|| start_script(visit));
    let head = head(visit, &page, title);
    let header = header(visit, page.secret_address);
    let footer = footer(visit);
    let leaving = leaving(visit);
    let returned = returned(visit);
    // No page loads a script for it alone: what is posted too late is kept without one.
    let watch = page.islands.then(|| session_watch(visit));
    let body = (page.body)();
    view! {
        <html lang=visit.locale.as_str() dir="ltr">
            <head>{head} {start}</head>
            <body>
                <SkipLink text=td_string!(t, common.skip) />
                {header}
                {leaving}
                {returned}
                {body}
                {watch}
                {footer}
            </body>
        </html>
    }
}

fn head(visit: &Visit, page: &Page, title: String) -> impl IntoView + use<> {
    let site = &visit.site;
    let referrer = page
        .secret_address
        .then(|| view! { <meta name="referrer" content="no-referrer" /> });
    let description = page
        .description
        .clone()
        .map(|text| view! { <meta name="description" content=text /> });
    let hidden = (visit.viewer.is_some() || page.secret_address)
        .then(|| view! { <meta name="robots" content="noindex" /> });
    let canonical = canonical(visit);
    let alternates = page.translated.then(|| {
        let links = [contract::Locale::En, contract::Locale::Fr].map(|other| {
            let href = format!("{}{}", site.public_url, locale::href(other, &visit.path));
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
        <link rel="icon" href=site.assets.icon.clone() r#type="image/svg+xml" />
        {canonical}
        {alternates}
    }
}

/// The help behind a project's door is the help of everybody: search engines are to know one of it.
fn canonical(visit: &Visit) -> Option<String> {
    let Door::Platform(_) = visit.door else {
        return None;
    };
    let path = visit.path.strip_prefix(&visit.door.entrance(""))?;
    path.starts_with(paths::HELP).then(|| visit.href(path))
}

fn start_script(visit: &Visit) -> impl IntoView + use<> {
    let assets = &visit.site.assets;
    view! { <StartScript js_url=assets.js.clone() wasm_url=assets.wasm.clone() nonce=visit.nonce.clone() /> }
}

fn header(visit: &Visit, secret_address: bool) -> impl IntoView + use<> {
    let t = visit.texts();
    let other = visit.locale.other();
    let query = kept_query(visit, secret_address);
    let language = locale::href(other, &format!("{}{query}", visit.path));
    let name = match other {
        contract::Locale::En => td_string!(t, common.language_en),
        contract::Locale::Fr => td_string!(t, common.language_fr),
    };
    let menu = visit.viewer.as_ref().map(|viewer| menu(visit, viewer));
    let door = match &visit.door {
        Door::Platform(door) => Some(door.organisation_name.clone()),
        Door::BackOffice if is_outside(&visit.path) => None,
        Door::BackOffice => Some(td_string!(t, common.back_office).to_string()),
    };
    // Whoever is signed in is never shown a page that was kept for others (decision 0012).
    let home = match &visit.door {
        Door::BackOffice if visit.viewer.is_none() => paths::HOME.to_owned(),
        door => door.home(),
    };
    view! {
        <SiteHeader brand=visit.site.brand.clone() home=visit.href(&home) door=door>
            <LanguageLink href=language lang=other.as_str() text=name />
            {menu}
        </SiteHeader>
    }
}

/// Above every page of somebody who has asked for her account to be deleted: when, and the way to
/// keep it. The page of leaving says so itself.
fn leaving(visit: &Visit) -> Option<impl IntoView + use<>> {
    let t = visit.texts();
    let leaves = visit
        .viewer
        .as_ref()
        .and_then(|viewer| viewer.leaves.clone())?;
    let here = visit.path == visit.door.own(paths::DELETE);
    let carry = visit.carry();
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

/// That what was typed before the last session ended stands in the form again.
fn returned(visit: &Visit) -> Option<impl IntoView + use<>> {
    let t = visit.texts();
    (visit.flash.done == Some(Done::TextReturned)).then(|| {
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

/// Warns whoever types when her session comes to its end.
fn session_watch(visit: &Visit) -> Option<impl IntoView + use<>> {
    let left = visit.viewer.as_ref()?.left;
    let ends = SessionEnds {
        idle_s: left.idle_s,
        age_s: left.age_s,
        warning_s: left.warning_s,
    };
    let words = words::session_watch(visit.texts());
    Some(view! { <SessionWatch words=words ends=ends door=visit.door.tag() /> })
}

/// What the language link keeps of the query: what somebody looked for in the help, and on a page
/// with a secret address its token, since the page in the other language is the same secret one. A
/// token that strayed into any other address goes no further.
fn kept_query(visit: &Visit, secret_address: bool) -> String {
    let name = if secret_address {
        "token"
    } else if visit.path == visit.door.entrance(paths::HELP_SEARCH) {
        "q"
    } else {
        return String::new();
    };
    let value = visit.query(name);
    value.map_or_else(String::new, |value| format!("?{name}={}", encode(value)))
}

/// The front page, the help and the rehearsal stand behind no door.
fn is_outside(path: &str) -> bool {
    path == paths::HOME
        || [paths::HELP, paths::MAILBOX, paths::COMPONENTS]
            .iter()
            .any(|room| path.starts_with(room))
}

fn menu(visit: &Visit, viewer: &contract::Viewer) -> impl IntoView + use<> {
    let t = visit.texts();
    let visit = visit.clone();
    let desk = viewer.is_agent.then(|| {
        view! { <MenuLink href=visit.href(paths::DESK) text=td_string!(t, common.desk) current=visit.path == paths::DESK /> }
    });
    let home = match &visit.door {
        Door::BackOffice => td_string!(t, common.back_office).to_string(),
        Door::Platform(door) => door.project_name.clone(),
    };
    let link = |path: String, text: String| {
        let current = visit.path == path;
        view! { <MenuLink href=visit.href(&path) text=text current=current /> }
    };
    let door = &visit.door;
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
            <MenuPost action="/api/sign_out" text=td_string!(t, common.sign_out) carry=visit.carry() />
        </ProfileMenu>
    }
}

fn footer(visit: &Visit) -> impl IntoView + use<> {
    let t = visit.texts();
    let visit = visit.clone();
    let rehearsal = visit.site.mailbox.then(|| {
        view! {
            <FooterLink href=visit.href(paths::MAILBOX) text=td_string!(t, common.mailbox) />
            <FooterLink href=visit.href(paths::COMPONENTS) text=td_string!(t, common.components) />
        }
    });
    let mail = format!("mailto:{}", visit.site.support_email);
    view! {
        <SiteFooter label=td_string!(t, common.footer_label)>
            <FooterLink href=visit.entrance(paths::HELP) text=td_string!(t, common.help) />
            <FooterLink href=mail text=td_string!(t, common.support) />
            {rehearsal}
        </SiteFooter>
    }
}
