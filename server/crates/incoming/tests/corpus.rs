//! Mails as servers, filters and people send them back, written for this test.

use incoming::{Incoming, read};

/// A mail of headers and a text.
fn plain(headers: &str, text: &str) -> String {
    format!(
        "{headers}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    )
}

/// A delivery status notification.
fn notification(language: &str, text: &str, fields: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example\r\nSubject: Delivery status\r\nMIME-Version: 1.0\r\n\
         Content-Language: {language}\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; ada@town.example\r\n{fields}\r\n\
         --b\r\nContent-Type: message/rfc822\r\n\r\nSubject: Confirm your address\r\n\r\n\
         Open the link https://bpart.example to confirm that you are not a robot.\r\n--b--\r\n"
    )
}

fn bounce(code: &str) -> Incoming {
    Incoming::Bounce(Some(code.to_owned()))
}

#[test]
fn notifications_are_read_by_their_fields() {
    for (language, text, fields, wanted) in [
        (
            "en",
            "No such user.",
            "Action: failed\r\nStatus: 5.1.1",
            bounce("5.1.1"),
        ),
        (
            "fr",
            "Adresse inconnue.",
            "action: Failed\r\nstatus: 5.1.1 (bad)",
            bounce("5.1.1"),
        ),
        (
            "en",
            "Mailbox full.",
            "Action: failed\r\nStatus: 5.2.2",
            bounce("5.2.2"),
        ),
        (
            "fr",
            "Boîte pleine.",
            "Action: failed\r\nStatus: 4.2.2",
            bounce("4.2.2"),
        ),
        (
            "en",
            "Refused by policy.",
            "Action: failed\r\nStatus: 5.7.1",
            bounce("5.7.1"),
        ),
        ("en", "No code.", "Action: failed", Incoming::Bounce(None)),
        ("en", "No action.", "Status: 5.1.2", bounce("5.1.2")),
        (
            "en",
            "Still trying.",
            "Action: delayed\r\nStatus: 4.4.1",
            Incoming::Progress,
        ),
        (
            "fr",
            "Toujours en cours.",
            "Action: delayed\r\nStatus: 4.4.7",
            Incoming::Progress,
        ),
        (
            "en",
            "Delivered.",
            "Action: delivered\r\nStatus: 2.0.0",
            Incoming::Progress,
        ),
        (
            "en",
            "Passed on.",
            "Action: relayed\r\nStatus: 2.1.9",
            Incoming::Progress,
        ),
    ] {
        let mail = notification(language, text, fields);
        assert_eq!(read(mail.as_bytes()), wanted, "{text}");
    }
}

#[test]
fn mail_systems_that_only_use_words_are_understood() {
    for (from, subject, text, wanted) in [
        (
            "MAILER-DAEMON@mx.example",
            "failure notice",
            "I'm sorry, your message could not be delivered.\r\n550 5.1.1 user unknown",
            bounce("5.1.1"),
        ),
        (
            "postmaster@mairie.example",
            "Non remis : Confirmez votre adresse",
            "Votre message n’a pas pu être remis à cette adresse. 550 5.1.10",
            bounce("5.1.10"),
        ),
        (
            "Mailer-Daemon@relais.example",
            "Échec de la remise",
            "Utilisateur inconnu",
            Incoming::Bounce(None),
        ),
        (
            "MAILER-DAEMON@mx.example",
            "Undelivered Mail Returned to Sender",
            "The mail system: mailbox unavailable (in reply to RCPT TO command)",
            Incoming::Bounce(None),
        ),
    ] {
        let mail = plain(&format!("From: {from}\r\nSubject: {subject}"), text);
        assert_eq!(read(mail.as_bytes()), wanted, "{subject}");
    }
}

#[test]
fn filters_that_ask_for_a_person_are_told_apart() {
    for (subject, text) in [
        (
            "Please verify your message",
            "To deliver your mail, prove that you are human: https://filter.example/c/1",
        ),
        (
            "Your message is waiting",
            "Click here so that we can release your message: https://filter.example/2",
        ),
        (
            "Action required",
            "This mailbox uses an anti-spam verification. Follow the link to be let through.",
        ),
        (
            "Are you there?",
            "Confirm you are a real person with the captcha behind http://filter.example/3",
        ),
        (
            "Message en attente",
            "Votre message est en attente. Cliquez ici pour qu’il soit remis : https://filtre.example/1",
        ),
        (
            "Demande d’authentification",
            "Pour que votre e-mail arrive, veuillez vous authentifier : https://filtre.example/2",
        ),
        (
            "Vérification",
            "Merci de cliquer sur le lien pour prouver que vous êtes humain.",
        ),
        (
            "Votre e-mail",
            "Cette boîte est protégée contre le spam. Suivez ce lien pour valider votre envoi.",
        ),
    ] {
        // Many of them say that no person wrote them, and some that a person did.
        for automatic in ["", "\r\nAuto-Submitted: auto-replied"] {
            let headers = format!("From: filter@town.example\r\nSubject: {subject}{automatic}");
            let mail = plain(&headers, text);
            assert_eq!(read(mail.as_bytes()), Incoming::Challenge, "{subject}");
        }
    }
}

#[test]
fn absences_and_receipts_are_nothing_to_tell() {
    for headers in [
        "Subject: Automatic reply: Confirm your address",
        "Subject: Out of office",
        "Subject: Réponse automatique : Confirmez votre adresse",
        "Subject: Absence du bureau",
        "Subject: Re: Confirm\r\nAuto-Submitted: auto-replied",
        "Subject: Re: Confirmez\r\nPrecedence: bulk",
        "Subject: Merci\r\nX-Autoreply: yes",
        "Subject: Accusé de réception",
    ] {
        let headers = format!("From: ada@town.example\r\n{headers}");
        let mail = plain(
            &headers,
            "I am away until Monday. Je suis absente jusqu’à lundi.",
        );
        assert_eq!(read(mail.as_bytes()), Incoming::AutoReply, "{headers}");
    }
}

#[test]
fn what_people_write_is_something_else() {
    for (headers, text) in [
        (
            "From: ada@town.example\r\nSubject: Re: Confirm your address\r\nAuto-Submitted: no",
            "I cannot open the link. Can you help me?",
        ),
        (
            "From: ada@town.example\r\nSubject: Mon compte",
            "Votre lien ne fonctionne pas, et mon message n’a pas pu être remis à la mairie.",
        ),
    ] {
        assert_eq!(read(plain(headers, text).as_bytes()), Incoming::Other);
    }
    for rubbish in ["", "\0\0\0", "no headers at all"] {
        assert!(!matches!(read(rubbish.as_bytes()), Incoming::Bounce(_)));
    }
    let long = vec![b'x'; incoming::LONGEST * 2];
    assert_eq!(read(&long), Incoming::Other);
}
