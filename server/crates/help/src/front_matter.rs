//! The head of an article: TOML between two lines `+++`.

use serde::Deserialize;

use crate::date::Date;
use crate::fault::What;

/// What an author states about an article.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FrontMatter {
    /// The title, which the page shows as its only heading of level one.
    pub(crate) title: String,
    /// One sentence for lists and search results.
    pub(crate) summary: String,
    /// The slug of the category.
    pub(crate) category: String,
    /// The place within the category.
    pub(crate) order: u32,
    /// The day on which this language's text last changed.
    updated: toml::value::Datetime,
    /// Words that people type and the article does not contain.
    #[serde(default)]
    pub(crate) keywords: Vec<String>,
}

/// Splits a file into its head, the day and the Markdown below.
pub(crate) fn read(source: &str) -> Result<(FrontMatter, Date, &str), What> {
    let (head, body) = source
        .strip_prefix("+++\n")
        .and_then(|rest| rest.split_once("\n+++\n"))
        .ok_or(What::NoFrontMatter)?;
    let front: FrontMatter =
        toml::from_str(head).map_err(|error| What::FrontMatter(error.message().to_owned()))?;
    let updated = Date::from_toml(&front.updated).ok_or(What::Date)?;
    Ok((front, updated, body))
}
