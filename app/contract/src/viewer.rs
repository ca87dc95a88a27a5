//! The user that a page is shown to.

use serde::{Deserialize, Serialize};

/// A user who is fully signed in at the door of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The name.
    pub name: String,
    /// The address of the account.
    pub email: String,
    /// Whether the account has a second factor.
    pub second_factor: bool,
    /// Whether the user is a support agent.
    pub is_agent: bool,
    /// When the account will be deleted, if its owner requested that.
    pub leaves: Option<Moment>,
    /// How long the session lasts.
    pub left: SessionLeft,
}

/// How long a session lasts from now on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLeft {
    /// Seconds, when it is not used.
    pub idle_s: u64,
    /// Seconds, however much it is used.
    pub age_s: u64,
    /// Seconds before the end at which a user who types is warned.
    pub warning_s: u64,
}

/// A length of time in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Hours.
    Hours(u64),
    /// Days.
    Days(u64),
}

/// A moment in words of the page's language, and for machines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// `3 May 2026 at 14:05`.
    pub text: String,
    /// For `<time datetime>`.
    pub machine: String,
}
