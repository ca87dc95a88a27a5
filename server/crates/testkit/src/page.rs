//! What a browser shows, and what can be read off it.

use crate::{
    Form,
    html::{self, Element},
    wire::Reply,
};
use http::{HeaderMap, StatusCode};
use scraper::Html;

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
}

impl Page {
    pub(crate) fn new(url: String, reply: Reply) -> Self {
        let html = reply.text();
        Self {
            status: reply.status,
            headers: reply.headers,
            url,
            html,
        }
    }

    /// All that can be read.
    pub fn text(&self) -> String {
        html::visible_text(Html::parse_document(&self.html).root_element())
    }

    /// What stands in the first heading.
    pub fn heading(&self) -> String {
        self.text_of("h1")
    }

    /// The elements that a CSS selector finds, in the order of the page.
    pub fn all(&self, css: &str) -> Vec<Element> {
        html::select(&self.html, css)
    }

    /// The first element that a CSS selector finds.
    ///
    /// # Panics
    /// When there is none.
    pub fn first(&self, css: &str) -> Element {
        let found = self.all(css).into_iter().next();
        found.unwrap_or_else(|| panic!("no {css} at {}: {}", self.url, self.text()))
    }

    /// The text of the first element that a CSS selector finds; empty when there is none.
    pub fn text_of(&self, css: &str) -> String {
        let found = self.all(css).into_iter().next();
        found.map(|element| element.text).unwrap_or_default()
    }

    /// The lines of the error summary.
    pub fn errors(&self) -> Vec<String> {
        let lines = self.all("[class=summary] li").into_iter();
        lines.map(|line| line.text).collect()
    }

    /// Where the first link of this text leads.
    pub fn link(&self, text: &str) -> Option<String> {
        let mut links = self.links().into_iter();
        links.find(|(words, _)| words == text).map(|(_, href)| href)
    }

    /// Texts and addresses of the links.
    pub fn links(&self) -> Vec<(String, String)> {
        let links = self.all("a[href]").into_iter();
        links
            .map(|link| {
                let href = link.attribute("href").unwrap_or_default().to_owned();
                (link.text, href)
            })
            .collect()
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
        let document = Html::parse_document(&self.html);
        let selector = html::selector("form[action]");
        document.select(&selector).map(Form::read).collect()
    }
}
