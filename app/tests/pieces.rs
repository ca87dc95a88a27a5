//! Pieces of pages, alone. They stand outside the crate because its pages take a minute to compile, and a test inside
//! would compile them twice.

use app::{
    components::{Maybe, StartScript, StreetScene, Text, TextArea},
    locale, paths,
    routes::ROUTES,
    words,
};
use contract::{CodeProblem, Locale, MailTrouble, Moment, Problem};
use leptos::prelude::*;

/// Red when a clock that is off by minutes is told in seconds.
#[test]
fn long_times_are_told_in_minutes() {
    for (seconds, english, french) in [
        (90, "about 90 seconds ahead", "d’environ 90\u{a0}secondes"),
        (
            -119,
            "about 119 seconds behind",
            "d’environ 119\u{a0}secondes",
        ),
        (120, "about 2 minutes ahead", "d’environ 2\u{a0}minutes"),
        (-600, "about 10 minutes behind", "d’environ 10\u{a0}minutes"),
    ] {
        let problem = Problem::Code(CodeProblem::ClockOff { seconds });
        for (locale, said) in [(Locale::En, english), (Locale::Fr, french)] {
            let text = words::problem(locale::texts(locale), &problem, "");
            assert!(text.contains(said), "{text}");
        }
    }
}

#[test]
fn a_domain_that_refuses_mails_is_named_in_both_languages() {
    for (locale, since, said) in [
        (
            Locale::En,
            "3 May 2026 at 09:10",
            "Since 3 May 2026 at 09:10, 12 of 14 emails to orange.fr did not arrive: refused, sent back or held by a filter.",
        ),
        (
            Locale::Fr,
            "3 mai 2026 à 9\u{a0}h\u{a0}10",
            "12\u{a0}e-mails sur 14 envoyés à orange.fr ne sont pas arrivés depuis le 3 mai 2026 à 9\u{a0}h\u{a0}10\u{a0}: refusés, renvoyés ou retenus par un filtre.",
        ),
    ] {
        let trouble = MailTrouble {
            domain: "orange.fr".to_owned(),
            refused: 12,
            of: 14,
            since: Moment {
                text: since.to_owned(),
                machine: String::new(),
            },
        };
        let text = words::funnel::mail_trouble(locale::texts(locale), &trouble);
        assert_eq!(text, said);
    }
}

#[test]
fn hostile_text_cannot_leave_the_textarea() {
    let value = "</textarea><script>alert(1)</script>&amp;";
    let html = view! { <TextArea label="Comment" name="comment" value /> }.to_html();
    assert_eq!(html.matches("</textarea>").count(), 1, "{html}");
    let inside = "\n&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;</textarea>";
    assert!(html.contains(inside), "{html}");
}

/// Browsers drop one line break right after the start tag.
#[test]
fn a_first_empty_line_is_kept() {
    let html = view! { <TextArea label="Comment" name="comment" value="\nx" /> }.to_html();
    assert!(html.contains(">\n\nx</textarea>"), "{html}");
}

#[test]
fn words_arrive_in_every_form() {
    let none: Option<String> = None;
    assert_eq!(Maybe::from(none).get(), None);
    assert_eq!(Maybe::from("a").get(), Some(Text::from("a")));
    assert_eq!(
        Maybe::from(Some(String::from("b"))).get(),
        Some(Text::from("b"))
    );
}

#[test]
fn empty_words_are_no_words() {
    assert!(!Maybe::from("").is_some());
    assert_eq!(Maybe::from("").or("instead"), Text::from("instead"));
}

#[test]
fn the_street_is_light() {
    let drawing = StreetScene().to_html();
    assert!(drawing.len() <= 3 * 1024, "{} bytes", drawing.len());
}

#[test]
fn the_script_names_both_files_and_tells_when_it_is_done() {
    let html = view! { <StartScript js_url="/assets/a.js" wasm_url="/assets/a.wasm" nonce="n" /> }
        .to_html();
    assert!(html.contains(r#"from "/assets/a.js""#), "{html}");
    assert!(
        html.contains(r#"module_or_path: "/assets/a.wasm""#),
        "{html}"
    );
    assert!(html.contains("dataset.hydrated"), "{html}");
}

#[test]
fn a_query_cannot_leave_its_place() {
    assert_eq!(paths::encode("é&q=/?"), "%C3%A9%26q%3D%2F%3F");
}

#[test]
fn no_address_stands_twice_and_none_hides_behind_the_french_prefix() {
    for (index, route) in ROUTES.iter().enumerate() {
        let earlier = &ROUTES[..index];
        assert!(!earlier.iter().any(|earlier| earlier.path == route.path));
        assert!(!route.path.starts_with("/fr"), "{}", route.path);
    }
}
