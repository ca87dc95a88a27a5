//! The citizens' side.

pub mod organisation;
pub mod privacy;
pub mod project;
pub mod proposal;
