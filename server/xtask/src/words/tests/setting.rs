//! How words are set: spaces, apostrophes, capitals, and « vous ».

use super::{one, text};

#[test]
fn french_spaces_are_checked() {
    for bad in ["Quoi ?", "Quoi\u{a0}?", "Quoi?", "Vite !", "{{ x }}?"] {
        let en = if bad.contains('{') {
            "{{ x }}?"
        } else {
            "What?"
        };
        one(&text(en, bad), "U+202F");
    }
    for bad in [
        "Ceci : cela",
        "Ceci: cela",
        "Ceci\u{202f}: cela",
        "« mot\u{a0}»",
        "«\u{a0}mot »",
    ] {
        one(&text("This", bad), "U+00A0");
    }
    for good in [
        "Quoi\u{202f}? Vite\u{202f}!",
        "Ceci\u{a0}: «\u{a0}mot\u{a0}»",
        "À 12:30",
        "Voyez https://x.example/?a=1;b=2.",
        "Vraiment\u{202f}?!",
        "Un point (!) curieux",
    ] {
        assert!(
            text("This", good).is_empty(),
            "{good}: {:?}",
            text("This", good)
        );
    }
}

#[test]
fn typewriter_signs_are_caught_in_both_languages() {
    one(
        &text("Don't", "Non"),
        "locales/en/a.json:2: has an apostrophe",
    );
    one(
        &text("No", "L'aide"),
        "locales/fr/a.json:2: has an apostrophe",
    );
    one(&text("The \"word\"", "Le mot"), "quotation mark");
    one(&text("Wait...", "Attendez…"), "three dots");
    assert!(text("Don’t “quote” …", "L’aide").is_empty());
}

#[test]
fn capitals_keep_their_accents() {
    for bad in [
        "Etape suivante",
        "ETAPE 2",
        "Ecrivez-nous",
        "Etes-vous là",
        "A la une",
        "Oui. A demain",
        "Ca va",
    ] {
        one(&text("This", bad), "without its accent");
    }
    for good in [
        "Étape",
        "Et ensuite",
        "Erreur",
        "Aucun",
        "Le plan A suffit",
        "Être là",
        "Entrer",
        "Envoyer",
    ] {
        assert!(text("This", good).is_empty(), "{good}");
    }
}

#[test]
fn the_reader_is_vous() {
    for bad in [
        "Choisis ton code",
        "Où vas-tu",
        "Pour toi",
        "TES codes",
        "Ta page",
    ] {
        one(&text("This", bad), "who is « vous »");
    }
    for good in [
        "Répond-il",
        "A-t-il répondu",
        "Le bouton",
        "Statut",
        "Cette étape",
    ] {
        assert!(text("This", good).is_empty(), "{good}");
    }
}
