//! A proposal of a project: what it says, how many support it, and one button.

use crate::{
    components::{Actions, Button, ButtonKind, Form, Hidden, Notice, Tag, Tone},
    context::{Page, PageContext},
    i18n::Locale,
    pages::sheet::Sheet,
    paths,
};
use contract::{Answer, Door, ParticipationDone, Problem, Proposal, RegistrationDone, Support};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let Door::Platform(door) = context.door.clone() else {
        return Err(Problem::NotFound);
    };
    let proposal = context.backend.proposal(context.param("id")).await?;
    let t = context.texts();
    let lead = td_string!(
        t,
        platform.proposal_lead,
        project = door.project_name.clone()
    );
    let (title, shown) = (proposal.title.clone(), lead.clone());
    let summary = proposal.text.first().cloned().unwrap_or(lead);
    let page = Page::new(proposal.title.clone(), move || {
        let text = proposal.text.clone().into_iter();
        let text: Vec<_> = text.map(|text| view! { <p>{text}</p> }).collect();
        let back = context.href(&context.door.home());
        view! {
            <Sheet context=context.clone() title=title lead=shown>
                {done(&context, &proposal)}
                <div class="prose">{text}</div>
                {support(&context, &proposal)}
                <p class="help-line">
                    <a href=back>{td_string!(t, platform.all_proposals)}</a>
                </p>
            </Sheet>
        }
    });
    Ok(page.with_description(summary))
}

fn done(context: &PageContext, proposal: &Proposal) -> Option<impl IntoView + use<>> {
    let t = context.texts();
    if context.has_done(ParticipationDone::Waits) {
        let text = td_string!(t, platform.support_waits, title = proposal.title.clone());
        let word = td_string!(t, common.word_info);
        return Some(view! { <Notice tone=Tone::Info word=word live=true>{text}</Notice> });
    }
    let text = if context.has_done(ParticipationDone::Supported) {
        td_string!(t, platform.supported)
    } else if context.has_done(ParticipationDone::Withdrawn) {
        td_string!(t, platform.withdrawn)
    } else if context.has_done(RegistrationDone::ConfirmedAndSignedIn) {
        td_string!(t, registration.confirmed_here)
    } else {
        return None;
    };
    let word = td_string!(t, common.word_done);
    Some(view! { <Notice tone=Tone::Success word=word live=true>{text.to_owned()}</Notice> })
}

/// How many support it.
pub(crate) fn count(t: Locale, supports: u64) -> String {
    match supports {
        0 => td_string!(t, platform.supports_none).to_owned(),
        1 => td_string!(t, platform.supports_one).to_owned(),
        many => td_string!(t, platform.supports_many, count = many.to_string()),
    }
}

/// Whether the reader supports it, in a word.
pub(crate) fn tag(t: Locale, reader: Support) -> Option<impl IntoView + use<>> {
    let (tone, text) = match reader {
        Support::None => return None,
        Support::Waits => (Tone::Info, td_string!(t, platform.you_wait)),
        Support::Counted => (Tone::Success, td_string!(t, platform.you_support)),
    };
    Some(view! { <Tag tone=tone text=text /> })
}

fn support(context: &PageContext, proposal: &Proposal) -> impl IntoView + use<> {
    let t = context.texts();
    let (id, count) = (proposal.id.clone(), count(t, proposal.supports));
    let (action, text, kind) = match proposal.reader {
        Support::None => (
            "/api/support_proposal",
            td_string!(t, platform.support),
            ButtonKind::Primary,
        ),
        Support::Counted => (
            "/api/withdraw_support",
            td_string!(t, platform.withdraw),
            ButtonKind::Secondary,
        ),
        Support::Waits => {
            let href = context.entrance(paths::WAITING);
            return view! {
                <p>{count} " " {tag(t, proposal.reader)}</p>
                <p>
                    <a href=href>{td_string!(t, platform.wait_link)}</a>
                </p>
            }
            .into_any();
        }
    };
    view! {
        <p>{count} " " {tag(t, proposal.reader)}</p>
        <Form action=action carry=context.carry()>
            <Hidden name="proposal" value=id />
            <Actions>
                <Button text=text kind=kind />
            </Actions>
        </Form>
    }
    .into_any()
}
