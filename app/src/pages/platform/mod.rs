//! The citizens' side.

pub mod organisation;
pub mod project;
