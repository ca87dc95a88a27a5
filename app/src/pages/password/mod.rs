//! Passwords: forgotten, chosen anew, changed; and "this was not me".

pub mod change;
pub mod forgotten;
pub mod not_me;
pub mod reset;
pub mod sent;
