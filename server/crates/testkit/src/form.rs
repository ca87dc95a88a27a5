//! Filling in a form, with nothing but what stands in the page.

use crate::html::{self, Element};
use scraper::ElementRef;

/// A form of a page, being filled in.
#[derive(Debug, Clone)]
pub struct Form {
    action: String,
    fields: Vec<(String, String)>,
    boxes: Vec<(String, String)>,
    buttons: Vec<Element>,
    pressed: usize,
}

impl Form {
    pub(crate) fn read(form: ElementRef<'_>) -> Self {
        let mut read = Self {
            action: form.attr("action").unwrap_or_default().to_owned(),
            fields: Vec::new(),
            boxes: Vec::new(),
            buttons: Vec::new(),
            pressed: 0,
        };
        for control in form.select(&html::selector("input, textarea, button")) {
            let attribute = |name: &str| control.attr(name).unwrap_or_default().to_owned();
            let (name, kind) = (attribute("name"), attribute("type"));
            match control.value().name() {
                "button" if kind != "button" => read.buttons.push(Element::new(control)),
                "textarea" => read.fields.push((name, control.text().collect())),
                "input" if name.is_empty() => {}
                // A box that is not ticked sends nothing.
                "input"
                    if ["checkbox", "radio"].contains(&kind.as_str())
                        && control.attr("checked").is_none() =>
                {
                    read.boxes.push((name, attribute("value")));
                }
                "input" => read.fields.push((name, attribute("value"))),
                _ => {}
            }
        }
        read
    }

    pub(crate) fn posts_to(&self, action: &str) -> bool {
        self.action == action
    }

    /// The names of its fields, hidden ones included.
    pub fn names(&self) -> Vec<&str> {
        self.fields.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// What stands in a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Types into a field.
    #[must_use]
    pub fn fill(mut self, name: &str, value: &str) -> Self {
        let field = self.fields.iter_mut().find(|(known, _)| known == name);
        let action = &self.action;
        field
            .unwrap_or_else(|| panic!("the form for {action} has no field {name}"))
            .1 = String::from(value);
        self
    }

    /// Ticks a box that is not ticked yet.
    #[must_use]
    pub fn tick(mut self, name: &str) -> Self {
        let found = self.boxes.iter().position(|(known, _)| known == name);
        let action = &self.action;
        let place = found.unwrap_or_else(|| panic!("the form for {action} has no box {name}"));
        self.fields.push(self.boxes.remove(place));
        self
    }

    /// Chooses the button to press; without it, it is the first one, as with the Enter key.
    #[must_use]
    pub fn press(mut self, text: &str) -> Self {
        let found = self.buttons.iter().position(|button| button.text == text);
        self.pressed = found.unwrap_or_else(|| panic!("no button “{text}”: {:?}", self.buttons));
        self
    }

    /// Where it goes and what it brings.
    pub(crate) fn filled_in(&self) -> (String, Vec<(String, String)>) {
        let button = self.buttons.get(self.pressed);
        let attribute = |name: &str| button.and_then(|button| button.attribute(name));
        let mut fields = self.fields.clone();
        if let Some(name) = attribute("name") {
            let value = attribute("value").unwrap_or_default();
            fields.push((name.to_owned(), value.to_owned()));
        }
        let action = attribute("formaction").unwrap_or(&self.action);
        (action.to_owned(), fields)
    }
}
