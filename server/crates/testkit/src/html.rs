//! As much of HTML as a browser without JavaScript needs: a flat list of tags and texts, and what
//! can be read off it.
//!
//! It relies on pages being well-formed, which html-validate checks elsewhere.

/// A piece of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// `<name attribute="…">`; elements without content are opened and never closed.
    Open {
        /// The element's name.
        name: String,
        /// Names and values, decoded.
        attributes: Vec<(String, String)>,
    },
    /// `</name>`.
    Close(String),
    /// Decoded text between two tags.
    Text(String),
}

impl Piece {
    /// Whether it opens this element.
    pub fn opens(&self, wanted: &str) -> bool {
        matches!(self, Self::Open { name, .. } if name == wanted)
    }

    /// Whether it closes this element.
    pub fn closes(&self, wanted: &str) -> bool {
        matches!(self, Self::Close(name) if name == wanted)
    }

    /// The value of an attribute; empty for one without value.
    pub fn attribute(&self, wanted: &str) -> Option<&str> {
        let Self::Open { attributes, .. } = self else {
            return None;
        };
        let mut attributes = attributes.iter();
        attributes
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.as_str())
    }
}

/// Takes a document apart.
pub fn parse(html: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text(&rest[..start], &mut pieces);
        rest = &rest[start..];
        rest = if let Some(comment) = rest.strip_prefix("<!--") {
            after(comment, "-->")
        } else if rest.starts_with("<!") {
            after(rest, ">")
        } else {
            tag(&rest[1..], &mut pieces)
        };
        if let Some(Piece::Open { name, .. }) = pieces.last()
            && ["script", "style", "textarea", "title"].contains(&name.as_str())
        {
            rest = raw(name.clone(), rest, &mut pieces);
        }
    }
    text(rest, &mut pieces);
    pieces
}

/// The text that a reader sees, spaces and line breaks made one.
pub fn visible_text(pieces: &[Piece]) -> String {
    let mut text = String::new();
    let mut hidden = None;
    for piece in pieces {
        match piece {
            Piece::Open { name, .. } if hidden.is_none() => {
                let silent = ["head", "script", "style", "template"].contains(&name.as_str());
                hidden = silent.then(|| name.clone());
                text.push(' ');
            }
            Piece::Close(name) => {
                hidden = hidden.filter(|hidden| hidden != name);
                text.push(' ');
            }
            Piece::Text(words) if hidden.is_none() => text.push_str(words),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The pieces inside the first element from `start` on that opens as wanted.
pub fn inside(pieces: &[Piece], opens: impl Fn(&Piece) -> bool) -> Option<&[Piece]> {
    let start = pieces.iter().position(opens)?;
    let Piece::Open { name, .. } = &pieces[start] else {
        return None;
    };
    let mut depth = 0_usize;
    for (index, piece) in pieces.iter().enumerate().skip(start) {
        if piece.opens(name) {
            depth += 1;
        } else if piece.closes(name) {
            depth -= 1;
            if depth == 0 {
                return Some(&pieces[start + 1..index]);
            }
        }
    }
    None
}

fn after<'a>(text: &'a str, mark: &str) -> &'a str {
    text.split_once(mark).map_or("", |(_, rest)| rest)
}

fn text(raw: &str, pieces: &mut Vec<Piece>) {
    if !raw.is_empty() {
        pieces.push(Piece::Text(decode(raw)));
    }
}

/// The content of an element in which tags mean nothing.
fn raw<'a>(name: String, rest: &'a str, pieces: &mut Vec<Piece>) -> &'a str {
    let end = format!("</{name}>");
    let (content, rest) = rest.split_once(&end).unwrap_or((rest, ""));
    // The first line break after a textarea's tag belongs to the tag.
    let content = if name == "textarea" {
        content.strip_prefix('\n').unwrap_or(content)
    } else {
        content
    };
    let decoded = if ["script", "style"].contains(&name.as_str()) {
        content.to_owned()
    } else {
        decode(content)
    };
    pieces.push(Piece::Text(decoded));
    pieces.push(Piece::Close(name));
    rest
}

/// Reads a tag after its `<`; what follows its `>`.
fn tag<'a>(text: &'a str, pieces: &mut Vec<Piece>) -> &'a str {
    let ends_name = |c: char| c.is_whitespace() || c == '>' || c == '/';
    if let Some(closing) = text.strip_prefix('/') {
        let (name, rest) = closing.split_once('>').unwrap_or((closing, ""));
        pieces.push(Piece::Close(name.trim().to_ascii_lowercase()));
        return rest;
    }
    let end = text.find(ends_name).unwrap_or(text.len());
    let name = text[..end].to_ascii_lowercase();
    let mut rest = &text[end..];
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if let Some(rest) = rest.strip_prefix('>') {
            pieces.push(Piece::Open { name, attributes });
            return rest;
        }
        if rest.is_empty() {
            return rest;
        }
        let (attribute, after) = attribute(rest);
        attributes.push(attribute);
        rest = after;
    }
}

fn attribute(text: &str) -> ((String, String), &str) {
    let end = text
        .find(|c: char| c.is_whitespace() || "=>/".contains(c))
        .unwrap_or(text.len());
    // A stray sign must not stop the reading for ever.
    let end = end.max(text.chars().next().map_or(0, char::len_utf8));
    let (name, rest) = (text[..end].to_ascii_lowercase(), &text[end..]);
    let Some(value) = rest.strip_prefix('=') else {
        return ((name, String::new()), rest);
    };
    let (value, rest) = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((value, "")),
        _ => value.split_at(
            value
                .find(|c: char| c.is_whitespace() || c == '>')
                .unwrap_or(value.len()),
        ),
    };
    ((name, decode(value)), rest)
}

/// Replaces character references by what they stand for.
fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let known = after
            .split_once(';')
            .and_then(|(name, after)| Some((reference(name)?, after)));
        if let Some((c, after)) = known {
            out.push(c);
            rest = after;
        } else {
            out.push('&');
            rest = after;
        }
    }
    out + rest
}

fn reference(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_as_a_browser_reads_it() {
        let html = r"<!DOCTYPE html><head><title>T</title></head><p class=x hidden>a &amp; b<!-- c --><br/>&#39;d&#x27;</p>
            <script>if (a < b) {}</script><textarea>
&lt;p&gt;</textarea>";
        let pieces = parse(html);
        assert_eq!(visible_text(&pieces), "a & b 'd' <p>");
        let paragraph = pieces
            .iter()
            .find(|piece| piece.opens("p"))
            .expect("there is one");
        assert_eq!(
            (paragraph.attribute("class"), paragraph.attribute("hidden")),
            (Some("x"), Some(""))
        );
        assert_eq!(
            inside(&pieces, |piece| piece.opens("textarea")),
            Some(&[Piece::Text("<p>".to_owned())][..])
        );
    }

    #[test]
    fn the_inside_of_an_element_ends_where_it_ends() {
        let pieces = parse("<div id=a><div>x</div>y</div>z");
        let found =
            inside(&pieces, |piece| piece.attribute("id") == Some("a")).expect("it is there");
        assert_eq!(visible_text(found), "x y");
    }
}
