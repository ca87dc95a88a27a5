//! The list of promises, and their ids.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use anyhow::{Context, Result};

/// The promises, compiled in: they change with the sources.
const TEXT: &str = include_str!("../../promises.txt");

/// A promise by its article and number, such as `C14`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id {
    /// The letter of the article.
    pub article: char,
    /// Its number there.
    pub number: u8,
}

impl Id {
    /// Reads `C14`, and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut characters = text.chars();
        let article = characters
            .next()
            .filter(|letter| ('A'..='D').contains(letter))?;
        let digits = characters.as_str();
        if digits.len() != 2 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number = digits.parse().ok()?;
        Some(Self { article, number })
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:02}", self.article, self.number)
    }
}

/// Every promise of every article.
pub struct Catalogue {
    /// The titles, by letter.
    pub articles: BTreeMap<char, String>,
    /// What is promised, in a line.
    pub texts: BTreeMap<Id, String>,
}

impl Catalogue {
    /// Reads the list: `A: title` heads an article, `A01 text` is a promise, `#` starts a remark.
    pub fn read() -> Result<Self> {
        let mut catalogue = Self {
            articles: BTreeMap::new(),
            texts: BTreeMap::new(),
        };
        for line in lines(TEXT) {
            let (head, text) = line
                .split_once(' ')
                .with_context(|| format!("promises.txt: {line}"))?;
            match (head.strip_suffix(':'), Id::parse(head)) {
                (Some(letter), _) => {
                    catalogue
                        .articles
                        .extend(letter.chars().map(|letter| (letter, text.to_owned())));
                }
                (None, Some(id)) => {
                    catalogue.texts.insert(id, text.to_owned());
                }
                (None, None) => anyhow::bail!("promises.txt: {line}"),
            }
        }
        Ok(catalogue)
    }

    /// The ids of a list that has one on each line.
    pub fn ids_of(text: &str) -> Result<BTreeSet<Id>> {
        lines(text)
            .map(|line| Id::parse(line).with_context(|| format!("proved.txt: {line} is no id")))
            .collect()
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// `A01–A17, A20`: ids in order, neighbours drawn together.
pub fn ranges(ids: &BTreeSet<Id>) -> String {
    let mut groups: Vec<(Id, Id)> = Vec::new();
    for id in ids {
        match groups.last_mut() {
            Some((_, last)) if last.article == id.article && last.number + 1 == id.number => {
                *last = *id;
            }
            _ => groups.push((*id, *id)),
        }
    }
    let words: Vec<String> = groups
        .into_iter()
        .map(|(first, last)| {
            if first == last {
                first.to_string()
            } else {
                format!("{first}–{last}")
            }
        })
        .collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_promise_of_the_four_articles_is_listed_once() -> Result<()> {
        let catalogue = Catalogue::read()?;
        let counts = [('A', 65), ('B', 41), ('C', 43), ('D', 31)];
        for (article, count) in counts {
            let ids: BTreeSet<Id> = (1..=count).map(|number| Id { article, number }).collect();
            let listed = catalogue
                .texts
                .keys()
                .copied()
                .filter(|id| id.article == article)
                .collect();
            assert_eq!(ids, listed);
        }
        let lines = TEXT
            .lines()
            .filter(|line| line.split(' ').next().and_then(Id::parse).is_some());
        assert_eq!(lines.count(), catalogue.texts.len());
        assert_eq!(catalogue.articles.len(), 4);
        Ok(())
    }

    #[test]
    fn neighbours_are_drawn_together() -> Result<()> {
        let ids = Catalogue::ids_of("A01\nA02\nA03\nA07\nB01\n")?;
        assert_eq!(ranges(&ids), "A01–A03, A07, B01");
        Ok(())
    }

    #[test]
    fn ids_are_read_strictly() {
        assert_eq!(
            Id::parse("C04"),
            Some(Id {
                article: 'C',
                number: 4
            })
        );
        for wrong in ["", "C", "C4", "C004", "E01", "c04", "C+4"] {
            assert_eq!(Id::parse(wrong), None, "{wrong}");
        }
    }
}
