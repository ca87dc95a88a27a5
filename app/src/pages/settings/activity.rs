//! What happened to one's own account: who did what, when, from where, and whether the log that
//! says so is as it was written.

use super::activity_words as say;
use crate::{
    components::{
        Actions, Button, ButtonKind, ButtonLink, EmptyState, Main, Notice, PageTitle, Section,
        Select, SettingRow, Tag, Text, Tone, Width,
    },
    context::{Page, PageContext},
    pages::settings::crumbs,
    paths::{self, encode},
    words::names,
};
use contract::{
    ActivityDay, ActivityGroup, ActivityLine, ActivityPage, ActivityQuery, Answer, LogState,
};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Loads the page.
pub async fn page(context: PageContext) -> Answer<Page> {
    let asked = |name: &str| context.query(name).filter(|text| !text.is_empty());
    let query = ActivityQuery {
        group: asked("kind").and_then(ActivityGroup::parse),
        before: asked("before").map(str::to_owned),
    };
    let log = context.backend.activity(&query).await?;
    let t = context.texts();
    let title = td_string!(t, activity.title);
    Ok(Page::new(title, move || {
        view! {
            <Main width=Width::List>
                {crumbs(&context, title)}
                <PageTitle title=title lead=td_string!(t, activity.lead) />
                {state(&context, &log.state)}
                {filter(&context, query.group)}
                {days(&context, &log.days)}
                {further(&context, &query, &log)}
            </Main>
        }
    }))
}

/// The way here, for the overview of the settings.
pub(crate) fn row(context: &PageContext) -> impl IntoView + use<> {
    let t = context.texts();
    let (text, href) = (
        td_string!(t, activity.row_link),
        context.own(paths::ACTIVITY),
    );
    view! {
        <SettingRow title=td_string!(t, activity.title) state=td_string!(t, activity.row_state)>
            <ButtonLink text=text href=href kind=ButtonKind::Secondary />
        </SettingRow>
    }
}

fn state(context: &PageContext, state: &LogState) -> AnyView {
    let t = context.texts();
    let unchecked = say::unchecked(t, state).map(|text| view! { <p>{text}</p> });
    if state.faults.is_empty() {
        let checked = say::checked(t, state);
        return view! {
            <Notice
                tone=Tone::Success
                word=td_string!(t, activity.checked)
                title=td_string!(t, activity.holds_title)
            >
                <p>{checked}</p>
                {unchecked}
            </Notice>
        }
        .into_any();
    }
    let faults = state
        .faults
        .iter()
        .map(|fault| view! { <li>{say::fault(t, *fault)}</li> })
        .collect_view();
    let email = context.site.support_email.clone();
    let href = format!("mailto:{email}");
    view! {
        <Notice
            tone=Tone::Danger
            word=td_string!(t, activity.checked)
            title=td_string!(t, activity.broken_title)
        >
            <ul>{faults}</ul>
            <p>{td_string!(t, activity.broken_text)}</p>
            <p>
                {td_string!(t, activity.broken_write)} " " <a href=href>{email}</a>
            </p>
            {unchecked}
        </Notice>
    }
    .into_any()
}

fn filter(context: &PageContext, chosen: Option<ActivityGroup>) -> impl IntoView + use<> {
    let t = context.texts();
    let everything = (Text::from(""), td_string!(t, activity.group_all).into());
    let groups =
        ActivityGroup::ALL.map(|group| (group.as_str().into(), say::group(t, group).into()));
    let options: Vec<(Text, Text)> = std::iter::once(everything).chain(groups).collect();
    view! {
        <form class="filter" method="get" action=context.own(paths::ACTIVITY)>
            <Select
                label=td_string!(t, activity.filter)
                name="kind"
                options=options
                selected=chosen.map_or("", ActivityGroup::as_str)
            />
            <Button text=td_string!(t, activity.filter_show) kind=ButtonKind::Secondary />
        </form>
    }
}

fn days(context: &PageContext, days: &[ActivityDay]) -> AnyView {
    let t = context.texts();
    if days.is_empty() {
        let (title, text) = (
            td_string!(t, activity.none_title),
            td_string!(t, activity.none_text),
        );
        return view! { <EmptyState title=title text=text /> }.into_any();
    }
    days.iter()
        .map(|day| {
            let refused = say::refused(t, day.refused);
            let refused = refused.map(|text| view! { <li class="event-refused">{text}</li> });
            let lines = day
                .lines
                .iter()
                .map(|line| event(context, line))
                .collect_view();
            let title = day.day.text.clone();
            view! {
                <Section title=title>
                    <ol class="events" role="list">{refused} {lines}</ol>
                </Section>
            }
        })
        .collect_view()
        .into_any()
}

/// What happened, in two lines: what and when; by whom, from where, and what was changed.
fn event(context: &PageContext, line: &ActivityLine) -> impl IntoView + use<> {
    let t = context.texts();
    let altered = line.altered.then(|| {
        let text = td_string!(t, activity.altered);
        view! { " " <Tag tone=Tone::Danger text=text /> }
    });
    let mut facts = vec![say::who(t, &line.who)];
    let place = [&line.device, &line.network].into_iter();
    facts.extend(place.filter(|text| !text.is_empty()).cloned());
    let change = line.change.as_ref();
    let change = change.map(|change| say::change(t, line.what, change));
    let reason = line.reason.clone();
    let reason = reason.map(|reason| td_string!(t, activity.reason, reason = reason));
    let more = change.into_iter().chain(reason);
    let more = more
        .map(|text| view! { <p class="event-facts breaks">{text}</p> })
        .collect_view();
    let at = line.at.clone();
    view! {
        <li>
            <p class="event-what">
                <strong>{names::event(t, line.what)}</strong>
                {altered}
                " "
                <time datetime=at.machine>{at.text}</time>
            </p>
            <p class="event-facts">{facts.join(" · ")}</p>
            {more}
        </li>
    }
}

fn further(context: &PageContext, query: &ActivityQuery, log: &ActivityPage) -> Option<AnyView> {
    let t = context.texts();
    let page = context.own(paths::ACTIVITY);
    let kind = query.group.map_or("", ActivityGroup::as_str);
    let newest = query.before.is_some().then(|| {
        let (text, href) = (
            td_string!(t, activity.newest),
            format!("{page}?kind={kind}"),
        );
        view! { <ButtonLink text=text href=href kind=ButtonKind::Quiet /> }
    });
    let older = log.older.as_ref().map(|id| {
        let href = format!("{page}?kind={kind}&before={}", encode(id));
        let text = td_string!(t, activity.older);
        view! { <ButtonLink text=text href=href kind=ButtonKind::Secondary /> }
    });
    (newest.is_some() || older.is_some()).then(|| {
        view! {
            <Actions>
                {older}
                {newest}
            </Actions>
        }
        .into_any()
    })
}
