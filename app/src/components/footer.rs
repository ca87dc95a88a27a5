//! The foot of every page: the same ways to help, in the same order, everywhere (WCAG 3.2.6).

use leptos::prelude::*;

use super::{Maybe, Text};

/// The footer of the site.
#[component]
pub fn SiteFooter(
    /// What these links are: "Help and information".
    #[prop(into)]
    label: Text,
    /// One line under them.
    #[prop(into, optional)]
    note: Maybe,
    /// [`FooterLink`]s.
    children: Children,
) -> impl IntoView {
    view! {
        <footer class="site-footer">
            <div class="site-footer-in">
                <nav aria-label=label>
                    <ul role="list">{children()}</ul>
                </nav>
                {note.get().map(|text| view! { <p>{text}</p> })}
            </div>
        </footer>
    }
}

/// One link of the footer.
#[component]
pub fn FooterLink(
    /// Where it leads; `mailto:` for the support address.
    #[prop(into)]
    href: Text,
    /// Its words.
    #[prop(into)]
    text: Text,
) -> impl IntoView {
    view! {
        <li>
            <a href=href>{text}</a>
        </li>
    }
}
