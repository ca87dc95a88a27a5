//! The settings as they are shown to the operator, without secrets.

use super::{Config, written::Source};
use std::fmt;

/// What `check-config` prints: each setting as it would stand in the file, and where its value comes from.
pub struct Listed<'a>(pub(super) &'a Config);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (source, line) in self.0.written.lines() {
            match source {
                Some(source) => writeln!(f, "{line}  # {source}")?,
                None => writeln!(f, "{line}")?,
            }
        }
        Ok(())
    }
}

/// The settings that somebody set, for the first line of the log.
pub struct SetByHand<'a>(pub(super) &'a Config);

impl fmt::Display for SetByHand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (source, line) in self.0.written.lines() {
            if source.is_some_and(|source| *source != Source::Default) {
                write!(f, "{separator}{line}")?;
                separator = ", ";
            }
        }
        Ok(())
    }
}
