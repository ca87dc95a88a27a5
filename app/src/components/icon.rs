//! Icons: small line drawings that stand beside a word, never instead of it.
//!
//! They are inline SVG because the security policy allows no `data:` image and because inline lines
//! take the colour of the text. Every icon is hidden from assistive technology; the word beside it
//! says the same.

use leptos::prelude::*;

/// The drawings there are. Each is one path on a 24-unit square.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// An arrow to the right.
    Arrow,
    /// A tick in a circle.
    Check,
    /// A small angle that points down.
    Chevron,
    /// Two sheets.
    Copy,
    /// A barred circle: it failed.
    Danger,
    /// An arrow into a tray.
    Download,
    /// An open eye.
    Eye,
    /// A globe.
    Globe,
    /// An "i" in a circle.
    Info,
    /// A key.
    Key,
    /// An envelope.
    Mail,
    /// A person.
    Person,
    /// A phone.
    Phone,
    /// A printer.
    Print,
    /// A magnifying glass.
    Search,
    /// A shield.
    Shield,
    /// A thumb down.
    ThumbDown,
    /// A thumb up.
    ThumbUp,
    /// A triangle with a mark: look twice.
    Warning,
}

impl Glyph {
    const fn path(self) -> &'static str {
        match self {
            Self::Arrow => "M5 12h14m-6-6 6 6-6 6",
            Self::Check => "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM8 12.5l3 3 5.5-6.5",
            Self::Chevron => "m6 9 6 6 6-6",
            Self::Copy => "M9 9h11v12H9ZM5 15H4V3h11v2",
            Self::Danger => "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18Zm0-14v6m0 3.5v.1",
            Self::Download => "M12 3v12m-5-5 5 5 5-5M4 20h16",
            Self::Eye => {
                "M2 12s3.6-7 10-7 10 7 10 7-3.6 7-10 7S2 12 2 12Zm10 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z"
            }
            Self::Globe => {
                "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18Zm0-18c-5 5-5 13 0 18 5-5 5-13 0-18ZM3 12h18"
            }
            Self::Info => "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18Zm0-10v6m0-9.5v.1",
            Self::Key => "M8 20a5 5 0 1 1 0-10 5 5 0 0 1 0 10Zm3.5-8.5L20 3m-4 4 3.5 3.5",
            Self::Mail => "M3 5h18v14H3Zm0 1 9 7 9-7",
            Self::Person => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-8 9c.5-4 3.5-6 8-6s7.5 2 8 6",
            Self::Phone => "M7 2h10v20H7Zm4 17h2",
            Self::Print => "M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7Z",
            Self::Search => "M10.5 17a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13Zm5-1.5L21 21",
            Self::Shield => {
                "M12 3 4.5 6v6c0 4.5 3 7.5 7.5 9 4.5-1.5 7.5-4.5 7.5-9V6Zm-3.5 9 2.5 2.5 4.5-5"
            }
            Self::ThumbDown => "M7 14V4H3v10Zm0 0 4 7c2 0 2.5-1.5 2-3l-.5-3H20l-1.5-11H7",
            Self::ThumbUp => "M7 10v10H3V10Zm0 0 4-7c2 0 2.5 1.5 2 3l-.5 3H20l-1.5 11H7",
            Self::Warning => "M12 3.5 22 20.5H2Zm0 6v5m0 3v.1",
        }
    }
}

/// One icon, as tall as the text around it.
#[component]
pub fn Icon(
    /// Which drawing.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=glyph.path()></path>
        </svg>
    }
}

/// The product's mark: a door that stands open, and the light that falls out of it.
#[component]
pub fn BrandMark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
            <path class="mark-light" d="M11 27V5h12v22l5 3H15Z"></path>
            <path class="mark-leaf" d="m8 4 8 4v22l-8-3Z"></path>
            <path class="mark-frame" d="M8 27V4h16v23M4 27h4m16 0h4M13 18v2"></path>
        </svg>
    }
}
