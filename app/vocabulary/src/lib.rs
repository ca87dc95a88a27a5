//! The words that pages and rules share: types that are stored, sealed or addressed by a name.
//!
//! This crate lies under `contract` and `domain`, and both re-export it, so that no value is
//! converted between the two. The names of the variants in storage never change.
//!
//! Deliberately absent: rules, ports, texts of the interface, every dependency but serde.

mod locale;
pub mod paths;

pub use locale::Locale;
