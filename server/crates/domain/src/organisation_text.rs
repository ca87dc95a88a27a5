//! What an organisation writes itself on its pages.

/// What a text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// Above the form for registering.
    Welcome,
    /// How the organisation treats personal data.
    Privacy,
}

impl TextKind {
    /// Every purpose.
    pub const ALL: [Self; 2] = [Self::Welcome, Self::Privacy];

    /// The purpose as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Welcome => "welcome",
            Self::Privacy => "privacy",
        }
    }

    /// Parses a stored purpose; `None` when it is unknown.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The longest text, in characters: a welcome stands above a form, and a privacy notice has a page.
    pub const fn most_characters(self) -> usize {
        match self {
            Self::Welcome => 600,
            Self::Privacy => 20_000,
        }
    }
}

/// What an organisation wrote for a purpose: plain text, paragraphs separated by empty lines; it may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnText {
    kind: TextKind,
    text: String,
}

/// A text is too long for its purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is too long: it has at most {most} characters")]
pub struct TextTooLong {
    /// The most characters.
    pub most: usize,
}

impl OwnText {
    /// Parses a text as typed; outer spaces are trimmed.
    ///
    /// # Errors
    /// [`TextTooLong`].
    pub fn parse(kind: TextKind, typed: &str) -> Result<Self, TextTooLong> {
        let (text, most) = (typed.trim(), kind.most_characters());
        if text.chars().count() > most {
            return Err(TextTooLong { most });
        }
        let text = text.to_owned();
        Ok(Self { kind, text })
    }

    /// What it is for.
    pub const fn kind(&self) -> TextKind {
        self.kind
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::{OwnText, TextKind, TextTooLong};

    #[test]
    fn a_text_is_as_long_as_its_place_allows() {
        let kind = TextKind::Welcome;
        let longest = "é".repeat(kind.most_characters());
        let parsed = OwnText::parse(kind, &format!(" {longest}\n")).expect("it fits");
        assert_eq!((parsed.kind(), parsed.as_str()), (kind, longest.as_str()));
        let most = kind.most_characters();
        let refused = OwnText::parse(kind, &format!("{longest}e"));
        assert_eq!(refused, Err(TextTooLong { most }));
        for kind in TextKind::ALL {
            assert_eq!(TextKind::parse(kind.as_str()), Some(kind));
        }
    }
}
