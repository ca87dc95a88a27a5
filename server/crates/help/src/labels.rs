//! The interface texts by key, so that an article quotes a button letter for letter.
//!
//! A key is the file's name and the path inside it: `two_factor.enable` is the text `enable` in
//! `locales/{language}/two_factor.json`.

use std::collections::HashMap;

use serde_json::Value;

use crate::Locale;
use crate::fault::{Fault, What};

/// All interface texts of both languages.
#[derive(Debug, Default)]
pub(crate) struct Labels {
    texts: HashMap<(Locale, String), String>,
}

impl Labels {
    /// Reads the files; one that is not JSON is a fault and leaves its keys unknown.
    pub(crate) fn read(files: &[(Locale, &str, &str)], faults: &mut Vec<Fault>) -> Self {
        let mut labels = Self::default();
        for (locale, namespace, content) in files {
            match serde_json::from_str(content) {
                Ok(value) => labels.collect(*locale, namespace, &value),
                Err(error) => faults.push(Fault {
                    file: format!("locales/{}/{namespace}.json", locale.as_str()),
                    what: What::Json(error.to_string()),
                }),
            }
        }
        labels
    }

    fn collect(&mut self, locale: Locale, key: &str, value: &Value) {
        match value {
            Value::String(text) => {
                self.texts.insert((locale, key.to_owned()), text.clone());
            }
            Value::Object(entries) => {
                for (name, entry) in entries {
                    self.collect(locale, &format!("{key}.{name}"), entry);
                }
            }
            // The interface has no other values; the check of the interface texts reports it where it matters.
            _ => {}
        }
    }

    /// A text of the help itself, such as the name of a category.
    pub(crate) fn text(&self, locale: Locale, key: &str) -> Result<&str, What> {
        self.texts
            .get(&(locale, key.to_owned()))
            .map(String::as_str)
            .ok_or_else(|| What::MissingText(key.to_owned()))
    }

    /// A text that an article quotes. It must be plain: no variable, no markup.
    pub(crate) fn quote(&self, locale: Locale, key: &str) -> Result<&str, What> {
        let text = self
            .text(locale, key)
            .map_err(|_| What::UnknownLabel(key.to_owned()))?;
        if text.contains("{{") || text.contains('<') {
            return Err(What::VariableLabel(key.to_owned()));
        }
        Ok(text)
    }
}
