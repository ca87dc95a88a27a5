//! Registering on the platform: the form, the page that waits for the mail, and the page behind its link.

pub mod confirm;
pub mod register;
pub mod waiting;
