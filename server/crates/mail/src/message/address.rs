//! Another address for the account.

use super::notice::{Notice, is_a_notice};
use crate::plain;
use serde::{Deserialize, Serialize};

/// The request to confirm an address before the first sign-in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressConfirm {
    /// The recipient's name.
    pub name: String,
    /// The project through whose door the password was given, with its organisation.
    pub place: Option<String>,
    /// The page with the one-use token, in the recipient's language.
    pub link: String,
    /// Until when the link works.
    pub expires: String,
    /// The browser and the system in which the password was given, as far as they tell.
    pub device: String,
    /// The network in which it was given.
    pub network: String,
}

impl AddressConfirm {
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

/// The request to confirm a new address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailConfirm {
    /// The recipient's name.
    pub name: String,
    /// The new address.
    pub email: String,
    /// The page with the one-use token, in the recipient's language.
    pub link: String,
    /// Until when the link works.
    pub expires: String,
}

/// News about an address that needs no way out, or must not have one: its reader may be a stranger.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailTold {
    /// The recipient's name.
    pub name: String,
    /// The address that it is about.
    pub email: String,
    /// A page of the account, in the recipient's language.
    pub link: String,
}

/// Something happened to the address of the recipient's account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailNotice {
    /// When, and from where.
    #[serde(flatten)]
    pub notice: Notice,
    /// The other address.
    pub email: String,
}

/// The address was changed: its way out takes that back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailUndo {
    /// When, and from where.
    #[serde(flatten)]
    pub notice: Notice,
    /// The new address.
    pub email: String,
    /// Until when the change can be taken back.
    pub expires: String,
}

impl EmailConfirm {
    pub(super) fn sanitized(self) -> Self {
        Self {
            name: plain::sanitize(&self.name),
            email: plain::address(&self.email),
            expires: plain::one_line(&self.expires),
            ..self
        }
    }
}

impl EmailTold {
    pub(super) fn sanitized(self) -> Self {
        Self {
            name: plain::sanitize(&self.name),
            email: plain::address(&self.email),
            ..self
        }
    }
}

impl EmailNotice {
    pub(super) fn sanitized(self) -> Self {
        Self {
            notice: self.notice.sanitized(),
            email: plain::address(&self.email),
        }
    }
}

impl EmailUndo {
    pub(super) fn sanitized(self) -> Self {
        Self {
            notice: self.notice.sanitized(),
            email: plain::address(&self.email),
            expires: plain::one_line(&self.expires),
        }
    }
}

is_a_notice!(EmailNotice, EmailUndo);
