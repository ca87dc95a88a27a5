//! What an author may write, and what stops the library from loading.

use super::{faults, html, load, settings};
use crate::{Date, Library, Locale, Sources, What};

#[test]
fn placeholders_become_labels_links_and_names() {
    let body = "Press {{label:two_factor.enable}} in {{brand}} or write to {{support}}.";
    let english = html(body, Locale::En);
    assert!(
        english.contains("<strong class=\"label\">Enable it</strong> in Agora &amp; Co"),
        "{english}"
    );
    assert!(
        english.contains("<a href=\"mailto:help@agora.example\""),
        "{english}"
    );
    assert!(html(body, Locale::Fr).contains("<strong class=\"label\">L’activer</strong>"));
}

#[test]
fn the_back_office_is_a_link_in_the_readers_language_with_its_whole_address() {
    let french = html("{{back_office}}", Locale::Fr);
    assert!(french.contains("<a href=\"/fr/sign-in\""), "{french}");
    assert!(french.contains(">agora.example/fr/sign-in</a>"), "{french}");
    assert!(html("{{back_office}}", Locale::En).contains("<a href=\"/sign-in\""));
}

#[test]
fn links_keep_the_language_of_the_reader() {
    let body = "[a](article:other) [b](article:other#there) [c](page:/settings)";
    let french = html(body, Locale::Fr);
    for address in [
        "/fr/help/article/other",
        "/fr/help/article/other#there",
        "/fr/settings",
    ] {
        assert!(french.contains(&format!("href=\"{address}\"")), "{french}");
    }
    assert!(html(body, Locale::En).contains("href=\"/help/article/other\""));
}

#[test]
fn a_dead_link_is_a_fault() {
    let dead = |to: &str| vec![What::DeadLink(to.to_owned())];
    assert_eq!(faults("[a](article:nowhere)"), dead("nowhere#"));
    assert_eq!(faults("[a](article:other#gone)"), dead("other#gone"));
    assert_eq!(faults("[a](#gone)"), dead("#gone"));
    assert!(load("## Here {#here}\n[a](#here)", "## Ici {#here}\n[a](#here)").is_ok());
}

#[test]
fn only_known_schemes_may_be_linked() {
    for address in [
        "javascript:alert(1)",
        "data:text/html,x",
        "http://x.example",
        "/sign-in",
        "mailto:a@b.example",
    ] {
        let expected = vec![What::ForeignLink(address.to_owned())];
        assert_eq!(faults(&format!("[a](<{address}>)")), expected);
    }
    assert!(html("[a](https://x.example/)", Locale::En).contains("rel=\"noopener noreferrer\""));
}

#[test]
fn unknown_labels_and_placeholders_are_faults() {
    assert_eq!(
        faults("{{label:two_factor.gone}}"),
        [What::UnknownLabel("two_factor.gone".to_owned())]
    );
    assert_eq!(
        faults("{{label:two_factor.nested.name}}"),
        [What::VariableLabel("two_factor.nested.name".to_owned())]
    );
    assert_eq!(
        faults("{{suport}}"),
        [What::UnknownPlaceholder("suport".to_owned())]
    );
    assert_eq!(faults("{{support"), [What::OpenPlaceholder]);
}

#[test]
fn a_callout_is_a_note_with_a_title() {
    let callouts = html("> [!WARNING]\n> A\n\n> [!NOTE] Not *yet*\n> B", Locale::En);
    let warning = "<div class=\"callout callout-warning\" role=\"note\" aria-labelledby=\"callout-1\">\n\
                   <p class=\"callout-title\" id=\"callout-1\">Please note</p>\n<p>A</p>\n</div>";
    assert!(callouts.contains(warning), "{callouts}");
    assert!(
        callouts.contains("id=\"callout-2\">Not *yet*</p>"),
        "{callouts}"
    );
}

#[test]
fn an_illustration_has_a_size_an_alternative_and_a_caption() {
    let figure = html(
        "![A list of {{brand}}.](/help/a.svg \"Confirm.\")",
        Locale::En,
    );
    let start = "<figure><img src=\"/help/a.svg\" alt=\"A list of Agora &amp; Co.\" width=\"640\" height=\"300\"";
    assert!(figure.starts_with(start), "{figure}");
    assert!(
        figure.contains("<figcaption>Confirm.</figcaption></figure>"),
        "{figure}"
    );
    assert_eq!(
        faults("![](/help/a.svg)"),
        [What::NoAlternative("/help/a.svg".to_owned())]
    );
    for address in [
        "/help/gone.svg",
        "/help/broken.svg",
        "https://x.example/a.svg",
    ] {
        assert_eq!(
            faults(&format!("![x]({address})")),
            [What::UnknownImage(address.to_owned())]
        );
    }
}

#[test]
fn headings_carry_the_stated_id_or_one_made_of_their_words() {
    let library = load(
        "## One {#first}\n### Deux étapes\n#### Three",
        "## Un {#first}\n### Deux étapes\n#### Three",
    )
    .unwrap();
    let article = library.article(Locale::Fr, "an-article").unwrap();
    let contents: Vec<_> = article
        .contents
        .iter()
        .map(|h| (h.level, h.id.as_str(), h.text.as_str()))
        .collect();
    assert_eq!(
        contents,
        [(2, "first", "Un"), (3, "deux-étapes", "Deux étapes")]
    );
    assert!(
        article.html.contains("<h2 id=\"first\">Un</h2>"),
        "{}",
        article.html
    );
    assert!(
        article.html.contains("<h4 id=\"three\">Three</h4>"),
        "{}",
        article.html
    );
}

#[test]
fn headings_are_of_level_two_to_four_and_named_once() {
    assert_eq!(faults("# Title"), [What::HeadingLevel("Title".to_owned())]);
    assert_eq!(
        faults("## A {#x}\n## B {#x}"),
        [What::TwiceTheSameId("x".to_owned())]
    );
}

#[test]
fn html_in_an_article_is_a_fault() {
    assert_eq!(faults("A <b>c"), [What::Html("<b>".to_owned())]);
    assert_eq!(
        faults("<script>alert(1)</script>"),
        [What::Html("<script>alert(1)</script>".to_owned())]
    );
}

#[test]
fn both_languages_have_the_same_sections() {
    let error = load("## A {#a}", "## B {#b}").unwrap_err();
    assert_eq!(error.faults.len(), 1);
    assert_eq!(
        error.to_string(),
        "the help has 1 fault(s)\n  locales/fr/help/an-article.md: \
        has other headings (level and id) than its translation"
    );
}

#[test]
fn a_missing_translation_or_category_is_a_fault() {
    let source = "+++\ntitle = \"A\"\nsummary = \"B\"\ncategory = \"odd\"\norder = 1\nupdated = 2025-05-21\n+++\n";
    let sources = Sources {
        articles: vec![(Locale::En, "alone", source)],
        ..Sources::embedded()
    };
    let faults = Library::from_sources(&sources, &settings())
        .unwrap_err()
        .faults;
    let found: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(
        found
            .iter()
            .any(|f| f == "locales/en/help/alone.md: has no translation in `fr`"),
        "{found:?}"
    );
    assert!(
        found
            .iter()
            .any(|f| f.contains("`help.category.odd.title`")),
        "{found:?}"
    );
}

#[test]
fn the_head_must_be_there_and_complete() {
    let read = |source: &str| {
        crate::front_matter::read(source)
            .map(|(_, date, body)| (date, body.to_owned()))
            .unwrap_err()
    };
    assert_eq!(read("# No head"), What::NoFrontMatter);
    assert!(matches!(
        read("+++\ntitle = \"A\"\n+++\n"),
        What::FrontMatter(_)
    ));
    let extra = "+++\ntitle=\"A\"\nsummary=\"B\"\ncategory=\"c\"\norder=1\nupdated=2025-05-21\nauthor=\"x\"\n+++\n";
    assert!(matches!(read(extra), What::FrontMatter(_)));
    assert_eq!(
        read(
            &extra
                .replace("2025-05-21", "2025-05-21T10:00:00")
                .replace("author=\"x\"\n", "")
        ),
        What::Date
    );
}

#[test]
fn a_version_changes_with_the_text_of_its_language_only() {
    let version = |en: &str, fr: &str, locale| {
        load(en, fr)
            .unwrap()
            .article(locale, "an-article")
            .unwrap()
            .version
            .clone()
    };
    assert_eq!(version("a", "b", Locale::En).len(), 12);
    assert_eq!(version("a", "b", Locale::En), version("a", "c", Locale::En));
    assert_ne!(version("a", "b", Locale::Fr), version("a", "c", Locale::Fr));
}

#[test]
fn a_category_lists_its_articles_and_an_article_its_languages() {
    let library = load("a", "b").unwrap();
    let category = library.category(Locale::Fr, "general-support").unwrap();
    let titles: Vec<_> = library
        .articles_of(category)
        .map(|a| a.title.as_str())
        .collect();
    assert_eq!(titles, ["Un article", "Other"]);
    assert_eq!(library.categories(Locale::En).count(), 1);
    let article = library.article(Locale::Fr, "an-article").unwrap();
    assert_eq!(
        (article.also_in.as_slice(), article.summary.as_str()),
        ([Locale::En].as_slice(), "About Agora & Co.")
    );
    assert_eq!(Date::to_string(&article.updated), "21/05/2025");
    assert!(library.article(Locale::Fr, "nowhere").is_none());
}
