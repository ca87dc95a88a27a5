//! What came back: reading a mail that was sent to the envelope address of one of ours.
//!
//! A mail server that cannot deliver says so in a delivery status notification (RFC 3464), or in words of its own. Others
//! send what a person wrote beforehand (RFC 3834), and some filters ask the sender to prove that a person wrote the mail,
//! which nobody does for mails of a program. Only these are told apart; whose mail it was is said by the address, and by
//! nothing in the mail.
//!
//! Deliberately absent: the database, the network, and every word of the mail: what came back is personal.

mod phrases;

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders as _};

/// The longest mail that is read, in bytes: a notification with a copy of one of our mails is not a tenth of it.
pub const LONGEST: usize = 1024 * 1024;

/// What a mail that came back says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// The mail was not delivered, and will not be. With the enhanced status code, where it was given, e.g. `5.1.1`.
    Bounce(Option<String>),
    /// It is delayed, or was delivered: nothing to tell.
    Progress,
    /// A filter holds the mail until somebody proves to be a person.
    Challenge,
    /// Something that was written beforehand: an absence, a receipt.
    AutoReply,
    /// Anything else; a person may have written it.
    Other,
}

/// Reads a mail as it came in.
pub fn read(raw: &[u8]) -> Incoming {
    let raw = &raw[..raw.len().min(LONGEST)];
    let Some(message) = MessageParser::default().parse(raw) else {
        return Incoming::Other;
    };
    if let Some(report) = delivery_status(&message) {
        return report;
    }
    let words = words(&message);
    if phrases::is_challenge(&words) {
        Incoming::Challenge
    } else if is_from_mail_system(&message) && phrases::is_failure(&words) {
        Incoming::Bounce(phrases::status(&words))
    } else if is_automatic(&message) {
        Incoming::AutoReply
    } else {
        Incoming::Other
    }
}

/// What a delivery status notification says of its recipient (RFC 3464, section 2.3).
fn delivery_status(message: &Message<'_>) -> Option<Incoming> {
    let part = message.parts.iter().find(|part| is_delivery_status(part))?;
    let text = String::from_utf8_lossy(part.contents()).into_owned();
    let field = |name: &str| {
        let mut lines = text.lines().filter_map(|line| line.split_once(':'));
        let found = lines.find(|(field, _)| field.trim().eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim().to_ascii_lowercase())
    };
    let action = field("action").unwrap_or_default();
    let status = field("status").as_deref().and_then(phrases::status);
    Some(match action.as_str() {
        "failed" => Incoming::Bounce(status),
        "delayed" | "delivered" | "relayed" | "expanded" => Incoming::Progress,
        // Some servers leave it out.
        _ if status.as_deref().is_some_and(|code| code.starts_with('5')) => {
            Incoming::Bounce(status)
        }
        _ => Incoming::Progress,
    })
}

fn is_delivery_status(part: &MessagePart<'_>) -> bool {
    part.content_type().is_some_and(|kind| {
        let subtype = kind.subtype().unwrap_or_default();
        kind.ctype().eq_ignore_ascii_case("message")
            && (subtype.eq_ignore_ascii_case("delivery-status")
                || subtype.eq_ignore_ascii_case("global-delivery-status"))
    })
}

/// Subject and texts, in small letters.
fn words(message: &Message<'_>) -> String {
    let mut words = message.subject().unwrap_or_default().to_owned();
    for position in 0..message.text_body_count() {
        words.push('\n');
        words.push_str(&message.body_text(position).unwrap_or_default());
    }
    words.to_lowercase().replace('\u{2019}', "'")
}

/// Whether a mail system wrote it, by the names that mail systems have.
fn is_from_mail_system(message: &Message<'_>) -> bool {
    let from = message.from().and_then(|from| from.first());
    let address = from.and_then(|from| from.address()).unwrap_or_default();
    let name = address.split('@').next().unwrap_or_default();
    let names = ["mailer-daemon", "postmaster", "mailerdaemon", "mail-daemon"];
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether it says of itself that no person wrote it just now (RFC 3834, section 5, and what came before it).
fn is_automatic(message: &Message<'_>) -> bool {
    let header = |name: &str| {
        let value = message.header_raw(name).unwrap_or_default();
        value.trim().to_ascii_lowercase()
    };
    let submitted = header("Auto-Submitted");
    let precedence = header("Precedence");
    (!submitted.is_empty() && submitted != "no")
        || ["bulk", "auto_reply", "junk", "list"].contains(&precedence.as_str())
        || !header("X-Autoreply").is_empty()
        || !header("X-Autorespond").is_empty()
        || phrases::is_absence(&message.subject().unwrap_or_default().to_lowercase())
}
