//! What exists in the demo only.

pub mod accounts;
pub mod mail;
pub mod mailbox;
