//! One's own account.

pub mod activity;
pub mod activity_words;
pub mod codes;
pub mod data_words;
pub mod delete;
pub mod delete_stop;
pub mod details;
pub mod email;
pub mod email_confirm;
pub mod email_undo;
pub mod enrol;
pub mod overview;
pub mod own_data;
pub mod profile;
pub mod provider;
pub mod sessions;
pub mod two_factor;
