//! The library over its own fixtures, and the real articles of the repository.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod articles;
mod loading;

use crate::{Library, LoadError, Locale, Settings, Sources, What};

pub(crate) fn settings() -> Settings {
    Settings {
        brand: "Agora & Co".to_owned(),
        support_email: "help@agora.example".to_owned(),
        public_url: "https://agora.example".to_owned(),
    }
}

const EN: &str = r#"{"enable": "Enable it", "nested": {"name": "Hello {{ name }}"}}"#;
const FR: &str = r#"{"enable": "L’activer", "nested": {"name": "Bonjour {{ name }}"}}"#;
const HELP: &str = r#"{
  "category": {"general_support": {"title": "T", "description": "D"}},
  "callout": {"note": "Note", "tip": "Tip", "important": "Important", "warning": "Please note", "caution": "Caution"}
}"#;

/// An article with this body in both languages, beside one called `other`.
fn load(en: &str, fr: &str) -> Result<Library, LoadError> {
    let head = |title: &str| {
        format!(
            "+++\ntitle = \"{title}\"\nsummary = \"About {{{{brand}}}}.\"\ncategory = \"general-support\"\n\
             order = 1\nupdated = 2025-05-21\n+++\n"
        )
    };
    let (en, fr) = (head("An article") + en, head("Un article") + fr);
    let other = head("Other") + "## There {#there}\n";
    let sources = Sources {
        articles: vec![
            (Locale::En, "an-article", &en),
            (Locale::Fr, "an-article", &fr),
            (Locale::En, "other", &other),
            (Locale::Fr, "other", &other),
        ],
        texts: vec![
            (Locale::En, "two_factor", EN),
            (Locale::Fr, "two_factor", FR),
            (Locale::En, "help", HELP),
            (Locale::Fr, "help", HELP),
        ],
        images: vec![("/help/a.svg", 640, 300), ("/help/broken.svg", 0, 0)],
    };
    Library::from_sources(&sources, &settings())
}

/// The HTML of an article with the same body in both languages.
fn html(body: &str, locale: Locale) -> String {
    let library = load(body, body).unwrap();
    library.article(locale, "an-article").unwrap().html.clone()
}

/// The faults of an article with the same body in both languages, each once.
fn faults(body: &str) -> Vec<What> {
    let mut faults: Vec<What> = load(body, body)
        .unwrap_err()
        .faults
        .into_iter()
        .map(|f| f.what)
        .collect();
    faults.dedup();
    faults
}
