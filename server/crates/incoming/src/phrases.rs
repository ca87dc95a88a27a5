//! What mail systems write in words, in English and French. All texts are in small letters.

/// What filters write that hold a mail until its sender proves to be a person: one of the first and one of the second.
const CHALLENGE: [&[&str]; 2] = [
    &[
        "prove that you are human",
        "prove you are human",
        "prove that you are a human",
        "verify that you are human",
        "verify you are human",
        "not a robot",
        "confirm that you are a real",
        "confirm you are a real",
        "verify your email in order to",
        "confirm your message",
        "release your message",
        "your message is waiting",
        "message has been held",
        "authenticate yourself",
        "anti-spam verification",
        "prouver que vous êtes humain",
        "prouver que vous êtes un humain",
        "êtes bien un humain",
        "êtes bien une personne",
        "pas un robot",
        "n'êtes pas un automate",
        "demande d'authentification",
        "vous authentifier",
        "votre message est en attente",
        "message a été mis en attente",
        "libérer votre message",
        "valider votre envoi",
        "confirmer votre envoi",
    ],
    &[
        "click", "link", "http://", "https://", "cliquez", "cliquer", "lien", "captcha",
    ],
];

/// What mail systems write when they give up.
const FAILURE: &[&str] = &[
    "could not be delivered",
    "couldn't be delivered",
    "was not delivered",
    "wasn't delivered",
    "undeliverable",
    "undelivered",
    "delivery failed",
    "delivery has failed",
    "delivery failure",
    "delivery to the following recipient",
    "permanent error",
    "permanent failure",
    "user unknown",
    "no such user",
    "mailbox unavailable",
    "n'a pas pu être remis",
    "n'a pas été remis",
    "n'a pas pu être délivré",
    "n'a pas pu être distribué",
    "non remis",
    "échec de la remise",
    "échec de remise",
    "échec de distribution",
    "impossible de remettre",
    "utilisateur inconnu",
    "adresse inconnue",
];

/// How the subject of an absence begins.
const ABSENCE: &[&str] = &[
    "out of office",
    "out of the office",
    "automatic reply",
    "auto reply",
    "autoreply",
    "auto:",
    "réponse automatique",
    "absence du bureau",
    "absent",
    "absence",
    "accusé de réception",
    "read:",
    "lu :",
];

pub(crate) fn is_challenge(words: &str) -> bool {
    CHALLENGE
        .iter()
        .all(|phrases| phrases.iter().any(|phrase| words.contains(phrase)))
}

pub(crate) fn is_failure(words: &str) -> bool {
    FAILURE.iter().any(|phrase| words.contains(phrase))
}

pub(crate) fn is_absence(subject: &str) -> bool {
    let subject = subject.trim_start();
    ABSENCE.iter().any(|phrase| subject.starts_with(phrase))
}

/// The first enhanced status code of a failure (RFC 3463): `5.1.1`.
pub(crate) fn status(words: &str) -> Option<String> {
    let is_part = |c: char| !(c.is_ascii_digit() || c == '.');
    let mut found = words.split(is_part).map(|word| word.trim_matches('.'));
    let code = found.find(|word| {
        let parts: Vec<&str> = word.split('.').collect();
        let [class, subject, detail] = parts[..] else {
            return false;
        };
        let is_number = |part: &str| (1..=3).contains(&part.len());
        matches!(class, "4" | "5") && is_number(subject) && is_number(detail)
    })?;
    Some(code.to_owned())
}
