//! Signing in: password, code, set-up link, sign-out.

pub mod code;
pub mod invitation;
pub mod out;
pub mod password;
