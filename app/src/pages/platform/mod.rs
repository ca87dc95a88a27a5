//! The citizens' side.

pub mod project;
