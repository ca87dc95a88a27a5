//! Where an administrator comes back to after Microsoft asked whether the site is approved for the
//! whole organisation. The letter to the IT department leads there.
//!
//! The address can be typed by anyone. So nothing of it is shown, no session is opened,
//! nothing changes, and the pages say what Microsoft reports, and when it will be known to be true.

use crate::{
    components::{Actions, ButtonLink},
    context::{Page, PageContext},
    pages::sheet::Sheet,
    paths,
};
use contract::{Answer, Problem, Provider};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Who alone asks administrators so.
const PROVIDER: Provider = Provider::Microsoft;

/// Loads the page for who approved.
///
/// # Errors
/// [`Problem::NotFound`] where the operator has not set Microsoft up.
pub async fn given(context: PageContext) -> Answer<Page> {
    is_set_up(&context)?;
    let t = context.texts();
    let title = td_string!(t, ict.approved_title);
    Ok(Page::new(title, move || {
        let lead = td_string!(t, ict.approved_lead, provider = PROVIDER.name());
        let href = context.href(paths::SIGN_IN);
        view! {
            <Sheet context=context title=title lead=lead>
                <p>{td_string!(t, ict.approved_check)}</p>
                <Actions>
                    <ButtonLink text=td_string!(t, ict.to_sign_in) href=href />
                </Actions>
            </Sheet>
        }
    }))
}

/// Loads the page for who did not.
///
/// # Errors
/// [`Problem::NotFound`] where the operator has not set Microsoft up.
pub async fn withheld(context: PageContext) -> Answer<Page> {
    is_set_up(&context)?;
    let t = context.texts();
    let title = td_string!(t, ict.withheld_title);
    Ok(Page::new(title, move || {
        let lead = td_string!(t, ict.withheld_lead, provider = PROVIDER.name());
        let next = td_string!(t, ict.withheld_next, provider = PROVIDER.name());
        let href = context.href(&paths::ict(PROVIDER));
        view! {
            <Sheet context=context title=title lead=lead>
                <p>{next}</p>
                <Actions>
                    <ButtonLink text=td_string!(t, ict.open_again) href=href />
                </Actions>
            </Sheet>
        }
    }))
}

fn is_set_up(context: &PageContext) -> Answer<()> {
    if context.site.providers.contains(&PROVIDER) {
        Ok(())
    } else {
        Err(Problem::NotFound)
    }
}
