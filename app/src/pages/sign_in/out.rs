//! Signing out by address: a page with a button, since a GET never changes anything.

use crate::{
    components::{Actions, Button, Form},
    context::{Page, PageContext},
    pages::sheet::Sheet,
};
use contract::Answer;
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let t = context.texts();
    let title = td_string!(t, common.sign_out);
    Ok(Page::new(title, move || {
        view! {
            <Sheet context=context.clone() title=title>
                <Form action="/api/sign_out" carry=context.carry()>
                    <Actions>
                        <Button text=td_string!(t, common.sign_out) />
                    </Actions>
                </Form>
            </Sheet>
        }
    }))
}
