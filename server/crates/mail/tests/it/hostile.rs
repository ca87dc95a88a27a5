//! Names that want to be more than names.

use crate::samples::{notice, sender};
use domain::Locale;
use mail::{AccountSetup, EmailNotice, Message, Notice, ProviderNotice, Rendered, render};

/// A mail in which every text that a stranger may choose is this one.
fn mails_with(text: &str) -> Vec<Rendered> {
    let setup = Message::AccountSetup(AccountSetup {
        name: text.to_owned(),
        organisation: Some(text.to_owned()),
        link: "https://bpart.example/invitation?token=t".to_owned(),
        expires: "tomorrow".to_owned(),
        inviter: Some(text.to_owned()),
        role: None,
    });
    let guess = Message::SecondFactorGuess(Notice {
        name: text.to_owned(),
        device: text.to_owned(),
        network: text.to_owned(),
        ..notice("")
    });
    [setup, guess]
        .iter()
        .flat_map(|message| Locale::ALL.map(|locale| render(message, locale, &sender()).unwrap()))
        .collect()
}

#[test]
fn markup_stays_text() {
    for mail in mails_with("<script>alert(1)</script>\"'><b x=\"y") {
        assert!(!mail.html.contains("<script"));
        assert!(!mail.html.contains("<b x"));
        assert!(mail.html.contains("&#60;script&#62;"));
        assert!(
            mail.text.contains("<script>alert(1)</script>"),
            "plain text shows it as it is"
        );
    }
}

#[test]
fn a_line_break_starts_nothing() {
    for mail in
        mails_with("Ada\r\nBcc: eve@evil.example\r\n\r\nYour account is blocked.\u{2028}Pay.")
    {
        assert!(!mail.subject.contains("Bcc"));
        for form in [&mail.text, &mail.html] {
            assert!(!form.contains('\r') && !form.contains('\u{2028}'));
            assert!(
                !form
                    .lines()
                    .any(|line| line.trim_start().starts_with("Bcc:"))
            );
            assert!(
                !form
                    .lines()
                    .any(|line| line.trim_start().starts_with("Your account is blocked"))
            );
        }
    }
}

#[test]
fn a_name_is_no_link() {
    for name in [
        "https://evil.example/win",
        "www.evil.example",
        "eve@evil.example",
        "evil.example",
    ] {
        for mail in mails_with(name) {
            for form in [&mail.text, &mail.html] {
                assert!(!form.contains("evil.example"), "{name}");
                assert!(!form.contains("https://evil"), "{name}");
            }
            // The links are ours: the button, its copy, and the support address.
            for (at, _) in mail.html.match_indices("href=\"") {
                let target = &mail.html[at + 6..];
                assert!(
                    target.starts_with("https://bpart.example/")
                        || target.starts_with("mailto:support@bpart.example\""),
                    "{name}"
                );
            }
        }
    }
}

#[test]
fn text_direction_and_hidden_characters_are_dropped() {
    for mail in mails_with("A\u{202e}da\u{200b}\u{0}") {
        assert!(mail.text.contains("Ada"));
        for form in [&mail.text, &mail.html] {
            assert!(!form.contains(['\u{202e}', '\u{200b}', '\u{0}']));
        }
    }
}

#[test]
fn template_syntax_in_a_name_is_not_run() {
    for mail in mails_with("{{ sender.brand }}{% include \"x\" %}") {
        assert!(mail.text.contains("{{ sender. brand }}"));
    }
}

/// Every sign of this address may stand in one; some readers make a link of its first half.
#[test]
fn an_address_that_looks_like_a_page_is_no_link() {
    let email = "evil.example/win?@home.example".to_owned();
    let asked = Message::EmailAsked(EmailNotice {
        notice: notice("Ada"),
        email: email.clone(),
    });
    let linked = Message::ProviderLinked(ProviderNotice {
        notice: notice("Ada"),
        provider: "Google".to_owned(),
        email: Some(email),
        again: false,
    });
    for (message, locale) in [
        (&asked, Locale::En),
        (&asked, Locale::Fr),
        (&linked, Locale::En),
    ] {
        let mail = render(message, locale, &sender()).unwrap();
        for form in [&mail.text, &mail.html] {
            assert!(!form.contains("evil.example"), "{form}");
        }
    }
}
