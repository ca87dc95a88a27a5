//! What one source imports and which paths it names: as much of Rust as that takes.

/// One source without its tests.
#[derive(Default)]
pub struct Source {
    /// What its `use` declarations bring in.
    pub imports: Vec<Import>,
    /// Other paths in its code.
    pub paths: Vec<Vec<String>>,
}

/// One name that is brought in.
pub struct Import {
    /// Under which name.
    pub name: String,
    /// From where.
    pub path: Vec<String>,
    /// Whether others may import it from here.
    pub passed_on: bool,
}

impl Source {
    /// Reads a source up to its tests.
    pub fn read(text: &str) -> Self {
        let tokens = tokens(product(text));
        let mut source = Self::default();
        let mut at = 0;
        let mut public = false;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token.as_str() {
                "use" => at = source.declaration(&tokens, at, &[], public),
                "pub" => public = true,
                // What a macro names is needed where it is used.
                "macro_rules" => at = after_braces(&tokens, at),
                // `pub(super) use`
                "(" | ")" | "crate" | "super" | "in"
                    if public && tokens.get(at).is_some_and(|next| next != "::") => {}
                word => {
                    public = false;
                    if is_word(word) {
                        at = source.path(&tokens, at - 1);
                    }
                }
            }
        }
        source
    }

    /// Reads `a::{b, c as d}` from `at`; gives where it ends.
    fn declaration(
        &mut self,
        tokens: &[String],
        mut at: usize,
        before: &[String],
        public: bool,
    ) -> usize {
        let mut path = before.to_vec();
        let mut name = None;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token.as_str() {
                "::" => {}
                "{" => {
                    while tokens.get(at).is_some_and(|token| token != "}") {
                        at = self.declaration(tokens, at, &path, public);
                        if tokens.get(at).is_some_and(|token| token == ",") {
                            at += 1;
                        }
                    }
                    return at + 1;
                }
                "as" => {
                    name = tokens.get(at).cloned();
                    at += 1;
                }
                word if is_word(word) => path.push(token.clone()),
                "*" => {}
                _ => {
                    at -= 1;
                    break;
                }
            }
        }
        let last = path.last().cloned().unwrap_or_default();
        // `a::{self, b}` brings in `a`.
        let own = path.iter().rev().find(|part| *part != "self").cloned();
        self.imports.push(Import {
            name: name.or(own).unwrap_or(last),
            path,
            passed_on: public,
        });
        at
    }

    /// Reads `a::b::c` from `at`; gives where it ends.
    fn path(&mut self, tokens: &[String], mut at: usize) -> usize {
        let mut path = Vec::new();
        while let Some(word) = tokens.get(at).filter(|token| is_word(token)) {
            path.push(word.clone());
            at += 1;
            if tokens.get(at).is_none_or(|token| token != "::") {
                break;
            }
            at += 1;
        }
        // A single word is a local name, or one that an import brought in.
        if path.len() > 1 {
            self.paths.push(path);
        }
        at
    }
}

/// The text without what follows `#[cfg(test)]`; a declaration of one line alone is left out.
fn product(text: &str) -> String {
    let mut lines = text.lines();
    let mut product = String::new();
    while let Some(line) = lines.next() {
        if line.trim() == "#[cfg(test)]" {
            match lines.next() {
                Some(next) if next.trim_end().ends_with(';') => continue,
                _ => break,
            }
        }
        product.push_str(line);
        product.push('\n');
    }
    product
}

/// Where the next pair of braces ends.
fn after_braces(tokens: &[String], mut at: usize) -> usize {
    let mut open = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token.as_str() {
            "{" => open += 1,
            "}" if open == 1 => break,
            "}" => open -= 1,
            _ => {}
        }
    }
    at
}

fn is_word(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Words, `::` and single signs; comments, texts, letters and lifetimes are left out.
fn tokens(text: String) -> Vec<String> {
    let signs: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&sign) = signs.get(at) {
        let rest = signs.get(at..).unwrap_or_default();
        at += match (sign, rest.get(1)) {
            ('/', Some('/')) => length(rest, |sign| sign != '\n'),
            ('"', _) => quoted(rest),
            ('r', Some('"' | '#')) if raw(rest) > 0 => raw(rest),
            ('\'', Some('\\')) => {
                4 + length(rest.get(3..).unwrap_or_default(), |sign| sign != '\'')
            }
            ('\'', Some(_)) if rest.get(2) == Some(&'\'') => 3,
            (':', Some(':')) => {
                tokens.push("::".to_owned());
                2
            }
            _ if sign.is_alphanumeric() || sign == '_' => {
                let word = length(rest, |sign| sign.is_alphanumeric() || sign == '_');
                tokens.push(rest.iter().take(word).collect());
                word
            }
            _ => {
                if !sign.is_whitespace() && sign != '\'' {
                    tokens.push(sign.to_string());
                }
                1
            }
        };
    }
    tokens
}

fn length(signs: &[char], holds: impl Fn(char) -> bool) -> usize {
    signs.iter().take_while(|sign| holds(**sign)).count()
}

/// The length of a text in quotes.
fn quoted(signs: &[char]) -> usize {
    let mut at = 1;
    while let Some(sign) = signs.get(at) {
        at += if *sign == '\\' { 2 } else { 1 };
        if *sign == '"' {
            break;
        }
    }
    at
}

/// The length of `r#"…"#`; none when it is a raw identifier.
fn raw(signs: &[char]) -> usize {
    let marks = length(signs.get(1..).unwrap_or_default(), |sign| sign == '#');
    if signs.get(1 + marks) != Some(&'"') {
        return 0;
    }
    let end: String = std::iter::once('"')
        .chain(std::iter::repeat_n('#', marks))
        .collect();
    let body: String = signs.iter().skip(2 + marks).collect();
    let length = body.find(&end).map_or(body.len(), |at| at + end.len());
    2 + marks + body.get(..length).unwrap_or_default().chars().count()
}
