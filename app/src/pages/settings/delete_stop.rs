//! Behind the link in the mail about a deletion: one button keeps the account.

use crate::{
    components::{Actions, Button, Form, Hidden},
    context::{Page, PageContext},
    pages::sheet::{DeadLink, Sheet, choose_anew, dead_link},
    paths,
};
use contract::{Answer, LeavingDone, StopDeletion};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page. Opening the link changes nothing: mail scanners open links too.
pub async fn page(context: PageContext) -> Answer<Page> {
    if context.has_done(LeavingDone::Stopped) {
        return Ok(stopped(context));
    }
    let token = context.query("token").unwrap_or_default().to_owned();
    let page = match context.backend.deletion_to_stop(&token).await? {
        Some(found) => open(context, token, found),
        None => dead(context),
    };
    Ok(page.with_secret_address())
}

fn open(context: PageContext, token: String, found: StopDeletion) -> Page {
    let t = context.texts();
    let title = td_string!(t, leaving.stop_title);
    let StopDeletion { email, due } = found;
    let lead = td_string!(t, leaving.stop_lead, email = email, when = due.text);
    let page = Page::new(title, move || {
        view! {
            <Sheet context=context.clone() title=title lead=lead>
                <Form
                    action="/api/stop_deletion"
                    carry=context.carry()
                    busy=td_string!(t, common.one_moment)
                >
                    <Hidden name="token" value=token />
                    <Actions>
                        <Button text=td_string!(t, leaving.keep) />
                    </Actions>
                </Form>
            </Sheet>
        }
    });
    page.with_islands()
}

fn stopped(context: PageContext) -> Page {
    let t = context.texts();
    choose_anew(
        context,
        td_string!(t, leaving.stopped_title),
        td_string!(t, leaving.stopped_lead),
        td_string!(t, leaving.stopped_not_you),
        td_string!(t, leaving.stopped_link),
    )
}

fn dead(context: PageContext) -> Page {
    let t = context.texts();
    let support = context.site.support_email.clone();
    let dead = DeadLink {
        why: td_string!(t, leaving.stop_dead),
        next: Some(td_string!(t, leaving.stop_dead_next, email = support)),
        way_on: td_string!(t, sign_in.submit),
        href: context.entrance(paths::SIGN_IN),
    };
    dead_link(context, dead)
}
