//! HTTP: who is asking and from where, what every response carries, how a page is drawn.

pub mod accept;
pub mod api;
pub mod assets;
pub mod client;
pub mod cookies;
pub mod drawn;
pub mod health;
pub mod language;
pub mod origin;
pub mod pages;
pub mod providers;
mod reader;
pub mod request;
pub mod security;
