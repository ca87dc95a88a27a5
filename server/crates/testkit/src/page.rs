//! What a browser shows, and what can be read off it.

use crate::{
    Form,
    html::{self, Piece},
    wire::Reply,
};
use http::{HeaderMap, StatusCode};

/// What the browser shows.
#[derive(Debug, Clone)]
pub struct Page {
    /// The status of the last answer.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// The address in the address bar, without the origin.
    pub url: String,
    /// The document.
    pub html: String,
    pieces: Vec<Piece>,
}

impl Page {
    pub(crate) fn new(url: String, reply: Reply) -> Self {
        let html = reply.text();
        let pieces = html::parse(&html);
        Self {
            status: reply.status,
            headers: reply.headers,
            url,
            html,
            pieces,
        }
    }

    /// The document, taken apart.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// All that can be read.
    pub fn text(&self) -> String {
        html::visible_text(&self.pieces)
    }

    /// What stands in the first heading.
    pub fn heading(&self) -> String {
        self.text_of(|piece| piece.opens("h1"))
    }

    /// The text of the first element that opens as wanted; empty when there is none.
    pub fn text_of(&self, opens: impl Fn(&Piece) -> bool) -> String {
        html::inside(&self.pieces, opens)
            .map(html::visible_text)
            .unwrap_or_default()
    }

    /// The lines of the error summary.
    pub fn errors(&self) -> Vec<String> {
        let summary = html::inside(&self.pieces, |piece| {
            piece.attribute("class") == Some("summary")
        });
        let mut rest = summary.unwrap_or_default();
        let mut lines = Vec::new();
        while let Some(start) = rest.iter().position(|piece| piece.opens("li")) {
            rest = &rest[start..];
            lines.extend(html::inside(rest, |piece| piece.opens("li")).map(html::visible_text));
            rest = &rest[1..];
        }
        lines
    }

    /// Where the first link of this text leads.
    pub fn link(&self, text: &str) -> Option<String> {
        self.links()
            .into_iter()
            .find(|(words, _)| words == text)
            .map(|(_, href)| href)
    }

    /// Texts and addresses of the links.
    pub fn links(&self) -> Vec<(String, String)> {
        let starts = self
            .pieces
            .iter()
            .enumerate()
            .filter(|(_, piece)| piece.opens("a"));
        let link = |(start, piece): (usize, &Piece)| {
            let words = html::inside(&self.pieces[start..], |piece| piece.opens("a"))?;
            Some((
                html::visible_text(words),
                piece.attribute("href")?.to_owned(),
            ))
        };
        starts.filter_map(link).collect()
    }

    /// Whether there is a form that posts there.
    pub fn has_form(&self, action: &str) -> bool {
        self.forms().iter().any(|form| form.posts_to(action))
    }

    /// The form that posts there.
    pub fn form(&self, action: &str) -> Form {
        let found = self.forms().into_iter().find(|form| form.posts_to(action));
        found.unwrap_or_else(|| panic!("no form for {action} at {}: {}", self.url, self.text()))
    }

    /// The form that posts there and brings this hidden value along, when there are several.
    pub fn form_with(&self, action: &str, name: &str, value: &str) -> Form {
        let fits = |form: &Form| form.posts_to(action) && form.value(name) == Some(value);
        let found = self.forms().into_iter().find(fits);
        found.unwrap_or_else(|| panic!("no form for {action} with {name}={value} at {}", self.url))
    }

    /// All forms.
    pub fn forms(&self) -> Vec<Form> {
        let starts = self
            .pieces
            .iter()
            .enumerate()
            .filter(|(_, piece)| piece.opens("form"));
        starts
            .filter_map(|(start, _)| Form::read(&self.pieces[start..]))
            .collect()
    }
}
