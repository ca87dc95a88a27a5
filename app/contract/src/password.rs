//! How a password stands while it is being typed.

use crate::Answer;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// What is said of a password before it is sent. Whether it is long enough, the page counts
/// itself; that is said here too, for whoever asks without a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It would be taken.
    Good,
    /// It has too few characters.
    TooShort,
    /// It has too many bytes.
    TooLong,
    /// It is made of the person's own data.
    Personal,
    /// It is on the list of common passwords.
    Common,
    /// It is easy to guess.
    Guessable,
}

/// Judging passwords.
#[async_trait]
pub trait PasswordPort: Send + Sync {
    /// Judges what was typed for the owner of the set-up link `token`, or for whoever is signed
    /// in, or for anybody. Keeps nothing of it.
    async fn judge_password(&self, typed: &str, token: &str) -> Answer<Verdict>;
}
