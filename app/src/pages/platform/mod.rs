//! The citizens' side.

pub mod organisation;
pub mod project;
pub mod proposal;
