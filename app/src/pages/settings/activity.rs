//! What happened to one's own account: who did what, when, from where, and whether the log that
//! says so is as it was written.

use super::activity_words as say;
use crate::{
    components::{
        Actions, Button, ButtonKind, ButtonLink, EmptyState, Main, Notice, PageTitle, Select,
        SettingRow, Table, Tag, Text, Tone, Width,
    },
    context::{Page, PageContext},
    pages::settings::crumbs,
    paths::{self, encode},
    words::names,
};
use contract::{ActivityGroup, ActivityLine, ActivityPage, ActivityQuery, Answer, LogState};
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
                {lines(&context, &log.lines)}
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

fn lines(context: &PageContext, lines: &[ActivityLine]) -> AnyView {
    let t = context.texts();
    if lines.is_empty() {
        let (title, text) = (
            td_string!(t, activity.none_title),
            td_string!(t, activity.none_text),
        );
        return view! { <EmptyState title=title text=text /> }.into_any();
    }
    let heads: Vec<Text> = vec![
        td_string!(t, activity.what).into(),
        td_string!(t, activity.when).into(),
        td_string!(t, activity.who).into(),
        td_string!(t, activity.where_from).into(),
        td_string!(t, activity.number).into(),
    ];
    let rows: Vec<_> = lines.iter().map(|line| cells(context, line)).collect();
    view! { <Table caption=td_string!(t, activity.title) heads=heads rows=rows caption_hidden=true /> }
        .into_any()
}

fn cells(context: &PageContext, line: &ActivityLine) -> Vec<AnyView> {
    let t = context.texts();
    let more = |text: String| view! { <p class="hint">{text}</p> };
    let change = line
        .change
        .as_ref()
        .map(|change| more(say::change(t, line.what, change)));
    let reason = line
        .reason
        .clone()
        .map(|reason| more(td_string!(t, activity.reason, reason = reason)));
    let altered = line.altered.then(|| {
        let text = td_string!(t, activity.altered);
        view! { <Tag tone=Tone::Danger text=text /> }
    });
    let place = [line.device.as_str(), line.network.as_str()];
    let place: Vec<&str> = place.into_iter().filter(|text| !text.is_empty()).collect();
    let number = match line.number {
        Some(number) => number.to_string(),
        None => td_string!(t, activity.number_none).to_string(),
    };
    let at = line.at.clone();
    vec![
        view! {
            {names::event(t, line.what)}
            {altered}
            {change}
            {reason}
        }
        .into_any(),
        view! { <time datetime=at.machine>{at.text}</time> }.into_any(),
        say::who(t, &line.who).into_any(),
        place.join(" · ").into_any(),
        number.into_any(),
    ]
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
