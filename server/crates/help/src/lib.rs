//! The help: articles in two languages, rendered once, with a search.
//!
//! [`Library::load`] reads the Markdown of `locales/{en,fr}/help/` (embedded at build time),
//! renders every article to safe HTML, checks every link, label and illustration, and builds the index of
//! [`Library::search`]. From then on everything is a look-up in memory. A library with a fault does not load, so a broken
//! link or a label that no longer exists fails the tests.
//!
//! # Writing an article
//!
//! The file's name is the slug, the same in both languages. At the top stands TOML between two lines `+++`: `title`,
//! `summary`, `category`, `order`, `updated` (the day on which *this language's* text last changed) and `keywords`
//! (words that people type and the article does not contain). Below stands Markdown without HTML, in which
//!
//! | written | becomes |
//! |---|---|
//! | `{{label:two_factor.enable}}` | the text of that button or field, letter for letter |
//! | `{{support}}` | a mail link to the configured address |
//! | `{{brand}}` | the configured name |
//! | `{{back_office}}` | a link to the managers' sign-in page, in the reader's language |
//! | `[words](article:slug#section)` | a link to an article, checked |
//! | `[words](page:/settings)` | a link to a page of the site, in the reader's language |
//! | `## Heading {#id}` | a heading with an id that both languages share |
//! | `> [!WARNING]`, `> [!NOTE] Title` | a callout |
//! | `![what it shows](/help/name.svg "caption")` | an illustration from `frontend/public/help/` |
//!
//! # What it does not do
//!
//! No HTTP, no pages, no votes: the server puts [`Article::html`] into a page and stores the votes.

mod date;
mod embedded;
mod fault;
mod front_matter;
mod labels;
mod library;
mod placeholder;
mod render;
mod search;
mod settings;

pub use date::Date;
pub use domain::Locale;
pub use embedded::Sources;
pub use fault::{Fault, LoadError, What};
pub use library::{Article, Category, Library};
pub use render::Heading;
pub use search::{Hit, Piece, Snippet};
pub use settings::Settings;

#[cfg(test)]
mod tests;
