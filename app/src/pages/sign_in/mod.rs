//! Signing in: password, provider, code, set-up link, sign-out.

pub mod approval;
pub mod code;
pub mod departure;
pub mod ict;
pub mod invitation;
pub mod out;
pub mod password;
pub mod refused;
