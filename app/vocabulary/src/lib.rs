//! The words that pages and rules share: types that are stored, sealed or addressed by a name.
//!
//! This crate lies under `contract` and `domain`, and both re-export it, so that no value is
//! converted between the two. The names of the variants in storage never change.
//!
//! Deliberately absent: rules, ports, texts of the interface, every dependency but serde.

mod locale;
mod mail_cause;
mod names;
pub mod paths;
mod provider;
mod steps;

pub use locale::Locale;
pub use mail_cause::MailCause;
pub use names::{ChangedField, DataField, DataGroup, EventGroup, EventKind, Field};
pub use provider::Provider;
pub use steps::{FirstStep, SecondStep, SignInMethod};
