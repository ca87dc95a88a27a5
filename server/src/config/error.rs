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
    /// The file is not TOML, or holds an unknown name.
    #[error("the settings are wrong: {0}")]
    Wrong(String),
    /// One value cannot be used.
    #[error("{name} is wrong: {why}")]
    Value {
        /// The variable's name.
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
