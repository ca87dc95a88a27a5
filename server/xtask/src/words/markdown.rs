//! Takes the markup off an article: front matter, code, links, placeholders, ids.

use super::markup::address_length;
use super::prose::{Prose, STAND_IN};

/// The words of an article.
pub(super) fn read(content: &str) -> Prose {
    let mut prose = Prose::default();
    let mut fences = 0;
    let mut code = false;
    for (number, text) in content
        .lines()
        .enumerate()
        .map(|(index, text)| (index + 1, text))
    {
        if text == "+++" && fences < 2 {
            fences += 1;
        } else if fences == 1 {
            front_matter(text, number, &mut prose);
        } else if text.trim_start().starts_with("```") {
            code = !code;
        } else if !code && !is_table_rule(text) {
            line(text, number, &mut prose);
        }
    }
    prose
}

/// The strings of a line of TOML; what is outside the quotation marks is not for reading.
fn front_matter(text: &str, number: usize, prose: &mut Prose) {
    for value in strings(text) {
        inline(value, number, prose);
        prose.end_block(number);
    }
}

/// The quoted strings of a line. The front matter needs no escapes: a typographic quotation mark needs none.
fn strings(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

fn is_table_rule(text: &str) -> bool {
    text.contains("--") && text.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

/// One line: the mark of its block is dropped, and says whether it begins a block.
fn line(text: &str, number: usize, prose: &mut Prose) {
    let inner = text.trim_start_matches(['>', ' ']);
    let (inner, heading) = match inner.trim_start_matches('#') {
        words if words.len() < inner.len() => (words.trim_start(), true),
        _ => (inner, false),
    };
    let item = item_length(inner);
    let (inner, callout) = match inner
        .strip_prefix("[!")
        .and_then(|rest| rest.split_once(']'))
    {
        Some((_, title)) => (title, true),
        None => (&inner[item..], false),
    };
    if inner.trim().is_empty() || heading || item > 0 || callout {
        prose.end_block(number);
    }
    inline(inner, number, prose);
    if heading || callout {
        prose.end_block(number);
    } else {
        prose.push(' ', number);
    }
}

/// The length of `- `, `* ` or `1. ` at the beginning.
fn item_length(text: &str) -> usize {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[digits..];
    let mark = if digits > 0 { ". " } else { "- " };
    if rest.starts_with(mark) || (digits == 0 && rest.starts_with("* ")) {
        digits + 2
    } else {
        0
    }
}

fn inline(text: &str, number: usize, prose: &mut Prose) {
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let length = hidden(rest, number, prose);
        if length == 0 {
            prose.push(letter, number);
            rest = &rest[letter.len_utf8()..];
        } else {
            rest = &rest[length..];
        }
    }
}

/// The length of the markup that begins here, after noting what it stands for; 0 when a letter begins here.
fn hidden(text: &str, number: usize, prose: &mut Prose) -> usize {
    let until = |end: &str, from: usize| {
        text[from..]
            .find(end)
            .map_or(text.len(), |at| from + at + end.len())
    };
    if text.starts_with("{{") {
        prose.push(STAND_IN, number);
        return until("}}", 2);
    }
    if text.starts_with('`') {
        prose.push(STAND_IN, number);
        return until("`", 1);
    }
    if text.starts_with("{#") {
        return until("}", 2);
    }
    if text.starts_with("](") {
        let end = until(")", 2);
        caption(&text[..end], number, prose);
        return end;
    }
    if text.starts_with("![") {
        prose.end_block(number);
        return 2;
    }
    if text.starts_with("**") {
        return 2;
    }
    if text.starts_with(['*', '[', ']', '|', '\\']) {
        return 1;
    }
    let address = address_length(text, prose.last());
    if address > 0 {
        prose.push(STAND_IN, number);
    }
    address
}

/// The caption of an illustration, which stands in quotation marks behind its address.
fn caption(target: &str, number: usize, prose: &mut Prose) {
    if let Some(caption) = strings(target).next() {
        prose.end_block(number);
        prose.push_str(caption, number);
    }
}
