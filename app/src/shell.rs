//! The document around every page: head, skip link, header, footer.

use crate::{
    components::{
        FooterLink, LanguageLink, MenuLink, MenuPost, ProfileMenu, SiteFooter, SiteHeader,
        SkipLink, StartScript,
    },
    locale,
    routes::paths,
    visit::{Page, Visit},
};
use contract::Door;
use leptos::prelude::*;
use leptos_i18n::td_string;

/// The whole document. The caller writes `<!DOCTYPE html>` before it.
pub fn document(visit: &Visit, page: Page) -> impl IntoView + use<> {
    let t = visit.texts();
    let title = format!("{} – {}", page.title, visit.site.brand);
    let start = page.islands.then(|| start_script(visit));
    let head = head(visit, &page, title);
    let header = header(visit);
    let footer = footer(visit);
    let body = (page.body)();
    view! {
        <html lang=visit.locale.as_str() dir="ltr">
            <head>{head} {start}</head>
            <body>
                <SkipLink text=td_string!(t, common.skip) />
                {header}
                {body}
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
    let alternates = page.translated.then(|| {
        let links = [contract::Locale::En, contract::Locale::Fr].map(|other| {
            let href = format!("{}{}", site.public_url, locale::href(other, &visit.path));
            view! { <link rel="alternate" hreflang=other.as_str() href=href /> }
        });
        links.collect_view()
    });
    let alternates = alternates.filter(|_| !page.secret_address);
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
        {alternates}
    }
}

fn start_script(visit: &Visit) -> impl IntoView + use<> {
    let assets = &visit.site.assets;
    view! { <StartScript js_url=assets.js.clone() wasm_url=assets.wasm.clone() nonce=visit.nonce.clone() /> }
}

fn header(visit: &Visit) -> impl IntoView + use<> {
    let t = visit.texts();
    let other = visit.locale.other();
    // The link keeps the page; of the query only what a person typed into a search is kept, so
    // that a mailed token never gets into another address.
    let query = visit
        .query("q")
        .map(|q| format!("?q={}", encode(q)))
        .unwrap_or_default();
    let query = if visit.path == paths::HELP_SEARCH {
        query
    } else {
        token_query(visit)
    };
    let language = locale::href(other, &format!("{}{query}", visit.path));
    let name = match other {
        contract::Locale::En => td_string!(t, common.language_en),
        contract::Locale::Fr => td_string!(t, common.language_fr),
    };
    let menu = visit.viewer.as_ref().map(|viewer| menu(visit, viewer));
    let (door, home) = match &visit.door {
        Door::Platform(door) => (Some(door.organisation_name.clone()), visit.door.home()),
        Door::BackOffice if is_back_office(&visit.path) => {
            let name = td_string!(t, common.back_office).to_string();
            (Some(name), paths::HOME.to_owned())
        }
        Door::BackOffice => (None, paths::HOME.to_owned()),
    };
    view! {
        <SiteHeader brand=visit.site.brand.clone() home=visit.href(&home) door=door>
            <LanguageLink href=language lang=other.as_str() text=name />
            {menu}
        </SiteHeader>
    }
}

/// The pages behind mailed links must keep their token when the language changes; each is the same
/// secret page.
fn token_query(visit: &Visit) -> String {
    let secret = [
        paths::INVITATION,
        paths::RESET_PASSWORD,
        paths::CONFIRM_EMAIL,
        paths::UNDO_EMAIL,
        paths::NOT_ME,
    ]
    .iter()
    .any(|page| visit.path.ends_with(page));
    match visit.query("token") {
        Some(token) if secret => format!("?token={}", encode(token)),
        _ => String::new(),
    }
}

fn is_back_office(path: &str) -> bool {
    [
        paths::SIGN_IN,
        paths::FORGOT_PASSWORD,
        paths::RESET_PASSWORD,
        paths::BACK_OFFICE,
        paths::PROFILE,
        paths::SETTINGS,
        paths::INVITATION,
        paths::DESK,
    ]
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
    let rehearsal = visit.backend.has_mailbox().then(|| {
        view! {
            <FooterLink href=visit.href(paths::MAILBOX) text=td_string!(t, common.mailbox) />
            <FooterLink href=visit.href(paths::COMPONENTS) text=td_string!(t, common.components) />
        }
    });
    let mail = format!("mailto:{}", visit.site.support_email);
    view! {
        <SiteFooter label=td_string!(t, common.footer_label)>
            <FooterLink href=visit.href(paths::HELP) text=td_string!(t, common.help) />
            <FooterLink href=mail text=td_string!(t, common.support) />
            {rehearsal}
        </SiteFooter>
    }
}

/// Percent-encodes a value of a query.
pub fn encode(text: &str) -> String {
    text.bytes()
        .fold(String::with_capacity(text.len()), |mut out, byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                out.push(char::from(byte));
            } else {
                out.push('%');
                out.push(
                    char::from_digit(u32::from(byte >> 4), 16)
                        .unwrap_or('0')
                        .to_ascii_uppercase(),
                );
                out.push(
                    char::from_digit(u32::from(byte & 15), 16)
                        .unwrap_or('0')
                        .to_ascii_uppercase(),
                );
            }
            out
        })
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn a_query_cannot_leave_its_place() {
        assert_eq!(encode("é&q=/?"), "%C3%A9%26q%3D%2F%3F");
    }
}
