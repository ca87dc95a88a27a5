//! Filling in a form, with nothing but what stands in the page.

use crate::html::{self, Piece};

/// A form of a page, being filled in.
#[derive(Debug, Clone)]
pub struct Form {
    action: String,
    fields: Vec<(String, String)>,
    boxes: Vec<(String, String)>,
    buttons: Vec<(String, Piece)>,
    pressed: Option<usize>,
}

impl Form {
    pub(crate) fn read(pieces: &[Piece]) -> Option<Self> {
        let action = pieces.first()?.attribute("action")?.to_owned();
        let content = html::inside(pieces, |piece| piece.opens("form"))?;
        let mut form = Self {
            action,
            fields: Vec::new(),
            boxes: Vec::new(),
            buttons: Vec::new(),
            pressed: None,
        };
        for (index, piece) in content.iter().enumerate() {
            let name = piece.attribute("name").unwrap_or_default().to_owned();
            if piece.opens("input") && !name.is_empty() {
                let value = piece.attribute("value").unwrap_or_default().to_owned();
                if is_left_out(piece) {
                    form.boxes.push((name, value));
                } else {
                    form.fields.push((name, value));
                }
            } else if piece.opens("textarea") {
                let text = html::inside(&content[index..], |piece| piece.opens("textarea"));
                let Some([Piece::Text(text)]) = text else {
                    continue;
                };
                form.fields.push((name, text.clone()));
            } else if piece.opens("button") && piece.attribute("type") != Some("button") {
                let words = html::inside(&content[index..], |piece| piece.opens("button"));
                form.buttons.push((
                    words.map(html::visible_text).unwrap_or_default(),
                    piece.clone(),
                ));
            }
        }
        Some(form)
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
        let found = self.buttons.iter().position(|(words, _)| words == text);
        let words: Vec<&String> = self.buttons.iter().map(|(words, _)| words).collect();
        self.pressed = Some(found.unwrap_or_else(|| panic!("no button “{text}” among {words:?}")));
        self
    }

    /// Where it goes and what it brings.
    pub(crate) fn filled_in(&self) -> (String, Vec<(String, String)>) {
        let button = self
            .buttons
            .get(self.pressed.unwrap_or(0))
            .map(|(_, piece)| piece);
        let attribute = |name: &str| button.and_then(|button| button.attribute(name));
        let mut fields = self.fields.clone();
        if let Some(name) = attribute("name") {
            fields.push((
                name.to_owned(),
                attribute("value").unwrap_or_default().to_owned(),
            ));
        }
        (
            attribute("formaction").unwrap_or(&self.action).to_owned(),
            fields,
        )
    }
}

/// A box that is not ticked sends nothing.
fn is_left_out(input: &Piece) -> bool {
    let choice = matches!(input.attribute("type"), Some("checkbox" | "radio"));
    choice && input.attribute("checked").is_none()
}
