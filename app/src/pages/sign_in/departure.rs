//! Between a form of ours and a provider.
//!
//! `form-action 'self'` lets no form be answered by a redirect to somewhere else, so the server
//! answers with this page and a `Refresh`. Where that is switched off, the link is the way.

use crate::{
    components::{Actions, ButtonLink},
    context::{Page, PageContext},
    pages::sheet::Sheet,
};
use contract::Provider;
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Draws the page; `address` is the provider's, with the state of this one way in it.
pub fn page(context: PageContext, provider: Provider, address: String) -> Page {
    let t = context.texts();
    let name = provider.name();
    let title = td_string!(t, providers.leave_title, provider = name);
    let shown = title.clone();
    let mut page = Page::new(title, move || {
        let lead = td_string!(t, providers.leave_lead, provider = name);
        let link = td_string!(t, providers.leave_link, provider = name);
        view! {
            <Sheet context=context.clone() title=shown lead=lead>
                <Actions>
                    <ButtonLink text=link href=address />
                </Actions>
            </Sheet>
        }
    });
    // It is the answer to a form: there is no such page to be opened in the other language.
    page.translated = false;
    page.with_secret_address()
}
