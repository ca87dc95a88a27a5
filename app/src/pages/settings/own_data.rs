//! Everything that is stored about oneself, to read, to print and to take away.

use super::data_words as say;
use crate::{
    components::{
        Actions, Button, ButtonKind, ButtonLink, DescriptionList, ErrorSummary, Form, Main,
        PageTitle, Section, SettingRow, Table, Text, Width,
    },
    context::{Page, PageContext},
    pages::{
        settings::crumbs,
        sheet::{ProofField, SaveOrCancel, Sheet, signs_in_with},
    },
    paths,
    words::{self, names},
};
use contract::{Answer, DataField, DataGroup, DataRecord, DataValue, OwnData, Provider};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Rows of a group that the page shows; the file holds all of them.
const ROWS: usize = 100;

/// Bytes of a word that may be broken, where a table would otherwise be wider than the window.
const LONG: usize = 16;

/// The two sides of a change.
const CHANGED: [DataField; 2] = [DataField::Old, DataField::New];

/// Loads the page: everything, or the question who is asking.
pub async fn page(context: PageContext) -> Answer<Page> {
    let data = context.backend.own_data().await?;
    let Some(data) = data else {
        let again = signs_in_with(&context).await?;
        return Ok(who_is_asking(context, again));
    };
    Ok(shown_to_its_owner(context, data))
}

fn shown_to_its_owner(context: PageContext, data: OwnData) -> Page {
    let t = context.texts();
    let title = td_string!(t, data.title);
    Page::new(title, move || {
        let made = td_string!(t, data.made, when = data.at.text.clone());
        let groups = groups(&context, data);
        view! {
            <Main width=Width::List>
                {crumbs(&context, title)}
                <ErrorSummary
                    title=td_string!(t, errors.summary)
                    errors=words::summary(t, &context.flash, &context.site.support_email)
                />
                <PageTitle title=title lead=td_string!(t, data.lead) />
                <p>{made}</p>
                {download(&context)}
                {groups}
                {not_here(&context)}
            </Main>
        }
    })
}

fn who_is_asking(context: PageContext, again: Option<Provider>) -> Page {
    let t = context.texts();
    let title = td_string!(t, data.title);
    let page = Page::new(title, move || {
        view! {
            <Sheet context=context.clone() title=title lead=td_string!(t, data.lead)>
                <Form
                    action="/api/show_data"
                    carry=context.carry()
                    busy=td_string!(t, common.one_moment)
                >
                    <ProofField context=context.clone() again=again />
                    <SaveOrCancel context=context.clone() text=td_string!(t, data.row_link) />
                </Form>
            </Sheet>
        }
    });
    // The field for the proof is the only island.
    page.with_islands()
}

/// The ways here and out, for the overview of the settings.
pub(crate) fn rows(context: &PageContext) -> impl IntoView + use<> {
    let t = context.texts();
    let leaves = context.viewer.as_ref();
    let (state, link) = match leaves.and_then(|viewer| viewer.leaves.as_ref()) {
        Some(due) => (
            td_string!(t, leaving.row_due, when = due.text.clone()),
            td_string!(t, leaving.row_due_link),
        ),
        None => (
            td_string!(t, leaving.row_state).to_string(),
            td_string!(t, leaving.row_link),
        ),
    };
    let (data, delete) = (context.own(paths::OWN_DATA), context.own(paths::DELETE));
    view! {
        <SettingRow title=td_string!(t, data.title) state=td_string!(t, data.row_state)>
            <ButtonLink
                text=td_string!(t, data.row_link)
                href=data
                kind=ButtonKind::Secondary
            />
        </SettingRow>
        <SettingRow title=td_string!(t, leaving.row) state=state>
            <ButtonLink
                text=link
                href=delete
                kind=ButtonKind::Secondary
            />
        </SettingRow>
    }
}

/// The answer is a file, so the page stays: a button that waits for the next page would wait for
/// ever.
fn download(context: &PageContext) -> impl IntoView + use<> {
    let t = context.texts();
    let carry = context.carry();
    view! {
        <Section
            title=td_string!(t, data.download)
            lead=td_string!(t, data.download_text)
            id="download"
        >
            <Form action="/api/download_data" carry=carry>
                <Actions>
                    <Button text=td_string!(t, data.download_submit) />
                </Actions>
            </Form>
        </Section>
    }
}

/// Each group in which something is stored, and the names of the others.
fn groups(context: &PageContext, data: OwnData) -> impl IntoView + use<> {
    let t = context.texts();
    let (filled, empty): (Vec<_>, Vec<_>) = data
        .groups
        .into_iter()
        .partition(|(_, records)| !records.is_empty());
    let left_out = data.left_out;
    let groups = filled.into_iter().map(move |(group, records)| {
        let body = match records.as_slice() {
            [one] if is_one(group) => facts(context, one),
            many => table(context, group, many),
        };
        let left_out = if group == DataGroup::Activity { left_out } else { 0 };
        let more = records.len().saturating_sub(ROWS) as u64 + left_out;
        let more = (more > 0).then(|| {
            let text = td_string!(t, data.more, count = more.to_string());
            view! { <p class="hint">{text}</p> }
        });
        view! {
            <Section title=names::data_group(t, group) lead=names::data_group_lead(t, group) id=group.as_str()>
                {body}
                {more}
            </Section>
        }
    });
    let groups = groups.collect_view();
    let names = empty
        .iter()
        .map(|(group, _)| view! { <li id=group.as_str()>{names::data_group(t, *group)}</li> })
        .collect_view();
    let empty = (!empty.is_empty()).then(|| {
        view! {
            <Section title=td_string!(t, data.nothing)>
                <ul>{names}</ul>
            </Section>
        }
    });
    view! {
        {groups}
        {empty}
    }
}

/// Whether a person has exactly one of these.
const fn is_one(group: DataGroup) -> bool {
    matches!(
        group,
        DataGroup::Account | DataGroup::SecondFactor | DataGroup::Others
    )
}

fn facts(context: &PageContext, record: &DataRecord) -> AnyView {
    let t = context.texts();
    let items = record.iter().map(|(field, value)| {
        let name = Text::from(names::data_field(t, *field));
        let shown = shown(value, say::value(t, *field, value));
        (name, shown)
    });
    let items = items.collect();
    view! { <DescriptionList items=items /> }.into_any()
}

/// A table of the columns in which at least one row says something.
fn table(context: &PageContext, group: DataGroup, records: &[DataRecord]) -> AnyView {
    let t = context.texts();
    let first = records.first().map(Vec::as_slice).unwrap_or_default();
    let said = |column: &usize| {
        let mut cells = records.iter().filter_map(|record| record.get(*column));
        cells.any(|(_, value)| *value != DataValue::None)
    };
    let columns: Vec<usize> = (0..first.len()).filter(said).collect();
    let heads = columns.iter().filter_map(|column| first.get(*column));
    let heads: Vec<Text> = heads
        .map(|(field, _)| say::head(t, group, *field).into())
        .collect();
    let cells = |record: &DataRecord| {
        let language = (
            DataField::Change,
            DataValue::Code("mail_language".to_owned()),
        );
        let of_language = record.contains(&language);
        let cells = columns.iter().filter_map(|column| record.get(*column));
        let cells = cells.map(|(field, value)| match value {
            // A cell without anything in it, not even an empty text, is left out where rows become
            // lists.
            DataValue::None => ().into_any(),
            DataValue::Text(tag) if of_language && CHANGED.contains(field) => {
                let name = say::words(t, DataField::Language, tag);
                name.map_or_else(|| tag.clone(), str::to_owned).into_any()
            }
            value => shown(value, say::value(t, *field, value)),
        });
        cells.collect::<Vec<_>>()
    };
    // The file has the oldest first, as it happened; the log has the newest first.
    let newest: Vec<&DataRecord> = match group {
        DataGroup::Activity => records.iter().take(ROWS).collect(),
        _ => records.iter().rev().take(ROWS).collect(),
    };
    let rows: Vec<_> = newest.into_iter().map(cells).collect();
    let caption = names::data_group(t, group);
    view! { <Table caption=caption caption_hidden=true heads=heads rows=rows /> }.into_any()
}

fn shown(value: &DataValue, words: String) -> AnyView {
    match value {
        DataValue::Time(at) => {
            let machine = at.machine.clone();
            view! { <time datetime=machine>{words}</time> }.into_any()
        }
        // Addresses and the like have no place to break at.
        DataValue::Text(_) if words.split(' ').any(|word| word.len() > LONG) => {
            view! { <span class="breaks">{words}</span> }.into_any()
        }
        _ => words.into_any(),
    }
}

fn not_here(context: &PageContext) -> impl IntoView + use<> {
    let t = context.texts();
    view! {
        <Section title=td_string!(t, data.not_here)>
            <ul>
                <li>{td_string!(t, data.not_here_votes)}</li>
                <li>{td_string!(t, data.not_here_flash)}</li>
            </ul>
        </Section>
    }
}
