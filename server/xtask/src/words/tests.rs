//! Bad words that must be caught, good ones that must not, and the words of this repository.

mod setting;

use std::path::Path;

use super::catalogue::Catalogue;
use super::{check, faults, plain};

/// The faults of some files, given as `(language, name, content)`.
fn faults_of(files: &[(&'static str, &str, &str)]) -> Vec<String> {
    let mut catalogue = Catalogue::default();
    for (language, name, content) in files {
        catalogue.add(language, (*name).to_owned(), (*content).to_owned());
    }
    faults(&catalogue).iter().map(ToString::to_string).collect()
}

/// The faults of one interface text in both languages.
fn text(en: &str, fr: &str) -> Vec<String> {
    let json = |text: &str| format!("{{\n  \"key\": {}\n}}", serde_json::Value::from(text));
    faults_of(&[("en", "a.json", &json(en)), ("fr", "a.json", &json(fr))])
}

/// The faults of one French article.
fn article(fr: &str) -> Vec<String> {
    let head =
        "+++\ntitle = \"Un titre\"\nupdated = 2025-05-21\nkeywords = [\"un\", \"deux\"]\n+++\n\n";
    let labels = "{\"submit\": \"Se connecter\"}";
    faults_of(&[
        (
            "en",
            "help/a.md",
            "+++\ntitle = \"A title\"\n+++\n\nA text.\n",
        ),
        ("fr", "help/a.md", &format!("{head}{fr}\n")),
        ("en", "sign_in.json", "{\"submit\": \"Sign in\"}"),
        ("fr", "sign_in.json", labels),
    ])
}

/// One fault with these words in it, and no other.
fn one(faults: &[String], words: &str) {
    assert!(
        faults.len() == 1 && faults[0].contains(words),
        "wanted one fault with “{words}”, got {faults:#?}"
    );
}

#[test]
fn the_words_of_this_repository_are_in_order() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let found = check(&root).unwrap_or_else(|error| panic!("{error:#}"));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn words_that_readers_have_to_decode_are_caught() {
    one(&text("Look into your e-mail.", "Regardez."), "“email”");
    one(&text("A mail is on its way.", "Regardez."), "“email”");
    assert!(text("Our mail server is away.", "Regardez.").is_empty());
    one(&text("Look.", "Un courriel est en route."), "“e-mail”");
}

#[test]
fn long_sentences_and_semicolons_are_caught() {
    one(&text("It is sent; wait.", "Attendez."), "semicolon");
    let words = "word ".repeat(26);
    one(&text(&format!("{}.", words.trim()), "Court."), "26 words");
    let two = format!(
        "{}. {}.",
        "word ".repeat(20).trim(),
        "word ".repeat(20).trim()
    );
    assert!(text(&two, "Court.").is_empty());
    // A variable is a word, and what a template puts in the place of another sentence begins one.
    let three = format!(
        "{}.{{{{ name }}}} {}.",
        "word ".repeat(20).trim(),
        "word ".repeat(20).trim()
    );
    let same = "{{ name }} mot.";
    assert!(text(&three, same).is_empty(), "{:?}", text(&three, same));
}

#[test]
fn a_key_in_one_language_only_is_caught_with_its_line() {
    let en = "{\n  \"a\": \"One\",\n  \"b\": {\n    \"c\": \"Two\"\n  }\n}";
    let found = faults_of(&[("en", "x.json", en), ("fr", "x.json", "{\"a\": \"Un\"}")]);
    assert_eq!(
        found,
        ["locales/en/x.json:4: `b.c` is missing in the other language"]
    );
    let found = faults_of(&[
        ("en", "x.json", "{\"a\": \"One\"}"),
        ("fr", "x.json", "{\"a\": \"Un\", \"z\": \"Deux\"}"),
    ]);
    one(&found, "locales/fr/x.json:1: `z` is missing");
}

#[test]
fn a_file_in_one_language_only_is_caught() {
    for name in ["x.json", "mail/x.txt", "help/x.md"] {
        let content = if name == "x.json" {
            "{\"a\": \"One\"}"
        } else {
            "One"
        };
        one(
            &faults_of(&[("en", name, content)]),
            "is missing in the other language",
        );
    }
}

#[test]
fn json_that_is_none_or_has_a_key_twice_is_caught() {
    let good = ("en", "x.json", "{\"a\": \"One\"}");
    assert!(
        faults_of(&[good, ("fr", "x.json", "{\"a\": \"Un\",}")])
            .iter()
            .any(|f| f.contains("is not JSON"))
    );
    one(
        &faults_of(&[good, ("fr", "x.json", "{\"a\": \"Un\",\n\"a\": \"Deux\"}")]),
        "locales/fr/x.json:2: has the key `a` twice",
    );
    let found = faults_of(&[
        ("en", "x.json", "{\"a\": 1}"),
        ("fr", "x.json", "{\"a\": 1}"),
    ]);
    assert!(
        found.len() == 2 && found[0].contains("other than a text at `a`"),
        "{found:?}"
    );
}

#[test]
fn variables_and_tags_must_agree() {
    let found = text("Hello {{ name }}", "Bonjour {{ nom }}");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0].contains("`{{ name }}` of the English text is missing"),
        "{found:?}"
    );
    one(&text("See <link>this</link>", "Voyez ceci"), "`<link>`");
    assert!(
        text("{{ n }} of {{ m }}", "{{ m }}, dont {{ n }}").is_empty(),
        "the order is free"
    );
    one(
        &faults_of(&[
            ("en", "mail/a.txt", "Hi {{ name }}"),
            ("fr", "mail/a.txt", "Bonjour"),
        ]),
        "`{{ name }}`",
    );
}

#[test]
fn an_empty_text_is_caught() {
    one(&text("One", " "), "`key` is empty");
}

#[test]
fn settings_are_not_typed_by_hand() {
    one(
        &text("Write to support@x.example", "Écrivez"),
        "types the support address",
    );
    one(
        &text("This", "Bienvenue sur Bpart"),
        "types the name of the platform",
    );
}

#[test]
fn a_mail_is_read_without_its_markup() {
    let html = "<!doctype html>\n<style>p{color:red;content:'x'}</style>\n{# Un mot d'ordre : non #}\n\
                {% if name == \"x\" %}<p title=\"a\">Bonjour <b>{{ name|e }}</b>&nbsp;: voici.</p>{% endif %}\n\
                <a href=\"https://x.example/?a=b\">Ouvrir</a>";
    let english = "<p>Hello {{ name|e }}</p>".to_owned()
        + "<style></style><b></b><a href=\"#\">Open</a><!doctype html>";
    let found = faults_of(&[("en", "mail/a.html", &english), ("fr", "mail/a.html", html)]);
    assert!(found.is_empty(), "{found:#?}");
    let found = faults_of(&[
        ("en", "mail/a.html", "<p>Hi</p>"),
        ("fr", "mail/a.html", "<p>\nC'est fait\n</p>"),
    ]);
    one(&found, "locales/fr/mail/a.html:2: has an apostrophe");
}

#[test]
fn an_article_is_read_without_its_markup() {
    let good = "## Un titre {#id}\n\n> [!NOTE] À noter\n> Un texte `code 'x' ?` et {{label:sign_in.submit}}.\n\n\
                1. Un [lien](article:a#b).\n\n![Une image.](/help/a.svg \"Une légende.\")\n\n\
                | a | b |\n|:---|---:|\n| c | d |\n\n```\nx = 'y' ? z\n```";
    assert!(article(good).is_empty(), "{:#?}", article(good));
    one(
        &article("Un texte\nsur deux lignes ?"),
        "locales/fr/help/a.md:8: wants a narrow",
    );
    one(&article("![L'image](/help/a.svg)"), "apostrophe");
    one(
        &article("![Une image](/help/a.svg \"L'image\")"),
        "apostrophe",
    );
    one(&article("- A la fin"), "accent");
}

#[test]
fn the_front_matter_of_an_article_is_read_too() {
    let fr = "+++\ntitle = \"Pourquoi ?\"\n+++\n\nUn texte.";
    let found = faults_of(&[
        ("en", "help/a.md", "+++\ntitle = \"Why?\"\n+++\n\nA text."),
        ("fr", "help/a.md", fr),
    ]);
    one(&found, "locales/fr/help/a.md:2: wants a narrow");
}

#[test]
fn articles_quote_labels_by_their_key() {
    one(
        &article("Choisissez **Se connecter**."),
        "write {{label:sign_in.submit}}",
    );
    one(
        &article("Choisissez «\u{a0}se connecter\u{a0}»."),
        "write {{label:sign_in.submit}}",
    );
    one(
        &article("Choisissez {{label:sign_in.gone}}."),
        "quotes the label `sign_in.gone`",
    );
    one(&article("![](/help/a.svg)"), "without a text alternative");
    assert!(article("Choisissez {{label:sign_in.submit}} **maintenant**.").is_empty());
}

/// Red when a label counts as a sentence, or the active voice as the passive one.
#[test]
fn averages_are_of_sentences() {
    let texts = r#"{
  "button": "A label",
  "lead": "You open the page again. The page is opened again by you."
}"#;
    let mut catalogue = Catalogue::default();
    catalogue.add("en", "a.json".to_owned(), texts.to_owned());
    let said = plain::averages("en", &catalogue.files);
    assert_eq!(said, "en: 6.0 words a sentence, 50 % passive");
}
