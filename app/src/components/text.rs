//! Words as building blocks receive them: already chosen, already in the reader's language.
//!
//! A block never sees a translation key. The page asks for the words once and hands them down, so a
//! block can be drawn, tested and shown in the demo without any language at all.

use std::borrow::Cow;

use leptos::oco::Oco;

/// Words that a block shows. Takes a literal, a `String` or a `Cow` through `into()`.
pub type Text = Oco<'static, str>;

/// Words that may be missing: a hint, an error, a line under a title.
///
/// A plain `Option<Text>` property accepts either `hint="…"` or `hint=some_option`, never both.
/// This type takes both, and nothing at all, so that a page can pass on what the server found
/// without a `match`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Maybe(Option<Text>);

impl Maybe {
    /// The words, if there are any. Empty words count as none.
    pub fn get(self) -> Option<Text> {
        self.0.filter(|text| !text.is_empty())
    }

    /// Whether there is something to show.
    pub fn is_some(&self) -> bool {
        self.0.as_ref().is_some_and(|text| !text.is_empty())
    }

    /// The words, or these instead.
    pub fn or(self, other: impl Into<Text>) -> Text {
        self.get().unwrap_or_else(|| other.into())
    }
}

impl From<&'static str> for Maybe {
    fn from(text: &'static str) -> Self {
        Self(Some(text.into()))
    }
}

impl From<String> for Maybe {
    fn from(text: String) -> Self {
        Self(Some(text.into()))
    }
}

impl From<Cow<'static, str>> for Maybe {
    fn from(text: Cow<'static, str>) -> Self {
        Self(Some(text.into()))
    }
}

impl From<Text> for Maybe {
    fn from(text: Text) -> Self {
        Self(Some(text))
    }
}

impl<T: Into<Text>> From<Option<T>> for Maybe {
    fn from(text: Option<T>) -> Self {
        Self(text.map(Into::into))
    }
}

/// What a message is about. It decides colour and icon; the word beside them is the caller's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to do, nothing to fear.
    #[default]
    Neutral,
    /// It worked, it is on, it is safe.
    Success,
    /// Good to know.
    Info,
    /// Look twice before going on.
    Warning,
    /// It failed, or it removes something.
    Danger,
}

impl Tone {
    /// The word that stylesheets know this tone by.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Success => "success",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }
}
