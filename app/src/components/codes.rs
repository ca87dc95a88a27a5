//! Secrets that a person carries away: the picture to scan, the key to type, the sheet of recovery
//! codes.

use leptos::prelude::*;

use super::{BrandMark, Glyph, Icon, Maybe, Text};
use crate::islands::{CopyText, KeepCodes};

/// A QR code, always dark on white with its quiet zone: cameras do not read it the other way round.
#[component]
pub fn QrFigure(
    /// The picture, as SVG that this program drew.
    #[prop(into)]
    svg: Text,
    /// What it is, and what to do who cannot see it.
    #[prop(into)]
    alt: Text,
    /// A line under it.
    #[prop(into, optional)]
    caption: Maybe,
) -> impl IntoView {
    view! {
        <figure class="qr">
            <div class="qr-in" role="img" aria-label=alt inner_html=svg.to_string()></div>
            {caption.get().map(|text| view! { <figcaption>{text}</figcaption> })}
        </figure>
    }
}

/// A key to type by hand: in groups, and with a button to copy it.
#[component]
pub fn SecretKey(
    /// What it is.
    #[prop(into)]
    label: Text,
    /// The key, in groups of four.
    #[prop(into)]
    value: Text,
    /// "Copy the key".
    #[prop(into)]
    copy: Text,
    /// "Copied".
    #[prop(into)]
    copied: Text,
    /// Its id; "secret-key" when left out.
    #[prop(into, optional)]
    id: Maybe,
) -> impl IntoView {
    let id = id.or("secret-key");
    view! {
        <div class="key">
            <p class="key-label">{label}</p>
            <code class="key-value" id=id.clone()>
                {value}
            </code>
            <CopyText>
                <button type="button" class="btn btn-second" data-copies=id>
                    <Icon glyph=Glyph::Copy />
                    {copy}
                </button>
                <span role="status" data-says=copied></span>
            </CopyText>
        </div>
    }
}

/// The sheet of recovery codes: something to print, to file, to keep.
#[component]
pub fn CodeSheet(
    /// "Recovery codes".
    #[prop(into)]
    title: Text,
    /// The site that they sign in to: its name and its address.
    #[prop(into)]
    site: Text,
    /// The address of the account that they open.
    #[prop(into)]
    owner: Text,
    /// "Made on 21 May 2025".
    #[prop(into)]
    made: Text,
    /// The codes.
    codes: Vec<String>,
    /// What to do with them.
    #[prop(into)]
    note: Text,
    /// Id of the list; "codes" when left out.
    #[prop(into, optional)]
    id: Maybe,
) -> impl IntoView {
    let codes = codes
        .into_iter()
        .map(|code| {
            view! {
                <li>
                    <code>{code}</code>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="sheet" aria-labelledby="sheet-title">
            <div class="sheet-head">
                <BrandMark />
                <div>
                    <h2 id="sheet-title">{title}</h2>
                    <p>{site}</p>
                    <p>{owner}</p>
                </div>
                <p class="sheet-made">{made}</p>
            </div>
            <ol class="sheet-codes" id=id.or("codes") role="list">
                {codes}
            </ol>
            <p class="sheet-note">{note}</p>
        </section>
    }
}

/// Print and copy, for the sheet. The buttons are an island: without a script they are not there, and
/// the browser's own ways do the same.
#[component]
pub fn CodeActions(
    /// Id of the list of codes.
    #[prop(into)]
    codes_id: Text,
    /// "Print".
    #[prop(into)]
    print: Text,
    /// "Copy".
    #[prop(into)]
    copy: Text,
    /// "Copied".
    #[prop(into)]
    copied: Text,
) -> impl IntoView {
    let button = |deed: &'static str, glyph, text: Text| {
        view! {
            <button type="button" class="btn btn-second" data-deed=deed>
                <Icon glyph />
                {text}
            </button>
        }
    };
    view! {
        <KeepCodes>
            <div class="live-actions" data-codes=codes_id>
                {button("print", Glyph::Print, print)}
                {button("copy", Glyph::Copy, copy)}
                <span role="status" data-says=copied></span>
            </div>
        </KeepCodes>
    }
}
