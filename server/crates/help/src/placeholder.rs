//! The double braces of an article: `{{label:two_factor.enable}}`, `{{support}}`, `{{brand}}`, `{{back_office}}`.
//!
//! Their values come from the settings of the running program or from another file (the interface texts), so an
//! article never repeats them.

use crate::fault::What;
use crate::labels::Labels;
use crate::{Locale, Settings};
use domain::paths;

/// A part of a text after the placeholders have been looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Plain text.
    Text(String),
    /// A label of the interface, shown as such.
    Label(String),
    /// A link: its target and its text.
    Link(String, String),
}

impl Piece {
    /// The plain text, for screen readers and the search.
    pub(crate) fn plain(&self) -> &str {
        match self {
            Self::Text(text) | Self::Label(text) | Self::Link(_, text) => text,
        }
    }
}

/// Where the values come from, for one language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Values<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) labels: &'a Labels,
    pub(crate) locale: Locale,
}

impl Values<'_> {
    /// Splits a text at its placeholders and looks each one up.
    pub(crate) fn pieces(&self, text: &str) -> Result<Vec<Piece>, What> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, after) = after.split_once("}}").ok_or(What::OpenPlaceholder)?;
            push_text(&mut pieces, before);
            pieces.push(self.look_up(name.trim())?);
            rest = after;
        }
        push_text(&mut pieces, rest);
        Ok(pieces)
    }

    /// The same as plain text, for titles, summaries and text alternatives.
    pub(crate) fn plain(&self, text: &str) -> Result<String, What> {
        Ok(plain(&self.pieces(text)?))
    }

    fn look_up(&self, name: &str) -> Result<Piece, What> {
        if let Some(key) = name.strip_prefix("label:") {
            let label = self.labels.quote(self.locale, key.trim())?;
            return Ok(Piece::Label(label.to_owned()));
        }
        match name {
            "brand" => Ok(Piece::Text(self.settings.brand.clone())),
            "support" => {
                let email = &self.settings.support_email;
                Ok(Piece::Link(format!("mailto:{email}"), email.clone()))
            }
            "back_office" => Ok(self.back_office()),
            _ => Err(What::UnknownPlaceholder(name.to_owned())),
        }
    }

    /// The sign-in page of the back office: the link stays on this site, the words are the whole address,
    /// because a reader copies it into a mail or types it on another computer.
    fn back_office(&self) -> Piece {
        let path = paths::localized(self.locale, paths::SIGN_IN);
        let origin = self.settings.public_url.trim_end_matches('/');
        let shown = origin.strip_prefix("https://").unwrap_or(origin);
        Piece::Link(path.clone(), format!("{shown}{path}"))
    }
}

/// The plain text of some pieces.
pub(crate) fn plain(pieces: &[Piece]) -> String {
    pieces.iter().map(Piece::plain).collect()
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text.to_owned()));
    }
}
