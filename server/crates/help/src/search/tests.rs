//! How words are folded, stemmed, ranked and shown.

use super::index::{Document, Index};
use super::stem::stem;
use super::words::{fold, words};
use super::{Piece, Snippet};
use crate::Locale;
use crate::render::{Heading, Section};

fn document(slug: &str, title: &str, text: &str) -> Document {
    Document {
        slug: slug.to_owned(),
        title: title.to_owned(),
        summary: String::new(),
        keywords: String::new(),
        sections: vec![
            Section {
                heading: None,
                text: text.to_owned(),
            },
            Section {
                heading: Some(Heading {
                    level: 2,
                    id: "end".to_owned(),
                    text: "Fin".to_owned(),
                }),
                text: "Le cœur du château, à l’œuvre.".to_owned(),
            },
        ],
    }
}

fn index() -> Index {
    let documents = vec![
        document(
            "a",
            "Mot de passe oublié",
            "Demandez un nouveau lien. Votre mot de passe reste secret.",
        ),
        document(
            "b",
            "Activer la 2FA",
            "Après votre mot de passe, saisissez un code. Activez-la dans les paramètres.",
        ),
        document(
            "c",
            "Inviter une collègue",
            "Une invitation arrive par e-mail.",
        ),
    ];
    Index::new(Locale::Fr, documents)
}

fn found(query: &str) -> Vec<String> {
    index()
        .search(query)
        .into_iter()
        .map(|hit| hit.slug)
        .collect()
}

#[test]
fn accents_case_and_ligatures_do_not_count() {
    assert_eq!(fold("ŒUVRE"), "oeuvre");
    assert_eq!(fold("E\u{301}té"), fold("Ete"));
    assert_eq!(found("OUBLIE")[0], "a");
    assert_eq!(found("coeur chateau").len(), 3);
}

#[test]
fn elision_and_hyphens_do_not_hide_a_word() {
    assert!(
        words("l’œuvre d'art")
            .iter()
            .any(|word| word.folded == "oeuvre")
    );
    assert_eq!(found("l'invitation"), ["c"]);
    for query in ["email", "e-mail", "mail", "E‑mail"] {
        assert_eq!(found(query), ["c"], "{query}");
    }
}

#[test]
fn forms_of_one_word_meet() {
    for (locale, one, other) in [
        (Locale::En, "codes", "code"),
        (Locale::En, "signing", "sign"),
        (Locale::En, "identities", "identity"),
        (Locale::En, "enabled", "enable"),
        (Locale::Fr, "activer", "activez"),
        (Locale::Fr, "activation", "activee"),
        (Locale::Fr, "invitees", "inviter"),
        (Locale::Fr, "oublie", "oublier"),
    ] {
        assert_eq!(stem(locale, one), stem(locale, other), "{one} {other}");
    }
    assert_eq!(stem(Locale::En, "2fa"), "2fa");
    assert_eq!(found("activation"), ["b"]);
}

#[test]
fn the_title_weighs_most_and_the_last_word_may_be_half_typed() {
    assert_eq!(found("mot de passe"), ["a", "b"]);
    assert_eq!(found("inv"), ["c"]);
    assert_eq!(
        found("inv mot"),
        ["a", "b"],
        "only the last word is half typed"
    );
}

#[test]
fn a_wrong_letter_is_forgiven_when_nothing_else_fits() {
    assert_eq!(found("colegue"), ["c"]);
    assert_eq!(found("colèlgue"), ["c"]);
    assert_eq!(found("xyzzy"), [] as [&str; 0]);
}

#[test]
fn an_empty_or_meaningless_question_is_no_error() {
    for query in ["", "   ", "?!", "\"", "*", "-", "'", "a'", "\u{301}"] {
        let _ = found(query);
    }
    assert_eq!(found(""), [] as [&str; 0]);
}

#[test]
fn the_passage_is_the_sentence_that_answers_with_its_words_marked() {
    let hit = index().search("code secret").remove(0);
    let marked = |snippet: &Snippet| -> Vec<String> {
        let pieces = snippet.pieces();
        pieces
            .iter()
            .filter(|piece| piece.marked)
            .map(|piece| piece.text.to_owned())
            .collect()
    };
    assert_eq!(marked(&hit.passage).len(), 1);
    let hit = index().search("oeuvre").remove(0);
    assert_eq!(
        hit.section.as_ref().map(|section| section.id.as_str()),
        Some("end")
    );
    assert_eq!(marked(&hit.passage), ["œuvre"]);
    assert!(
        hit.passage.text.starts_with("Le cœur"),
        "{}",
        hit.passage.text
    );
}

#[test]
fn a_long_text_is_cut_between_words() {
    let long = "Ceci ne dit rien du tout. ".repeat(40)
        + "Le trésor est ici, sous la pierre. "
        + &"Rien. ".repeat(80);
    let index = Index::new(Locale::Fr, vec![document("d", "Long", &long)]);
    let passage = index.search("trésor").remove(0).passage;
    assert!(
        passage.text.starts_with("Le trésor est ici"),
        "{}",
        passage.text
    );
    assert!(
        passage.text.ends_with(" …") && passage.text.len() < 220,
        "{}",
        passage.text
    );
    assert_eq!(&passage.text[passage.marks[0].clone()], "trésor");
}

/// Red when a passage begins with `mail` of `e-mail`: that word stands 60 bytes before the one found.
#[test]
fn no_passage_begins_in_the_middle_of_a_word() {
    let long = format!("{}e-mail{} trésor.", "avec ".repeat(60), " abcd".repeat(11));
    let index = Index::new(Locale::Fr, vec![document("d", "Long", &long)]);
    let passage = index.search("trésor").remove(0).passage;
    assert!(passage.text.starts_with("… abcd"), "{}", passage.text);
}

#[test]
fn pieces_put_together_are_the_text() {
    let snippet = Snippet {
        text: "un deux trois".to_owned(),
        marks: vec![0..2, 8..13],
    };
    let pieces = snippet.pieces();
    assert_eq!(
        pieces.iter().map(|piece| piece.text).collect::<String>(),
        snippet.text
    );
    let marked = Piece {
        text: "trois",
        marked: true,
    };
    assert_eq!(pieces.last(), Some(&marked));
}

/// Red when more or fewer than the first 200 characters are read: the cost of an answer would grow with the question.
#[test]
fn of_a_long_question_the_beginning_is_read() {
    // Both words say nothing, so that the one behind them would decide.
    let behind = |word: &str, times: usize| found(&format!("{}invitation", word.repeat(times)));
    assert_eq!(behind("pas ", 47), ["c"]);
    assert!(behind("pas ", 50).is_empty(), "it begins as the 201st");
    assert_eq!(behind("où ", 60), ["c"], "characters, not bytes");
}

/// Red when more or fewer than the first sixteen words are looked up, or a word that is said again is another one.
#[test]
fn of_many_words_the_first_sixteen_are_looked_up() {
    let many: Vec<String> = (1..=16).map(|number| format!("m{number}")).collect();
    let all = many.join(" ");
    let documents = vec![
        document("without", "Un", &all),
        document("with", "Un", &format!("{all} tranche")),
    ];
    let index = Index::new(Locale::Fr, documents);
    let first = |question: &str| index.search(question).remove(0).slug;
    let fifteen = many[..15].join(" ");
    assert_eq!(first(&format!("{fifteen} tranche")), "with");
    assert_eq!(first(&format!("{all} tranche")), "without");
    assert_eq!(first(&format!("{}tranche", "m1 ".repeat(17))), "with");
}
