//! A mail, as the demo's mailbox shows it.

use leptos::prelude::*;

use super::{Maybe, Text};

/// One mail in plain text, with a way to its other form.
#[component]
pub fn Letter(
    /// Its subject.
    #[prop(into)]
    subject: Text,
    /// Whether the mail is the page: then the subject is the page's heading.
    #[prop(optional)]
    alone: bool,
    /// Name and value of each line of its head: from, to, date.
    heads: Vec<(Text, Text)>,
    /// The language it is written in, when the page has another.
    #[prop(into, optional)]
    lang: Maybe,
    /// Its text.
    #[prop(into)]
    body: String,
    /// Where its HTML form is.
    #[prop(into, optional)]
    html_href: Maybe,
    /// The words of that link.
    #[prop(into, optional)]
    html_text: Maybe,
) -> impl IntoView {
    let heads = heads
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
    let link = html_href.get().map(|href| {
        view! {
            <p>
                <a href=href>{html_text.or("HTML")}</a>
            </p>
        }
    });
    let lang = lang.get();
    let heading = if alone {
        view! { <h1 lang=lang.clone()>{subject}</h1> }.into_any()
    } else {
        view! { <h2 lang=lang.clone()>{subject}</h2> }.into_any()
    };
    view! {
        <article class="letter">
            {heading}
            <dl class="facts">{heads}</dl>
            <pre lang=lang>{with_links(&body)}</pre>
            {link}
        </article>
    }
}

/// A plain text whose addresses can be followed, as mail programs show it.
fn with_links(text: &str) -> Vec<AnyView> {
    let piece = |piece: &str| {
        let text = piece.to_owned();
        if piece.starts_with("https://") || piece.starts_with("http://") {
            let href = text.trim_end().to_owned();
            view! { <a href=href rel="noreferrer">{text}</a> }.into_any()
        } else {
            text.into_any()
        }
    };
    text.split_inclusive(char::is_whitespace)
        .map(piece)
        .collect()
}
