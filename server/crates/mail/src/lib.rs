//! What the program writes to people, and how it gets there.
//!
//! A use case never sends anything. It writes a row into the outbox, in the same transaction as
//! the change that it speaks of, with a [`Message`] inside: plain data, sealed by the caller. The job
//! that is queued with it opens the row, [renders](render()) the message in the recipient's language
//! and hands it to the server ([`Delivery`]). Whatever goes wrong on the way is tried again, so a
//! mail arrives at least once and, unless the process ends at the wrong moment, once.
//!
//! The words are in `locales/{en,fr}/mail`, compiled into the program: a mail that lacks a
//! language does not build. The look is in `templates/frame.html`.
//!
//! Deliberately absent: secrets other than a one-use link, pictures, tracking, anything that a
//! mail reader would have to fetch, and the address of a person in any log line.

mod compose;
mod delivery;
mod message;
mod plain;
mod render;
mod transport;

pub use compose::{AddressError, bounce_address, from_address, from_of};
pub use delivery::{Delivery, Seal};
pub use lettre::Address;
pub use lettre::message::Mailbox;
pub use message::{
    AccountClosed, AccountDeleted, AccountElsewhere, AccountSafe, AccountSetup, AddressConfirm,
    AlreadyRegistered, DeletionAsked, DomainDoubted, Elsewhere, EmailConfirm, EmailNotice,
    EmailTold, EmailUndo, How, Message, NewDevices, NoAccount, Notice, PasswordChanged,
    PasswordReset, PolicyChanged, ProviderNotice, RecoveryCodeUsed, Sender, TwoFactorDisabled, Why,
};
pub use render::{RenderError, Rendered, render};
pub use transport::{BOUNCED, CHALLENGED, Failure, Smtp, Transport, TransportError, cause_of};
