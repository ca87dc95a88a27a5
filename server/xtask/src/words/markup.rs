//! Takes the markup off interface texts and mails: tags, template expressions, entities, addresses.

use super::prose::{Prose, STAND_IN};

/// Tags that stand inside a sentence; every other tag ends a paragraph.
const INLINE: [&str; 12] = [
    "a", "abbr", "b", "code", "em", "i", "link", "mark", "small", "span", "strong", "time",
];
/// Elements whose content is not for reading.
const SILENT: [&str; 2] = ["style", "script"];
/// Named characters that decide about a space or a quotation mark.
const ENTITIES: [(&str, char); 10] = [
    ("nbsp", '\u{a0}'),
    ("rsquo", '’'),
    ("lsquo", '‘'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("amp", '&'),
    ("quot", '"'),
    ("apos", '\''),
    ("hellip", '…'),
    ("ndash", '–'),
];

/// Reads a text, or a mail as text or HTML with its template expressions.
pub(super) fn read(content: &str) -> Prose {
    let mut reader = Reader {
        rest: content,
        line: 1,
        prose: Prose::default(),
    };
    while !reader.rest.is_empty() {
        reader.step();
    }
    reader.prose
}

/// Reads an interface text: one line of JSON, whatever line breaks it holds.
pub(super) fn read_text(text: &str, line: usize) -> Prose {
    read(text).on_line(line)
}

/// What is between two places, with the templates' own comments and expressions: `(opening, closing, stand-in)`.
const TEMPLATE: [(&str, &str, bool); 4] = [
    ("{{", "}}", true),
    ("{%", "%}", false),
    ("{#", "#}", false),
    ("<!--", "-->", false),
];

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    prose: Prose,
}

impl Reader<'_> {
    fn step(&mut self) {
        for (opening, closing, stand_in) in TEMPLATE {
            if self.rest.starts_with(opening) {
                if stand_in {
                    self.prose.push(STAND_IN, self.line);
                }
                return self.skip_past(closing);
            }
        }
        if let Some(name) = tag_name(self.rest) {
            return self.tag(&name);
        }
        let address = address_length(self.rest, self.prose.last());
        if address > 0 {
            self.prose.push(STAND_IN, self.line);
            return self.skip(address);
        }
        if let Some((letter, length)) = entity(self.rest) {
            self.prose.push(letter, self.line);
            return self.skip(length);
        }
        if let Some(letter) = self.rest.chars().next() {
            self.prose.push(letter, self.line);
            self.skip(letter.len_utf8());
        }
    }

    fn tag(&mut self, name: &str) {
        if !INLINE.contains(&name) {
            self.prose.end_block(self.line);
        }
        if SILENT.contains(&name) {
            self.skip_past(&format!("</{name}"));
        }
        self.skip_past(">");
    }

    fn skip(&mut self, length: usize) {
        let (gone, rest) = self.rest.split_at(length);
        self.line += gone.matches('\n').count();
        self.rest = rest;
    }

    fn skip_past(&mut self, end: &str) {
        let length = self
            .rest
            .find(end)
            .map_or(self.rest.len(), |at| at + end.len());
        self.skip(length);
    }
}

/// The name of the tag that begins here, in small letters.
fn tag_name(text: &str) -> Option<String> {
    let inside = text.strip_prefix('<')?;
    let inside = inside.strip_prefix(['/', '!']).unwrap_or(inside);
    let name: String = inside
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    let is_tag = name.starts_with(|c: char| c.is_ascii_alphabetic()) && inside.contains('>');
    is_tag.then(|| name.to_ascii_lowercase())
}

/// The length of the web or mail address that begins here; 0 when none does.
pub(super) fn address_length(text: &str, before: Option<char>) -> usize {
    if before.is_some_and(char::is_alphanumeric) {
        return 0;
    }
    let schemes = ["https://", "http://", "mailto:", "otpauth:", "www."];
    if !schemes.iter().any(|scheme| text.starts_with(scheme)) {
        return 0;
    }
    let end =
        text.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | ')' | '»' | '”'));
    let address = &text[..end.unwrap_or(text.len())];
    address
        .trim_end_matches(['.', ',', ';', ':', '!', '?'])
        .len()
}

/// The character that an entity stands for, and how long it is written.
fn entity(text: &str) -> Option<(char, usize)> {
    let inside = text.strip_prefix('&')?;
    let name = &inside[..inside.find(';').filter(|end| *end <= 8)?];
    let letter = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
            None => number.parse(),
        };
        char::from_u32(code.ok()?)?
    } else if name.chars().all(|c| c.is_ascii_alphanumeric()) && !name.is_empty() {
        let known = ENTITIES.iter().find(|(known, _)| *known == name);
        known.map_or(STAND_IN, |(_, letter)| *letter)
    } else {
        return None;
    };
    Some((letter, name.len() + 2))
}
