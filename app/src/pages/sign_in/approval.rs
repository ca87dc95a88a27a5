//! Where an administrator comes back to whom Microsoft asked whether this site is approved for her
//! whole organisation. The letter to ICT sent her there.
//!
//! Anybody can type the address that leads here. So nothing of it is shown, nobody is signed in,
//! nothing changes, and the pages say what Microsoft reports, and when it will be known to be true.

use crate::{
    components::{Actions, ButtonLink},
    pages::sheet::Sheet,
    paths,
    visit::{Page, Visit},
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
pub async fn given(visit: Visit) -> Answer<Page> {
    is_set_up(&visit)?;
    let t = visit.texts();
    let title = td_string!(t, ict.approved_title);
    Ok(Page::new(title, move || {
        let lead = td_string!(t, ict.approved_lead, provider = PROVIDER.name());
        let href = visit.href(paths::SIGN_IN);
        view! {
            <Sheet visit=visit title=title lead=lead>
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
pub async fn withheld(visit: Visit) -> Answer<Page> {
    is_set_up(&visit)?;
    let t = visit.texts();
    let title = td_string!(t, ict.withheld_title);
    Ok(Page::new(title, move || {
        let lead = td_string!(t, ict.withheld_lead, provider = PROVIDER.name());
        let next = td_string!(t, ict.withheld_next, provider = PROVIDER.name());
        let href = visit.href(&paths::ict(PROVIDER));
        view! {
            <Sheet visit=visit title=title lead=lead>
                <p>{next}</p>
                <Actions>
                    <ButtonLink text=td_string!(t, ict.open_again) href=href />
                </Actions>
            </Sheet>
        }
    }))
}

fn is_set_up(visit: &Visit) -> Answer<()> {
    if visit.site.providers.contains(&PROVIDER) {
        Ok(())
    } else {
        Err(Problem::NotFound)
    }
}
