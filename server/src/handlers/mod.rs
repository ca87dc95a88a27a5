//! What the addresses of the router call: pages, forms, and the way to providers and back.

pub mod access;
pub mod api;
pub mod document;
pub mod logos;
pub mod page_cache;
pub mod pages;
pub mod providers;
pub mod waiting;
