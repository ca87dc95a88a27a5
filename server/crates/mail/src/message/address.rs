//! Another address for the account.

use super::notice::{Notice, is_a_notice};
use crate::plain;
use serde::{Deserialize, Serialize};

/// The request to confirm an address that was registered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressConfirm {
    /// The project where it was registered, with its organisation.
    pub place: Option<String>,
    /// The page with the one-use token, in the recipient's language.
    pub link: String,
    /// The same as a short code, for the page that waits in the browser that registered; a mail that an earlier release
    /// queued has none.
    #[serde(default)]
    pub code: Option<String>,
    /// Until when both work.
    pub expires: String,
    /// The browser and the system with which it was registered, as far as they tell.
    pub device: String,
    /// The network from which it was registered.
    pub network: String,
}

/// Somebody registered an address that has an account already.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlreadyRegistered {
    /// The name of its owner; none for an address that an account had until lately.
    pub name: Option<String>,
    /// The address that was typed.
    pub email: String,
    /// The project where it was registered, with its organisation.
    pub place: String,
    /// The sign-in page there.
    pub link: String,
    /// The page there where a new password is asked for.
    pub reset: String,
    /// The browser and the system with which it was registered, as far as they tell.
    pub device: String,
    /// The network from which it was registered.
    pub network: String,
}

impl AlreadyRegistered {
    pub(super) fn sanitized(self) -> Self {
        Self {
            name: self.name.as_deref().map(plain::sanitize),
            email: plain::address(&self.email),
            place: plain::sanitize(&self.place),
            device: plain::sanitize(&self.device),
            network: plain::sanitize(&self.network),
            ..self
        }
    }
}

impl AddressConfirm {
    pub(super) fn sanitized(self) -> Self {
        Self {
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
