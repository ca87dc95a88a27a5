//! The pages, one folder per area.
//!
//! A page is an async function: it loads what it needs through the ports, then returns a closure
//! that draws without waiting. What a page shows first is what the person came for.

pub mod back_office;
pub mod components;
pub mod demo;
pub mod desk;
pub mod help;
pub mod home;
pub mod password;
pub mod platform;
pub mod problem;
pub mod registration;
pub mod settings;
pub mod sheet;
pub mod sign_in;
