//! One's own account.

pub mod codes;
pub mod enrol;
pub mod overview;
pub mod profile;
pub mod sessions;
pub mod two_factor;
