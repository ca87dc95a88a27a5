//! What people see: pages, building blocks, islands, server functions.
//!
//! Every page is HTML that the server renders and that works without a script; islands add what
//! HTML cannot do. Start with [`routes`], the one table of addresses, then follow a page.
//!
//! This crate knows only the contract. It compiles for the server and for the browser, and no
//! source file of it asks which of the two it is being compiled for.

pub mod api;
pub mod components;
pub mod context;
pub mod islands;
pub mod locale;
pub mod pages;
pub mod paths;
pub mod ports;
pub mod routes;
pub mod shell;
pub mod words;

pub use context::{Assets, ContextData, Page, PageContext, Ports, Site};
pub use generated::i18n;

/// The interface texts as checked code, made from `../locales` by `build.rs`.
#[expect(
    missing_docs,
    unused_qualifications,
    clippy::used_underscore_binding,
    clippy::ignored_unit_patterns,
    clippy::match_same_arms,
    clippy::default_trait_access,
    reason = "the code is generated"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
}
