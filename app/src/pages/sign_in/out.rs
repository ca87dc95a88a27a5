//! Signing out by address: a page with a button, since a GET never changes anything.

use crate::{
    components::{Actions, Button, Form},
    pages::sheet::Sheet,
    visit::{Page, Visit},
};
use contract::Answer;
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(visit: Visit) -> Answer<Page> {
    let t = visit.texts();
    let title = td_string!(t, common.sign_out);
    Ok(Page::new(title, move || {
        view! {
            <Sheet visit=visit.clone() title=title>
                <Form action="/api/sign_out" carry=visit.carry()>
                    <Actions>
                        <Button text=td_string!(t, common.sign_out) />
                    </Actions>
                </Form>
            </Sheet>
        }
    }))
}
