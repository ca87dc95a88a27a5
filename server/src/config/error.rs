//! What is said about settings that cannot be used.

use std::{borrow::Cow, path::PathBuf};

/// Why the settings cannot be used; says which one, never its value when that is secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the settings file {path} cannot be read: {error}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is not TOML.
    #[error("the settings file {path} is wrong in line {line}: {why}")]
    Syntax {
        /// Which file.
        path: PathBuf,
        /// The line, counted from one.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// A name that nobody knows: a slip must not become a default.
    #[error("{0} is no setting")]
    Unknown(String),
    /// A setting that is needed here.
    #[error("{0} is not set: {1}")]
    Missing(&'static str, &'static str),
    /// One value cannot be used.
    #[error("{name} is wrong: {why}")]
    Value {
        /// The variable's name, or the place in the file.
        name: Cow<'static, str>,
        /// What is expected.
        why: String,
    },
}

/// One value cannot be used.
pub(super) fn wrong(name: impl Into<Cow<'static, str>>, why: &str) -> ConfigError {
    ConfigError::Value {
        name: name.into(),
        why: why.to_owned(),
    }
}
