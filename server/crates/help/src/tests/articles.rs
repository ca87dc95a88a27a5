//! The articles of this repository.

use super::settings;
use crate::{Library, Locale};

/// The four that are promised, as they are listed, and four of our own.
const SLUGS: [&str; 8] = [
    "troubles-or-issues-with-signing-in",
    "sign-in-with-google-or-microsoft",
    "two-factor-authentication-2fa",
    "add-a-new-user",
    "change-your-details",
    "your-sessions-and-devices",
    "activity-and-alerts-of-your-account",
    "take-your-data-or-delete-your-account",
];

fn library() -> Library {
    Library::load(&settings()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_article_is_there_in_both_languages_and_listed_in_order() {
    let library = library();
    for locale in Locale::ALL {
        let category = library.category(locale, "general-support").unwrap();
        assert_eq!(category.articles, SLUGS);
        for article in library.articles_of(category) {
            assert_eq!(article.also_in, [locale.other()]);
        }
    }
    assert_eq!(library.articles().count(), 2 * SLUGS.len());
}

#[test]
fn dates_are_those_of_the_last_change() {
    let library = library();
    let dates = SLUGS.map(|slug| {
        library
            .article(Locale::En, slug)
            .unwrap()
            .updated
            .to_string()
    });
    assert_eq!(
        dates,
        [
            "23/05/2024",
            "12/02/2025",
            "21/05/2025",
            "25/06/2025",
            "30/11/2026",
            "30/11/2026",
            "30/11/2026",
            "30/11/2026"
        ]
    );
    assert_eq!(
        library.article(Locale::Fr, SLUGS[2]).unwrap().updated.iso(),
        "2025-05-21"
    );
}

#[test]
fn sections_are_numbered_alike_in_both_languages() {
    let library = library();
    let sections = |locale| -> Vec<String> {
        let contents = &library.article(locale, SLUGS[2]).unwrap().contents;
        contents
            .iter()
            .filter(|h| h.level == 2)
            .map(|h| h.text.clone())
            .collect()
    };
    let english = [
        "1. What is two-factor authentication (2FA)?",
        "2. How to enable 2FA?",
        "3. What to do if you are locked out?",
    ];
    let french = [
        "1. Qu’est-ce que l’authentification à deux facteurs (2FA)\u{202f}?",
        "2. Comment activer 2FA\u{202f}?",
        "3. Que faire en cas de perte d’accès\u{202f}?",
    ];
    assert_eq!(
        (sections(Locale::En), sections(Locale::Fr)),
        (
            english.map(str::to_owned).to_vec(),
            french.map(str::to_owned).to_vec()
        )
    );
}

#[test]
fn every_illustration_is_described_and_every_article_offers_help() {
    for article in library().articles() {
        assert!(!article.html.contains("alt=\"\""), "{}", article.slug);
        assert!(!article.html.contains("{{"), "{}", article.slug);
        if article.slug != "add-a-new-user" {
            assert!(
                article.html.contains("mailto:help@agora.example"),
                "{}",
                article.slug
            );
        }
    }
}

#[test]
fn the_settings_appear_and_no_other_address_does() {
    for article in library().articles() {
        assert!(
            !article.html.to_lowercase().contains("bpart"),
            "{}",
            article.slug
        );
    }
}

/// What people type, and the article that must come first.
#[test]
fn everyday_questions_find_their_article() {
    let library = library();
    let questions = [
        (Locale::En, "lost phone", SLUGS[2]),
        (Locale::En, "I lost my telephone", SLUGS[2]),
        (Locale::En, "forgot my password", SLUGS[0]),
        (Locale::En, "no confirmation email", SLUGS[0]),
        (Locale::En, "how do I turn off 2fa", SLUGS[2]),
        (Locale::En, "didnt get the email", SLUGS[0]),
        (Locale::En, "cant log in", SLUGS[0]),
        (Locale::En, "link expired", SLUGS[0]),
        (Locale::En, "code not accepted", SLUGS[2]),
        (Locale::En, "new phone", SLUGS[2]),
        (Locale::En, "google", SLUGS[1]),
        (Locale::En, "micros", SLUGS[1]),
        (Locale::En, "invite a colleague", SLUGS[3]),
        (Locale::En, "recovery codes", SLUGS[2]),
        (Locale::En, "devices", SLUGS[5]),
        (Locale::En, "activity", SLUGS[6]),
        (Locale::En, "change my email address", SLUGS[4]),
        (Locale::En, "delete my account", SLUGS[7]),
        (Locale::En, "autenticator app", SLUGS[2]),
        (Locale::Fr, "téléphone perdu", SLUGS[2]),
        (Locale::Fr, "j'ai perdu mon telephone", SLUGS[2]),
        (Locale::Fr, "mot de passe oublié", SLUGS[0]),
        (Locale::Fr, "l’authentification", SLUGS[2]),
        (Locale::Fr, "désactiver la 2fa", SLUGS[2]),
        (Locale::Fr, "courriel de confirmation non reçu", SLUGS[0]),
        (Locale::Fr, "creer un compte citoyen", SLUGS[0]),
        (
            Locale::Fr,
            "je ne reçois pas le mail de confirmation",
            SLUGS[0],
        ),
        (Locale::Fr, "lien expiré", SLUGS[0]),
        (Locale::Fr, "code refusé", SLUGS[2]),
        (Locale::Fr, "nouveau téléphone", SLUGS[2]),
        (Locale::Fr, "nouvelle collègue", SLUGS[3]),
        (Locale::Fr, "comptes google", SLUGS[1]),
        (Locale::Fr, "appareil", SLUGS[5]),
        (Locale::Fr, "activité", SLUGS[6]),
        (Locale::Fr, "changer mon adresse", SLUGS[4]),
        (Locale::Fr, "ce n’était pas moi", SLUGS[6]),
        (Locale::Fr, "supprimer mon compte", SLUGS[7]),
        (Locale::Fr, "rester connecté", SLUGS[5]),
        (Locale::Fr, "combien de temps dure une session", SLUGS[5]),
    ];
    for (locale, question, slug) in questions {
        let hits = library.search(locale, question);
        let found: Vec<_> = hits.iter().map(|hit| hit.slug.as_str()).collect();
        assert_eq!(found.first(), Some(&slug), "{question}: {found:?}");
    }
}

/// Red when a section goes that people look for by these words; its article would still be found by its keywords.
#[test]
fn everyday_questions_have_a_section() {
    let library = library();
    for locale in Locale::ALL {
        let article = library.article(locale, SLUGS[2]).unwrap();
        for section in ["code-not-accepted", "new-phone"] {
            let heading = format!("id=\"{section}\"");
            assert!(article.html.contains(&heading), "{locale:?}: {section}");
        }
    }
}
