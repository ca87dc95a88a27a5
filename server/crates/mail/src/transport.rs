//! The way out: an SMTP server, or nowhere.
//!
//! What a server answers is read by RFC 5321, section 4.2.1: the second digit tells whether it
//! speaks of this mail (`x5z`) or of itself. Where it adds an enhanced code (RFC 3463), that one tells
//! whether it speaks of the recipient. Only "never" about the recipient ends a mail: relaying that is
//! denied, a daily limit or a refused content may be mended, so that such a mail waits, and so do all
//! mails while a server refuses the password or accepts no client.

use domain::MailCause;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor,
    transport::smtp::{
        self,
        extension::ClientId,
        response::{Category, Code, Detail, Severity},
    },
};
use std::{fmt, time::Duration};
use url::{Host, Url};

/// One mail, from the connection to the last answer, may take this long.
pub(crate) const SEND_TIMEOUT: Duration = Duration::from_secs(20);

/// Where mails go.
#[derive(Debug, Clone)]
pub enum Transport {
    /// To an SMTP server.
    Smtp(Smtp),
    /// Nowhere: they stay in the outbox, where the demo's `/mailbox` shows them.
    Keep,
}

/// A pool of connections to one SMTP server.
#[derive(Clone)]
pub struct Smtp(AsyncSmtpTransport<Tokio1Executor>);

/// The address of the SMTP server cannot be used. It may hold a password, so it is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// Not of the form that is understood.
    #[error(
        "the SMTP server must look like smtp://user:password@host:port?tls=required \
         or smtps://user:password@host:port"
    )]
    Address,
    /// `tls=` with an unknown word.
    #[error("tls must be `required` or `opportunistic`")]
    Tls,
}

/// Why a mail was not taken, without a word that could name the recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The server will never take this mail.
    #[error("refused with {0}")]
    Refused(Reply),
    /// The server does not take this mail now.
    #[error("postponed with {0}")]
    Postponed(Reply),
    /// The server takes no mail from us now: a wrong password, a limit, a shutdown.
    #[error("server answered {0}")]
    Server(Reply),
    /// No connection, or it broke.
    #[error("no connection")]
    Connection,
    /// No secure connection.
    #[error("no secure connection")]
    Tls,
    /// The server took too long.
    #[error("timed out")]
    TimedOut,
    /// The row could not be opened or read with the keys and the templates of this process.
    #[error("unreadable")]
    Unreadable,
    /// The stored recipient is no address.
    #[error("unwritable")]
    Unwritable,
}

impl Failure {
    /// Whether trying again is useless.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Refused(_) | Self::Unwritable)
    }

    /// Whether the next mail would fare no better.
    pub fn concerns_server(self) -> bool {
        matches!(
            self,
            Self::Server(_) | Self::Connection | Self::Tls | Self::TimedOut
        )
    }
}

impl Transport {
    /// Reads `BPART_SMTP_URL`; without one, mails are kept.
    ///
    /// `smtps://` is encrypted from the first byte. `smtp://` turns to encryption before anything
    /// is said, and gives up where the server cannot: `?tls=opportunistic` goes on in clear then.
    /// Only on this machine (`localhost` and its addresses) does plain `smtp://` mean in clear.
    ///
    /// `own_name` is what this program calls itself in `EHLO`: the host of the public address. Many
    /// servers refuse a name without a domain, which a container has.
    pub fn from_url(url: Option<&str>, own_name: &str) -> Result<Self, TransportError> {
        let Some(url) = url else {
            return Ok(Self::Keep);
        };
        let mut url = Url::parse(url).map_err(|_| TransportError::Address)?;
        let tls = url
            .query_pairs()
            .find(|(key, _)| key == "tls")
            .map(|(_, value)| value);
        match (url.scheme(), tls.as_deref()) {
            ("smtps", _) | ("smtp", Some("required" | "opportunistic")) => {}
            ("smtp", Some(_)) => return Err(TransportError::Tls),
            ("smtp", None) if is_this_machine(&url) => {}
            ("smtp", None) => url.set_query(Some("tls=required")),
            _ => return Err(TransportError::Address),
        }
        AsyncSmtpTransport::<Tokio1Executor>::from_url(url.as_str())
            .map(|builder| {
                builder
                    .timeout(Some(SEND_TIMEOUT))
                    .hello_name(client_id(own_name))
            })
            .map(|builder| Self::Smtp(Smtp(builder.build())))
            .map_err(|_| TransportError::Address)
    }
}

/// An address is written as a literal (RFC 5321, section 4.1.3).
fn client_id(own_name: &str) -> ClientId {
    match Host::parse(own_name) {
        Ok(Host::Ipv4(address)) => ClientId::Ipv4(address),
        Ok(Host::Ipv6(address)) => ClientId::Ipv6(address),
        Ok(Host::Domain(_)) | Err(_) => ClientId::Domain(own_name.to_owned()),
    }
}

/// For a scheme that it does not know, the URL standard reads every host as a domain.
fn is_this_machine(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    match Host::parse(host) {
        Ok(Host::Domain(name)) => name == "localhost",
        Ok(Host::Ipv4(address)) => address.is_loopback(),
        Ok(Host::Ipv6(address)) => address.is_loopback(),
        Err(_) => false,
    }
}

impl Smtp {
    /// Hands one mail to the server.
    pub(crate) async fn send(&self, mail: lettre::Message) -> Result<(), Failure> {
        // lettre's own limit covers the connection only; a server that goes silent in the middle
        // of a conversation must not hold up the others.
        match tokio::time::timeout(SEND_TIMEOUT, self.0.send(mail)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(classify(&error)),
            Err(_) => Err(Failure::TimedOut),
        }
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Smtp(…)")
    }
}

fn classify(error: &smtp::Error) -> Failure {
    match error.status() {
        Some(code) => {
            let words = std::error::Error::source(error).map(ToString::to_string);
            by_code(code, words.as_deref().and_then(Enhanced::read))
        }
        None if error.is_timeout() => Failure::TimedOut,
        None if error.is_tls() => Failure::Tls,
        None => Failure::Connection,
    }
}

/// What a server answered: its code and, where it says so, the enhanced one. Its words are left out: they often quote the
/// recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reply {
    code: u16,
    enhanced: Option<Enhanced>,
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        match self.enhanced {
            Some(Enhanced(subject, detail)) => {
                write!(f, " {}.{subject}.{detail}", self.code / 100)
            }
            None => Ok(()),
        }
    }
}

/// What the outbox keeps of a mail that came back begins so; a status code may follow: `bounced with 550 5.1.1`.
pub const BOUNCED: &str = "bounced with ";
/// What it keeps of one that a filter answered with a question.
pub const CHALLENGED: &str = "challenged";

/// Reads the cause from the text that the outbox keeps of a [`Failure`], or of a mail that came back.
pub fn cause_of(failure: &str) -> MailCause {
    if failure == CHALLENGED {
        return MailCause::Challenge;
    }
    let bounced = failure.strip_prefix(BOUNCED);
    let refused = bounced.or_else(|| failure.strip_prefix("refused with "));
    let Some(reply) = refused.or_else(|| failure.strip_prefix("postponed with ")) else {
        return MailCause::Ours;
    };
    let enhanced = reply
        .split_once(' ')
        .and_then(|(_, code)| Enhanced::read(code));
    match enhanced {
        Some(Enhanced(1, 2 | 10)) => MailCause::NoDomain,
        Some(Enhanced(2, 2)) => MailCause::Full,
        Some(code) if code.is_about_recipient() => MailCause::NoMailbox,
        Some(Enhanced(6 | 7, _)) => MailCause::Policy,
        None if refused.is_some() => MailCause::NoMailbox,
        _ => MailCause::Later,
    }
}

/// An enhanced status code, without its class: subject and detail (RFC 3463, section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Enhanced(u16, u16);

impl Enhanced {
    /// Reads the code at the beginning of what a server says.
    fn read(words: &str) -> Option<Self> {
        let mut parts = words.split_whitespace().next()?.split('.');
        let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
        let is_code = matches!(class, "2" | "4" | "5") && parts.next().is_none();
        is_code.then_some(Self(subject.parse().ok()?, detail.parse().ok()?))
    }

    /// Addresses (`x.1.z`, but for 7 and 8, which are about the sender) and mailboxes (`x.2.z`).
    fn is_about_recipient(self) -> bool {
        matches!(self, Self(1, detail) if detail != 7 && detail != 8) || self.0 == 2
    }

    /// The mail system (`x.3.z`, but for a mail that is too big) and its network and limits (`x.4.z`): the next mail
    /// fares no better. Not security and policy (`x.7.z`): many servers say 5.7.1 of one content or one recipient, which
    /// must not hold up the others.
    fn is_about_server(self) -> bool {
        matches!(self, Self(3, detail) if detail != 4) || self.0 == 4
    }
}

fn by_code(code: Code, enhanced: Option<Enhanced>) -> Failure {
    let reply = Reply {
        code: u16::from(code),
        enhanced,
    };
    match (code.severity, code.category, code.detail) {
        // 554 also greets those whom a server does not want to talk to today.
        (Severity::PermanentNegativeCompletion, Category::MailSystem, detail) => {
            let is_final = enhanced.map_or(detail != Detail::Four, Enhanced::is_about_recipient);
            if is_final {
                Failure::Refused(reply)
            } else if enhanced.is_some_and(Enhanced::is_about_server) {
                Failure::Server(reply)
            } else {
                Failure::Postponed(reply)
            }
        }
        (_, Category::MailSystem, _) => Failure::Postponed(reply),
        _ => Failure::Server(reply),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test may panic")]

    use super::*;

    #[test]
    fn only_a_never_about_this_mail_is_final() {
        use Category::{Connections, MailSystem, Unspecified3};
        use Severity::{
            PermanentNegativeCompletion as Never, TransientNegativeCompletion as Later,
        };
        let no_such_user = by_code(Code::new(Never, MailSystem, Detail::Zero), None);
        assert_eq!(no_such_user.to_string(), "refused with 550");
        assert!(no_such_user.is_final() && !no_such_user.concerns_server());
        let greylisted = by_code(Code::new(Later, MailSystem, Detail::One), None);
        assert!(!greylisted.is_final() && !greylisted.concerns_server());
        for code in [
            Code::new(Never, Unspecified3, Detail::Five),
            Code::new(Later, Connections, Detail::One),
        ] {
            assert!(
                !by_code(code, None).is_final() && by_code(code, None).concerns_server(),
                "{code:?}"
            );
        }
        let closed = by_code(Code::new(Never, MailSystem, Detail::Four), None);
        assert_eq!(closed.to_string(), "postponed with 554");
    }

    /// Red when somebody with a full mailbox is told of a typing error, or the trouble of this site is put on others.
    #[test]
    fn the_cause_of_a_failure_is_read_from_its_text() {
        for (words, cause) in [
            ("refused with 550", MailCause::NoMailbox),
            ("refused with 550 5.1.1", MailCause::NoMailbox),
            ("refused with 550 5.2.1", MailCause::NoMailbox),
            ("refused with 556 5.1.10", MailCause::NoDomain),
            ("refused with 552 5.2.2", MailCause::Full),
            ("postponed with 452 4.2.2", MailCause::Full),
            ("postponed with 550 5.7.1", MailCause::Policy),
            ("postponed with 451 4.7.1", MailCause::Policy),
            ("postponed with 554 5.6.0", MailCause::Policy),
            ("postponed with 450", MailCause::Later),
            ("postponed with 451 4.3.0", MailCause::Later),
            ("bounced with 550 5.1.1", MailCause::NoMailbox),
            ("bounced with 550", MailCause::NoMailbox),
            ("bounced with 550 4.2.2", MailCause::Full),
            ("bounced with 550 5.7.1", MailCause::Policy),
            ("challenged", MailCause::Challenge),
            ("server answered 535 5.7.8", MailCause::Ours),
            ("no connection", MailCause::Ours),
            ("timed out", MailCause::Ours),
        ] {
            assert_eq!(cause_of(words), cause, "{words}");
        }
        let full = Code::new(
            Severity::PermanentNegativeCompletion,
            Category::MailSystem,
            Detail::Two,
        );
        let failure = by_code(full, Enhanced::read("5.2.2 mailbox full"));
        assert_eq!(failure.to_string(), "refused with 552 5.2.2");
        assert_eq!(cause_of(&failure.to_string()), MailCause::Full);
    }

    /// Red when the first digit of 550 decides: a daily limit lost every mail of the day.
    #[test]
    fn only_what_speaks_of_the_recipient_is_final() {
        let refused = Code::new(
            Severity::PermanentNegativeCompletion,
            Category::MailSystem,
            Detail::Zero,
        );
        for (words, is_final, concerns_server) in [
            ("5.1.1 no such user", true, false),
            ("5.1.10 null MX", true, false),
            ("5.2.1 mailbox disabled", true, false),
            ("5.2.2 mailbox full", true, false),
            ("no such user", true, false),
            ("5.4.5 daily limit reached", false, true),
            ("5.3.2 not accepting mails", false, true),
            ("5.7.1 relaying denied", false, false),
            ("5.7.26 unauthenticated mail", false, false),
            ("5.6.0 content refused", false, false),
            ("5.3.4 too big", false, false),
            ("5.1.8 sender refused", false, false),
            ("5.5.1 out of order", false, false),
        ] {
            let failure = by_code(refused, Enhanced::read(words));
            assert_eq!(failure.is_final(), is_final, "{words}");
            assert_eq!(failure.concerns_server(), concerns_server, "{words}");
        }
    }

    #[tokio::test]
    async fn addresses_of_servers() {
        assert!(matches!(
            Transport::from_url(None, "bpart.example").unwrap(),
            Transport::Keep
        ));
        for url in [
            "smtp://localhost:1025",
            "smtp://127.0.0.1:25",
            "smtp://[::1]:25",
            "smtp://mail.example",
            "smtp://user:p%40ss@mail.example:587?tls=required",
            "smtp://mail.example?tls=opportunistic",
            "smtps://user:pass@mail.example",
        ] {
            assert!(
                matches!(
                    Transport::from_url(Some(url), "bpart.example").unwrap(),
                    Transport::Smtp(_)
                ),
                "{url}"
            );
        }
        for url in [
            "",
            "mail.example",
            "http://mail.example",
            "smtp:",
            "smtp://m.example?tls=no",
        ] {
            let error = Transport::from_url(Some(url), "bpart.example").unwrap_err();
            assert!(!error.to_string().contains("m.example"), "{url}");
        }
    }
}
