//! From words to a mail on the wire: headers and the two alternatives.
//!
//! Every header is a typed one of lettre or a constant: nothing that a person typed reaches a
//! header but the subject, which is one line by then, and the recipient, which must parse.

use crate::{message::Sender, render::Rendered};
use domain::MailId;
use lettre::{
    Address,
    address::Envelope,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};
use std::time::{Duration, SystemTime};
use store::QueuedMail;

/// Why mails could not be written with the settings given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// `BPART_MAIL_FROM` is no address.
    #[error("the sender of mails must look like `Name <name@domain.example>`")]
    From,
    /// `BPART_MAIL_BOUNCES` is no address, or its name is too long to carry the number of a mail.
    #[error(
        "the address for bounces must look like `name@domain.example`, its name of at most 10 characters"
    )]
    Bounces,
    /// `BPART_SUPPORT_EMAIL` is no address.
    #[error("the support address must look like `name@domain.example`")]
    Support,
}

/// The mail cannot be put together: the stored recipient is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unwritable;

/// The address that mails come from: the one configured, or the brand at the support address.
/// Checks the support address too, since it is where replies go.
pub fn from_address(configured: Option<&str>, sender: &Sender) -> Result<Mailbox, AddressError> {
    let support: Address = sender
        .support_email
        .parse()
        .map_err(|_| AddressError::Support)?;
    match configured {
        Some(from) => from.parse().map_err(|_| AddressError::From),
        None => Ok(Mailbox::new(Some(sender.brand.clone()), support)),
    }
}

/// Whom a mail is from: the organisation by its name, and always our address, which is what SPF and DKIM vouch for.
pub fn from_of(mail: &QueuedMail, from: &Mailbox) -> Mailbox {
    match &mail.sender_name {
        Some(name) => Mailbox::new(Some(name.clone()), from.email.clone()),
        None => from.clone(),
    }
}

/// The longest name of the address for bounces: with the number of a mail and its tag it has 64 characters (RFC 5321,
/// section 4.5.3.1.1).
const LONGEST_BOUNCES: usize = 10;

/// The address that mails come back to.
///
/// # Errors
/// [`AddressError::Bounces`].
pub fn bounce_address(configured: Option<&str>) -> Result<Option<Address>, AddressError> {
    let Some(configured) = configured else {
        return Ok(None);
    };
    let address: Address = configured.parse().map_err(|_| AddressError::Bounces)?;
    let fits = address.user().len() <= LONGEST_BOUNCES && !address.user().contains('+');
    fits.then_some(Some(address)).ok_or(AddressError::Bounces)
}

/// The envelope address of one mail (variable envelope return path): whatever comes back to it is about this mail, and its
/// tag keeps others from making one up.
pub(crate) fn return_path(bounces: &Address, mail: &MailId, tag: &str) -> Option<Address> {
    let user = format!("{}+{mail}.{tag}", bounces.user());
    Address::new(user, bounces.domain()).ok()
}

/// Puts one mail of the outbox together. The same row always gives the same Message-ID and date,
/// so that a mail sent twice after an accident can be recognised as one.
pub(crate) fn compose(
    mail: &QueuedMail,
    words: Rendered,
    from: &Mailbox,
    sender: &Sender,
    return_path: Option<Address>,
) -> Result<lettre::Message, Unwritable> {
    let recipient: Address = mail.recipient.parse().map_err(|_| Unwritable)?;
    let name = mail.sender_name.as_ref().unwrap_or(&sender.brand);
    let replies = mail.reply_to.as_ref().unwrap_or(&sender.support_email);
    let replies: Address = replies.parse().map_err(|_| Unwritable)?;
    let from = from_of(mail, from);
    let envelope = return_path.unwrap_or_else(|| from.email.clone());
    let envelope = Envelope::new(Some(envelope), vec![recipient.clone()]);
    let message_id = format!("<{}@{}>", mail.id, from.email.domain());
    lettre::Message::builder()
        .envelope(envelope.map_err(|_| Unwritable)?)
        .from(from)
        .to(Mailbox::new(None, recipient))
        .reply_to(Mailbox::new(Some(name.clone()), replies))
        .subject(words.subject)
        .message_id(Some(message_id))
        .date(system_time(mail.created_at))
        .raw_header(constant("Auto-Submitted", "auto-generated"))
        .raw_header(constant("Content-Language", mail.locale.as_str()))
        .multipart(MultiPart::alternative_plain_html(words.text, words.html))
        .map_err(|_| Unwritable)
}

fn constant(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn system_time(at: domain::Timestamp) -> SystemTime {
    let since_epoch = Duration::from_millis(u64::try_from(at.as_millis()).unwrap_or(0));
    SystemTime::UNIX_EPOCH + since_epoch
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender() -> Sender {
        Sender {
            brand: "Bpart, Liège".to_owned(),
            support_email: "support@bpart.example".to_owned(),
            public_url: "https://bpart.example".to_owned(),
        }
    }

    #[test]
    fn mails_come_from_the_support_address_unless_told_otherwise() {
        let from =
            |configured| from_address(configured, &sender()).map(|from| from.email.to_string());
        assert_eq!(from(None).as_deref(), Ok("support@bpart.example"));
        assert_eq!(
            from(Some("Door <door@bpart.example>")).as_deref(),
            Ok("door@bpart.example")
        );
        assert_eq!(from(Some("nobody")), Err(AddressError::From));
        assert!(bounce_address(Some("bounces@bpart.example")).is_ok_and(|found| found.is_some()));
        for odd in [
            "bounces",
            "a-very-long-name@bpart.example",
            "b+c@bpart.example",
        ] {
            assert_eq!(
                bounce_address(Some(odd)),
                Err(AddressError::Bounces),
                "{odd}"
            );
        }
        let lost = Sender {
            support_email: "support".to_owned(),
            ..sender()
        };
        assert_eq!(from_address(None, &lost), Err(AddressError::Support));
    }
}
