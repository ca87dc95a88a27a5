//! The password, forgotten or changed.

use super::notice::{Notice, is_a_notice};
use crate::plain;
use serde::{Deserialize, Serialize};

/// The way to a new password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordReset {
    /// The recipient's name; empty when a stranger may have typed it.
    pub name: String,
    /// The project through whose door the request came, with its organisation; none at the back office's.
    pub place: Option<String>,
    /// The page with the one-use token, in the recipient's language.
    pub link: String,
    /// The same as a short code, for the page that waits in the browser that asked.
    pub code: Option<String>,
    /// Whether the account has no password at the moment; a mail that an earlier release queued does not say.
    #[serde(default)]
    pub without_password: bool,
    /// Until when both work.
    pub expires: String,
    /// The browser and the system that asked, as far as they tell.
    pub device: String,
    /// The network that asked.
    pub network: String,
}

/// The account was made safe, and needs a new password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSafe {
    /// The recipient's name.
    pub name: String,
    /// The project that the page stood in, with its organisation; none at the back office's door.
    pub place: Option<String>,
    /// The page with the one-use token, in the recipient's language.
    pub link: String,
    /// The same as a short code, for the page that waits in the browser that secured the account; a mail that an earlier
    /// release queued has none.
    #[serde(default)]
    pub code: Option<String>,
    /// Until when the link works.
    pub expires: String,
    /// When it was said.
    pub when: String,
    /// The browser and the system that it was said with, as far as they tell.
    pub device: String,
    /// The network that it was said from.
    pub network: String,
}

/// There is nothing to reset.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoAccount {
    /// The address that was typed, and to which this mail goes.
    pub email: String,
    /// The project that somebody came from; none at the back office's door.
    pub place: Option<String>,
    /// The page where another address can be tried.
    pub link: String,
}

/// There is nothing to reset here, but at other places.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountElsewhere {
    /// The address that was typed, and to which this mail goes.
    pub email: String,
    /// The project whose page the request came from; none at the back office's.
    pub place: Option<String>,
    /// Where the address has an account; at least one.
    pub places: Vec<Elsewhere>,
}

/// A place where an address has an account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// The organisation; none for the back office.
    pub organisation: Option<String>,
    /// The page where a new password can be asked for there.
    pub link: String,
}

/// There is an account, and it is closed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountClosed {
    /// The recipient's name.
    pub name: String,
    /// The help centre.
    pub link: String,
}

/// The password is another one now.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordChanged {
    /// When, and from where.
    #[serde(flatten)]
    pub notice: Notice,
    /// How it came to be.
    pub why: Why,
}

/// How a password came to be another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The owner changed it in the settings.
    Own,
    /// It was forgotten, and chosen anew through a mailed link or code.
    Reset,
}

impl PasswordReset {
    pub(super) fn sanitized(self) -> Self {
        Self {
            name: plain::sanitize(&self.name),
            place: self.place.as_deref().map(plain::sanitize),
            expires: plain::one_line(&self.expires),
            device: plain::sanitize(&self.device),
            network: plain::sanitize(&self.network),
            ..self
        }
    }
}

impl AccountSafe {
    pub(super) fn sanitized(self) -> Self {
        Self {
            name: plain::sanitize(&self.name),
            place: self.place.as_deref().map(plain::sanitize),
            expires: plain::one_line(&self.expires),
            when: plain::one_line(&self.when),
            device: plain::sanitize(&self.device),
            network: plain::sanitize(&self.network),
            ..self
        }
    }
}

impl NoAccount {
    pub(super) fn sanitized(self) -> Self {
        Self {
            // Its own reader's address, and of a checked form: it may stay a link.
            email: plain::one_line(&self.email),
            place: self.place.as_deref().map(plain::sanitize),
            ..self
        }
    }
}

impl AccountElsewhere {
    pub(super) fn sanitized(self) -> Self {
        let place = |place: Elsewhere| Elsewhere {
            organisation: place.organisation.as_deref().map(plain::sanitize),
            ..place
        };
        Self {
            email: plain::one_line(&self.email),
            place: self.place.as_deref().map(plain::sanitize),
            places: self.places.into_iter().map(place).collect(),
        }
    }

    /// The first of the places.
    pub(super) fn link(&self) -> &str {
        self.places.first().map_or("", |place| &place.link)
    }
}

impl AccountClosed {
    pub(super) fn sanitized(self) -> Self {
        Self {
            name: plain::sanitize(&self.name),
            ..self
        }
    }
}

impl PasswordChanged {
    pub(super) fn sanitized(self) -> Self {
        Self {
            notice: self.notice.sanitized(),
            ..self
        }
    }
}

is_a_notice!(PasswordChanged);
