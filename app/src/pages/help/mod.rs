//! The help centre.

pub mod article;
pub mod category;
pub mod centre;
pub mod search;
pub mod vote;
