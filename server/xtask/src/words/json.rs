//! The texts of a JSON file with their keys and lines.
//!
//! `serde_json` says whether the file is JSON, and forgets where things stood and that a key came twice. This
//! scanner, which only ever sees valid JSON, keeps both.

use std::collections::BTreeSet;

use serde_json::Value;

/// One text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    /// The path in the file, such as `search.label`.
    pub(super) key: String,
    pub(super) line: usize,
    pub(super) value: String,
}

/// The texts of a file, and the line and sentence of what is wrong with its form.
pub(super) fn read(content: &str) -> (Vec<Text>, Vec<(usize, String)>) {
    let value: Value = match serde_json::from_str(content) {
        Ok(value) => value,
        Err(error) => {
            return (
                Vec::new(),
                vec![(error.line().max(1), format!("is not JSON: {error}"))],
            );
        }
    };
    let texts = scan(content);
    let mut faults = Vec::new();
    let mut keys = BTreeSet::new();
    for text in &texts {
        if !keys.insert(text.key.as_str()) {
            faults.push((text.line, format!("has the key `{}` twice", text.key)));
        }
    }
    let mut others = Vec::new();
    not_texts(&value, "", &mut others);
    faults.extend(
        others
            .into_iter()
            .map(|key| (1, format!("has something other than a text at `{key}`"))),
    );
    (texts, faults)
}

fn not_texts(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => {}
        Value::Object(entries) => {
            for (name, entry) in entries {
                not_texts(entry, join(path, name).as_str(), found);
            }
        }
        _ => found.push(path.to_owned()),
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// Walks through valid JSON; the innermost key waits in `path` until its text or its object comes.
fn scan(content: &str) -> Vec<Text> {
    let mut texts = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut key: Option<String> = None;
    let (mut position, mut line) = (0, 1);
    while let Some(byte) = content.as_bytes().get(position) {
        match byte {
            b'\n' => line += 1,
            b'{' => path.extend(key.take()),
            b'}' => {
                path.pop();
            }
            b'"' => {
                let end = end_of_string(content, position);
                let text = serde_json::from_str(&content[position..end]).unwrap_or_default();
                if content[end..].trim_start().starts_with(':') {
                    key = Some(text);
                } else {
                    let name = key.take().unwrap_or_default();
                    let key = join(&path.join("."), &name);
                    texts.push(Text {
                        key,
                        line,
                        value: text,
                    });
                }
                position = end - 1;
            }
            _ => {}
        }
        position += 1;
    }
    texts
}

/// The position after the closing quotation mark of the string that begins here.
fn end_of_string(content: &str, start: usize) -> usize {
    let mut escaped = false;
    for (offset, byte) in content.bytes().enumerate().skip(start + 1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return offset + 1,
            _ => {}
        }
    }
    content.len()
}
