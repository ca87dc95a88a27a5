//! The faults of articles: every one has a name, a file and a sentence.

use std::fmt;

use crate::Locale;

/// The help cannot be loaded. Contains every fault, not only the first.
#[derive(Debug, thiserror::Error)]
pub struct LoadError {
    /// The faults, in the order of the files.
    pub faults: Vec<Fault>,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the help has {} fault(s)", self.faults.len())?;
        for fault in &self.faults {
            write!(f, "\n  {fault}")?;
        }
        Ok(())
    }
}

/// One fault and the file it is in, relative to the repository.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {what}")]
pub struct Fault {
    /// Where, for instance `locales/fr/help/add-a-new-user.md`.
    pub file: String,
    /// What.
    pub what: What,
}

/// What can be wrong with an article, or the interface texts that it uses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum What {
    /// The file of interface texts is not JSON.
    #[error("is not readable as JSON: {0}")]
    Json(String),
    /// No `+++` block at the top.
    #[error("does not begin with front matter between two lines `+++`")]
    NoFrontMatter,
    /// The block is invalid.
    #[error("has front matter that cannot be read: {0}")]
    FrontMatter(String),
    /// `updated` has a time of day.
    #[error("has an `updated` that is not a plain day like 2025-05-21")]
    Date,
    /// The same article is missing in the other language.
    #[error("has no translation in `{}`", .0.as_str())]
    Untranslated(Locale),
    /// The translation has other sections, so links into it would break when the reader changes language.
    #[error("has other headings (level and id) than its translation")]
    OtherOutline,
    /// A text that the help itself needs is missing.
    #[error("needs the interface text `{0}`, which does not exist")]
    MissingText(String),
    /// A label that is not in the interface.
    #[error("quotes the label `{0}`, which is not an interface text")]
    UnknownLabel(String),
    /// A label with a variable cannot be quoted: its text is not fixed.
    #[error("quotes the label `{0}`, which contains a variable or markup")]
    VariableLabel(String),
    /// An unknown placeholder between double braces.
    #[error("contains `{{{{{0}}}}}`, which is not a placeholder")]
    UnknownPlaceholder(String),
    /// Double braces that are never closed.
    #[error("contains `{{{{` without `}}}}`")]
    OpenPlaceholder,
    /// A link to an article or a section that does not exist.
    #[error("links to `{0}`, which does not exist")]
    DeadLink(String),
    /// A link that is neither `article:`, `page:`, `#section` nor `https://`.
    #[error("links to `{0}`, which is not `article:`, `page:`, `#section` or `https://`")]
    ForeignLink(String),
    /// An illustration that is not there, or has no width and height.
    #[error("shows `{0}`, which is not an illustration with a width and a height")]
    UnknownImage(String),
    /// An illustration without a text alternative.
    #[error("shows `{0}` without a text alternative")]
    NoAlternative(String),
    /// A heading of level one inside an article: the page writes it, from the title.
    #[error("has the heading “{0}” at a level other than 2, 3 or 4")]
    HeadingLevel(String),
    /// Two headings with one id.
    #[error("has two headings with the id `{0}`")]
    TwiceTheSameId(String),
    /// HTML in an article.
    #[error("contains HTML, which is not shown: `{0}`")]
    Html(String),
}
