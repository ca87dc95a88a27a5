//! What exists in the rehearsal only.

pub mod accounts;
pub mod mail;
pub mod mailbox;
