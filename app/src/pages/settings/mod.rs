//! One's own account.

pub mod activity;
pub mod activity_words;
pub mod codes;
pub mod enrol;
pub mod overview;
pub mod profile;
pub mod sessions;
pub mod two_factor;
