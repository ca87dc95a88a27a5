//! The top of every page: whose door this is, the other language, and the person's own menu.
//!
//! The menu is a native popover: it opens, closes, answers Escape and a click beside it, and announces
//! assistive technology whether it is open, all without a script. A browser that has no popovers
//! shows its links in the page.

use contract::Logo;
use leptos::prelude::*;

use super::{BrandMark, Carried, Carry, Glyph, Icon, Maybe, Text};

/// The header of the site.
#[component]
pub fn SiteHeader(
    /// The product's name.
    #[prop(into)]
    brand: Text,
    /// Where the mark leads.
    #[prop(into)]
    home: Text,
    /// Whose door this is: an organisation, a project, the back office.
    #[prop(into, optional)]
    door: Maybe,
    /// The picture in place of the product's mark. The name of the door says whose it is.
    logo: Option<Logo>,
    /// Language links and the profile menu.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let mark = match logo {
        None => BrandMark().into_any(),
        Some(logo) => view! {
            <img
                class="mark logo"
                src=logo.href
                alt=""
                width=logo.width.to_string()
                height=logo.height.to_string()
            />
        }
        .into_any(),
    };
    view! {
        <header class="site-header">
            <div class="site-header-in">
                <a class="brand" href=home>
                    {mark}
                    <span class="brand-name">{brand}</span>
                    {door.get().map(|text| view! { <span class="door-name">{text}</span> })}
                </a>
                <div class="site-tools">{children.map(|children| children())}</div>
            </div>
        </header>
    }
}

/// The same page in another language. The word is written in that language and marked as such.
#[component]
pub fn LanguageLink(
    /// The same page in that language.
    #[prop(into)]
    href: Text,
    /// Its code, "fr".
    #[prop(into)]
    lang: Text,
    /// Its own name for itself, "Français".
    #[prop(into)]
    text: Text,
) -> impl IntoView {
    view! {
        <a class="language" href=href lang=lang.clone() hreflang=lang rel="alternate">
            <Icon glyph=Glyph::Globe />
            {text}
        </a>
    }
}

/// The person's own menu, at the top right, under the person's name.
#[component]
pub fn ProfileMenu(
    /// The person's name.
    #[prop(into)]
    name: Text,
    /// What the menu is: "Your account".
    #[prop(into)]
    label: Text,
    /// [`MenuLink`] and [`MenuPost`].
    children: Children,
) -> impl IntoView {
    view! {
        <div class="profile">
            <button type="button" class="profile-button" popovertarget="profile-menu">
                <Icon glyph=Glyph::Person />
                <span class="profile-name">{name}</span>
                <Icon glyph=Glyph::Chevron />
            </button>
            <nav id="profile-menu" class="menu" popover="auto" aria-label=label>
                <ul role="list">{children()}</ul>
            </nav>
        </div>
    }
}

/// One way of the menu.
#[component]
pub fn MenuLink(
    /// Where it leads.
    #[prop(into)]
    href: Text,
    /// Its words.
    #[prop(into)]
    text: Text,
    /// Whether this is the page being read.
    #[prop(optional)]
    current: bool,
) -> impl IntoView {
    view! {
        <li>
            <a class="menu-item" href=href aria-current=current.then_some("page")>
                {text}
            </a>
        </li>
    }
}

/// One act of the menu, such as signing out: a form, because a link never changes anything.
#[component]
pub fn MenuPost(
    /// Where the form goes.
    #[prop(into)]
    action: Text,
    /// Its words.
    #[prop(into)]
    text: Text,
    /// The language and the door of the page, for the answer.
    #[prop(into)]
    carry: Carry,
) -> impl IntoView {
    view! {
        <li class="menu-last">
            <form method="post" action=action>
                <Carried carry />
                <button type="submit" class="menu-item">
                    {text}
                </button>
            </form>
        </li>
    }
}
