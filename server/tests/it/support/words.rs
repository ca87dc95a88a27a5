//! The words of the interface, so that a test need not repeat them: a page is asked whether it
//! says a thing, not how.

use app::{locale::texts, words};
use contract::{Locale, Problem};
use domain::Duration;
use std::{fs, path::Path};
use testkit::Page;

/// The support address of every test server.
const SUPPORT: &str = "support@bpart.be";

/// A text of `locales/LANGUAGE/FILE.json` by its key.
pub fn text(locale: Locale, file: &str, key: &str) -> String {
    let texts = read(locale, file);
    let text = texts[key].as_str();
    text.unwrap_or_else(|| panic!("no text {file}.{key}"))
        .to_owned()
}

fn read(locale: Locale, file: &str) -> serde_json::Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../locales")
        .join(locale.as_str());
    serde_json::from_slice(&fs::read(folder.join(format!("{file}.json"))).unwrap()).unwrap()
}

/// A text of the card "Was this article helpful?".
pub fn feedback(locale: Locale, key: &str) -> String {
    let json = read(locale, "help");
    json["feedback"][key]
        .as_str()
        .unwrap_or_else(|| panic!("no text help.feedback.{key}"))
        .to_owned()
}

/// What pages say of a problem.
pub fn of(locale: Locale, problem: &Problem) -> String {
    words::problem(texts(locale), problem, SUPPORT)
}

/// The language of a page.
pub fn language(page: &Page) -> Locale {
    Locale::from_tag(page.first("html").attribute("lang").unwrap_or_default())
}

/// Fails unless the error summary of a page names this problem and nothing else.
#[track_caller]
pub fn assert_refused(page: &Page, problem: &Problem) {
    let problems = problem.each().iter();
    let wanted: Vec<_> = problems.map(|one| of(language(page), one)).collect();
    assert_eq!(page.errors(), wanted, "at {}: {}", page.url, page.text());
}

/// Fails unless a page says this text of the English interface.
#[track_caller]
pub fn assert_says(page: &Page, file: &str, key: &str) {
    let wanted = text(language(page), file, key);
    assert!(
        page.text().contains(&wanted),
        "“{wanted}” at {}: {}",
        page.url,
        page.text()
    );
}

/// Fails where a button warns of what it does: what rescues an account must not look dangerous.
#[track_caller]
pub fn assert_no_button_is_red(page: &Page) {
    assert!(!page.forms().is_empty(), "{}", page.text());
    assert!(page.all(".btn-danger").is_empty(), "{}", page.url);
}

/// Too many tries, with this long to wait.
pub fn too_many(wait: Duration) -> Problem {
    Problem::TooManyTries {
        wait_s: wait.as_secs(),
    }
}
