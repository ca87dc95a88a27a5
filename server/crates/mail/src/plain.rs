//! Sanitizes texts that strangers chose, for a mail.
//!
//! Escaping keeps markup out of the HTML, but a mail has two more weak points. A line break may end
//! a header or forge a paragraph (header injection). And mail readers turn what looks like an
//! address into a link: an account in the name of `evil.example/win` would have the program send
//! phishing mails. A name stays readable here, and is nothing but a name.

/// Longer than any accepted name; a browser's description has no limit.
const MAX_CHARACTERS: usize = 120;

/// The text on one line: control, text-direction and invisible characters are dropped, line
/// breaks become spaces.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        ) {
            if !line.ends_with(' ') {
                line.push(' ');
            }
        } else if !c.is_control() && !is_invisible(c) {
            line.push(c);
        }
    }
    line.trim().to_owned()
}

/// The text on one line, not longer than a name, and without anything that a mail reader would
/// turn into a link.
pub(crate) fn sanitize(text: &str) -> String {
    let line = one_line(text);
    let mut short: String = line.chars().take(MAX_CHARACTERS).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    unlinked(&short)
}

/// An address on one line, as it is: at most a way to write to it. One with signs that could make a
/// page's address of its first half is sanitized like a name.
pub(crate) fn address(text: &str) -> String {
    let calm = |c: char| c.is_ascii_alphanumeric() || "._+-@'".contains(c);
    if text.chars().all(calm) && text.matches('@').count() == 1 {
        text.to_owned()
    } else {
        sanitize(text)
    }
}

/// Puts a space where a host name, an address or a scheme would go on. An abbreviated first name
/// ("J. Doe") looks as it should, "evil.example" falls apart, and numbers ("203.0.113.0",
/// "Firefox 141.0") stay as they are: no top-level domain begins with a digit.
fn unlinked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        out.push(c);
        if breaks_after(c, &text[at + c.len_utf8()..]) {
            out.push(' ');
        }
    }
    out
}

fn breaks_after(c: char, rest: &str) -> bool {
    match c {
        // The other dots are those that internationalised names fold into one (UTS #46).
        '.' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}' | '\u{2024}' => {
            rest.starts_with(char::is_alphabetic)
        }
        '@' | '\u{ff20}' => rest.starts_with(char::is_alphanumeric),
        ':' | '\u{ff1a}' => rest.starts_with("//"),
        _ => false,
    }
}

/// Invisible characters that change how the visible ones are read.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_stay_as_they_are() {
        for name in [
            "Ada Lovelace",
            "Jean-François d’Août",
            "J. P. O'Neill",
            "Ville de Liège (centre)",
            "Firefox 141.0 on Linux",
            "203.0.113.0/24",
            "2001:db8::/64",
            "佐藤 花子",
        ] {
            assert_eq!(sanitize(name), name);
        }
    }

    #[test]
    fn line_breaks_and_hidden_characters_are_gone() {
        assert_eq!(
            sanitize("Ada\r\nBcc: eve@evil.example"),
            "Ada Bcc: eve@ evil. example"
        );
        assert_eq!(sanitize("\u{202e}adA\u{2066} \u{0}x\u{200b}y"), "adA xy");
        assert_eq!(
            one_line("3 mai 2026 à 14\u{202f}h\u{202f}05"),
            "3 mai 2026 à 14\u{202f}h\u{202f}05"
        );
    }

    #[test]
    fn nothing_is_left_that_looks_like_a_link() {
        for (typed, shown) in [
            ("https://evil.example/win", "https: //evil. example/win"),
            ("www.evil.example", "www. evil. example"),
            ("http://203.0.113.9/", "http: //203.0.113.9/"),
            ("mailto:eve@evil.example", "mailto:eve@ evil. example"),
            ("evil。example", "evil。 example"),
            ("evil\u{200b}.example", "evil. example"),
        ] {
            assert_eq!(sanitize(typed), shown);
        }
    }

    #[test]
    fn an_endless_text_ends() {
        assert_eq!(
            sanitize(&"a".repeat(5000)).chars().count(),
            MAX_CHARACTERS + 1
        );
    }
}
