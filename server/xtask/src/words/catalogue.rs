//! Reads everything that is written in both languages.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::json::{self, Text};
use super::prose::Prose;
use super::{Fault, LANGUAGES, markdown, markup};

/// What a file is, which decides how its words are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// Interface texts.
    Interface(Vec<Text>),
    /// A mail as text or HTML, with template expressions.
    Mail,
    /// An article in Markdown.
    Article,
}

/// One file of one language.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) language: &'static str,
    /// Below the language's folder, such as `help/add-a-new-user.md`: the same in both languages.
    pub(super) name: String,
    /// Below the root, for the sentence of a fault.
    pub(super) path: String,
    pub(super) content: String,
    pub(super) kind: Kind,
    /// The words: one piece for a mail or an article, one for each text of the interface.
    pub(super) prose: Vec<Prose>,
}

/// All files of both languages.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    pub(super) files: Vec<File>,
    /// Faults in the form of a file.
    pub(super) unreadable: Vec<Fault>,
}

impl Catalogue {
    /// Reads `locales/` below the root.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut catalogue = Self::default();
        for language in LANGUAGES {
            for (folder, endings) in [
                ("", ["json"].as_slice()),
                ("mail", &["txt", "html"]),
                ("help", &["md"]),
            ] {
                let place = root.join("locales").join(language).join(folder);
                for name in names(&place, endings)? {
                    let content = fs::read_to_string(place.join(&name))
                        .with_context(|| format!("cannot read {}", place.join(&name).display()))?;
                    let name = if folder.is_empty() {
                        name
                    } else {
                        format!("{folder}/{name}")
                    };
                    catalogue.add(language, name, content);
                }
            }
        }
        Ok(catalogue)
    }

    /// Takes in one file; its folder says what it is.
    pub(super) fn add(&mut self, language: &'static str, name: String, content: String) {
        let path = format!("locales/{language}/{name}");
        let (kind, prose) = if name.starts_with("help/") {
            (Kind::Article, vec![markdown::read(&content)])
        } else if name.starts_with("mail/") {
            (Kind::Mail, vec![markup::read(&content)])
        } else {
            let (texts, faults) = json::read(&content);
            let faults = faults.into_iter().map(|(line, what)| Fault {
                file: path.clone(),
                line,
                what,
            });
            self.unreadable.extend(faults);
            let prose = texts
                .iter()
                .map(|text| markup::read_text(&text.value, text.line))
                .collect();
            (Kind::Interface(texts), prose)
        };
        self.files.push(File {
            language,
            name,
            path,
            content,
            kind,
            prose,
        });
    }

    /// The same file in the other language.
    pub(super) fn counterpart(&self, file: &File) -> Option<&File> {
        let mut files = self.files.iter();
        files.find(|other| other.name == file.name && other.language != file.language)
    }

    /// The interface texts of a language: namespace (the file's name) and text.
    pub(super) fn texts(&self, language: &str) -> impl Iterator<Item = (&str, &Text)> {
        let files = self
            .files
            .iter()
            .filter(move |file| file.language == language);
        files.flat_map(|file| {
            let namespace = file.name.trim_end_matches(".json");
            let texts = match &file.kind {
                Kind::Interface(texts) => texts.as_slice(),
                _ => &[],
            };
            texts.iter().map(move |text| (namespace, text))
        })
    }
}

impl File {
    /// A fault in this file.
    pub(super) fn fault(&self, line: usize, what: impl Into<String>) -> Fault {
        Fault {
            file: self.path.clone(),
            line,
            what: what.into(),
        }
    }
}

/// The names of the files with one of these endings, sorted; a folder that does not exist has none.
fn names(folder: &Path, endings: &[&str]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    if folder.is_dir() {
        for entry in
            fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?
        {
            let path = entry?.path();
            let ending = path.extension().and_then(|ending| ending.to_str());
            if let (true, Some(name)) = (
                ending.is_some_and(|e| endings.contains(&e)),
                path.file_name(),
            ) {
                names.push(name.to_string_lossy().into_owned());
            }
        }
    }
    names.sort();
    Ok(names)
}
