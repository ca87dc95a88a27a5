//! Rows of facts. On a narrow screen each row becomes a small list, every value under the name of
//! its column.

use leptos::prelude::*;

use super::Text;

/// A table. The first cell of a row names it.
#[component]
pub fn Table(
    /// What the table holds.
    #[prop(into)]
    caption: Text,
    /// The names of the columns.
    heads: Vec<Text>,
    /// The rows, each with as many cells as there are columns.
    rows: Vec<Vec<AnyView>>,
    /// Whether the caption is only heard: where a heading above says the same.
    #[prop(optional)]
    caption_hidden: bool,
) -> impl IntoView {
    let body = rows
        .into_iter()
        .map(|cells| {
            let cells = cells
                .into_iter()
                .zip(heads.clone())
                .enumerate()
                .map(|(column, (cell, head))| table_cell(column, head, cell))
                .collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    let heads = heads
        .into_iter()
        .map(|head| view! { <th scope="col">{head}</th> })
        .collect_view();
    view! {
        <table class="table">
            <caption class:heard=caption_hidden>{caption}</caption>
            <thead>
                <tr>{heads}</tr>
            </thead>
            <tbody>{body}</tbody>
        </table>
    }
}

fn table_cell(column: usize, head: Text, cell: AnyView) -> AnyView {
    if column == 0 {
        view! { <th scope="row">{cell}</th> }.into_any()
    } else {
        view! { <td data-label=head>{cell}</td> }.into_any()
    }
}

/// Names and their values.
#[component]
pub fn DescriptionList(
    /// Name and value of each.
    items: Vec<(Text, AnyView)>,
) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|(name, value)| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="facts">{items}</dl> }
}
