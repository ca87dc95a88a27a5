//! E-mail addresses: what is accepted, and when two of them are equal.
//!
//! The rule is deliberately narrow. Addresses are compared ignoring letter case, and nothing else is
//! folded: no dots, no plus signs, no aliases, no look-alike characters (promise B14; Django
//! CVE-2019-19844 and Auth.js GHSA-7rqj-j65f-68wh show what wider folding costs). Mail is always
//! sent to the address as it was stored, never to the one that was typed.

use std::fmt;

/// The longest address that SMTP can carry (RFC 5321, section 4.5.3.1.3), in bytes.
pub const MAX_LENGTH: usize = 254;

/// A valid address.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

/// Why a text is not accepted as an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Nothing was typed.
    #[error("the address is empty")]
    Empty,
    /// It is not of the form `name@domain.tld`, or contains characters that mail cannot carry.
    #[error("the address is malformed")]
    Malformed,
}

impl Email {
    /// Parses an address as typed; spaces around it are trimmed.
    ///
    /// Only ASCII is accepted: internationalised addresses need SMTPUTF8 on every relay on the
    /// way, and look-alike characters would let an attacker imitate other people's addresses.
    pub fn parse(typed: &str) -> Result<Self, EmailError> {
        let address = typed.trim();
        if address.is_empty() {
            return Err(EmailError::Empty);
        }
        let (local, domain) = address.rsplit_once('@').ok_or(EmailError::Malformed)?;
        if address.len() > MAX_LENGTH || !is_local_part(local) || !is_domain(domain) {
            return Err(EmailError::Malformed);
        }
        Ok(Self(address.to_owned()))
    }

    /// The address as typed: this is where mail goes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key by which addresses are compared: the address in lower case.
    pub fn key(&self) -> String {
        email_key(&self.0)
    }
}

/// The key of an address as it was stored.
pub fn email_key(address: &str) -> String {
    address.to_ascii_lowercase()
}

fn is_local_part(local: &str) -> bool {
    let atext = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    !local.is_empty()
        && local.len() <= 64
        && local.chars().all(atext)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.contains('.') && domain.split('.').all(label)
}

impl fmt::Debug for Email {
    /// An address is personal data: logs show only that there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_letter_case_is_ignored() {
        let key = |address: &str| Email::parse(address).map(|email| email.key());
        assert_eq!(
            key(" Ada.Byron@Town.Example "),
            key("ada.byron@town.example")
        );
        assert_ne!(key("ada.byron@town.example"), key("adabyron@town.example"));
        assert_ne!(key("ada+x@town.example"), key("ada@town.example"));
    }

    #[test]
    fn the_written_form_is_kept() {
        let email = Email::parse("Ada@Town.example").map(|e| e.as_str().to_owned());
        assert_eq!(email.as_deref(), Ok("Ada@Town.example"));
    }

    #[test]
    fn what_mail_cannot_carry_is_refused() {
        for typed in [
            "ada",
            "ada@town",
            "@town.example",
            "ada@",
            "a da@town.example",
            "ada@town.example\nBcc: eve@evil.example",
            "ada@town.example,eve@evil.example",
            "ada＠town.example",
            "ada@tow\u{200b}n.example",
            "аda@town.example",
            "ada..b@town.example",
            "ada@-town.example",
        ] {
            assert_eq!(
                Email::parse(typed).err(),
                Some(EmailError::Malformed),
                "{typed}"
            );
        }
        assert_eq!(Email::parse("  ").err(), Some(EmailError::Empty));
    }

    #[test]
    fn a_log_line_shows_no_address() {
        let email = Email::parse("ada@town.example");
        assert!(!format!("{email:?}").contains("ada"));
    }
}
