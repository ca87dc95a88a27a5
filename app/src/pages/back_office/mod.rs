//! The back office.

pub mod home;
