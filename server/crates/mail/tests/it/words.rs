//! What every mail must hold, in both languages and both forms.

use crate::samples::{EXPIRES, LINK, NOT_ME, OTHER, SETTINGS, all, sender};
use domain::Locale;
use mail::{AccountSetup, Message, Rendered, render};

fn each(check: impl Fn(&Message, Locale, Rendered)) {
    for message in all() {
        for locale in Locale::ALL {
            check(
                &message,
                locale,
                render(&message, locale, &sender()).unwrap(),
            );
        }
    }
}

/// What a browser would show of the HTML, roughly: without head, tags and escapes.
fn seen(html: &str) -> String {
    let body = html.split_once("<body").unwrap().1;
    let mut text = String::new();
    let mut inside = true;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text.replace("&#38;", "&").replace("&#39;", "'")
}

/// A link of a class, as it stands in the HTML.
fn href(class: &str, link: &str) -> String {
    format!("class=\"{class}\" href=\"{}\"", link.replace('&', "&#38;"))
}

#[test]
fn the_subject_is_one_line_and_the_heading() {
    each(|message, locale, mail| {
        assert!(mail.subject.chars().count() > 10, "{message:?} {locale:?}");
        assert!(
            !mail.subject.contains(['\n', '\r']),
            "{message:?} {locale:?}"
        );
        assert!(
            !mail.text.contains(&mail.subject),
            "{message:?}: the subject is no part of the text"
        );
        assert!(
            seen(&mail.html).contains(&mail.subject),
            "{message:?} {locale:?}"
        );
    });
}

#[test]
fn both_forms_say_the_same() {
    each(|message, locale, mail| {
        let seen = seen(&mail.html);
        let words = |text: &str| {
            text.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let shown = words(&seen).join(" ");
        // What only the text shows is an address: the HTML has a link with a name in its place.
        let named = |line: &str| line == NOT_ME && mail.html.contains(&href("link", line));
        for line in mail
            .text
            .lines()
            .filter(|line| !line.trim().is_empty() && *line != "--" && !named(line))
        {
            // The text has the button's words before the address.
            let line = line.trim_end_matches([':', '\u{a0}']);
            let line = words(line).join(" ");
            assert!(
                shown.contains(&line),
                "{message:?} {locale:?}: {line}\nnot in\n{shown}"
            );
        }
    });
}

#[test]
fn one_button_leads_to_the_page_that_the_message_names() {
    each(|message, locale, mail| {
        let link = match message {
            Message::AccountSetup(_)
            | Message::PasswordReset(_)
            | Message::AccountSafe(_)
            | Message::NoAccount(_)
            | Message::AccountElsewhere(_)
            | Message::AccountClosed(_)
            | Message::AddressConfirm(_)
            | Message::AlreadyRegistered(_)
            | Message::EmailConfirm(_)
            | Message::EmailTaken(_)
            | Message::EmailNew(_)
            | Message::EmailLost(_)
            | Message::DeletionAsked(_)
            | Message::AccountDeleted(_)
            | Message::PolicyChanged(_)
            | Message::DomainDoubted(_) => LINK,
            Message::EmailChanged(_) => NOT_ME,
            _ => SETTINGS,
        };
        assert!(
            mail.text.lines().any(|line| line == link),
            "{message:?} {locale:?}"
        );
        // A notice leaves two choices, of which neither is smaller than the other.
        let buttons = if link == SETTINGS {
            vec![link, NOT_ME]
        } else {
            vec![link]
        };
        let found = mail.html.matches("class=\"button\"").count();
        assert_eq!(found, buttons.len(), "{message:?} {locale:?}");
        for link in buttons {
            assert!(
                mail.html.contains(&href("button", link)),
                "{message:?} {locale:?}"
            );
        }
        assert!(seen(&mail.html).contains(link), "the address can be copied");
    });
}

#[test]
fn name_support_and_circumstances_are_there() {
    each(|message, locale, mail| {
        let mut expected = vec!["support@bpart.example", "Bpart"];
        expected.push(match message {
            Message::NoAccount(_)
            | Message::AccountElsewhere(_)
            | Message::AlreadyRegistered(_) => "ada@town.example",
            // A stranger may have typed it.
            Message::AddressConfirm(_) => EXPIRES,
            _ => "Ada Lovelace",
        });
        match message {
            Message::EmailConfirm(_)
            | Message::EmailTaken(_)
            | Message::EmailNew(_)
            | Message::EmailLost(_)
            | Message::EmailAsked(_)
            | Message::EmailRestored(_)
            | Message::EmailChanged(_) => expected.push(OTHER),
            Message::ProviderLinked(told) | Message::ProviderUnlinked(told) => {
                expected.push(&told.provider);
                expected.extend(told.email.as_deref());
            }
            _ => {}
        }
        match message {
            Message::EmailConfirm(_) | Message::EmailChanged(_) | Message::DeletionAsked(_) => {
                expected.push(EXPIRES);
            }
            _ => {}
        }
        match message {
            Message::AccountSetup(_) => expected.push(EXPIRES),
            Message::PasswordReset(_) => expected.extend([
                "10 May 2026 at 14:05",
                "Firefox 141.0 on Linux",
                "203.0.113.0/24",
            ]),
            Message::AlreadyRegistered(_) => {
                expected.extend(["Firefox 141.0 on Linux", "203.0.113.0/24"]);
            }
            Message::AddressConfirm(_) => {
                expected.extend([EXPIRES, "Firefox 141.0 on Linux", "203.0.113.0/24"]);
            }
            Message::AccountSafe(_) => expected.extend([
                EXPIRES,
                "3 May 2026 at 14:05",
                "Firefox 141.0 on Linux",
                "203.0.113.0/24",
            ]),
            Message::AccountDeleted(_) | Message::PolicyChanged(_) => {
                expected.push("3 May 2026 at 14:05");
            }
            Message::DomainDoubted(_) => expected.push("@old-town.example"),
            // "This was not me" is not for the reader of a previous address.
            Message::DeletionAsked(asked) if asked.previous => {
                assert!(!mail.text.contains(NOT_ME) && !mail.html.contains(NOT_ME));
            }
            Message::NoAccount(_)
            | Message::AccountElsewhere(_)
            | Message::NewDevices(_)
            | Message::AccountClosed(_)
            | Message::EmailConfirm(_)
            | Message::EmailTaken(_)
            | Message::EmailNew(_)
            | Message::EmailLost(_) => {}
            _ => expected.extend([
                "3 May 2026 at 14:05",
                "Firefox 141.0 on Linux",
                "203.0.113.0/24",
            ]),
        }
        for word in expected {
            assert!(mail.text.contains(word), "{message:?} {locale:?}: {word}");
            assert!(
                seen(&mail.html).contains(word),
                "{message:?} {locale:?}: {word}"
            );
        }
    });
}

/// Red when an invitation says no more than "choose a password": it would read like phishing.
#[test]
fn an_invitation_says_who_invites_to_what_and_as_what() {
    let invitation = |inviter: Option<&str>, role: &str| {
        Message::AccountSetup(AccountSetup {
            name: "Ada Lovelace".to_owned(),
            organisation: Some("Town of Examples".to_owned()),
            link: LINK.to_owned(),
            expires: EXPIRES.to_owned(),
            inviter: inviter.map(str::to_owned),
            role: Some(role.to_owned()),
        })
    };
    let by_somebody = invitation(Some("Grace Hopper"), "content_manager");
    // Nobody but the command line has invited anybody so far.
    let by_nobody = invitation(None, "organisation_manager");
    for (message, locale, said) in [
        (
            &by_somebody,
            Locale::En,
            [
                "Grace Hopper invites you to Bpart.",
                "You will work for Town of Examples, as a content manager.",
                "Bpart is the platform on which towns ask for the ideas and opinions",
            ],
        ),
        (
            &by_somebody,
            Locale::Fr,
            [
                "Grace Hopper vous invite sur Bpart.",
                "Vous travaillerez pour Town of Examples, comme gestionnaire de contenu.",
                "Bpart est la plateforme où les communes recueillent les idées et les avis",
            ],
        ),
        (
            &by_nobody,
            Locale::En,
            [
                "Our team invites you to Bpart.",
                "You will work for Town of Examples, as an organisation manager.",
                "of the people who live there.",
            ],
        ),
        (
            &by_nobody,
            Locale::Fr,
            [
                "Notre équipe vous invite sur Bpart.",
                "Vous travaillerez pour Town of Examples, comme gestionnaire de l’organisation.",
                "des personnes qui y vivent.",
            ],
        ),
    ] {
        let mail = render(message, locale, &sender()).unwrap();
        for form in [mail.text, seen(&mail.html)] {
            for part in said {
                assert!(form.contains(part), "{part}: {form}");
            }
        }
    }
}

/// Red when the mail after "this was not me" is that of a forgotten password: the present one does
/// not open the account any more, and there is something to do.
#[test]
fn who_made_her_account_safe_is_told_what_has_become_of_the_password() {
    let after_attack = [
        "does not work any more",
        "l’ancien mot de passe ne fonctionne plus",
    ];
    let after_undo = [
        "the current password no longer opens",
        "le mot de passe actuel n’ouvre plus",
    ];
    each(|message, locale, mail| {
        let (safe, restored) = (
            matches!(message, Message::AccountSafe(_)),
            matches!(message, Message::EmailRestored(_)),
        );
        if safe || restored {
            let [en, fr] = if safe { after_attack } else { after_undo };
            let said = if locale == Locale::En { en } else { fr };
            assert!(mail.text.contains(said), "{message:?}: {}", mail.text);
        }
        if safe {
            for untrue in [
                "keeps working",
                "nothing to do",
                "reste valable",
                "rien à faire",
            ] {
                assert!(!mail.text.contains(untrue), "{locale:?}: {untrue}");
            }
        }
    });
}

/// A bare address of seventy characters says nothing to a user of a screen reader's list of links (WCAG 2.4.4).
#[test]
fn the_way_out_of_a_notice_has_a_name_and_in_the_text_an_address() {
    each(|message, locale, mail| {
        let name = match locale {
            Locale::En => "This was not me",
            Locale::Fr => "Ce n’était pas moi",
        };
        let has_way_out = match message {
            Message::AccountSetup(_)
            | Message::PasswordReset(_)
            | Message::AccountSafe(_)
            | Message::NoAccount(_)
            | Message::AccountElsewhere(_)
            | Message::AccountClosed(_)
            | Message::AddressConfirm(_)
            | Message::AlreadyRegistered(_)
            | Message::EmailConfirm(_)
            | Message::EmailTaken(_)
            | Message::EmailNew(_)
            | Message::EmailLost(_)
            | Message::AccountDeleted(_)
            | Message::PolicyChanged(_)
            | Message::DomainDoubted(_) => false,
            Message::DeletionAsked(asked) => !asked.previous,
            // Its button is the way out, and an address to copy stands below every button.
            Message::EmailChanged(_) => return,
            _ => true,
        };
        let link = mail.html.split_once(&href("link", NOT_ME));
        let shown = link.and_then(|(_, rest)| rest.split_once('>'));
        let named = shown.is_some_and(|(_, shown)| shown.starts_with(&format!("{name}</a>")));
        let told = mail.text.lines().any(|line| line == NOT_ME);
        assert_eq!((named, told), (has_way_out, has_way_out), "{message:?}");
        assert!(!seen(&mail.html).contains(NOT_ME), "{message:?} {locale:?}");
    });
}

#[test]
fn nothing_is_left_unfilled_and_nothing_is_fetched() {
    each(|message, locale, mail| {
        for form in [&mail.subject, &mail.text, &mail.html] {
            for odd in ["{{", "{%", "}}", "%}", "Some(", "\n\n\n"] {
                assert!(
                    !form.contains(odd) || (odd == "\n\n\n" && form == &mail.html),
                    "{message:?}: {odd}"
                );
            }
        }
        for odd in [
            "<img", "src=", "url(", "@import", "<link", "<script", "<form",
        ] {
            assert!(!mail.html.contains(odd), "{message:?}: {odd}");
        }
        assert!(
            mail.html
                .contains(&format!("<html lang=\"{}\">", locale.as_str()))
        );
    });
}

#[test]
fn the_languages_differ() {
    for message in all() {
        let [en, fr] = Locale::ALL.map(|locale| render(&message, locale, &sender()).unwrap());
        assert_ne!(en.subject, fr.subject);
        assert!(en.text.starts_with("Hello") && fr.text.starts_with("Bonjour"));
    }
}

#[test]
fn a_message_survives_the_outbox() {
    for message in all() {
        let json = message.to_json();
        assert!(Message::from_json(&json).unwrap() == message);
        assert!(String::from_utf8(json).unwrap().contains(message.kind()));
    }
    assert!(Message::from_json(br#"{"kind":"of_tomorrow","name":"Ada"}"#).is_none());
    assert!(Message::from_json(b"").is_none());
}

#[test]
fn a_log_line_shows_neither_name_nor_link() {
    assert_eq!(format!("{:?}", all()[0]), "Message(account_setup)");
}
